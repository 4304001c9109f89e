"""Deleting a thing, or rehearsing it, where nothing else is told of what that does."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.api.rest.call import Call
from rollbook.api.rest.performing import Outcome, See, perform
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError


class Deletion(Outcome, frozen=True, kw_only=True):
    """What the deletion of a thing did."""

    result: None


class _Gone(Struct, frozen=True):
    """What is left to see of a deleted thing."""

    version: int


async def delete(call: Call, action: Callable[..., Awaitable[None]], *, see: See[Any], subject_id: int, **values: Any) -> Deletion:
    """
    Run an action that deletes a thing, or rehearse it, where the thing is at a version that the caller asks for; ``see`` shows it before.

    Raises:
        StaleError: It is at another version.
    """

    async def see_what_is_left(transaction: Transaction, actor: Actor, asked_id: int) -> Any:
        try:
            return await see(transaction, actor, asked_id)
        except NotFoundError:
            return _Gone(0)

    performed = await perform(call, action, see=see_what_is_left, subject_id=subject_id, **values)
    return performed.told(Deletion, result=None)
