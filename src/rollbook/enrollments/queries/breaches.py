"""What an invariant is, and where it does not hold."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import Integer, Select, literal_column

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction

MOST_BREACHES = 1_000
"""How many breaches of one invariant are told; a thousand tell as much as a million."""


class Breach(Struct, frozen=True):
    """
    One row for which an invariant does not hold.

    Attributes:
        table: The table of the row.
        id: The row's id; of a table without ids the first part of its key.
        text: What is wrong, in a sentence.
    """

    table: str
    id: int
    text: str


class Invariant(Struct, frozen=True):
    """
    Something that holds in the whole database at every moment.

    Attributes:
        name: A short name.
        rule: The number of the enrollment rule, where it is one.
        claim: What holds, in a sentence.
        find: Gives where it does not hold, MOST_BREACHES at most.
    """

    name: str
    rule: str | None
    claim: str
    find: Callable[[Transaction], Awaitable[list[Breach]]]


class _BreachRow(Struct, frozen=True):
    id: int
    first: int | None
    second: int | None


def invariant(name: str, claim: str, *, table: str, breaches: Select[*tuple[Any, ...]], text: str, rule: str | None = None) -> Invariant:
    """
    Make an invariant of the statement that finds its breaches.

    Args:
        name: A short name.
        claim: What holds, in a sentence.
        table: The table whose ids the statement gives.
        breaches: A statement with the columns ``id``, ``first`` and ``second``, a row for each breach.
        text: The sentence that tells of a breach, with ``{id}``, ``{first}`` and ``{second}`` for these.
        rule: The number of the enrollment rule, where it is one.
    """
    # SQLite would get a bound offset of its own where none is given.
    query = Query(breaches.limit(literal_column(str(MOST_BREACHES), Integer())), _BreachRow)

    async def find(transaction: Transaction) -> list[Breach]:
        rows = await transaction.all(query)
        return [Breach(table, row.id, text.format(id=row.id, first=row.first, second=row.second)) for row in rows]

    return Invariant(name, rule, claim, find)
