"""Every SELECT about enrollments, a file for each kind of question."""
