"""Courses: what can be taught."""
