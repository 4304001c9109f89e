"""The REST API, ``/api/v1``: JSON over the same actions and queries as every other doorway."""
