"""Hashing passwords, so that nobody can read one out of the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

MEMORY_KIB: Final = 32_768
AT_ONCE: Final = 2
"""How many passwords are hashed at the same moment: more would take memory without bound, and the server's cores from everybody else."""

# One hash takes about 0.06 s of a core and 32 MiB.
_HASHER: Final = PasswordHasher(memory_cost=MEMORY_KIB, time_cost=3, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
_THREADS: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")


async def hash_password(password: str) -> str:
    """
    Hash a password by Argon2id with a salt of its own, on a thread that is kept for that.

    The text holds everything that checking a password against it needs. Call it before the transaction, which must not wait.
    """
    return await _on_a_thread(_HASHER.hash, password)


async def is_password(password: str, password_hash: str) -> bool:
    """Tell whether a password is the one that a hash was made of, with whatever parameters."""
    try:
        return await _on_a_thread(_HASHER.verify, password_hash, password)
    except VerifyMismatchError:
        return False


async def _on_a_thread(work: Callable[Arguments, Result], *values: Arguments.args, **named: Arguments.kwargs) -> Result:
    # Whoever waits for a thread waits in the pool's line, in which nobody is passed.
    return await asyncio.get_running_loop().run_in_executor(_THREADS, lambda: work(*values, **named))
