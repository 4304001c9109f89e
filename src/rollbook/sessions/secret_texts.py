"""Secrets of sessions and links, and marks of passwords: what is given away, and what of it is kept."""

import hashlib
import secrets
from typing import Final

_RANDOM_BYTES: Final = 32


def make_secret() -> str:
    """Make a secret that nobody can guess; ``access.keys.hash_of`` gives what is kept of it."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def password_mark(password_hash: str | None) -> str:
    """Give the mark that differs with every password that is set, and tells nothing of it; empty where there is none."""
    return "" if password_hash is None else hashlib.sha256(password_hash.encode()).hexdigest()
