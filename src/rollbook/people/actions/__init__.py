"""Changing users and companies."""
