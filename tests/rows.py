"""Rows as they are stored, put there without asking any action."""

from typing import Any

from sqlalchemy import Column, Table, bindparam, insert

from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.history.model import history
from rollbook.history.recording import entry, recorded
from tests.cast import TESTS


async def add_row(transaction: Transaction, table: Table, **values: Any) -> int:
    """Put a row into a table and give its id; of a table without ids, 1."""
    columns: dict[str, Column[Any]] = {name: table.c[name] for name in values}
    statement = insert(table).values({name: bindparam(name, type_=column.type) for name, column in columns.items()})
    if "id" not in table.c:
        return await transaction.run(Command(statement), **values)
    written = await transaction.change(
        recorded(statement, identity=table.c.id), values, entry(transaction, actor=TESTS, organization_id=1, kind="test.added")
    )
    assert written is not None
    return written


async def record_row(transaction: Transaction, *, kind: str, subject_id: int, **states: Any) -> None:
    """Put a change into the history."""
    record = entry(transaction, actor=TESTS, organization_id=1, kind=kind, **states)
    values = {**record, "subject_id": subject_id}
    statement = insert(history).values({name: bindparam(name, type_=history.c[name].type) for name in values})
    await transaction.run(Command(statement), **values)
