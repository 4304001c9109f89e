"""API keys as secrets: made once, shown once, and kept only as a hash."""

import hashlib
import secrets
from typing import Final

import msgspec

PREFIX: Final = "rb_"
"""What every key begins with, so that one found in a log or a repository is recognized."""

_RANDOM_BYTES: Final = 32


class NewKey(msgspec.Struct, frozen=True):
    """
    A key at the one moment it can be shown.

    Attributes:
        secret: What the caller sends in the header ``api_key``.
        hash: What the database keeps.
    """

    secret: str
    hash: str


def make_key() -> NewKey:
    """Make a key that nobody can guess."""
    secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    return NewKey(secret, hash_of(secret))


def hash_of(secret: str) -> str:
    """Give the SHA-256 of a key in hexadecimal digits, by which it is found."""
    return hashlib.sha256(secret.encode()).hexdigest()
