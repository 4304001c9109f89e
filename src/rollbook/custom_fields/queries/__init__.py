"""Reading custom fields and their values."""
