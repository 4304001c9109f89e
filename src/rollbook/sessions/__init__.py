"""Who is signed in: sessions, one-time links, and how often somebody may try."""
