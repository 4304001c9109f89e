"""Doorways that speak HTTP interfaces, and what they share."""
