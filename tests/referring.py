"""Rows that refer to a user, made for any column of any table that does: for tests that no table can be forgotten in."""

import importlib
import itertools
import pkgutil
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text, bindparam, func, insert, select

import rollbook
from rollbook.accounts.queries.references import columns
from rollbook.database.query import Command, Query
from rollbook.database.transaction import Database, Transaction

for _module in pkgutil.walk_packages(rollbook.__path__, "rollbook."):
    if _module.name.endswith(".model"):
        importlib.import_module(_module.name)

COLUMNS = columns()
"""Every column that refers to a user, of all tables there are."""

_numbers = itertools.count(1)
_ALLOWED = {
    "status": 0,
    "completion": 0,
    "location": 0,
    "delivery": 1,
    "data_type": 0,
    "subject": "user",
    "availability": 0,
    "scope": "read",
    "purpose": "password",
}
"""Values of columns that take only some."""


class _Id(Struct, frozen=True):
    id: int


class _Count(Struct, frozen=True):
    count: int


def name_of(column: Column[int]) -> str:
    return f"{column.table.name}.{column.name}"


async def refer(database: Database, column: Column[int], *, user_id: int, others: dict[str, int]) -> None:
    """Make a row that refers to a user by a column, and to the ``others`` by the names of their tables."""
    await database.write(_make, column.table, {column.name: user_id}, dict(others))


async def make(database: Database, table: Table, **values: Any) -> None:
    """Make a row with some values, and whatever it needs besides."""
    await database.write(_make, table, values, {})


async def count(database: Database, column: Column[int], *, user_id: int) -> int:
    """Count the rows that refer to a user by a column."""
    query = Query(
        select(func.count().label("count")).select_from(column.table).where(column == bindparam("user_id", type_=Integer())), _Count
    )

    async def ask(transaction: Transaction) -> int:
        return (await transaction.one(query, user_id=user_id)).count

    return await database.read(ask)


async def _make(transaction: Transaction, table: Table, given: dict[str, Any], others: dict[str, int]) -> None:
    values: dict[str, Any] = dict(given)
    for column in table.columns:
        if column.name in values or column.nullable or column.server_default is not None or (column.name == "id" and column.primary_key):
            continue
        values[column.name] = await _value(transaction, column, others)
    bound = {name: bindparam(name, type_=table.c[name].type) for name in values}
    await transaction.run(Command(insert(table).values(bound)), **values)


async def _value(transaction: Transaction, column: Column[Any], others: dict[str, int]) -> Any:
    for key in column.foreign_keys:
        target = key.column.table
        if target.name not in others:
            await _make(transaction, target, {}, others)
            latest = Query(select(func.max(target.c.id).label("id")), _Id)
            others[target.name] = (await transaction.one(latest)).id
        return others[target.name]
    if column.name in _ALLOWED:
        return _ALLOWED[column.name]
    kinds: list[tuple[type[Any], Any]] = [
        (Boolean, False),
        (Text, f"text{next(_numbers)}"),
        (BigInteger, 1_000_000),
        (Integer, 1),
    ]
    return next(value for kind, value in kinds if isinstance(column.type, kind))
