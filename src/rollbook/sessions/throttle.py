"""How often somebody may try to sign in: so many failures within a quarter of an hour, for a name and for a network address."""

from collections.abc import Sequence
from typing import Final

from rollbook.errors import NotAllowedError

WINDOW_SECONDS: Final = 15 * 60
MOST_OF_A_NAME: Final = 10
MOST_OF_AN_ADDRESS: Final = 100
_MINUTE: Final = 60


class TooManySignInsError(NotAllowedError):
    """
    Too many sign-ins failed for a name, or from a network address.

    Attributes:
        minutes: How many minutes it takes until the next try is looked at.
    """

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(f"too many sign-ins have failed; try again in {minutes} minute{'' if minutes == 1 else 's'}")


def recent(moments: Sequence[int], *, now: int) -> list[int]:
    """Give the moments, in epoch seconds, that still count."""
    return [at for at in moments if at > now - WINDOW_SECONDS]


def minutes_to_wait(moments: Sequence[int], *, most: int, now: int) -> int:
    """Give how many minutes it takes until one more try makes no more than ``most`` of those that count; 0 where it may be made now."""
    counted = sorted(recent(moments, now=now))
    if len(counted) < most:
        return 0
    # The one with whose end there is room for another.
    seconds = counted[-most] + WINDOW_SECONDS - now
    return -(-seconds // _MINUTE)
