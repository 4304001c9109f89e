"""
Finding whose an API key is, and listing keys.

A query of another noun that fuses the look-up with its own selects ``key_holder_columns()`` beside its own columns from ``key_holders``,
where ``HAS_THE_KEY``, and makes an actor of the row by ``actor_of``.
"""

from typing import Any, Protocol

import msgspec
from sqlalchemy import BigInteger, Integer, Label, Text, bindparam, or_, select

from rollbook.access.actor import Actor, ActorKind, Viewer
from rollbook.access.errors import InvalidKeyError
from rollbook.access.scopes import Scope
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import api_keys, organizations


class KeyNotFoundError(NotFoundError):
    """The viewer has no such API key."""

    def __init__(self, key_id: int) -> None:
        self.key_id = key_id
        super().__init__(f"there is no API key {key_id}; give the id of one that the list of keys shows")


class KeyRow(msgspec.Struct, frozen=True):
    """
    An API key as it may be shown.

    Attributes:
        created_at: Unix epoch seconds.
        revoked_at: Unix epoch seconds; None for a key that was not revoked.
        expires_at: Unix epoch seconds, from which on it opens nothing; None for never.
        last_used_at: Unix epoch seconds, to the minute; None for never.
    """

    id: int
    organization_id: int
    name: str
    scope: Scope
    created_at: int
    revoked_at: int | None
    expires_at: int | None
    last_used_at: int | None


class KeyHolder(Protocol):
    """A row with the columns of ``key_holder_columns``."""

    @property
    def key_id(self) -> int:
        """The key's id."""

    @property
    def key_name(self) -> str:
        """What the key is called."""

    @property
    def key_organization_id(self) -> int:
        """The organization that it belongs to."""

    @property
    def key_path(self) -> str:
        """That organization's path."""

    @property
    def key_scope(self) -> Scope:
        """How far the key reaches."""


class _KeyHolderRow(msgspec.Struct, frozen=True):
    key_id: int
    key_name: str
    key_organization_id: int
    key_path: str
    key_scope: Scope


holders = organizations.alias("holders")
"""The organizations that keys belong to, apart from those of what a fused query reads."""

key_holders = api_keys.join(holders, holders.c.id == api_keys.c.organization_id)

HAS_THE_KEY = (
    (api_keys.c.hash == bindparam("key_hash", type_=Text()))
    & api_keys.c.revoked_at.is_(None)
    & or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > bindparam("now", type_=BigInteger()))
    & holders.c.enabled
)
"""The key with the bound ``key_hash`` is at the bound time ``now`` a current one of an enabled organization."""


def key_holder_columns() -> tuple[Label[Any], ...]:
    """Give the columns that ``actor_of`` needs, by the names that it wants."""
    return (
        api_keys.c.id.label("key_id"),
        api_keys.c.name.label("key_name"),
        holders.c.id.label("key_organization_id"),
        holders.c.path.label("key_path"),
        api_keys.c.scope.label("key_scope"),
    )


_find_key_holder = Query(select(*key_holder_columns()).select_from(key_holders).where(HAS_THE_KEY), _KeyHolderRow)

_keys_in_scope = (
    select(*(api_keys.c[name] for name in KeyRow.__struct_fields__))
    .join(organizations, organizations.c.id == api_keys.c.organization_id)
    .where(within(organizations.c.path, bindparam("path", type_=Text())))
)
_list_keys = Query(_keys_in_scope.order_by(api_keys.c.id), KeyRow)
_list_keys_of = Query(
    _keys_in_scope.where(api_keys.c.organization_id == bindparam("organization_id", type_=Integer())).order_by(api_keys.c.id), KeyRow
)
_get_key = Query(_keys_in_scope.where(api_keys.c.id == bindparam("key_id", type_=Integer())), KeyRow)


def actor_of(holder: KeyHolder) -> Actor:
    """Give the actor that a key stands for."""
    return Actor(ActorKind.KEY, holder.key_id, holder.key_name, Viewer(holder.key_organization_id, holder.key_path), holder.key_scope)


async def authenticate(transaction: Transaction, *, key_hash: str) -> Actor:
    """
    Give the actor that a key stands for, found by the key's SHA-256 in hexadecimal digits.

    Raises:
        InvalidKeyError: The key is unknown, revoked, expired, or of a disabled organization.
    """
    holder = await transaction.find(_find_key_holder, key_hash=key_hash, now=transaction.now)
    if holder is None:
        raise InvalidKeyError
    return actor_of(holder)


async def list_keys(transaction: Transaction, *, viewer: Viewer) -> list[KeyRow]:
    """List the keys of the viewer's organizations, the revoked ones too, by id."""
    return await transaction.all(_list_keys, path=viewer.path)


async def list_keys_of(transaction: Transaction, *, viewer: Viewer, organization_id: int) -> list[KeyRow]:
    """List the keys of one organization of the viewer, the revoked ones too, by id."""
    return await transaction.all(_list_keys_of, organization_id=organization_id, path=viewer.path)


async def get_key(transaction: Transaction, *, viewer: Viewer, key_id: int) -> KeyRow:
    """
    Give an API key.

    Raises:
        KeyNotFoundError: The viewer has no such key.
    """
    key = await transaction.find(_get_key, key_id=key_id, path=viewer.path)
    if key is None:
        raise KeyNotFoundError(key_id)
    return key
