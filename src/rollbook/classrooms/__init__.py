"""Classrooms: where it can be taught."""
