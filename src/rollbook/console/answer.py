"""What a page answers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import Struct

HTML: Final = "text/html"
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Cookie(Struct, frozen=True):
    """
    A cookie to set; one without a value is removed.

    Attributes:
        seconds: How long the browser keeps it; None until it is closed.
    """

    name: str
    value: str | None
    seconds: int | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """
    An answer.

    Attributes:
        content: The body, whole or in pieces as they come.
    """

    status: int = 200
    content: bytes | AsyncIterator[bytes] = b""
    media_type: str = HTML
    headers: Mapping[str, str] = _NO_HEADERS
    cookies: Sequence[Cookie] = ()
