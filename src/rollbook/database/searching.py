"""
Searches as the TMS API has them: what rows have in common, a sort key, a page by its number, and how many there are on all pages.

Lists that are read on while they change are in ``keyset``.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Select, bindparam, func

from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction

Row = TypeVar("Row", bound=Struct)


class _CountRow(Struct, frozen=True):
    count: int


class Search(Generic[Row]):
    """Finds rows by what they have in common; every statement is made once for each set of conditions."""

    def __init__(
        self,
        selection: Select[Any],
        row: type[Row],
        *,
        identity: Column[int],
        conditions: Mapping[str, ColumnElement[bool]],
        sorts: Mapping[str, ColumnElement[Any]],
    ) -> None:
        """
        Declare a search.

        Args:
            selection: What is seen in the tree of organizations bound as ``path``, the root's.
            row: What it selects.
            identity: The column of the rows' ids, by which ties are ordered.
            conditions: What each criterion asks, its value bound by its name.
            sorts: What each sort key orders by.
        """
        self._selection = selection
        self._row = row
        self._identity = identity
        self._conditions = conditions
        self._sorts = sorts
        self._finding = lru_cache(maxsize=1024)(self._make_finding)
        self._listing = lru_cache(maxsize=256)(self._make_listing)

    async def find(
        self,
        transaction: Transaction,
        *,
        path: str,
        values: Mapping[str, Any],
        facts: Collection[str] = (),
        sort: str,
        descending: bool,
        offset: int,
        limit: int,
    ) -> tuple[int, list[Row]]:
        """
        Give how many rows there are, and a page of them; what has nothing to sort by comes last.

        ``values`` are those that conditions ask for, ``facts`` the names of conditions that ask for none.
        """
        counting, paging = self._finding(frozenset(values).union(facts), sort, descending)
        counted = await transaction.one(counting, path=path, **values)
        if counted.count <= offset:
            return counted.count, []
        return counted.count, await transaction.page(paging, path=path, offset=offset, limit=limit, **values)

    async def list(
        self,
        transaction: Transaction,
        *,
        path: str,
        values: Mapping[str, Any],
        facts: Collection[str] = (),
        after_id: int,
        limit: int,
    ) -> list[Row]:
        """Give the rows with an id above ``after_id``, ascending, at most ``limit`` of them."""
        listing = self._listing(frozenset(values).union(facts))
        return await transaction.page(listing, path=path, after_id=after_id, limit=limit, **values)

    def _asked(self, asked: frozenset[str]) -> Select[Any]:
        return self._selection.where(*(condition for name, condition in self._conditions.items() if name in asked))

    def _make_listing(self, asked: frozenset[str]) -> Query[Row]:
        beyond = self._asked(asked).where(self._identity > bindparam("after_id", type_=Integer))
        return Query(beyond.order_by(self._identity).limit(bindparam("limit", type_=Integer)), self._row)

    def _make_finding(
        self,
        asked: frozenset[str],
        sort: str,
        descending: bool,  # noqa: FBT001 - a cache's key
    ) -> tuple[Query[_CountRow], Query[Row]]:
        found, column = self._asked(asked), self._sorts[sort]
        paging = (
            found.order_by(_in_order(column, descending=descending), self._identity)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger))
        )
        counting = found.with_only_columns(func.count().label("count"))
        return Query(counting, _CountRow), Query(paging, self._row)


def asked_of(criteria: Struct, *to_fold: str) -> dict[str, Any]:
    """Give the criteria that are asked, since None is not; those named by ``to_fold`` are texts, to be folded."""
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    return values | {name: folded(values[name]) for name in to_fold if name in values}


def _in_order(column: ColumnElement[Any], *, descending: bool) -> ColumnElement[Any]:
    key = column.desc() if descending else column.asc()
    # A column that always has a value is read in the order of its index, which knows nothing of this.
    return key if isinstance(column, Column) and not column.nullable else key.nulls_last()
