"""The door with every command, over a real database, and callers in front of it."""

import json
from io import BytesIO
from typing import Any

import httpx
from litestar import Litestar

from rollbook.api.tms.door import Door
from rollbook.api.tms.pages import mount
from rollbook.app import COMMANDS, find_actor
from rollbook.database.transaction import Database
from rollbook.telemetry import RequestMeter, open_log


class FrontOfDoor:
    """
    A caller with a key in front of the door.

    Attributes:
        lines: What the door has logged.
    """

    def __init__(self, database: Database, key: str) -> None:
        self.lines = BytesIO()
        door = Door(COMMANDS, database=database, authenticate=find_actor, log=open_log(self.lines), meter=RequestMeter())
        self._app = Litestar([mount(door)], openapi_config=None, logging_config=None)
        self._key = key

    async def request(self, method: str, address: str, *, headers: dict[str, str] | None = None, **request: Any) -> httpx.Response:
        """Send any request to an address beneath ``/api/2.0/`` and give the whole response."""
        transport = httpx.ASGITransport(app=self._app)  # type: ignore[arg-type]  # Litestar types its scope more narrowly than httpx
        async with httpx.AsyncClient(transport=transport, base_url="http://rollbook.test") as caller:
            return await caller.request(method, f"/api/2.0/{address}", headers={"api_key": self._key, **(headers or {})}, **request)

    async def send(
        self, path: bytes, query: bytes = b"", *, body: bytes | None = None, content_type: bytes = b"application/json"
    ) -> tuple[int, dict[str, Any]]:
        """Send bytes that no client would, by POST where there is a body, and give HTTP status and answer."""
        headers = [(b"host", b"rollbook.test"), (b"api_key", self._key.encode())]
        if body is not None:
            headers += [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
        scope: Any = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET" if body is None else "POST",
            "scheme": "http",
            "server": ("rollbook.test", 80),
            "client": ("127.0.0.1", 1),
            "root_path": "",
            "path": "/api/2.0/" + path.decode("latin-1"),
            "raw_path": b"/api/2.0/" + path,
            "query_string": query,
            "headers": headers,
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body or b"", "more_body": False}

        async def collect(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, collect)
        status: int = sent[0]["status"]
        return status, json.loads(sent[1]["body"])

    async def call(self, command: str, *, query: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a command by GET, with parameters or with a query string as it is, and give the answer."""
        address = command + (f"?{query}" if query else "")
        response = await self.request("GET", address, params=parameters or None)
        assert 200 == response.status_code
        answer: dict[str, Any] = response.json()
        return answer

    async def ask(self, command: str, **parameters: Any) -> dict[str, Any]:
        """Call a command that has to succeed."""
        answer = await self.call(command, **parameters)
        assert (0, None) == (answer["Status"], answer["Error"])
        return answer

    async def refused(self, command: str, **parameters: Any) -> str:
        """Call a command that has to be refused with status 10, and give the text."""
        answer = await self.call(command, **parameters)
        assert 10 == answer["Status"]
        error: str = answer["Error"]
        return error
