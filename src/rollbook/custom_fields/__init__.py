"""Custom fields: what an organization wants to know beyond the fields that everything has."""
