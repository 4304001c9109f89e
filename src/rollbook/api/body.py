"""Reading the body of a request, and no more of it than is allowed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

LARGEST_BODY = 1_048_576

Receive = Callable[[], Awaitable[Any]]


class BodyTooLargeError(Exception):
    """The body has more than 1 MiB."""


class CallerGoneError(Exception):
    """The caller hung up before the body was complete."""


async def read_whole_body(receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
    """
    Read a body to its end.

    Raises:
        BodyTooLargeError: It is, or claims to be, over 1 MiB.
        CallerGoneError: It never ended.
    """
    claimed = headers.get(b"content-length", b"")
    # A length of many digits is never converted: it is too large by its digits alone.
    if claimed.isdigit() and (len(claimed) > 9 or int(claimed) > LARGEST_BODY):
        raise BodyTooLargeError
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGoneError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise BodyTooLargeError
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
