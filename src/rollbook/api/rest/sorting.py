"""Lists that can be read in several orders, whose cursors belong to the order in which the list was begun."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from rollbook.api.rest.cursors import place_of
from rollbook.api.rest.lists import ListQuery
from rollbook.database.keyset import Order, Place

AnyCursor: TypeAlias = Annotated[
    str,
    Meta(
        max_length=2_800,
        pattern=r"^(n|i[0-9]{1,12}|t([A-Za-z0-9_-]{4})*([A-Za-z0-9_-]{2,3})?)\.[1-9][0-9]{0,9}$",
        description="The `next` of the page before; the other parameters have to stay the same; in another order the list begins anew.",
    ),
]
"""Of a list in whatever order."""


class SortedQuery(ListQuery, frozen=True, kw_only=True):
    """What a list takes that can be read in several orders; each declares its own ``sort``."""

    cursor: AnyCursor | None = None
    descending: bool = False


def place_in(order: Order, cursor: str | None) -> Place | None:
    """Read a cursor of a list in an order; None, for the list's start, where none is given, or one of another order."""
    place = place_of(cursor)
    return place if place is None or order.has(place) else None
