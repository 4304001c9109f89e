"""Changing accounts with all that hangs on them."""
