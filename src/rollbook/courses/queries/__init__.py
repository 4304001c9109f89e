"""Every SELECT about courses, a file for each thing that is asked about."""
