"""Changing organizations, their preferences and their API keys."""
