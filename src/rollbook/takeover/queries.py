"""What has to be known of a database before and after it takes over what another system holds."""

from functools import lru_cache

from msgspec import Struct
from sqlalchemy import func, select

from rollbook.database.expressions import ids_continued
from rollbook.database.query import Query
from rollbook.database.schema import metadata
from rollbook.database.transaction import Transaction


class _CountRow(Struct, frozen=True):
    count: int


class _LastRow(Struct, frozen=True):
    last: int | None


async def list_filled_tables(transaction: Transaction) -> list[str]:
    """List the tables that hold anything, by their names."""
    return [name for name in sorted(metadata.tables) if (await transaction.one(_count(name))).count]


async def continue_ids(transaction: Transaction, *, table: str) -> None:
    """See to it that the next row of a table gets an id above all that were given by name."""
    await transaction.one(_continue(table))


@lru_cache
def _count(table: str) -> Query[_CountRow]:
    # One row is enough to know.
    some = select(metadata.tables[table]).limit(1).subquery()
    return Query(select(func.count().label("count")).select_from(some), _CountRow)


@lru_cache
def _continue(table: str) -> Query[_LastRow]:
    return Query(select(ids_continued(table).label("last")), _LastRow)
