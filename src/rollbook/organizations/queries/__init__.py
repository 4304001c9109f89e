"""Reading organizations, the preferences that count for them, and their API keys."""
