"""Reading what users looked for in the catalog. Whoever sees a user sees what they looked for."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import catalog_searches
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class CatalogSearchRow(Struct, frozen=True):
    """
    That a user looked for something.

    Attributes:
        at: Epoch seconds.
        found: How many courses there were.
    """

    id: int
    at: int
    text: str
    found: int
    user_id: int
    user_external_id: str | None
    first_name: str
    last_name: str


class CatalogSearchCriteria(Struct, frozen=True, kw_only=True):
    """What the searches have in common; None is not asked. Times are epoch seconds, both ends inclusive."""

    user_id: int | None = None
    user_external_id: str | None = None
    searched_after: int | None = None
    searched_before: int | None = None


class CatalogSearchPage(Struct, frozen=True):
    """A page of the searches, and how many there are on all pages."""

    total: int
    rows: list[CatalogSearchRow]


_VIEWED = users.c.organization_id.in_(select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text))))
_FROM = catalog_searches.join(users, users.c.id == catalog_searches.c.user_id)
_COLUMNS = (
    *(catalog_searches.c[name] for name in ("id", "at", "text", "found", "user_id")),
    users.c.external_id.label("user_external_id"),
    users.c.first_name,
    users.c.last_name,
)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "user_id": catalog_searches.c.user_id == bindparam("user_id", type_=Integer),
    "user_external_id": users.c.external_id == bindparam("user_external_id", type_=Text),
    "searched_after": catalog_searches.c.at >= bindparam("searched_after", type_=BigInteger),
    "searched_before": catalog_searches.c.at <= bindparam("searched_before", type_=BigInteger),
}
_SORTS: Final[dict[str, ColumnElement[Any]]] = {"at": catalog_searches.c.at, "last_name": ascii_lower(users.c.last_name)}


_SEARCH: Final = Search(
    select(*_COLUMNS).select_from(_FROM).where(_VIEWED),
    CatalogSearchRow,
    identity=catalog_searches.c.id,
    conditions=_CONDITIONS,
    sorts=_SORTS,
)


async def search_catalog_searches(
    transaction: Transaction, *, viewer: Viewer, criteria: CatalogSearchCriteria, sort: str, descending: bool, offset: int, limit: int
) -> CatalogSearchPage:
    """
    Find who looked for what; ties are in the order of their ids.

    *sort* is ``at`` or ``last_name``.
    """
    values = asked_of(criteria)
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return CatalogSearchPage(*found)
