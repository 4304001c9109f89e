"""Every change of courses and of what belongs to them, a file for each thing that changes."""
