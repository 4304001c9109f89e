"""Reading what is kept of a person, wherever it is."""
