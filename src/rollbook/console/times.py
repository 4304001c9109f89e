"""Telling moments to people: in a time zone, in words."""

from datetime import UTC, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FOR_EVER: Final = 253_402_300_799
"""The last second of the year 9999, which calendars can tell."""


@cache
def zone_of(name: str) -> ZoneInfo:
    """Give a time zone by its IANA name, which the database has checked."""
    return ZoneInfo(name)


def local(seconds: int, zone: str) -> datetime:
    """Give a moment in epoch seconds as it is on a zone's calendar and clock."""
    return datetime.fromtimestamp(max(-FOR_EVER // 10, min(seconds, FOR_EVER - 86_400)), tz=zone_of(zone))


def day(seconds: int, zone: str) -> str:
    """Tell a moment's day, such as ``Tue 24 Nov 2026``."""
    moment = local(seconds, zone)
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def clock_time(seconds: int, zone: str) -> str:
    """Tell a moment's time of day, such as ``09:00``."""
    return f"{local(seconds, zone):%H:%M}"


def zone_label(seconds: int, zone: str) -> str:
    """Tell what a zone's time is called at a moment, such as ``EST`` or ``UTC+03``."""
    name = local(seconds, zone).strftime("%Z")
    return f"UTC{name}" if name[:1] in "+-" else name


def moment(seconds: int, zone: str) -> str:
    """Tell a moment, such as ``Tue 24 Nov 2026, 09:00``."""
    return f"{day(seconds, zone)}, {clock_time(seconds, zone)}"


def span(starts_at: int, ends_at: int, zone: str) -> str:
    """Tell from when to when, such as ``Tue 24 Nov 2026, 09:00-17:00``; the second day only where it is another."""
    if day(starts_at, zone) == day(ends_at, zone):
        return f"{moment(starts_at, zone)}\N{EN DASH}{clock_time(ends_at, zone)}"
    return f"{moment(starts_at, zone)} \N{EN DASH} {moment(ends_at, zone)}"


def machine_time(seconds: int) -> str:
    """Tell a moment to programs, as RFC 3339 has it."""
    return local(seconds, "UTC").astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_same_clock(seconds: int, zone: str, other: str) -> bool:
    """Tell whether two zones' clocks and calendars agree at a moment."""
    return local(seconds, zone).utcoffset() == local(seconds, other).utcoffset()
