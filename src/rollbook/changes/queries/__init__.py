"""Every SELECT that reads the history."""
