"""Changing assignments."""
