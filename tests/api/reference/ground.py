"""What the calls of the reference are about: one database with something of everything, to be copied for every call."""

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
from rollbook.classes.statuses import Delivery
from rollbook.database import open_database
from rollbook.telemetry import RequestMeter, open_log
from tests.api.estate import Estate
from tests.api.estate import build as build_estate
from tests.cast import DAY, MAY, Cast, add_class, add_company, add_organization, add_room, add_user, gather, meeting

NOW: Final = 1_800_000_000
"""The time at which everything happens, in epoch seconds."""

SALTED: Final = frozenset({"password_hash"})
"""Columns that differ each time that the same is written."""


class Ground(Struct, frozen=True, kw_only=True):
    """
    What there is.

    Attributes:
        path: The SQLite file, which nobody changes.
        cast: Whose key calls.
        estate: What the calls are about, in an organization beneath the key's.
        organization_id: The key's organization.
        beneath_id: An organization in which there is nothing.
        manager_id: A user who manages the estate's organization, and nobody yet.
        class_id: A class of two days in the classroom and in another one, open to students on the spot and elsewhere.
    """

    path: Path
    cast: Cast
    estate: Estate
    organization_id: int
    beneath_id: int
    empty_company_id: int
    manager_id: int
    classroom_id: int
    class_id: int


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


async def build(path: Path) -> Ground:
    """Put something of everything into a migrated and empty file."""
    async with open_database(f"sqlite:///{path}") as database:
        cast = await gather(database)
        organization_id = await add_organization(database, "Ours", parent_id=cast.organization_id, external_id="ours")
        own: dict[str, Any] = {"organization_id": organization_id}
        estate = await build_estate(database, cast, organization_id=organization_id, mark="ours")
        rooms = [await add_room(database, cast, name=name, capacity=20, **own) for name in ("Hall", "Laboratory")]
        class_id = await add_class(
            database,
            cast,
            course_id=estate.course_id,
            delivery=Delivery.MIXED,
            classroom_ids=tuple(rooms),
            meetings=(meeting(MAY), meeting(MAY + DAY)),
            **own,
        )
        return Ground(
            path=path,
            cast=cast,
            estate=estate,
            organization_id=cast.organization_id,
            beneath_id=await add_organization(database, "Beneath", parent_id=organization_id),
            empty_company_id=await add_company(database, "Empty", **own),
            manager_id=await add_user(database, "Mona", managed_organization_ids=(organization_id,), **own),
            classroom_id=rooms[1],
            class_id=class_id,
        )


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
