"""
Lists that are read page by page, in the order of a value and then of the ids.

A page begins behind the place at which the last one ended, and not after so many rows, so that whatever is added or taken away meanwhile
neither repeats a row nor hides one. What has no value comes last, in either direction.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, tuple_

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction

Item = TypeVar("Item")


class Place(msgspec.Struct, frozen=True):
    """
    Where something stands in an order.

    Attributes:
        value: What it is ordered by, a number or a text; None where it has none, or where the ids alone make the order.
    """

    id: int
    value: Any = None


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """
    A page of a list.

    Attributes:
        next: The place behind which the next page begins; None where this is the last one.
    """

    items: list[Item]
    next: Place | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """
    An order that a list can be read in; ids go in the direction of the values.

    Attributes:
        identity: The ids.
        value: What to order by; None for the ids alone.
        bounds: The least and the greatest value, where the value can be null: from bound to bound, an index has it and null is left out.
        is_of_another_table: Whether the value belongs to another table than the ids, so that no index has both.
    """

    identity: ColumnElement[int]
    value: ColumnElement[Any] | None = None
    bounds: tuple[int, int] | None = None
    is_of_another_table: bool = False

    def has(self, place: Place) -> bool:
        """Tell whether something can stand at a place in this order: one told by a caller may come from another one."""
        if self.value is None or place.value is None:
            return place.value is None and (self.value is None or self.bounds is not None)
        return isinstance(place.value, self.value.type.python_type)


class Section(msgspec.Struct, frozen=True):
    """
    What of an order a statement reads: one could serve them all, but by no index.

    Attributes:
        begins: Whether it reads from the section's start, and not from behind a place.
        lacks: Whether it reads what has no value, and not what has one.
    """

    descending: bool
    begins: bool
    lacks: bool = False


def in_section(statement: Select[Any], order: Order, section: Section) -> Query[Place]:
    """
    Give the places of a section in their order, at most as many as are bound as ``limit``.

    ``statement`` selects what the list holds, filtered; its columns are replaced. The place to read behind is bound as ``behind_id`` and
    ``behind_value``.
    """
    identity, value = order.identity, None if section.lacks else order.value
    behind_id = bindparam("behind_id", type_=BigInteger)
    conditions: list[ColumnElement[bool]] = []
    if order.bounds is not None and order.value is not None:
        conditions.append(order.value.is_(None) if section.lacks else order.value.between(*order.bounds))
    if not section.begins:
        conditions.append(_behind(order, value, behind_id, descending=section.descending))
    keys = [key.desc() if section.descending else key.asc() for key in (value, identity) if key is not None]
    shown = identity.label("value") if value is None else value.label("value")
    placed = statement.with_only_columns(identity.label("id"), shown)
    return Query(placed.where(*conditions).order_by(*keys).limit(bindparam("limit", type_=Integer)), Place)


def _behind(order: Order, value: ColumnElement[Any] | None, behind_id: ColumnElement[int], *, descending: bool) -> ColumnElement[bool]:
    if value is None:
        return order.identity < behind_id if descending else order.identity > behind_id
    behind_value = bindparam("behind_value", type_=value.type)
    if not order.is_of_another_table:
        here, there = tuple_(value, order.identity), tuple_(behind_value, behind_id)
        return here < there if descending else here > there
    # The first condition lets an index of the value's table begin at the right place, the second looks at the ids of equals.
    if descending:
        return (value <= behind_value) & ((value < behind_value) | (order.identity < behind_id))
    return (value >= behind_value) & ((value > behind_value) | (order.identity > behind_id))


async def read_places(
    transaction: Transaction,
    *,
    order: Order,
    query: Callable[[Section], Query[Place]],
    descending: bool,
    behind: Place | None,
    limit: int,
    **values: Any,
) -> Page[int]:
    """
    Give the ids of a page: what has a value first, then what has none.

    ``query`` gives the statement of a section, made once by ``in_section``.
    """
    places: list[Place] = []
    lacking = order.bounds is not None and behind is not None and behind.value is None
    bound = {**values, "behind_id": behind.id if behind else None, "behind_value": behind.value if behind else None}
    # One more than wanted tells whether there is a next page.
    if not lacking:
        section = Section(descending=descending, begins=behind is None)
        places = await transaction.page(query(section), limit=limit + 1, **bound)
    if order.bounds is not None and len(places) <= limit:
        section = Section(descending=descending, begins=not lacking, lacks=True)
        found = await transaction.page(query(section), limit=limit + 1 - len(places), **bound)
        places += [Place(place.id) for place in found]
    items = [place.id for place in places[:limit]]
    if len(places) <= limit:
        return Page(items)
    last = places[limit - 1]
    return Page(items, Place(last.id) if order.value is None else last)
