"""Reading what was requested for users. Whoever sees a user sees what was requested for them."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, BindParameter, ColumnElement, Integer, Select, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import user_activity, users


class ActivityRow(Struct, frozen=True):
    """
    A request that was made for a user.

    Attributes:
        at: Epoch seconds.
        impersonating_user_id: Who acted for the user; None for a key alone, and where the viewer does not see that one.
    """

    id: int
    at: int
    method: str
    path: str
    referrer: str | None
    user_agent: str | None
    user_id: int
    external_id: str | None
    first_name: str
    last_name: str
    user_name: str
    organization_id: int
    impersonating_user_id: int | None
    impersonating_first_name: str | None
    impersonating_last_name: str | None


class ActivityCriteria(Struct, frozen=True, kw_only=True):
    """What the requests have in common; None is not asked. Times are epoch seconds, both ends inclusive."""

    user_id: int | None = None
    user_external_id: str | None = None
    activity_after: int | None = None
    activity_before: int | None = None


class ActivityPage(Struct, frozen=True):
    """A page of requests, and how many there are on all pages."""

    total: int
    rows: list[ActivityRow]


_path = bindparam("path", type_=Text)
_others = users.alias("others")
_organizations_of_others = organizations.alias("organizations_of_others")
_seen_others = (
    select(_others.c.id, _others.c.first_name, _others.c.last_name)
    .join(_organizations_of_others, _organizations_of_others.c.id == _others.c.organization_id)
    .where(within(_organizations_of_others.c.path, _path))
    .subquery("seen_others")
)
_FROM: Final = user_activity.join(users, users.c.id == user_activity.c.user_id).join(
    organizations, organizations.c.id == users.c.organization_id
)
_COLUMNS: Final = (
    *(user_activity.c[name] for name in ("id", "at", "method", "path", "referrer", "user_agent", "user_id")),
    *(users.c[name] for name in ("external_id", "first_name", "last_name", "user_name", "organization_id")),
    _seen_others.c.id.label("impersonating_user_id"),
    _seen_others.c.first_name.label("impersonating_first_name"),
    _seen_others.c.last_name.label("impersonating_last_name"),
)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "user_id": user_activity.c.user_id == bindparam("user_id", type_=Integer),
    "user_external_id": users.c.external_id == bindparam("user_external_id", type_=Text),
    "activity_after": user_activity.c.at >= bindparam("activity_after", type_=BigInteger),
    "activity_before": user_activity.c.at <= bindparam("activity_before", type_=BigInteger),
}
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "at": user_activity.c.at,
    "last_name": ascii_lower(users.c.last_name),
    "user_name": users.c.user_name_folded,
    "organization": organizations.c.name_folded,
}


def an_open_user(user_id: BindParameter[int], **values: BindParameter[Any]) -> Select[Any]:
    """Select a user's id, with values beside it, where there is such a user and the account is not closed."""
    return select(users.c.id, *values.values()).where(users.c.id == user_id, users.c.closed_at.is_(None))


_ACTIVITY = (
    select(*_COLUMNS)
    .select_from(_FROM.outerjoin(_seen_others, _seen_others.c.id == user_activity.c.impersonating_user_id))
    .where(within(organizations.c.path, _path))
)
_SEARCH: Final = Search(_ACTIVITY, ActivityRow, identity=user_activity.c.id, conditions=_CONDITIONS, sorts=_SORTS)


async def search_activity(
    transaction: Transaction, *, viewer: Viewer, criteria: ActivityCriteria, sort: str, descending: bool, offset: int, limit: int
) -> ActivityPage:
    """
    Find what was requested for users; ties are in the order of their ids.

    *sort* is ``at``, ``last_name``, ``user_name`` or ``organization``.
    """
    values = asked_of(criteria)
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return ActivityPage(*found)
