"""Changing subscription profiles, subscriptions and training keys, and redeeming keys."""
