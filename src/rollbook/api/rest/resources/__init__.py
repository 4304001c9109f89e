"""The resources of the REST API, one file for each; each gives its endpoints as ``ENDPOINTS``."""
