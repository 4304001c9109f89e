"""What a caller gave, before it is known what it means: names and raw values from the query, a form or a JSON body."""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes

from rollbook.api.tms.json_text import InvalidJsonError, read_json_text
from rollbook.api.tms.kinds import Members
from rollbook.errors import InvalidError

MOST_VALUES = 1_000
MOST_IGNORED = 20
LONGEST_IGNORED = 64
NO_PERCENT_CODE = re.compile(r"%(?![0-9A-Fa-f]{2})")
UTF_8 = ("utf-8", "utf8", "us-ascii")

Pairs = list[tuple[str, object]]


class UnreadableRequestError(InvalidError):
    """The query or the body cannot be taken apart into names and values."""


class Unreadable(str):
    """Stands in for a value that could not be decoded; its text says why."""

    __slots__ = ()


def decode_text(raw: bytes, *, form: bool = True) -> str:
    """
    Undo the percent-encoding of a name, a value or a part of the path.

    Args:
        raw: What came, such as ``b"a+b%20c"``.
        form: A plus sign stands for a blank.

    Returns:
        The text, or Unreadable where it is not percent-encoded UTF-8.
    """
    if form:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        if NO_PERCENT_CODE.search(raw.decode("latin-1")):
            return Unreadable("a % is not followed by two hexadecimal digits; write %25 for the sign itself")
        raw = unquote_to_bytes(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return Unreadable("is not UTF-8")


def read_pairs(raw: bytes, source: str) -> Pairs:
    """
    Take a query string or a form apart; exactly ``null`` becomes None.

    Args:
        raw: The query string or the form.
        source: What it is, for error texts.

    Raises:
        UnreadableRequestError: It holds too many values, or a name in it cannot be decoded.
    """
    pairs: Pairs = []
    if not raw:
        return pairs
    parts = raw.split(b"&", MOST_VALUES)
    if len(parts) > MOST_VALUES:
        raise UnreadableRequestError(f"{source}: holds more than {MOST_VALUES} values; give fewer")
    for part in parts:
        raw_name, _, raw_value = part.partition(b"=")
        name = decode_text(raw_name)
        if isinstance(name, Unreadable):
            raise UnreadableRequestError(f"{source}: a parameter's name cannot be decoded; percent-encode it as UTF-8")
        pairs.append((name, None if raw_value == b"null" else decode_text(raw_value)))
    return pairs


def read_body(body: bytes, content_type: bytes | None) -> Pairs:
    """
    Take the body of a POST apart.

    Raises:
        UnreadableRequestError: It is neither a form nor a JSON object in UTF-8, or holds too many values.
    """
    if not body:
        return []
    media_type, _, options = (content_type or b"").decode("latin-1").lower().partition(";")
    media_type = media_type.strip()
    if media_type not in ("application/x-www-form-urlencoded", "application/json"):
        raise UnreadableRequestError("content-type: give the body as application/x-www-form-urlencoded or application/json")
    charset = options.partition("charset=")[2].partition(";")[0].strip(' "')
    if charset and charset not in UTF_8:
        raise UnreadableRequestError("content-type: give the body in UTF-8")
    if media_type == "application/x-www-form-urlencoded":
        return read_pairs(body.strip(b"\r\n"), "body")
    try:
        value = read_json_text(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableRequestError(f"body: is not UTF-8 from byte {error.start + 1} on") from None
    except InvalidJsonError as error:
        raise UnreadableRequestError(f"body: is not JSON: {error}") from None
    if not isinstance(value, Members):
        raise UnreadableRequestError("body: is not a JSON object")
    if len(value) > MOST_VALUES:
        raise UnreadableRequestError(f"body: holds more than {MOST_VALUES} values; give fewer")
    return value


def header_of_ignored(names: Sequence[str]) -> bytes:
    """Give the names of parameters that no command knows as a header's value: percent-encoded, and bounded in number and length."""
    unique = list(dict.fromkeys(names))[:MOST_IGNORED]
    return ", ".join(quote(name.encode(errors="replace")[:LONGEST_IGNORED], safe="-_.") for name in unique).encode()
