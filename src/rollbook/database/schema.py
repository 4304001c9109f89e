"""
The vocabulary that every table is described in, and the one MetaData that holds them all.

Lengths and ranges are CHECK constraints, since SQLite enforces no declared length and no integer width.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, Column, ColumnElement, Index, Integer, MetaData, Table, Text, literal_column

LARGEST_INTEGER = 2_147_483_647
LATEST_TIME = 253_402_300_799

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

LongInteger = BigInteger().with_variant(Integer(), "sqlite")
"""Sixty-four bits on both engines, and an alias of the row's own id on SQLite where it is a primary key."""


class Identifying(NamedTuple):
    """
    That a column holds what identifies a person: the one whose row it is.

    Attributes:
        becomes: What stands there once the person is erased, with ``{id}`` for the user's id; None for nothing.
    """

    becomes: str | None = None


IDENTIFYING = Identifying()
"""What identifies a person and gives way to nothing."""

_IDENTIFYING = "identifying"
_TRACES = "traces"


def identifying(what: Identifying = IDENTIFYING) -> dict[str, Any]:
    """Give a column's ``info`` where the column holds what identifies a person."""
    return {_IDENTIFYING: what}


def identifying_columns(described: Table) -> Iterator[tuple[Column[Any], Identifying]]:
    """Give a table's columns that hold what identifies a person."""
    for column in described.columns:
        if _IDENTIFYING in column.info:
            yield column, column.info[_IDENTIFYING]


def is_of_traces(described: Table) -> bool:
    """Tell whether a table's rows are nothing but the traces of a person, so that erasing the person deletes them."""
    return _TRACES in described.info


def table(name: str, *contents: Any) -> Table:
    """Describe a table whose deleted ids never come back."""
    return Table(name, metadata, *contents, sqlite_autoincrement=True)


def growing_table(name: str, *contents: Any) -> Table:
    """Describe a table whose rows are never deleted, so that no id can come back, and nobody has to remember the highest."""
    return Table(name, metadata, *contents)


def table_of_traces(name: str, *contents: Any) -> Table:
    """Describe a table whose rows are nothing but the traces of a person: deleted with them, and nobody keeps their ids."""
    return Table(name, metadata, *contents, info={_TRACES: True})


def joining_table(name: str, *contents: Any) -> Table:
    """Describe a table whose key is what it joins, without an id of its own."""
    return Table(name, metadata, *contents)


def identifier(*, long: bool = False) -> Column[int]:
    """Describe the column that numbers a table's rows."""
    return Column("id", LongInteger if long else Integer(), primary_key=True)


def text(name: str, *, required: bool = False, identifies: Identifying | None = None, **options: Any) -> Column[str]:
    """Describe a text; its length is limited by ``at_most``."""
    return Column(name, Text(), nullable=not required, info=_info_of(identifies), **options)


def version() -> Column[int]:
    """Describe the column that counts a row's changes, by which a caller says which state was read."""
    return Column("version", Integer, nullable=False, server_default=literal_column("1"))


def folded_text(name: str, *, identifies: Identifying | None = None) -> Column[str]:
    """Describe a text as ``folded`` gives it, ordered by its characters whatever the database's locale."""
    return Column(name, Text().with_variant(Text(collation="C"), "postgresql"), nullable=False, info=_info_of(identifies))


def _info_of(identifies: Identifying | None) -> dict[str, Any]:
    return {} if identifies is None else identifying(identifies)


def at_most(**lengths: int) -> tuple[CheckConstraint, ...]:
    """Limit texts to so many characters each."""
    return tuple(CheckConstraint(f"length({name}) <= {length}", name=f"{name}_length") for name, length in lengths.items())


def between(**ranges: tuple[int, int]) -> tuple[CheckConstraint, ...]:
    """Limit numbers to so small and so large each, both inclusive."""
    return tuple(CheckConstraint(f"{name} BETWEEN {low} AND {high}", name=f"{name}_range") for name, (low, high) in ranges.items())


def one_of(**choices: tuple[int, ...]) -> tuple[CheckConstraint, ...]:
    """Limit numbers to the listed ones."""
    return tuple(
        CheckConstraint(f"{name} IN ({', '.join(str(value) for value in values)})", name=f"{name}_choice")
        for name, values in choices.items()
    )


def folded(words: str) -> str:
    """Fold a text so that both engines order and match it alike, without regard to case."""
    return words.casefold()


_A_TO_Z = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


def ascii_folded(words: str) -> str:
    """Fold the letters A to Z of a text alone, as ``ascii_lower`` folds what is stored."""
    return words.translate(_A_TO_Z)


def partial_index(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> Index:
    """Index the rows that meet a condition; a query is helped only where it states that condition."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)
