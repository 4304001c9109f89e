"""What the searches of this noun have in common: a selection in the viewer's sight, conditions that may be asked, and sort keys."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Select, bindparam, func

from rollbook.access.actor import Viewer
from rollbook.database.query import Query
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
            selection: What is seen in the tree of organizations bound as ``path``.
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
        self._searches: dict[tuple[frozenset[str], str, bool], tuple[Query[_CountRow], Query[Row]]] = {}
        self._listings: dict[frozenset[str], Query[Row]] = {}

    async def find(
        self, transaction: Transaction, *, viewer: Viewer, values: Mapping[str, Any], sort: str, descending: bool, offset: int, limit: int
    ) -> tuple[int, list[Row]]:
        """Give how many rows there are, and a page of them; what has nothing to sort by comes last."""
        order = (frozenset(values), sort, descending)
        if order not in self._searches:
            self._searches[order] = self._search(*order)
        counting, paging = self._searches[order]
        counted = await transaction.one(counting, path=viewer.path, **values)
        if counted.count <= offset:
            return counted.count, []
        return counted.count, await transaction.all(paging, path=viewer.path, offset=offset, limit=limit, **values)

    async def list(self, transaction: Transaction, *, viewer: Viewer, values: Mapping[str, Any], after_id: int, limit: int) -> list[Row]:
        """Give the rows with an id above ``after_id``, ascending, at most ``limit`` of them."""
        asked = frozenset(values)
        if asked not in self._listings:
            self._listings[asked] = Query(
                self._asked(asked)
                .where(self._identity > bindparam("after_id", type_=Integer))
                .order_by(self._identity)
                .limit(bindparam("limit", type_=Integer)),
                self._row,
            )
        return await transaction.page(self._listings[asked], path=viewer.path, after_id=after_id, limit=limit, **values)

    def _asked(self, asked: frozenset[str]) -> Select[Any]:
        return self._selection.where(*(condition for name, condition in self._conditions.items() if name in asked))

    def _search(self, asked: frozenset[str], sort: str, descending: bool) -> tuple[Query[_CountRow], Query[Row]]:  # noqa: FBT001 - a key
        found, column = self._asked(asked), self._sorts[sort]
        paging = (
            found.order_by((column.desc() if descending else column.asc()).nulls_last(), self._identity)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger))
        )
        counting = found.with_only_columns(func.count().label("count"))
        return Query(counting, _CountRow), Query(paging, self._row)


def asked_of(criteria: Struct) -> dict[str, Any]:
    """Give the criteria that are asked; None is not."""
    return {name: value for name, value in asdict(criteria).items() if value is not None}
