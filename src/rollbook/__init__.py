"""Rollbook: an open-source class-enrollment server."""
