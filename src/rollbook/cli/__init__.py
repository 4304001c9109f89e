"""Command line doorway."""
