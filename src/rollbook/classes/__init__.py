"""Classes: scheduled deliveries of a course."""
