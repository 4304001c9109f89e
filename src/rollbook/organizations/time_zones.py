"""
Which time zone a caller names: by a Windows zone id, as the TMS does, or by an IANA name.

The names are those of the ``tzdata`` package, not of the machine, so that every server takes the same ones.
"""

import reprlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from tzlocal.windows_tz import win_tz

from rollbook.errors import InvalidError

_REGIONS: Final = frozenset({"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})


class TimeZone(Struct, frozen=True):
    """
    A time zone under both its names.

    Attributes:
        given: The id that the caller chose, in its canonical spelling; what is answered to callers.
        iana: The IANA name; what is used for computing.
    """

    given: str
    iana: str


class UnknownTimeZoneError(InvalidError):
    """No time zone has that name."""

    field = "time_zone"

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(
            f"{reprlib.repr(given)} is not a time zone; "
            "give a Windows zone id such as Eastern Standard Time, or an IANA name such as America/New_York"
        )


def find_time_zone(given: str) -> TimeZone:
    """
    Find a time zone by its Windows zone id or its IANA name, in any case.

    The answer has the canonical spelling, so that one zone is never stored in two spellings. Where both sorts know a name (``UTC``), it
    is the Windows id.

    Raises:
        UnknownTimeZoneError: No time zone has that name.
    """
    time_zone = _time_zones().get(given.strip().casefold())
    if time_zone is None:
        raise UnknownTimeZoneError(given)
    return time_zone


@cache
def list_zone_names() -> tuple[str, ...]:
    """Give the IANA names to choose from: those of places, by name, and UTC."""
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return ("UTC", *sorted(name for name in names if name.partition("/")[0] in _REGIONS))


@cache
def zone_of(iana: str) -> ZoneInfo:
    """Give the hours of a time zone by its canonical IANA name."""
    with files("tzdata").joinpath("zoneinfo", *iana.split("/")).open("rb") as hours:
        return ZoneInfo.from_file(hours, iana)


def on_the_wall(moment: int, zone: ZoneInfo) -> datetime:
    """Give a moment, in epoch seconds, as a clock on a wall in the zone shows it."""
    try:
        return datetime.fromtimestamp(moment, tz=zone)
    except OverflowError:  # the year 10000 has begun there, which no clock shows
        return datetime.fromtimestamp(moment, tz=UTC)


def wall_time(moment: int, zone: ZoneInfo) -> str:
    """Tell a moment, in epoch seconds, as a clock on a wall in the zone shows it."""
    wall = on_the_wall(moment, zone)
    return f"{wall:%Y-%m-%d %H:%M} ({wall.tzinfo})"


@cache
def _time_zones() -> Mapping[str, TimeZone]:
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    by_iana_name = {name.casefold(): TimeZone(name, name) for name in names}
    by_windows_id = {name.casefold(): TimeZone(name, iana) for name, iana in win_tz.items()}
    return by_iana_name | by_windows_id
