"""
The sorts of values that bodies and queries take, each as exact in the OpenAPI document as it is refused.

A text is trimmed after it was read; its pattern asks for one character that is neither a blank nor a control character. Patterns keep to what
Python, JavaScript and Rust read alike.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final, TypeAlias

from msgspec import Meta

from rollbook.organizations.limits import LARGEST_NUMBER, LATEST_TIME, LONGEST_DESCRIPTION, LONGEST_EMAIL, LONGEST_NAME
from rollbook.organizations.time_zones import UnknownTimeZoneError, find_time_zone

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
_CONTROLS_BUT_BREAKS: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BLANKS: Final = r" \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

LINE: Final = f"^[^{_CONTROLS}]*[^{_CONTROLS}{_BLANKS}][^{_CONTROLS}]*$"
"""A text on one line, with something on it."""

LINES: Final = f"^[^{_CONTROLS_BUT_BREAKS}]*[^{_CONTROLS}{_BLANKS}][^{_CONTROLS_BUT_BREAKS}]*$"
"""A text on any number of lines, with something on one of them."""

SECRET: Final = f"^[^{_CONTROLS}]+$"
"""A text on one line that is taken as it is, never trimmed."""

MAILBOX: Final = rf"^[^@\s{_CONTROLS}]+@[^@\s.{_CONTROLS}]+(\.[^@\s.{_CONTROLS}]+)*$"
CULTURE: Final = "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$"
MOMENT: Final = (
    "^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)

Id: TypeAlias = Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=LINE)]
Line20: TypeAlias = Annotated[str, Meta(min_length=1, max_length=20, pattern=LINE)]
Line50: TypeAlias = Annotated[str, Meta(min_length=1, max_length=50, pattern=LINE)]
Line80: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80, pattern=LINE)]
Line150: TypeAlias = Annotated[str, Meta(min_length=1, max_length=150, pattern=LINE)]
Line200: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
Line250: TypeAlias = Annotated[str, Meta(min_length=1, max_length=250, pattern=LINE)]
Url: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2048, pattern=LINE)]
Description: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LONGEST_DESCRIPTION, pattern=LINES)]
Html: TypeAlias = Annotated[str, Meta(min_length=1, max_length=65_536, pattern=LINES)]
Note: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=8_000, pattern=LINES, description="For those who administer; students never see it.")
]
Email: TypeAlias = Annotated[str, Meta(min_length=3, max_length=LONGEST_EMAIL, pattern=MAILBOX)]
Password: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=SECRET, extra_json_schema={"format": "password", "writeOnly": True})
]
Culture: TypeAlias = Annotated[str, Meta(pattern=CULTURE, max_length=20, description="A culture such as `en-US`.")]
TimeZoneName: TypeAlias = Annotated[
    str, Meta(extra_json_schema={"$ref": "#/components/schemas/TimeZoneName"}, description="The IANA name of a time zone.")
]
GivenTime: TypeAlias = Annotated[
    datetime,
    Meta(tz=True, extra_json_schema={"pattern": MOMENT}, description="A time with its offset; fractions of a second are left out."),
]
Time: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""A time in an answer, in UTC."""


def moment_of(epoch_seconds: int) -> datetime:
    """Give a moment as an answer tells it."""
    return datetime.fromtimestamp(epoch_seconds, UTC)


def optional_moment_of(epoch_seconds: int | None) -> datetime | None:
    """Give a moment as an answer tells it, or None where there is none."""
    return None if epoch_seconds is None else moment_of(epoch_seconds)


def precise_moment_of(epoch_microseconds: int | None) -> datetime | None:
    """Give a moment to the microsecond as an answer tells it, or None where there is none."""
    return None if epoch_microseconds is None else _EPOCH + timedelta(microseconds=epoch_microseconds)


def seconds_of(given: datetime) -> int:
    """Give a moment that a caller gave in epoch seconds, within the years that a server keeps."""
    return min(max(int(given.timestamp()), 0), LATEST_TIME)


@cache
def time_zone_names() -> frozenset[str]:
    """Give the IANA names of all time zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def zone_named(given: Any) -> Any:
    """
    Give the time zone of an IANA name; what is not a text (None, UNSET) stays what it is.

    Raises:
        UnknownTimeZoneError: There is none of that name.
    """
    if not isinstance(given, str):
        return given
    if given not in time_zone_names():
        raise UnknownTimeZoneError(given)
    return find_time_zone(given)
