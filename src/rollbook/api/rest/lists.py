"""Lists that are read page by page."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from rollbook.api.rest.cursors import IdCursor, cursor_of
from rollbook.database import keyset

P = TypeVar("P", bound="Page")
Row = TypeVar("Row")

Limit = Annotated[int, Meta(ge=1, le=1_000, description="How many items the page has at most.")]


class Query(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an endpoint takes in its query; each field is a parameter."""


class ListQuery(Query, frozen=True, kw_only=True):
    """What every list takes; one in another order than that of the ids declares another ``cursor``."""

    limit: Limit = 100
    cursor: IdCursor | None = None


class Page(Struct, frozen=True, kw_only=True):
    """A page of a list; each resource declares its own with the field ``items``."""

    next: Annotated[str | None, Meta(description="The cursor of the next page; null on the last one.")]


def page_of(kind: type[P], found: keyset.Page[Row], show: Callable[[Row], Any]) -> P:
    """Show a page as a struct that has what it holds as ``items``."""
    items: dict[str, Any] = {"items": [show(row) for row in found.items]}
    return kind(next=cursor_of(found.next) if found.next else None, **items)


def by_ids(rows: Iterable[Row], *, limit: int) -> keyset.Page[Row]:
    """Make a page of rows in the order of their ids, which were read with one more than the limit."""
    read = list(rows)
    items = read[:limit]
    if len(read) <= limit:
        return keyset.Page(items)
    last: Any = items[-1]
    return keyset.Page(items, keyset.Place(last.id))
