"""Reading when users signed in. Whoever sees a user sees their sign-ins."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import sign_ins, users


class SignInRow(Struct, frozen=True):
    """
    That a user signed in.

    Attributes:
        at: Epoch seconds.
        address: From which network address.
        user_agent: With which program.
    """

    id: int
    at: int
    address: str | None
    user_agent: str | None
    user_id: int
    external_id: str | None
    first_name: str
    last_name: str
    user_name: str
    email: str
    organization_id: int


class SignInCriteria(Struct, frozen=True, kw_only=True):
    """What the sign-ins have in common; None is not asked. Times are epoch seconds, both ends inclusive."""

    user_id: int | None = None
    user_external_id: str | None = None
    after: int | None = None
    before: int | None = None


class SignInPage(Struct, frozen=True):
    """A page of sign-ins, and how many there are on all pages."""

    total: int
    rows: list[SignInRow]


_VIEWED: Final = users.c.organization_id.in_(select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text))))
_FROM: Final = sign_ins.join(users, users.c.id == sign_ins.c.user_id)
_COLUMNS: Final = (
    *(sign_ins.c[name] for name in ("id", "at", "address", "user_agent", "user_id")),
    *(users.c[name] for name in ("external_id", "first_name", "last_name", "user_name", "email", "organization_id")),
)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "user_id": sign_ins.c.user_id == bindparam("user_id", type_=Integer),
    "user_external_id": users.c.external_id == bindparam("user_external_id", type_=Text),
    "after": sign_ins.c.at >= bindparam("after", type_=BigInteger),
    "before": sign_ins.c.at <= bindparam("before", type_=BigInteger),
}
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "at": sign_ins.c.at,
    "last_name": ascii_lower(users.c.last_name),
    "first_name": ascii_lower(users.c.first_name),
    "user_name": users.c.user_name_folded,
    "email": users.c.email_folded,
}


_SEARCH: Final = Search(
    select(*_COLUMNS).select_from(_FROM).where(_VIEWED), SignInRow, identity=sign_ins.c.id, conditions=_CONDITIONS, sorts=_SORTS
)


async def search_sign_ins(
    transaction: Transaction, *, viewer: Viewer, criteria: SignInCriteria, sort: str, descending: bool, offset: int, limit: int
) -> SignInPage:
    """
    Find who signed in and when; ties are in the order of their ids.

    *sort* is ``at``, ``last_name``, ``first_name``, ``user_name`` or ``email``.
    """
    values = asked_of(criteria)
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return SignInPage(*found)
