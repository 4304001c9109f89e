"""Every change of classes that asks nothing of enrollments, a file for each verb."""
