"""Reading and writing the date and the time that clocks of a zone show, as fields of a form have them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from rollbook.console import times
from rollbook.organizations.limits import LATEST_TIME

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LocalTime(Struct, frozen=True):
    """
    A date and a time of day as a form has them.

    Attributes:
        date: Such as ``2026-11-24``.
        time: Such as ``09:00``.
        is_second: Of two moments at which the clocks show that, it is the second.
    """

    date: str
    time: str
    is_second: bool = False


class Moment(Struct, frozen=True):
    """
    What a local time stands for.

    Attributes:
        seconds: Epoch seconds.
        comes_twice: The clocks show that time twice, as they are put back.
    """

    seconds: int
    comes_twice: bool = False


def shown(seconds: int, zone: str) -> LocalTime:
    """Give what the clocks of a zone show at a moment."""
    moment = times.local(seconds, zone)
    return LocalTime(moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M"), bool(moment.fold))


def read(given: LocalTime, zone: str) -> Moment | str:
    """Give the moment at which the clocks of a zone show a time, or the sentence that says why there is none."""
    try:
        day, of_day = date.fromisoformat(given.date), time.fromisoformat(given.time)
    except ValueError:
        return "Give a date such as 2027-01-31 and a time such as 09:00."
    wall = datetime.combine(day, of_day.replace(tzinfo=None), times.zone_of(zone))
    try:
        first, second = (int((wall.replace(fold=fold) - _EPOCH) / timedelta(seconds=1)) for fold in (0, 1))
        is_shown = times.local(first, zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
    except OverflowError:
        return "Give a date between 1970 and 9999."
    if not 0 <= first <= LATEST_TIME - 86_400:
        return "Give a date between 1970 and 9999."
    if not is_shown:
        return f"The clocks are put forward then: on {given.date} there is no {given.time} in {zone}. Give another time."
    return Moment(second if given.is_second else first, comes_twice=second != first)


def day_after(day: str, *, days: int = 1) -> str:
    """Give the day so many days after one, as fields of a form have them; blank where it is none."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return ""
