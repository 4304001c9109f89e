"""Finding who is signed in."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, select

from rollbook.access.roles import ROLES, Permission
from rollbook.database.expressions import numbers_of, objects_of
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import managed_organizations, user_roles, users
from rollbook.sessions.model import sessions
from rollbook.sessions.secret_texts import password_mark

IDLE_SECONDS: Final = 8 * 3600
LONGEST_SECONDS: Final = 7 * 24 * 3600
TOUCH_SECONDS: Final = 60
"""How old the moment at which a session was last seen may be, so that not every page has to write."""


class ManagedOrganization(Struct, frozen=True):
    """An organization that a user manages, with all that is beneath it."""

    id: int
    name: str
    path: str


class SignedIn(Struct, frozen=True):
    """
    Who is signed in.

    Attributes:
        organization_id: The user's own organization.
        path: The path of that one.
        permissions: What the user's roles allow.
        managed: The organizations that the user manages, the topmost of each tree, by name.
        organization: The one of these in which the user works at the moment; None where there are none.
        time_zone: The user's zone by its IANA name.
        force_password_change: The user signed in with a password that has to become another one first.
        is_to_be_touched: It is to be kept that the session was seen now.
    """

    session_id: int
    user_id: int
    user_name: str
    first_name: str
    last_name: str
    email: str
    organization_id: int
    path: str
    company_id: int | None
    permissions: frozenset[Permission]
    managed: tuple[ManagedOrganization, ...]
    organization: ManagedOrganization | None
    time_zone: str | None
    force_password_change: bool
    is_to_be_touched: bool


class _SessionRow(Struct, frozen=True):
    session_id: int
    user_id: int
    user_name: str
    first_name: str
    last_name: str
    email: str
    organization_id: int
    path: str
    company_id: int | None
    time_zone: str | None
    force_password_change: bool
    password_hash: str | None
    password_mark: str
    with_password: bool
    chosen_organization_id: int | None
    seen_at: int
    role_ids: list[int]
    managed: list[ManagedOrganization]


class _ManagedRow(Struct, frozen=True):
    managed: list[ManagedOrganization]


_managed = organizations.alias("managed")
_MANAGED = (
    select(objects_of(_managed.c.id, _managed.c.name, _managed.c.path))
    .join(managed_organizations, managed_organizations.c.organization_id == _managed.c.id)
    .where(managed_organizations.c.user_id == users.c.id, _managed.c.enabled)
    .scalar_subquery()
    .label("managed")
)
_find_session = Query(
    select(
        sessions.c.id.label("session_id"),
        sessions.c.user_id,
        users.c.user_name,
        users.c.first_name,
        users.c.last_name,
        users.c.email,
        users.c.organization_id,
        organizations.c.path,
        users.c.company_id,
        users.c.time_zone_iana.label("time_zone"),
        users.c.force_password_change,
        users.c.password_hash,
        sessions.c.password_mark,
        sessions.c.with_password,
        sessions.c.chosen_organization_id,
        sessions.c.seen_at,
        select(numbers_of(user_roles.c.role_id)).where(user_roles.c.user_id == users.c.id).scalar_subquery().label("role_ids"),
        _MANAGED,
    )
    .select_from(sessions)
    .join(users, users.c.id == sessions.c.user_id)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(
        sessions.c.secret_hash == bindparam("secret_hash", type_=Text()),
        sessions.c.seen_at > bindparam("idle_since", type_=BigInteger()),
        sessions.c.started_at > bindparam("too_old", type_=BigInteger()),
        ~users.c.disabled,
        users.c.closed_at.is_(None),
        organizations.c.enabled,
    ),
    _SessionRow,
)
_managed_in_session = Query(
    select(_MANAGED)
    .select_from(sessions)
    .join(users, users.c.id == sessions.c.user_id)
    .where(sessions.c.id == bindparam("session_id", type_=Integer())),
    _ManagedRow,
)


async def find_session(transaction: Transaction, *, secret_hash: str) -> SignedIn | None:
    """
    Give who is signed in by a session's secret, found by its SHA-256 in hexadecimal digits.

    Nobody is where the session is unknown, was not used for ``IDLE_SECONDS``, began ``LONGEST_SECONDS`` ago, or is one of an older password,
    nor where the user or their organization is disabled, or their account closed.
    """
    now = transaction.now
    row = await transaction.find(_find_session, secret_hash=secret_hash, idle_since=now - IDLE_SECONDS, too_old=now - LONGEST_SECONDS)
    if row is None or row.password_mark != password_mark(row.password_hash):
        return None
    managed = topmost(row.managed)
    chosen = [each for each in managed if each.id == row.chosen_organization_id]
    return SignedIn(
        session_id=row.session_id,
        user_id=row.user_id,
        user_name=row.user_name,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        organization_id=row.organization_id,
        path=row.path,
        company_id=row.company_id,
        permissions=permissions_of(row.role_ids),
        managed=managed,
        organization=next(iter((*chosen, *managed)), None),
        time_zone=row.time_zone,
        force_password_change=row.force_password_change and row.with_password,
        is_to_be_touched=row.seen_at <= now - TOUCH_SECONDS,
    )


async def list_managed_in_session(transaction: Transaction, *, session_id: int) -> tuple[ManagedOrganization, ...]:
    """List the organizations that the user of a session manages, the topmost of each tree, by name; none where there is no such session."""
    row = await transaction.find(_managed_in_session, session_id=session_id)
    return topmost(row.managed) if row else ()


def topmost(managed: Collection[ManagedOrganization]) -> tuple[ManagedOrganization, ...]:
    """Give the organizations that lie beneath no other of them, by name."""
    roots = [each for each in managed if not any(each.path.startswith(other.path) and each.id != other.id for other in managed)]
    return tuple(sorted(roots, key=lambda each: (folded(each.name), each.id)))


def permissions_of(role_ids: Collection[int]) -> frozenset[Permission]:
    """Give what roles allow together."""
    return frozenset[Permission]().union(*(ROLES[role_id].permissions for role_id in role_ids))
