"""Remembering what users look for in the catalog: a trace, not a change, so that the history knows nothing of it."""

from sqlalchemy import BigInteger, Integer, Text, bindparam, insert

from rollbook.access.actor import Actor
from rollbook.courses.model import catalog_searches
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.people.queries.users import get_user

_note = Command(
    insert(catalog_searches).values(
        user_id=bindparam("user_id", type_=Integer),
        at=bindparam("at", type_=BigInteger),
        text=bindparam("text", type_=Text),
        found=bindparam("found", type_=Integer),
    )
)


async def note_catalog_search(transaction: Transaction, *, actor: Actor, user_id: int, text: str, found: int) -> None:
    """
    Remember that a user looked for a text, and how many courses there were.

    Raises:
        UserNotFoundError: The actor has no such user.
    """
    await get_user(transaction, viewer=actor.viewer, user_id=user_id, field="user_id")
    await transaction.run(_note, user_id=user_id, at=transaction.now, text=text, found=found)
