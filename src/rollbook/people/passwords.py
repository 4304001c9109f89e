"""Hashing passwords, so that nobody can read one out of the database."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from typing import Final

# One hash takes about 0.2 s of a core and 16 MiB.
_COST: Final = 2**14
_BLOCK_SIZE: Final = 8
_PARALLELIZATION: Final = 5
_MEMORY: Final = 64 * 1024 * 1024
_SALT_BYTES: Final = 16


async def hash_password(password: str) -> str:
    """
    Hash a password by scrypt with a salt of its own, on another thread.

    The text holds everything that checking a password against it needs. Call it before the transaction, which must not wait.
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    hashed = await asyncio.to_thread(_scrypt, password, salt, _COST, _BLOCK_SIZE, _PARALLELIZATION)
    return f"scrypt${_COST}${_BLOCK_SIZE}${_PARALLELIZATION}${_encode(salt)}${_encode(hashed)}"


async def is_password(password: str, password_hash: str) -> bool:
    """Tell whether a password is the one that a hash was made of."""
    _, cost, block_size, parallelization, salt, hashed = password_hash.split("$")
    found = await asyncio.to_thread(_scrypt, password, base64.b64decode(salt), int(cost), int(block_size), int(parallelization))
    return hmac.compare_digest(found, base64.b64decode(hashed))


def _scrypt(password: str, salt: bytes, cost: int, block_size: int, parallelization: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block_size, p=parallelization, maxmem=_MEMORY)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
