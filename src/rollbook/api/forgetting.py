"""Erasing people through a doorway: what takes long happens outside of the transaction, before and behind it."""

from typing import Final

from rollbook.access.actor import Actor
from rollbook.accounts.queries.traces import Traces, find_traces
from rollbook.database.transaction import Database

STILL_THERE: Final = "what was removed is in no answer any more, and is being overwritten in the database's files in the background"


async def look_up(database: Database, *, actor: Actor, user_id: int) -> Traces:
    """
    Find where the history tells of a person, without holding up anybody who writes.

    Raises:
        UserNotFoundError: The actor sees no such user.
    """
    return await database.search(find_traces, viewer=actor.viewer, user_id=user_id)


async def overwrite(database: Database) -> list[str]:
    """Have what was removed overwritten in the database's files, and give what there is to warn of."""
    return [] if await database.forget() else [STILL_THERE]
