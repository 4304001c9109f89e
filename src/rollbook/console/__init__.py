"""The web console: pages for coordinators, greeters, instructors and students."""
