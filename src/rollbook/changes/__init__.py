"""Reading the history: what became of a thing, and how things were at a moment."""
