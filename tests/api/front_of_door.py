"""The door with every command, over a real database, and callers in front of it."""

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
        self._app = Litestar([mount(door)], openapi_config=None)
        self._key = key

    async def call(self, command: str, *, query: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a command by GET, with parameters or with a query string as it is, and give the answer."""
        transport = httpx.ASGITransport(app=self._app)  # type: ignore[arg-type]  # Litestar types its scope more narrowly than httpx
        async with httpx.AsyncClient(transport=transport, base_url="http://rollbook.test") as caller:
            address = f"/api/2.0/{command}" + (f"?{query}" if query else "")
            response = await caller.get(address, params=parameters or None, headers={"api_key": self._key})
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
