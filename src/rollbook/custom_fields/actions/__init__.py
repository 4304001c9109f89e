"""Changing custom fields and their values."""
