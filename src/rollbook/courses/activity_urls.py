"""What address an activity may have (V3), and the one at which somebody opens it."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from rollbook.courses.activity_types import EXTERNAL, ActivityType
from rollbook.errors import InvalidError, RollbookError

PLACEHOLDERS: Final = ("userId", "email", "firstName", "lastName")
"""What of the user who opens an activity its address can hold, each name in braces."""

_WORD: Final = re.compile(r"\{([A-Za-z]+)\}")


class ActivityUrlMissingError(InvalidError):
    """An activity that is opened at an address has none (V3)."""

    rule = "V3"
    field = "url"

    def __init__(self) -> None:
        super().__init__("an activity of this type is opened at an address; give its url")


class ActivityUrlInvalidError(InvalidError):
    """The address of an activity is none that a browser can open (V3)."""

    rule = "V3"
    field = "url"

    def __init__(self) -> None:
        super().__init__("this is not the address of a web page; give one that begins with https:// or http:// and a host")


class UnknownPlaceholderError(InvalidError):
    """The address of an activity holds a placeholder that stands for nothing (V3)."""

    rule = "V3"
    field = "url"

    def __init__(self, placeholder: str) -> None:
        self.placeholder = placeholder
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        super().__init__(f"{{{placeholder}}} stands for nothing; give {known}, or another address")


def refuse_url(*, activity_type: ActivityType, url: str | None) -> RollbookError | None:
    """Refuse an address that an activity of that type cannot have."""
    if url is None:
        return ActivityUrlMissingError() if activity_type in EXTERNAL else None
    if not _is_web_address(url):
        return ActivityUrlInvalidError()
    unknown = [word for word in _WORD.findall(url) if word not in PLACEHOLDERS]
    return UnknownPlaceholderError(unknown[0]) if unknown else None


def fill_url(url: str, values: Mapping[str, str]) -> str:
    """Put values in the places that an address keeps for them, percent-encoded."""
    return _WORD.sub(lambda found: quote(values[found[1]], safe=""), url)


def _is_web_address(url: str) -> bool:
    if any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    # A user who chose a name would choose the host.
    return parts.scheme in {"http", "https"} and bool(host) and "{" not in parts.netloc
