"""What becomes of a person's account across everything that knows of it: closed, erased, merged, deleted."""
