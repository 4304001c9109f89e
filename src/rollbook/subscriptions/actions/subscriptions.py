"""Creating, changing and deleting subscriptions."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.database.references import counting_references
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError, refuse
from rollbook.history.recording import differences, entry
from rollbook.history.versions import check_version
from rollbook.people.queries.users import UserNotFoundError, UserRow, find_user, lock_users
from rollbook.subscriptions.actions.uses import release_key
from rollbook.subscriptions.actions.writing import alteration, insertion, removal
from rollbook.subscriptions.model import subscriptions
from rollbook.subscriptions.periods import check_period, end_of
from rollbook.subscriptions.queries.profiles import ProfileRow, SubscriptionProfileNotFoundError, find_profile
from rollbook.subscriptions.queries.subscriptions import get_subscription, lock_subscription, lock_subscription_to_delete
from rollbook.subscriptions.redemption import SubscriberDisabledError, SubscriptionProfileDisabledError


class NewSubscription(Struct, frozen=True, kw_only=True):
    """
    A subscription to create. Times are epoch seconds.

    Attributes:
        expires_at: UNSET for as long as the profile says, None for good.
        target_completion_at: When the user should be through.
    """

    profile_id: int
    user_id: int
    starts_at: int
    external_id: str | None = None
    expires_at: int | UnsetType | None = UNSET
    target_completion_at: int | None = None


class SubscriptionChanges(Struct, frozen=True, kw_only=True):
    """What to change of a subscription: UNSET is left as it is, None is cleared. Times are epoch seconds."""

    profile_id: int | UnsetType = UNSET
    user_id: int | UnsetType = UNSET
    starts_at: int | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    expires_at: int | UnsetType | None = UNSET
    target_completion_at: int | UnsetType | None = UNSET


class SubscriptionInUseError(ConflictError):
    """Courses are assigned through the subscription that would be deleted."""

    def __init__(self, subscription_id: int, count: int) -> None:
        self.count = count
        assignments = "a course assignment is" if count == 1 else f"{count} course assignments are"
        super().__init__(f"{assignments} made through subscription {subscription_id}; delete them, or take the subscription off them first")


ADD: Final = insertion(subscriptions)
_UPDATE: Final = alteration(subscriptions)
_DELETE: Final = removal(subscriptions)
_TOLD: Final = ("profile_id", "user_id", "training_key_id", "external_id", "starts_at", "expires_at", "target_completion_at")


async def create_subscription(transaction: Transaction, *, actor: Actor, subscription: NewSubscription) -> int:
    """
    Give a user a subscription, beside others of the same profile where there are any, and give its id.

    Raises:
        SubscriptionProfileNotFoundError: The actor has no such profile.
        SubscriptionProfileDisabledError: It is disabled.
        UserNotFoundError: The actor has no such user.
        SubscriberDisabledError: The user is disabled.
        SubscriptionEndsTooEarlyError: It would end before it starts.
        SubscriptionTargetTooEarlyError: It would have to be complete before it starts.
        SeveralRefusalsError: More than one of these.
    """
    said = asdict(subscription)
    await lock_users(transaction, user_ids=[subscription.user_id])
    profile, user, refusals = await _look_up(transaction, actor=actor, state=said, changed=said.keys())
    if subscription.expires_at is UNSET:
        said["expires_at"] = end_of(starts_at=subscription.starts_at, duration_days=profile.duration_days) if profile else None
    refuse([*refusals, *_check_times(said)])
    assert user is not None  # noqa: S101 - it was refused otherwise
    return await add_subscription(transaction, actor=actor, organization_id=user.organization_id, state={**said, "training_key_id": None})


async def add_subscription(transaction: Transaction, *, actor: Actor, organization_id: int, state: Mapping[str, Any]) -> int:
    """Write a subscription that nothing refuses, whose user is of an organization, and give its id."""
    after = {name: state[name] for name in _TOLD if state[name] is not None}
    record = entry(transaction, actor=actor, organization_id=organization_id, kind="subscription.created", after=after)
    subscription_id = await transaction.change(ADD, {**state, "created_at": transaction.now, "modified_at": transaction.now}, record)
    assert subscription_id is not None  # noqa: S101 - an insert meets its row
    return subscription_id


async def update_subscription(
    transaction: Transaction, *, actor: Actor, subscription_id: int, changes: SubscriptionChanges, if_version: int | None = None
) -> None:
    """
    Change a subscription; its end stays where it is, whatever else changes, unless another one is given.

    Raises:
        SubscriptionNotFoundError: The actor has no such subscription.
        VersionChangedError: It is not at the version asked for.
        SubscriptionProfileNotFoundError: The actor has no such new profile.
        SubscriptionProfileDisabledError: The new profile is disabled.
        UserNotFoundError: The actor has no such new user.
        SubscriberDisabledError: The new user is disabled.
        SubscriptionEndsTooEarlyError: It would end before it starts.
        SubscriptionTargetTooEarlyError: It would have to be complete before it starts.
        SeveralRefusalsError: More than one of these.
    """
    if changes.user_id is not UNSET:
        await lock_users(transaction, user_ids=[changes.user_id])
    await lock_subscription(transaction, subscription_id=subscription_id)
    row = await get_subscription(transaction, viewer=actor.viewer, subscription_id=subscription_id)
    check_version(noun="subscription", subject_id=subscription_id, version=row.version, wanted=if_version)
    stored = asdict(row)
    before, after = differences(stored, {name: value for name, value in asdict(changes).items() if value is not UNSET})
    if not after:
        return
    state = stored | after
    _, user, refusals = await _look_up(transaction, actor=actor, state=state, changed=after.keys())
    times_change = not {"starts_at", "expires_at", "target_completion_at"}.isdisjoint(after)
    refuse([*refusals, *(_check_times(state) if times_change else ())])
    organization_id = user.organization_id if user else row.organization_id
    record = entry(transaction, actor=actor, organization_id=organization_id, kind="subscription.updated", before=before, after=after)
    await transaction.change(_UPDATE, {**state, "row_id": subscription_id, "modified_at": transaction.now}, record)


async def delete_subscription(transaction: Transaction, *, actor: Actor, subscription_id: int, if_version: int | None = None) -> None:
    """
    Delete a subscription; the training key that became it gets that use back, and the history stays.

    Raises:
        SubscriptionNotFoundError: The actor has no such subscription.
        VersionChangedError: It is not at the version asked for.
        SubscriptionInUseError: Courses are assigned through it.
    """
    found = await get_subscription(transaction, viewer=actor.viewer, subscription_id=subscription_id)
    if found.training_key_id is not None:
        await release_key(transaction, actor=actor, key_id=found.training_key_id)
    await lock_subscription_to_delete(transaction, subscription_id=subscription_id)
    row = await get_subscription(transaction, viewer=actor.viewer, subscription_id=subscription_id)
    check_version(noun="subscription", subject_id=subscription_id, version=row.version, wanted=if_version)
    counts = await transaction.all(counting_references(subscriptions.c.id), referred_id=subscription_id)
    if in_use := sum(each.count for each in counts):
        raise SubscriptionInUseError(subscription_id, in_use)
    before = {name: value for name in _TOLD if (value := getattr(row, name)) is not None}
    record = entry(transaction, actor=actor, organization_id=row.organization_id, kind="subscription.deleted", before=before)
    await transaction.change(_DELETE, {"row_id": subscription_id}, record)


async def _look_up(
    transaction: Transaction, *, actor: Actor, state: Mapping[str, Any], changed: Collection[str]
) -> tuple[ProfileRow | None, UserRow | None, list[RollbookError]]:
    """Give the profile and the user that changed values name, and what refuses these."""
    profile, user, refusals = None, None, list[RollbookError]()
    if "profile_id" in changed:
        profile = await find_profile(transaction, viewer=actor.viewer, profile_id=state["profile_id"])
        if profile is None:
            refusals.append(SubscriptionProfileNotFoundError(state["profile_id"], field="profile_id"))
        elif not profile.enabled:
            refusals.append(SubscriptionProfileDisabledError(profile.id))
    if "user_id" in changed:
        user = await find_user(transaction, viewer=actor.viewer, user_id=state["user_id"])
        if user is None:
            refusals.append(UserNotFoundError(state["user_id"], field="user_id"))
        elif user.disabled:
            refusals.append(SubscriberDisabledError(user.id))
    return profile, user, refusals


def _check_times(state: Mapping[str, Any]) -> Collection[RollbookError]:
    return check_period(starts_at=state["starts_at"], expires_at=state["expires_at"], target_completion_at=state["target_completion_at"])
