"""Reading users and companies."""
