"""People: users, the companies they belong to, the roles they hold."""
