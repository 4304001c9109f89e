"""Assignments: courses that a user takes alone, at their own pace."""
