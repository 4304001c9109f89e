"""Organizations: their tree, their preferences and their API keys."""
