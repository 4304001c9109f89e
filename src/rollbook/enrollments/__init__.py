"""Enrollments: one student's place in one class."""
