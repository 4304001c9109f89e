"""Signing in and out, and setting passwords."""
