"""Reading subscription profiles, subscriptions and training keys."""
