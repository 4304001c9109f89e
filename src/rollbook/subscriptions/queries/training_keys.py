"""Reading training keys: those of the organizations of the viewer's tree, and the one that somebody holds."""

from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.query import Query
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.subscriptions.model import subscription_profiles, subscription_training_keys


class SubscriptionTrainingKeyNotFoundError(NotFoundError):
    """The viewer has no such subscription training key."""

    def __init__(self, key_id: int, *, field: str | None = None) -> None:
        self.key_id = key_id
        self.field = field
        super().__init__(f"there is no subscription training key {key_id}; give the id of one in the tree of the key's organization")


class UnknownTrainingKeyError(NotFoundError):
    """The text that somebody would redeem is no training key, or none for that user's organization."""

    field = "training_key"

    def __init__(self, user_id: int) -> None:
        super().__init__(f"it is no training key for the organization of user {user_id}; look at its letters, whose case counts")


class TrainingKeyRow(Struct, frozen=True):
    """
    A subscription training key. Times are Unix epoch seconds.

    Attributes:
        expires_at: From then on nobody can redeem it.
        content_expires_at: When the subscriptions that it becomes end; None where the profile says how long they last.
        uses: How many subscriptions it has become that are still there.
        created_by_id: The user who made it; None for an API key.
        modified_by_id: The user who changed it last; None for an API key.
    """

    id: int
    organization_id: int
    profile_id: int
    profile_name: str
    training_key: str
    expires_at: int
    content_expires_at: int | None
    maximum_uses: int
    uses: int
    created_by_id: int | None
    modified_by_id: int | None
    created_at: int
    modified_at: int
    version: int


class TrainingKeyCriteria(Struct, frozen=True, kw_only=True):
    """
    What the training keys of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        training_key: The whole key, as it is written.
    """

    organization_id: int | None = None
    profile_id: int | None = None
    training_key: str | None = None
    created_by_id: int | None = None
    created_after: int | None = None
    created_before: int | None = None
    expires_after: int | None = None
    expires_before: int | None = None


class TrainingKeyPage(Struct, frozen=True):
    """A page of a search, and how many training keys there are on all pages."""

    total: int
    rows: list[TrainingKeyRow]


class HeldKey(Struct, frozen=True):
    """A training key as its holder meets it; times are Unix epoch seconds."""

    id: int
    organization_id: int
    profile_id: int
    profile_enabled: bool
    duration_days: int | None
    expires_at: int
    content_expires_at: int | None
    maximum_uses: int
    uses: int


class KeyUses(Struct, frozen=True):
    """How many subscriptions a training key has become, and whose it is."""

    organization_id: int
    uses: int


class _IdRow(Struct, frozen=True):
    id: int


_keys = subscription_training_keys.c
_ASKED_ID = bindparam("key_id", type_=Integer)
_IN_SCOPE = (
    select(
        *(
            subscription_profiles.c.name.label(name) if name == "profile_name" else subscription_training_keys.c[name]
            for name in TrainingKeyRow.__struct_fields__
        )
    )
    .select_from(subscription_training_keys)
    .join(subscription_profiles, subscription_profiles.c.id == _keys.profile_id)
    .join(organizations, organizations.c.id == _keys.organization_id)
    .where(within(organizations.c.path, bindparam("path", type_=Text)))
)
_get_key = Query(_IN_SCOPE.where(_keys.id == _ASKED_ID), TrainingKeyRow)
_find_taken = Query(select(_keys.id).where(_keys.training_key == bindparam("training_key", type_=Text)), _IdRow)
_get_uses = Query(select(_keys.organization_id, _keys.uses).where(_keys.id == _ASKED_ID), KeyUses)
_lock_key = Query(select(_keys.id).where(_keys.id == _ASKED_ID).with_for_update(key_share=True, of=subscription_training_keys), _IdRow)

_homes = organizations.alias("homes")
_held = (
    select(
        _keys.id,
        _keys.organization_id,
        _keys.profile_id,
        subscription_profiles.c.enabled.label("profile_enabled"),
        subscription_profiles.c.duration_days,
        _keys.expires_at,
        _keys.content_expires_at,
        _keys.maximum_uses,
        _keys.uses,
    )
    .select_from(subscription_training_keys)
    .join(subscription_profiles, subscription_profiles.c.id == _keys.profile_id)
    .join(organizations, organizations.c.id == _keys.organization_id)
    .join(users, users.c.id == bindparam("user_id", type_=Integer))
    .join(_homes, _homes.c.id == users.c.organization_id)
    .where(_keys.training_key == bindparam("training_key", type_=Text), within(_homes.c.path, organizations.c.path))
)
_find_held = Query(_held, HeldKey)
_SEARCH: Final = Search(
    _IN_SCOPE,
    TrainingKeyRow,
    identity=_keys.id,
    conditions={
        "organization_id": _keys.organization_id == bindparam("organization_id", type_=Integer),
        "profile_id": _keys.profile_id == bindparam("profile_id", type_=Integer),
        "training_key": _keys.training_key == bindparam("training_key", type_=Text),
        "created_by_id": _keys.created_by_id == bindparam("created_by_id", type_=Integer),
        "created_after": _keys.created_at >= bindparam("created_after", type_=BigInteger),
        "created_before": _keys.created_at <= bindparam("created_before", type_=BigInteger),
        "expires_after": _keys.expires_at >= bindparam("expires_after", type_=BigInteger),
        "expires_before": _keys.expires_at <= bindparam("expires_before", type_=BigInteger),
    },
    sorts={
        "training_key": ascii_lower(_keys.training_key),
        "content_expires": _keys.content_expires_at,
        "profile": subscription_profiles.c.name_folded,
        "created": _keys.created_at,
        "created_by": _keys.created_by_id,
        "modified": _keys.modified_at,
        "modified_by": _keys.modified_by_id,
        "expires": _keys.expires_at,
    },
)


async def get_training_key(transaction: Transaction, *, viewer: Viewer, key_id: int) -> TrainingKeyRow:
    """
    Give a subscription training key.

    Raises:
        SubscriptionTrainingKeyNotFoundError: The viewer has no such key.
    """
    row = await transaction.find(_get_key, key_id=key_id, path=viewer.path)
    if row is None:
        raise SubscriptionTrainingKeyNotFoundError(key_id)
    return row


async def find_held_key(transaction: Transaction, *, user_id: int, training_key: str) -> HeldKey | None:
    """
    Give the key that a user holds, whose organization is the user's or one above; None where it is no such key.

    It takes no viewer: whoever holds the key may redeem it, and the user is one that the caller has been found to see.
    """
    return await transaction.find(_find_held, user_id=user_id, training_key=training_key)


async def is_training_key_taken(transaction: Transaction, *, training_key: str) -> bool:
    """Tell whether there is such a training key on the whole server."""
    return await transaction.find(_find_taken, training_key=training_key) is not None


async def get_uses(transaction: Transaction, *, key_id: int) -> KeyUses:
    """
    Tell the uses of a training key.

    It takes no viewer: the key became a subscription that the caller has been found to see.
    """
    return await transaction.one(_get_uses, key_id=key_id)


async def lock_training_key(transaction: Transaction, *, key_id: int) -> None:
    """Lock a training key, so that its uses are counted by one at a time."""
    await transaction.lock(_lock_key, key_id=key_id)


async def search_training_keys(
    transaction: Transaction, *, viewer: Viewer, criteria: TrainingKeyCriteria, sort: str, descending: bool, offset: int, limit: int
) -> TrainingKeyPage:
    """
    Find subscription training keys; ties are in the order of their ids.

    *sort* is ``training_key`` (its case does not count), ``content_expires``, ``profile`` (its name), ``created``, ``created_by``,
    ``modified``, ``modified_by`` or ``expires``.
    """
    found = await _SEARCH.find(
        transaction, path=viewer.path, values=asked_of(criteria), sort=sort, descending=descending, offset=offset, limit=limit
    )
    return TrainingKeyPage(*found)


async def list_training_keys(
    transaction: Transaction, *, viewer: Viewer, criteria: TrainingKeyCriteria, after_id: int, limit: int
) -> list[TrainingKeyRow]:
    """Give the training keys with an id above ``after_id`` that meet the criteria, ascending, at most ``limit`` of them."""
    return await _SEARCH.list(transaction, path=viewer.path, values=asked_of(criteria), after_id=after_id, limit=limit)
