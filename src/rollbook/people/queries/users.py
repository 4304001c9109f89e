"""Reading users."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import FromClause, Integer, Select, Text, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from rollbook.access.actor import Viewer
from rollbook.database.expressions import any_of, numbers_of, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, managed_organizations, user_roles, users


class UserNotFoundError(NotFoundError):
    """The viewer has no such user."""

    def __init__(self, user_id: int, *, field: str | None = None) -> None:
        self.user_id = user_id
        self.field = field
        super().__init__(f"there is no user {user_id}; give the id of one in the tree of the key's organization")


class NoUserWithEmailError(NotFoundError):
    """The viewer has no user with that e-mail address."""

    def __init__(self, email: str) -> None:
        self.email = email
        super().__init__(f"no user has the e-mail address {email}; give that of one in the tree of the key's organization")


class NoUserWithExternalIdError(NotFoundError):
    """The viewer has no user with that external id."""

    def __init__(self, external_id: str) -> None:
        self.external_id = external_id
        super().__init__(f"no user has the external id {external_id}; give that of one in the tree of the key's organization")


class SeveralUsersError(ConflictError):
    """
    Several users of the viewer share an external id.

    Attributes:
        user_ids: Their ids, ascending.
    """

    field = "external_id"

    def __init__(self, external_id: str, user_ids: Collection[int]) -> None:
        self.user_ids = tuple(user_ids)
        listed = ", ".join(map(str, user_ids))
        super().__init__(f"the users {listed} share the external id {external_id}; ask for one of them by the id")


class UserRow(msgspec.Struct, frozen=True):
    """
    A user.

    Attributes:
        company_id: None also where the viewer does not see the company.
        manager_id: Another user; None also where the viewer does not see that one.
        time_zone: The zone's id as it is answered to callers.
        time_zone_iana: The zone's IANA name.
        closed_at: When what identifies the person was removed, in Unix epoch seconds; None while that is not so.
        created_at: Unix epoch seconds.
        modified_at: Unix epoch seconds.
        role_ids: Keys of ``access.roles.ROLES``, in no order.
        managed_organization_ids: Those that the viewer sees, in no order.
    """

    id: int
    organization_id: int
    external_id: str | None
    user_name: str
    email: str
    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    company_id: int | None
    manager_id: int | None
    disabled: bool
    phone: str | None
    phone2: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: str | None
    country_code: str | None
    zip: str | None
    profile_image_url: str | None
    time_zone: str | None
    time_zone_iana: str | None
    force_password_change: bool
    note: str | None
    closed_at: int | None
    created_at: int
    modified_at: int
    version: int
    role_ids: list[int]
    managed_organization_ids: list[int]


class IdRow(msgspec.Struct, frozen=True):
    """The id of a row, where nothing else is asked."""

    id: int


class TakenRow(msgspec.Struct, frozen=True):
    """Who has a user name or an e-mail address that may be given once only, and whether the viewer sees that user."""

    id: int
    user_name_folded: str
    email_folded: str
    is_visible: bool


_PATH = bindparam("path", type_=Text())
_ASKED_ID = bindparam("user_id", type_=Integer())
_IN_SCOPE = within(organizations.c.path, _PATH)


def _visible_id(others: FromClause, referring: ColumnElement[int | None]) -> ColumnElement[int | None]:
    """Give the id that a user refers to where it is one that the viewer sees, else NULL."""
    owners = organizations.alias()
    return (
        select(others.c.id)
        .join(owners, owners.c.id == others.c.organization_id)
        .where(others.c.id == referring, within(owners.c.path, _PATH))
        .scalar_subquery()
    )


_managed = organizations.alias("managed")
_GATHERED: dict[str, ColumnElement[Any]] = {
    "role_ids": select(numbers_of(user_roles.c.role_id)).where(user_roles.c.user_id == users.c.id).scalar_subquery(),
    "managed_organization_ids": select(numbers_of(managed_organizations.c.organization_id))
    .join(_managed, _managed.c.id == managed_organizations.c.organization_id)
    .where(managed_organizations.c.user_id == users.c.id, within(_managed.c.path, _PATH))
    .scalar_subquery(),
}
VISIBLE: dict[str, ColumnElement[Any]] = {
    "company_id": _visible_id(companies.alias("visible_companies"), users.c.company_id),
    "manager_id": _visible_id(users.alias("visible_managers"), users.c.manager_id),
}
"""Whom and what users refer to, as far as the viewer sees it."""


def users_in_scope(*, as_stored: bool = False) -> Select[tuple[object, ...]]:
    """Select the users in the tree of organizations bound as ``path``; the columns are the fields of UserRow."""
    computed = _GATHERED if as_stored else _GATHERED | VISIBLE
    columns = (computed[name].label(name) if name in computed else users.c[name] for name in UserRow.__struct_fields__)
    return select(*columns).select_from(users).join(organizations, organizations.c.id == users.c.organization_id).where(_IN_SCOPE)


_get_user = Query(users_in_scope().where(users.c.id == _ASKED_ID), UserRow)
_get_user_as_stored = Query(users_in_scope(as_stored=True).where(users.c.id == _ASKED_ID), UserRow)
_get_user_by_email = Query(users_in_scope().where(users.c.email_folded == bindparam("email_folded", type_=Text())), UserRow)
_list_by_external_id = Query(
    users_in_scope().where(users.c.external_id == bindparam("external_id", type_=Text())).order_by(users.c.id), UserRow
)
# SQLite would get a bound offset of its own where none is given.
_page_users = Query(
    users_in_scope()
    .where(users.c.id > bindparam("after_id", type_=Integer()))
    .order_by(users.c.id)
    .limit(bindparam("limit", type_=Integer())),
    UserRow,
)
_list_taken = Query(
    select(users.c.id, users.c.user_name_folded, users.c.email_folded, _IN_SCOPE.label("is_visible"))
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(
        (users.c.user_name_folded == bindparam("user_name_folded", type_=Text()))
        | (users.c.email_folded == bindparam("email_folded", type_=Text()))
    ),
    TakenRow,
)
_find_by_external_id = Query(
    select(users.c.id).where(
        users.c.organization_id == bindparam("organization_id", type_=Integer()),
        users.c.external_id == bindparam("external_id", type_=Text()),
    ),
    IdRow,
)
_lock_users = Query(
    select(users.c.id).where(any_of(users.c.id, "user_ids")).order_by(users.c.id).with_for_update(key_share=True, of=users), IdRow
)
_lock_users_whole = Query(select(users.c.id).where(any_of(users.c.id, "user_ids")).order_by(users.c.id).with_for_update(of=users), IdRow)


async def get_user(transaction: Transaction, *, viewer: Viewer, user_id: int, field: str | None = None) -> UserRow:
    """
    Give a user; ``field`` names the caller's value where the user is not what the caller asks about.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    user = await find_user(transaction, viewer=viewer, user_id=user_id)
    if user is None:
        raise UserNotFoundError(user_id, field=field)
    return user


async def get_user_as_stored(transaction: Transaction, *, viewer: Viewer, user_id: int) -> UserRow:
    """
    Give a user with the real company and manager, which the viewer may not see: to compare with only.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    user = await transaction.find(_get_user_as_stored, user_id=user_id, path=viewer.path)
    if user is None:
        raise UserNotFoundError(user_id)
    return user


async def find_user(transaction: Transaction, *, viewer: Viewer, user_id: int) -> UserRow | None:
    """Give a user, or None where the viewer has no such one."""
    return await transaction.find(_get_user, user_id=user_id, path=viewer.path)


async def get_user_by_email(transaction: Transaction, *, viewer: Viewer, email: str) -> UserRow:
    """
    Give the user with an e-mail address, in any case.

    Raises:
        NoUserWithEmailError: The viewer has no such user.
    """
    user = await transaction.find(_get_user_by_email, email_folded=folded(email), path=viewer.path)
    if user is None:
        raise NoUserWithEmailError(email)
    return user


async def get_user_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> UserRow:
    """
    Give the one user of the viewer that has an external id.

    Raises:
        NoUserWithExternalIdError: There is none.
        SeveralUsersError: There are several (N2).
    """
    found = await transaction.all(_list_by_external_id, external_id=external_id, path=viewer.path)
    if not found:
        raise NoUserWithExternalIdError(external_id)
    if len(found) > 1:
        raise SeveralUsersError(external_id, [user.id for user in found])
    return found[0]


async def page_users(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[UserRow]:
    """List the users with an id above ``after_id``, ascending, at most ``limit`` of them."""
    return await transaction.all(_page_users, after_id=after_id, limit=limit, path=viewer.path)


async def list_taken(transaction: Transaction, *, viewer: Viewer, user_name: str, email: str) -> list[TakenRow]:
    """List the users of the whole server who have a user name or an e-mail address already, in any case (N2)."""
    return await transaction.all(_list_taken, user_name_folded=folded(user_name), email_folded=folded(email), path=viewer.path)


async def find_user_id(transaction: Transaction, *, organization_id: int, external_id: str) -> int | None:
    """
    Give the id of the user who has an external id in an organization.

    It takes no viewer: the organization is one that the caller has been found to see.
    """
    found = await transaction.find(_find_by_external_id, organization_id=organization_id, external_id=external_id)
    return found.id if found else None


async def lock_users(transaction: Transaction, *, user_ids: Collection[int]) -> None:
    """Lock users by ascending id, so that who they are does not change until the end."""
    await transaction.lock(_lock_users, user_ids=list(user_ids))


async def lock_users_whole(transaction: Transaction, *, user_ids: Collection[int]) -> None:
    """Lock users so that nothing comes to belong to them either: whoever adds something waits, or is waited for."""
    await transaction.lock(_lock_users_whole, user_ids=list(user_ids))
