"""A caller of the TMS API that keeps its connections open and costs little beside the server on the same machine."""

import asyncio
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

import msgspec

SUCCESS: Final = 0

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class ServerGoneError(Exception):
    """The server hung up before it had answered: whether it did what it was asked is not known."""


class UnexpectedAnswerError(Exception):
    """The server answered otherwise than it had to."""


class Reply(msgspec.Struct, frozen=True):
    """
    What a call came to.

    Attributes:
        payload: Every field of the answer.
    """

    status: int
    error: str | None
    payload: dict[str, Any]


class Caller:
    """
    So many callers with one key, each waiting for its answer before it asks again.

    Attributes:
        calls: How many answers there were.
    """

    def __init__(self, port: int, key: str, *, connections: int) -> None:
        self.calls = 0
        self._port = port
        self._head = f"HTTP/1.1\r\nhost: 127.0.0.1\r\napi_key: {key}\r\n\r\n"
        self._connections = connections
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        """Connect."""
        for _ in range(self._connections):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up."""
        while not self._free.empty():
            _, writer = self._free.get_nowait()
            writer.close()

    async def call(self, command: str, **parameters: object) -> Reply:
        """
        Call a command and give what it came to.

        Raises:
            ServerGoneError: There was no answer.
            UnexpectedAnswerError: The answer was not of HTTP status 200.
        """
        connection = await self._free.get()
        reader, writer = connection
        try:
            writer.write(f"GET /api/2.0/{command}?{urlencode(parameters)} {self._head}".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise ServerGoneError from error
        finally:
            self._free.put_nowait(connection)
        self.calls += 1
        if not head.startswith(b"HTTP/1.1 200 "):
            raise UnexpectedAnswerError(f"{command}: {(head + body).decode()}")
        payload: dict[str, Any] = msgspec.json.decode(body)
        lower_case = "status" in payload
        return Reply(payload["status" if lower_case else "Status"], payload["error" if lower_case else "Error"], payload)

    async def do(self, command: str, **parameters: object) -> dict[str, Any]:
        """
        Call a command that has to succeed and give its answer.

        Raises:
            ServerGoneError: There was no answer.
            UnexpectedAnswerError: It did not succeed.
        """
        reply = await self.call(command, **parameters)
        if reply.status != SUCCESS:
            raise UnexpectedAnswerError(f"{command}: status {reply.status}, {reply.error}")
        return reply.payload


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])
