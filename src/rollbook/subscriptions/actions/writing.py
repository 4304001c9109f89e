"""The statements that write a row of a table and its history."""

from typing import Any

from sqlalchemy import Integer, Table, bindparam, delete, insert, literal_column, update

from rollbook.database.query import Change
from rollbook.history.recording import recorded

_NEVER_GIVEN = frozenset({"id", "version"})


def insertion(table: Table) -> Change:
    """Insert a row, every column bound by its name."""
    return recorded(insert(table).values(_bound(table, without=_NEVER_GIVEN)), identity=table.c.id)


def alteration(table: Table) -> Change:
    """Change the row bound as ``row_id``, every column bound by its name but the time at which the row was made."""
    values = _bound(table, without=_NEVER_GIVEN | {"created_at"})
    return recorded(
        update(table)
        .where(table.c.id == bindparam("row_id", type_=Integer))
        .values({**values, "version": table.c.version + literal_column("1", Integer())}),
        identity=table.c.id,
    )


def removal(table: Table) -> Change:
    """Delete the row bound as ``row_id``."""
    return recorded(delete(table).where(table.c.id == bindparam("row_id", type_=Integer)), identity=table.c.id)


def _bound(table: Table, *, without: frozenset[str]) -> dict[str, Any]:
    return {column.name: bindparam(column.name, type_=column.type) for column in table.columns if column.name not in without}
