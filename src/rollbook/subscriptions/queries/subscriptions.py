"""Reading subscriptions: a user's organization in the viewer's tree puts the user's subscriptions in sight."""

from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Select, Text, bindparam, or_, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.query import Query
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.subscriptions.model import subscription_profiles, subscriptions


class SubscriptionNotFoundError(NotFoundError):
    """The viewer has no such subscription."""

    def __init__(self, subscription_id: int, *, field: str | None = None) -> None:
        self.subscription_id = subscription_id
        self.field = field
        super().__init__(f"there is no subscription {subscription_id}; give the id of one of a user in the tree of the key's organization")


class NoSubscriptionWithExternalIdError(NotFoundError):
    """The viewer has no subscription with that external id."""

    def __init__(self, external_id: str) -> None:
        self.external_id = external_id
        super().__init__(f"no subscription has the external id {external_id}; give that of one of a user of the key's organizations")


class SubscriptionRow(Struct, frozen=True):
    """
    A subscription. Times are Unix epoch seconds.

    Attributes:
        organization_id: The user's.
        training_key_id: The key that became it; None where none did.
        expires_at: None for good.
    """

    id: int
    external_id: str | None
    profile_id: int
    profile_name: str
    user_id: int
    user_external_id: str | None
    organization_id: int
    training_key_id: int | None
    starts_at: int
    expires_at: int | None
    target_completion_at: int | None
    created_at: int
    modified_at: int
    version: int


class SubscriptionCriteria(Struct, frozen=True, kw_only=True):
    """What the subscriptions of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive."""

    external_id: str | None = None
    profile_id: int | None = None
    user_id: int | None = None
    user_external_id: str | None = None
    training_key_id: int | None = None
    created_after: int | None = None
    created_before: int | None = None


class SubscriptionPage(Struct, frozen=True):
    """A page of a search, and how many subscriptions there are on all pages."""

    total: int
    rows: list[SubscriptionRow]


class _IdRow(Struct, frozen=True):
    id: int


_JOINED: Final = {
    "profile_name": subscription_profiles.c.name,
    "user_external_id": users.c.external_id,
    "organization_id": users.c.organization_id,
}
_ASKED_ID = bindparam("subscription_id", type_=Integer)
_IN_SCOPE: Select[tuple[object, ...]] = (
    select(*(_JOINED[name].label(name) if name in _JOINED else subscriptions.c[name] for name in SubscriptionRow.__struct_fields__))
    .select_from(subscriptions)
    .join(subscription_profiles, subscription_profiles.c.id == subscriptions.c.profile_id)
    .join(users, users.c.id == subscriptions.c.user_id)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(within(organizations.c.path, bindparam("path", type_=Text)))
)
_get_subscription = Query(_IN_SCOPE.where(subscriptions.c.id == _ASKED_ID), SubscriptionRow)
_list_by_external_id = Query(
    _IN_SCOPE.where(subscriptions.c.external_id.is_not(None), subscriptions.c.external_id == bindparam("external_id", type_=Text)).order_by(
        subscriptions.c.id
    ),
    SubscriptionRow,
)
_lock_subscription = Query(
    select(subscriptions.c.id).where(subscriptions.c.id == _ASKED_ID).with_for_update(key_share=True, of=subscriptions), _IdRow
)
_lock_to_delete = Query(select(subscriptions.c.id).where(subscriptions.c.id == _ASKED_ID).with_for_update(of=subscriptions), _IdRow)
_running = Query(
    select(subscriptions.c.id)
    .where(
        subscriptions.c.profile_id == bindparam("profile_id", type_=Integer),
        subscriptions.c.user_id == bindparam("user_id", type_=Integer),
        or_(subscriptions.c.expires_at.is_(None), subscriptions.c.expires_at > bindparam("after", type_=BigInteger)),
    )
    .order_by(subscriptions.c.id),
    _IdRow,
)
_SEARCH: Final = Search(
    _IN_SCOPE,
    SubscriptionRow,
    identity=subscriptions.c.id,
    conditions={
        "external_id": subscriptions.c.external_id.is_not(None) & (subscriptions.c.external_id == bindparam("external_id", type_=Text)),
        "profile_id": subscriptions.c.profile_id == bindparam("profile_id", type_=Integer),
        "user_id": subscriptions.c.user_id == bindparam("user_id", type_=Integer),
        "user_external_id": users.c.external_id == bindparam("user_external_id", type_=Text),
        "training_key_id": subscriptions.c.training_key_id == bindparam("training_key_id", type_=Integer),
        "created_after": subscriptions.c.created_at >= bindparam("created_after", type_=BigInteger),
        "created_before": subscriptions.c.created_at <= bindparam("created_before", type_=BigInteger),
    },
    sorts={
        "user_id": subscriptions.c.user_id,
        "user_external_id": ascii_lower(users.c.external_id),
        "profile": subscription_profiles.c.name_folded,
        "starts": subscriptions.c.starts_at,
        "expires": subscriptions.c.expires_at,
        "target_completion": subscriptions.c.target_completion_at,
        "created": subscriptions.c.created_at,
        "modified": subscriptions.c.modified_at,
    },
)


async def get_subscription(transaction: Transaction, *, viewer: Viewer, subscription_id: int, field: str | None = None) -> SubscriptionRow:
    """
    Give a subscription; ``field`` names the caller's value where the subscription is not what the caller asks about.

    Raises:
        SubscriptionNotFoundError: The viewer has no such subscription.
    """
    row = await find_subscription(transaction, viewer=viewer, subscription_id=subscription_id)
    if row is None:
        raise SubscriptionNotFoundError(subscription_id, field=field)
    return row


async def find_subscription(transaction: Transaction, *, viewer: Viewer, subscription_id: int) -> SubscriptionRow | None:
    """Give a subscription, or None where the viewer has no such one."""
    return await transaction.find(_get_subscription, subscription_id=subscription_id, path=viewer.path)


async def list_subscriptions_with_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> list[SubscriptionRow]:
    """
    Give every subscription with an external id, by ascending id: any number may share one.

    Raises:
        NoSubscriptionWithExternalIdError: The viewer has none.
    """
    rows = await transaction.all(_list_by_external_id, external_id=external_id, path=viewer.path)
    if not rows:
        raise NoSubscriptionWithExternalIdError(external_id)
    return rows


async def find_unfinished(transaction: Transaction, *, profile_id: int, user_id: int, after: int) -> int | None:
    """
    Give the id of a user's subscription of a profile that has not ended by a moment, begun or not.

    It takes no viewer: the user is one that the caller has been found to see.
    """
    row = await transaction.find(_running, profile_id=profile_id, user_id=user_id, after=after)
    return None if row is None else row.id


async def lock_subscription(transaction: Transaction, *, subscription_id: int) -> None:
    """Lock a subscription, so that two changes of it do not undo each other."""
    await transaction.lock(_lock_subscription, subscription_id=subscription_id)


async def lock_subscription_to_delete(transaction: Transaction, *, subscription_id: int) -> None:
    """Lock a subscription against whatever would come to refer to it as well."""
    await transaction.lock(_lock_to_delete, subscription_id=subscription_id)


async def search_subscriptions(
    transaction: Transaction, *, viewer: Viewer, criteria: SubscriptionCriteria, sort: str, descending: bool, offset: int, limit: int
) -> SubscriptionPage:
    """
    Find subscriptions; ties are in the order of their ids.

    *sort* is ``user_id``, ``user_external_id``, ``profile`` (its name), ``starts``, ``expires``, ``target_completion``, ``created`` or
    ``modified``.
    """
    found = await _SEARCH.find(
        transaction, path=viewer.path, values=asked_of(criteria), sort=sort, descending=descending, offset=offset, limit=limit
    )
    return SubscriptionPage(*found)


async def list_subscriptions(
    transaction: Transaction, *, viewer: Viewer, criteria: SubscriptionCriteria, after_id: int, limit: int
) -> list[SubscriptionRow]:
    """Give the subscriptions with an id above ``after_id`` that meet the criteria, ascending, at most ``limit`` of them."""
    return await _SEARCH.list(transaction, path=viewer.path, values=asked_of(criteria), after_id=after_id, limit=limit)
