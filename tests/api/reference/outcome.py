"""What came of a call: its answer, and all that is then in the database."""

import json
import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, closing
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx
from msgspec import Struct

from rollbook.api.tms.door import Door
from rollbook.app import COMMANDS, find_actor
from rollbook.database import open_database
from rollbook.telemetry import RequestMeter, open_log
from tests.api.reference.ground import Ground

SALTED: Final = frozenset({"password_hash", "token_hash"})
"""Columns that differ each time that the same is written."""

_TOKEN: Final = re.compile(rb"(?<=authenticationKey=)[\w-]{43}")


class Outcome(Struct, frozen=True):
    """
    What came of a call.

    Attributes:
        http_status: Of the answer.
        ignored: The names that the command did not know.
        answer: The answer.
        state: Every row of every table afterwards.
    """

    http_status: int
    ignored: str | None
    answer: dict[str, Any]
    state: Mapping[str, list[tuple[Any, ...]]]

    @property
    def status(self) -> int:
        """The status that the answer tells."""
        status: int = self.answer["status"] if "status" in self.answer else self.answer["Status"]
        return status


class Copy(AbstractAsyncContextManager["Copy"]):
    """A copy of everything behind the door, as it was before each request; open while its context is entered."""

    def __init__(self, ground: Ground, path: Path) -> None:
        self._ground = ground
        self._path = path
        self._database = open_database(f"sqlite:///{shutil.copy(ground.path, path)}")
        door = Door(COMMANDS, database=self._database, authenticate=find_actor, log=open_log(BytesIO()), meter=RequestMeter())
        self._caller = httpx.AsyncClient(transport=httpx.ASGITransport(app=door))

    async def __aenter__(self) -> Self:
        await self._database.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None) -> None:
        await self._caller.aclose()
        await self._database.__aexit__(kind, exception, traceback)

    async def outcome(self, request: httpx.Request) -> Outcome:
        """Send a request, and tell what came of it."""
        with closing(sqlite3.connect(self._ground.path)) as source, closing(sqlite3.connect(self._path)) as copy:
            source.backup(copy)
        request.headers["api_key"] = self._ground.cast.ada_key
        response = await self._caller.send(request)
        ignored = response.headers.get("x-rollbook-ignored")
        return Outcome(response.status_code, ignored, json.loads(_TOKEN.sub(b"token", response.content)), state_of(self._path))


def state_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table of a file, in the order of its values."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return {name: rows_of(connection, name) for name in tables}


def rows_of(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """Give the rows of a table; of what differs each time, only whether there is anything."""
    cursor = connection.execute(f"SELECT * FROM {table}")
    salted = {number for number, (name, *_) in enumerate(cursor.description) if name in SALTED}
    rows = (tuple(bool(value) if number in salted else value for number, value in enumerate(row)) for row in cursor)
    return sorted(rows, key=repr)
