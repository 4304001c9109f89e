"""Importing from another TMS: asking it for everything, taking it over, and comparing both."""
