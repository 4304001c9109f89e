"""Writing the history: who changed what, when, from what to what."""
