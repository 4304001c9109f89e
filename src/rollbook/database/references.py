"""Counting what refers to a row, by the foreign keys of every table there is: a table that is added later is counted with the others."""

from collections.abc import Collection
from functools import lru_cache

import msgspec
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, func, literal, select, union_all

from rollbook.database.query import Query
from rollbook.database.schema import metadata as every_table


class References(msgspec.Struct, frozen=True):
    """
    How many rows of a table refer to a row.

    Attributes:
        table: The name of their table.
        column: The column by which they refer.
    """

    table: str
    column: str
    count: int


def referring_columns(target: Column[int], metadata: MetaData = every_table) -> list[Column[int]]:
    """Give the columns of all tables that are foreign keys to a column, in the order of their names."""
    found = (
        key.parent
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == f"{target.table.name}.{target.name}"
    )
    return sorted(found, key=lambda column: (column.table.name, column.name))


@lru_cache(maxsize=16)
def counting_references(target: Column[int], *, going_along: Collection[Table] = ()) -> Query[References]:
    """
    Count, by table and column, what refers to the row that is bound as ``referred_id``, except in the tables that go along with it.

    It is asked for when it is needed, not while modules are imported: the tables of those that come later count as well.
    """
    referred = bindparam("referred_id", type_=Integer())
    counts = (
        select(literal(column.table.name, Text()).label("table"), literal(column.name, Text()).label("column"), func.count().label("count"))
        .select_from(column.table)
        .where(column == referred)
        for column in referring_columns(target)
        if column.table not in going_along
    )
    return Query(union_all(*counts), References)
