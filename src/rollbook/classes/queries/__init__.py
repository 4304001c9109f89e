"""Every SELECT about classes, a file for each kind of question."""
