"""What goes back to the caller: an HTTP status, a body, and sometimes a header more."""

from typing import NamedTuple

from rollbook.api.tms.envelope import Answer, Envelope, Status

Header = tuple[bytes, bytes]

ALLOW: Header = (b"allow", b"GET, POST")
BARE = Envelope(Answer)
"""The envelope where no command is known: status and error, nothing else."""


class Reply(NamedTuple):
    """
    An answer ready to be sent.

    Attributes:
        body: The JSON text.
        status: The status that it tells.
        http_status: 200 for everything that the TMS documents.
        headers: Those that not every answer has.
    """

    body: bytes
    status: int = Status.SUCCESS
    http_status: int = 200
    headers: tuple[Header, ...] = ()


def error_reply(envelope: Envelope, text: str, http_status: int = 200, headers: tuple[Header, ...] = ()) -> Reply:
    """Make an answer of status 10 that says what is wrong."""
    return Reply(envelope.error(text), Status.ERROR, http_status, headers)
