"""Every change of enrollments, and of what cannot change without asking them."""
