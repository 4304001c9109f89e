"""Keeping what was requested for users: traces, not changes, so that the history knows nothing of them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import BigInteger, BindParameter, Integer, Text, bindparam, insert

from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.people.model import user_activity
from rollbook.people.queries.activity import an_open_user


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """
    A request that was made for a user.

    Attributes:
        at: Epoch seconds.
        path: What was requested, without its query, which may hold anything.
        referrer: From where, without its query.
    """

    user_id: int
    at: int
    method: str
    path: str
    referrer: str | None = None
    user_agent: str | None = None


_bound: dict[str, BindParameter[Any]] = {
    "at": bindparam("at", type_=BigInteger),
    **{name: bindparam(name, type_=Text) for name in ("method", "path", "referrer", "user_agent")},
}
_keep = Command(
    insert(user_activity).from_select(["user_id", *_bound], an_open_user(bindparam("user_id", type_=Integer), **_bound)),
)


async def note_activity(transaction: Transaction, *, acts: Sequence[Act]) -> None:
    """Keep requests that were made for users; of a user who is gone, or whose account is closed, nothing more is kept."""
    for act in acts:
        await transaction.run(_keep, **asdict(act))
