"""Reading sessions and one-time links."""
