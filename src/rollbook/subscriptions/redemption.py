"""What keeps a training key from becoming a subscription, and a user from getting one."""

from msgspec import Struct

from rollbook.errors import ConflictError, NotAllowedError, RollbookError


class SubscriptionProfileDisabledError(ConflictError):
    """There would be a new subscription of a disabled profile."""

    field = "profile_id"

    def __init__(self, profile_id: int) -> None:
        self.profile_id = profile_id
        super().__init__(f"subscription profile {profile_id} is disabled; enable it or give another one")


class SubscriberDisabledError(ConflictError):
    """A disabled user would get a subscription."""

    field = "user_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id} is disabled; enable the user or give another one")


class RedeemingForAnotherError(NotAllowedError):
    """A student would redeem a training key for somebody else."""

    rule = "A1"

    def __init__(self, *, student_id: int, user_id: int) -> None:
        super().__init__(f"user {student_id} cannot redeem a training key for user {user_id}; leave the user out")


class TrainingKeyExpiredError(ConflictError):
    """A training key can no longer be redeemed."""

    field = "training_key"

    def __init__(self, expires_at: int) -> None:
        self.expires_at = expires_at
        super().__init__(f"the training key expired at {expires_at}; ask for another one")


class TrainingKeyContentOverError(ConflictError):
    """A training key would become a subscription that is over already."""

    field = "training_key"

    def __init__(self, content_expires_at: int) -> None:
        self.content_expires_at = content_expires_at
        super().__init__(f"what the training key opens ended at {content_expires_at}; ask for another one")


class TrainingKeyUsedUpError(ConflictError):
    """A training key has become as many subscriptions as it may."""

    field = "training_key"

    def __init__(self, *, uses: int, maximum_uses: int) -> None:
        self.maximum_uses = maximum_uses
        super().__init__(f"the training key is used up ({uses} of {maximum_uses} uses); ask for another one")


class AlreadySubscribedError(ConflictError):
    """A training key would be spent on what the user has."""

    field = "user_id"

    def __init__(self, *, user_id: int, profile_id: int, subscription_id: int) -> None:
        self.subscription_id = subscription_id
        super().__init__(
            f"user {user_id} has subscription profile {profile_id} already, by subscription {subscription_id}; redeem the key when that has ended"
        )


class RedeemedKey(Struct, frozen=True):
    """A training key that somebody would redeem; times are epoch seconds."""

    profile_id: int
    profile_enabled: bool
    expires_at: int
    content_expires_at: int | None
    uses: int
    maximum_uses: int


def check_redemption(
    key: RedeemedKey, *, user_id: int, user_disabled: bool, unfinished_id: int | None, now: int
) -> list[RollbookError | None]:
    """
    Give everything that refuses a redemption.

    Args:
        key: The training key.
        user_id: Who gets the subscription.
        user_disabled: Whether that user is disabled.
        unfinished_id: A subscription of that user and of the key's profile that has not ended.
        now: Epoch seconds; in the second in which a key expires it opens nothing any more.
    """
    content_ends = key.content_expires_at
    return [
        TrainingKeyExpiredError(key.expires_at) if key.expires_at <= now else None,
        TrainingKeyContentOverError(content_ends) if content_ends is not None and content_ends <= now else None,
        TrainingKeyUsedUpError(uses=key.uses, maximum_uses=key.maximum_uses) if key.uses >= key.maximum_uses else None,
        None if key.profile_enabled else SubscriptionProfileDisabledError(key.profile_id),
        SubscriberDisabledError(user_id) if user_disabled else None,
        None
        if unfinished_id is None
        else AlreadySubscribedError(user_id=user_id, profile_id=key.profile_id, subscription_id=unfinished_id),
    ]
