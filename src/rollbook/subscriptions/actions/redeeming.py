"""A training key becomes a subscription: lock, gather facts, let the rules decide."""

from typing import Any

from rollbook.access.actor import Actor
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.errors import refuse
from rollbook.people.queries.users import get_user, lock_users
from rollbook.subscriptions.actions.subscriptions import add_subscription
from rollbook.subscriptions.actions.uses import count_use
from rollbook.subscriptions.periods import end_of
from rollbook.subscriptions.queries.subscriptions import find_unfinished
from rollbook.subscriptions.queries.training_keys import UnknownTrainingKeyError, find_held_key, lock_training_key
from rollbook.subscriptions.redemption import RedeemedKey, RedeemingForAnotherError, check_redemption


async def redeem_training_key(transaction: Transaction, *, actor: Actor, user_id: int, training_key: str) -> int:
    """
    Give a user the subscription that a training key stands for, from now on, and give its id.

    Raises:
        RedeemingForAnotherError: The actor acts for another student (A1).
        UserNotFoundError: The actor has no such user.
        UnknownTrainingKeyError: There is no such key of the user's organization or of one above it.
        TrainingKeyExpiredError: It has expired.
        TrainingKeyContentOverError: What it opens has ended.
        TrainingKeyUsedUpError: It has no use left.
        SubscriptionProfileDisabledError: Its profile is disabled.
        SubscriberDisabledError: The user is disabled.
        AlreadySubscribedError: The user has a subscription of the profile that has not ended.
        SeveralRefusalsError: More than one of these.
    """
    if actor.student is not None and actor.student.user_id != user_id:
        raise RedeemingForAnotherError(student_id=actor.student.user_id, user_id=user_id)
    await lock_users(transaction, user_ids=[user_id])
    user = await get_user(transaction, viewer=actor.viewer, user_id=user_id, field="user_id")
    found = await find_held_key(transaction, user_id=user_id, training_key=training_key)
    if found is None:
        raise UnknownTrainingKeyError(user_id)
    await lock_training_key(transaction, key_id=found.id)
    key = await find_held_key(transaction, user_id=user_id, training_key=training_key)
    if key is None or key.id != found.id:
        raise StartAgainError
    unfinished_id = await find_unfinished(transaction, profile_id=key.profile_id, user_id=user_id, after=transaction.now)
    redeemed = RedeemedKey(**{name: getattr(key, name) for name in RedeemedKey.__struct_fields__})
    refuse(check_redemption(redeemed, user_id=user_id, user_disabled=user.disabled, unfinished_id=unfinished_id, now=transaction.now))
    await count_use(transaction, actor=actor, key_id=key.id, organization_id=key.organization_id, uses=key.uses)
    state: dict[str, Any] = {
        "profile_id": key.profile_id,
        "user_id": user_id,
        "training_key_id": key.id,
        "external_id": None,
        "starts_at": transaction.now,
        "expires_at": key.content_expires_at or end_of(starts_at=transaction.now, duration_days=key.duration_days),
        "target_completion_at": None,
    }
    return await add_subscription(transaction, actor=actor, organization_id=user.organization_id, state=state)
