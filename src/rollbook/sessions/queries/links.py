"""Finding one-time links, and whose accounts they open."""

from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, select

from rollbook.access.actor import Actor, ActorKind
from rollbook.access.keys import hash_of
from rollbook.database.expressions import numbers_of, objects_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import managed_organizations, user_roles, users
from rollbook.sessions.model import one_time_links
from rollbook.sessions.queries.sessions import permissions_of
from rollbook.sessions.resetting import ALL_PERMISSIONS, Maker, Owner
from rollbook.sessions.secret_texts import password_mark

PASSWORD: Final = "password"  # noqa: S105 - the purpose of a link
SIGN_IN: Final = "sign_in"


class LinkNotFoundError(NotFoundError):
    """A one-time link is unknown, used, or too old, or its user cannot sign in."""

    def __init__(self) -> None:
        super().__init__("this link was used already, or is too old; ask for a new one")


class Link(Struct, frozen=True):
    """
    A one-time link that is good.

    Attributes:
        destination: The path to go on to.
    """

    id: int
    user_id: int
    user_name: str
    destination: str | None


class _LinkRow(Struct, frozen=True):
    id: int
    user_id: int
    user_name: str
    destination: str | None
    password_mark: str
    password_hash: str | None


class _Path(Struct, frozen=True):
    path: str


class _RightsRow(Struct, frozen=True):
    role_ids: list[int]
    managed: list[_Path]


_find_link = Query(
    select(
        one_time_links.c.id,
        one_time_links.c.user_id,
        users.c.user_name,
        one_time_links.c.destination,
        one_time_links.c.password_mark,
        users.c.password_hash,
    )
    .join(users, users.c.id == one_time_links.c.user_id)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(
        one_time_links.c.token_hash == bindparam("token_hash", type_=Text()),
        one_time_links.c.purpose == bindparam("purpose", type_=Text()),
        one_time_links.c.expires_at > bindparam("now", type_=BigInteger()),
        ~users.c.disabled,
        users.c.closed_at.is_(None),
        organizations.c.enabled,
    ),
    _LinkRow,
)
_managed = organizations.alias("managed")
_get_rights = Query(
    select(
        select(numbers_of(user_roles.c.role_id)).where(user_roles.c.user_id == users.c.id).scalar_subquery().label("role_ids"),
        select(objects_of(_managed.c.path))
        .join(managed_organizations, managed_organizations.c.organization_id == _managed.c.id)
        .where(managed_organizations.c.user_id == users.c.id)
        .scalar_subquery()
        .label("managed"),
    ).where(users.c.id == bindparam("user_id", type_=Integer())),
    _RightsRow,
)


async def find_link(transaction: Transaction, *, token: str, purpose: str = PASSWORD) -> Link:
    """
    Give a link that can be used now; one of an older password can not.

    Raises:
        LinkNotFoundError: There is no such link.
    """
    row = await transaction.find(_find_link, token_hash=hash_of(token), purpose=purpose, now=transaction.now)
    if row is None or row.password_mark != password_mark(row.password_hash):
        raise LinkNotFoundError
    return Link(row.id, row.user_id, row.user_name, row.destination)


async def get_owner(transaction: Transaction, *, user_id: int) -> Owner:
    """Give a user whom a viewer was found to see as the one whose account a link opens."""
    rights = await transaction.one(_get_rights, user_id=user_id)
    return Owner(user_id, permissions_of(rights.role_ids), [each.path for each in rights.managed])


async def get_maker(transaction: Transaction, *, actor: Actor) -> Maker:
    """Give an actor as the one who makes a link: a user has the rights of their roles, a key that reaches so far and a command have all."""
    if actor.kind is not ActorKind.USER:
        return Maker(ALL_PERMISSIONS, actor.viewer.path)
    rights = await transaction.one(_get_rights, user_id=actor.id)
    return Maker(permissions_of(rights.role_ids), actor.viewer.path)
