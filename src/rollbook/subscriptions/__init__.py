"""Subscriptions: a profile of courses that a user may take for a while, and the keys that students redeem for one."""
