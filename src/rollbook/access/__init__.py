"""Who may do what: the actor, the viewer, the roles."""
