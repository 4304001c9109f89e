"""Taking a user away, with all that is nothing without them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from msgspec.structs import asdict
from sqlalchemy import Column, Integer, bindparam, delete

from rollbook.access.actor import Actor
from rollbook.accounts.queries.references import columns, goes_along
from rollbook.custom_fields.model import custom_field_values
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.history.recording import entry, recorded
from rollbook.people.model import users
from rollbook.people.queries.users import UserRow

_user_id = bindparam("user_id", type_=Integer())
_NOT_TOLD: Final = {"id", "created_at", "modified_at", "version"}

DELETED: Final = "user.deleted"
_DELETE: Final = recorded(delete(users).where(users.c.id == _user_id), identity=users.c.id)
_DELETE_VALUES: Final = Command(
    delete(custom_field_values).where(custom_field_values.c.subject == "user", custom_field_values.c.subject_id == _user_id)
)


async def remove_user(transaction: Transaction, *, actor: Actor, user: UserRow, after: Mapping[str, Any] | None = None) -> None:
    """Delete a user to whom nothing else belongs, who is locked whole; the history keeps what they were, and what ``after`` says."""
    for column in columns():
        if goes_along(column):
            await transaction.run(_deleting(column), user_id=user.id)
    await transaction.run(_DELETE_VALUES, user_id=user.id)
    before = {name: value for name, value in asdict(user).items() if name not in _NOT_TOLD and value is not None}
    record = entry(transaction, actor=actor, organization_id=user.organization_id, kind=DELETED, before=before, after=after)
    await transaction.change(_DELETE, {"user_id": user.id}, record)


@cache
def _deleting(column: Column[int]) -> Command:
    return Command(delete(column.table).where(column == _user_id))
