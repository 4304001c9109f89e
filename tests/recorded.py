"""What the history holds, for tests to look at."""

from typing import Any

import msgspec
from sqlalchemy import Integer, Text, bindparam, select

from rollbook.database.query import Query
from rollbook.database.transaction import Database, Transaction
from rollbook.history.model import history


class Entry(msgspec.Struct, frozen=True):
    """One change, as it was recorded."""

    kind: str
    organization_id: int
    actor_name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


_list_entries = Query(
    select(history.c.kind, history.c.organization_id, history.c.actor_name, history.c.before, history.c.after)
    .where(history.c.subject == bindparam("subject", type_=Text()), history.c.subject_id == bindparam("subject_id", type_=Integer()))
    .order_by(history.c.id),
    Entry,
)


async def history_of(database: Database, subject: str, subject_id: int) -> list[Entry]:
    """List what became of a subject such as ``user``, the oldest change first."""

    async def list_entries(transaction: Transaction) -> list[Entry]:
        return await transaction.all(_list_entries, subject=subject, subject_id=subject_id)

    return await database.read(list_entries)
