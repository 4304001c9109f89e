"""
Counting the sign-ins that fail, so that nobody can try passwords for long.

An attempt counts as failed from its beginning, before the password is looked at: many at once are as many as one after the other. Where
it succeeds, it is taken back.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, delete, insert, update

from rollbook.database.query import Command
from rollbook.database.schema import folded
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.sessions.model import failed_sign_ins
from rollbook.sessions.queries.failures import hold_failures
from rollbook.sessions.throttle import (
    MOST_OF_A_NAME,
    MOST_OF_AN_ADDRESS,
    WINDOW_SECONDS,
    TooManySignInsError,
    minutes_to_wait,
    recent,
)

_TRIED: Final = bindparam("tried", type_=Text())
_MOMENTS: Final = bindparam("moments", type_=Text())
_LAST_AT: Final = bindparam("last_at", type_=BigInteger())
_USER_ID: Final = bindparam("user_id", type_=Integer())

_FORGET_OLD: Final = Command(delete(failed_sign_ins).where(failed_sign_ins.c.last_at <= bindparam("too_old", type_=BigInteger())))
_ADD: Final = Command(insert(failed_sign_ins).values(user_id=_USER_ID, tried=_TRIED, moments=_MOMENTS, last_at=_LAST_AT))
# A row that came into being after the lock was taken is not held by it.
_UNCHANGED: Final = (failed_sign_ins.c.tried == _TRIED, failed_sign_ins.c.moments == bindparam("seen", type_=Text()))
_CHANGE: Final = Command(update(failed_sign_ins).where(*_UNCHANGED).values(user_id=_USER_ID, moments=_MOMENTS, last_at=_LAST_AT))
_TAKE_BACK: Final = Command(update(failed_sign_ins).where(*_UNCHANGED).values(moments=_MOMENTS))
_FORGET: Final = Command(delete(failed_sign_ins).where(failed_sign_ins.c.tried == _TRIED))
_encode = msgspec.json.Encoder().encode


class Attempt(Struct, frozen=True):
    """
    A sign-in that has begun.

    Attributes:
        at: When it began, in epoch seconds.
    """

    name_tried: str
    address_tried: str
    at: int


async def begin_attempt(transaction: Transaction, *, name: str, user_id: int | None, address: str | None) -> Attempt:
    """
    Count a sign-in as failed, for now; ``user_id`` is whose name it is, where it is somebody's.

    Raises:
        TooManySignInsError: Too many have failed for the name, or from the address.
    """
    now = transaction.now
    await transaction.run(_FORGET_OLD, too_old=now - WINDOW_SECONDS)
    name_tried, address_tried = _hash("name", folded(name)), _hash("address", address or "")
    held = {each.tried: each.moments for each in await hold_failures(transaction, name_tried=name_tried, address_tried=address_tried)}
    limits = {name_tried: MOST_OF_A_NAME} | ({address_tried: MOST_OF_AN_ADDRESS} if address else {})
    minutes = max(minutes_to_wait(held.get(tried, ()), most=most, now=now) for tried, most in limits.items())
    if minutes:
        raise TooManySignInsError(minutes)
    for tried in sorted(limits):
        owner = user_id if tried == name_tried else None
        moments = _encoded([*recent(held.get(tried, ()), now=now), now])
        values = {"tried": tried, "user_id": owner, "moments": moments, "last_at": now}
        if tried not in held:
            await transaction.run(_ADD, **values)
        else:
            await _change(transaction, _CHANGE, seen=_encoded(held[tried]), **values)
    return Attempt(name_tried, address_tried, now)


async def take_back_attempt(transaction: Transaction, *, attempt: Attempt) -> None:
    """Count a sign-in as one that succeeded, which clears the failures for its name, but not those from its address."""
    held = await hold_failures(transaction, name_tried=attempt.name_tried, address_tried=attempt.address_tried)
    for each in held:
        if each.tried == attempt.name_tried:
            await transaction.run(_FORGET, tried=each.tried)
        else:
            # Where it took so long that the attempt has been forgotten, nothing is taken back.
            place = next((number for number, at in enumerate(each.moments) if at == attempt.at), None)
            left = [at for number, at in enumerate(each.moments) if number != place]
            await _change(transaction, _TAKE_BACK, tried=each.tried, seen=_encoded(each.moments), moments=_encoded(left))


async def _change(transaction: Transaction, command: Command, **values: Any) -> None:
    if not await transaction.run(command, **values):
        raise StartAgainError


def _hash(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode(errors="replace")).hexdigest()


def _encoded(moments: Sequence[int]) -> str:
    return _encode(moments).decode()
