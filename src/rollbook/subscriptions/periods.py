"""When a subscription begins, ends, and is to be through with."""

from typing import Final

from rollbook.errors import InvalidError
from rollbook.organizations.limits import LATEST_TIME

MOST_DAYS: Final = 36_500
"""How many days a subscription can be said to last."""

_DAY_SECONDS: Final = 86_400


class SubscriptionEndsTooEarlyError(InvalidError):
    """A subscription would end before it begins."""

    field = "expires_at"

    def __init__(self, *, starts_at: int, expires_at: int) -> None:
        super().__init__(f"{expires_at} is before the subscription starts at {starts_at}; give a later time, or let it start earlier")


class SubscriptionTargetTooEarlyError(InvalidError):
    """A subscription's courses would have to be complete before it begins."""

    field = "target_completion_at"

    def __init__(self, *, starts_at: int, target_completion_at: int) -> None:
        super().__init__(
            f"{target_completion_at} is before the subscription starts at {starts_at}; give a later time, or let it start earlier"
        )


def end_of(*, starts_at: int, duration_days: int | None) -> int | None:
    """Give the epoch second at which a subscription ends that lasts as long as its profile says; None for one that is for good."""
    return None if duration_days is None else min(starts_at + duration_days * _DAY_SECONDS, LATEST_TIME)


def check_period(*, starts_at: int, expires_at: int | None, target_completion_at: int | None) -> list[InvalidError]:
    """Give what is wrong with the times of a subscription, in epoch seconds; it may end in the moment in which it starts."""
    problems: list[InvalidError] = []
    if expires_at is not None and expires_at < starts_at:
        problems.append(SubscriptionEndsTooEarlyError(starts_at=starts_at, expires_at=expires_at))
    if target_completion_at is not None and target_completion_at < starts_at:
        problems.append(SubscriptionTargetTooEarlyError(starts_at=starts_at, target_completion_at=target_completion_at))
    return problems
