"""What came of a call: its answer, and all that is then in the database."""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx
from msgspec import Struct

from rollbook.api.tms.door import Door
from rollbook.app import COMMANDS, find_actor
from rollbook.database import open_database
from rollbook.telemetry import RequestMeter, open_log
from tests.api.reference.ground import Ground

SALTED: Final = frozenset({"password_hash"})
"""Columns that differ each time that the same is written."""


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


async def outcome_on_a_copy(ground: Ground, folder: Path, request: httpx.Request) -> Outcome:
    """Send a request to a copy of everything, and tell what came of it."""
    path = Path(shutil.copy(ground.path, folder / "copy.db"))
    request.headers["api_key"] = ground.cast.ada_key
    async with open_database(f"sqlite:///{path}") as database:
        door = Door(COMMANDS, database=database, authenticate=find_actor, log=open_log(BytesIO()), meter=RequestMeter())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=door)) as client:
            response = await client.send(request)
    return Outcome(response.status_code, response.headers.get("x-rollbook-ignored"), json.loads(response.content), state_of(path))


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
