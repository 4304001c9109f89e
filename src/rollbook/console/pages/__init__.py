"""The pages, one module an area; each lists its own in ``PAGES``."""
