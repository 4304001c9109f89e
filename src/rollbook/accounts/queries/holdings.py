"""What there is of a person, to be erased: the user's own values, and what other tables keep."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, defstruct
from msgspec.structs import asdict
from sqlalchemy import Integer, Text, bindparam, or_, select

from rollbook.access.actor import Viewer
from rollbook.accounts.queries.identifying import KEPT, OF_USERS, Keeping
from rollbook.database.expressions import numbers_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import managed_organizations, user_roles, users
from rollbook.people.queries.users import UserNotFoundError


class ActiveEnrollment(Struct, frozen=True):
    """
    An enrollment that closing its student's account cancels.

    Attributes:
        is_visible: Whether the viewer sees it: a class of another tree may have taken the student.
    """

    id: int
    class_id: int
    is_visible: bool


class KeptRow(Struct, frozen=True):
    """
    A row that holds something identifying.

    Attributes:
        names: The columns that do.
    """

    kept: Keeping
    id: int
    organization_id: int
    names: tuple[str, ...]


class _RightsRow(Struct, frozen=True):
    organization_id: int
    disabled: bool
    closed_at: int | None
    version: int
    role_ids: list[int]
    managed_organization_ids: list[int]


class Person(Struct, frozen=True):
    """
    A user with everything that identifies.

    Attributes:
        identifying: The user's values that identify, or what stands in their place, by the names of their columns.
    """

    id: int
    organization_id: int
    disabled: bool
    closed_at: int | None
    version: int
    role_ids: tuple[int, ...]
    managed_organization_ids: tuple[int, ...]
    identifying: Mapping[str, Any]


_user_id = bindparam("user_id", type_=Integer)
_path = bindparam("path", type_=Text)
_FIELDS: Final = [(name, str | None if isinstance(users.c[name].type, Text) else int | None) for name in OF_USERS]
_IdentifyingRow: Final = defstruct("IdentifyingRow", _FIELDS, frozen=True)
_get_identifying = Query(select(*(users.c[name] for name in OF_USERS)).where(users.c.id == _user_id), _IdentifyingRow)


def _listing(kept: Keeping) -> Query[Any]:
    """Make the query of the rows of a table that hold something identifying."""
    organization = kept.table.c.organization_id if "organization_id" in kept.table.c else users.c.organization_id
    row = defstruct(
        "KeptColumns", [("id", int), ("organization_id", int), *((str(column.name), str | None) for column in kept.columns)], frozen=True
    )
    statement = select(kept.table.c.id, organization.label("organization_id"), *kept.columns)
    holding = or_(*(column.is_not(None) for column in kept.columns))
    return Query(
        statement.join(users, users.c.id == kept.owner).where(kept.owner == _user_id, kept.where, holding).order_by(kept.table.c.id), row
    )


_LISTINGS: Final = [(kept, _listing(kept)) for kept in KEPT if kept.subject is not None]
_get_rights = Query(
    select(
        users.c.organization_id,
        users.c.disabled,
        users.c.closed_at,
        users.c.version,
        select(numbers_of(user_roles.c.role_id)).where(user_roles.c.user_id == users.c.id).scalar_subquery().label("role_ids"),
        select(numbers_of(managed_organizations.c.organization_id))
        .where(managed_organizations.c.user_id == users.c.id)
        .scalar_subquery()
        .label("managed_organization_ids"),
    )
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(users.c.id == _user_id, within(organizations.c.path, _path)),
    _RightsRow,
)
_ClosedRow: Final = defstruct("ClosedRow", [*_FIELDS, ("id", int)], frozen=True)
_page_closed = Query(
    select(*(users.c[name] for name in OF_USERS), users.c.id)
    .where(users.c.closed_at.is_not(None), users.c.id > bindparam("after_id", type_=Integer))
    .order_by(users.c.id)
    .limit(bindparam("limit", type_=Integer)),
    _ClosedRow,
)
_ACTIVE: Final = [status.value for status in EnrollmentStatus if status.is_active]
_list_active = Query(
    select(enrollments.c.id, enrollments.c.class_id, within(organizations.c.path, _path).label("is_visible"))
    .join(organizations, organizations.c.id == enrollments.c.organization_id)
    .where(enrollments.c.user_id == _user_id, enrollments.c.status.in_(_ACTIVE))
    .order_by(enrollments.c.id),
    ActiveEnrollment,
)


async def get_person(transaction: Transaction, *, viewer: Viewer, user_id: int) -> Person:
    """
    Give a user with everything that identifies.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    rights = await transaction.find(_get_rights, user_id=user_id, path=viewer.path)
    if rights is None:
        raise UserNotFoundError(user_id)
    return Person(
        id=user_id,
        organization_id=rights.organization_id,
        disabled=rights.disabled,
        closed_at=rights.closed_at,
        version=rights.version,
        role_ids=tuple(sorted(rights.role_ids)),
        managed_organization_ids=tuple(sorted(rights.managed_organization_ids)),
        identifying=asdict(await transaction.one(_get_identifying, user_id=user_id)),
    )


async def list_active(transaction: Transaction, *, viewer: Viewer, user_id: int) -> list[ActiveEnrollment]:
    """Give the active enrollments of a user already in scope, in classes of whatever organization, by ascending id."""
    return await transaction.all(_list_active, user_id=user_id, path=viewer.path)


async def list_kept(transaction: Transaction, *, user_id: int) -> list[KeptRow]:
    """Give the rows of a user already in scope that hold something identifying, of what has a history of its own."""
    return [
        KeptRow(kept, row.id, row.organization_id, tuple(column.name for column in kept.columns if getattr(row, column.name) is not None))
        for kept, listing in _LISTINGS
        for row in await transaction.all(listing, user_id=user_id)
    ]


async def page_identifying_of_closed(
    transaction: Transaction, *, after_id: int = 0, limit: int = 1_000
) -> list[tuple[int, Mapping[str, Any]]]:
    """Give the values that identify of users whose accounts are closed, in all organizations, with an id above ``after_id``, ascending."""
    rows: list[Any] = await transaction.all(_page_closed, after_id=after_id, limit=limit)
    return [(row.id, {name: getattr(row, name) for name in OF_USERS}) for row in rows]
