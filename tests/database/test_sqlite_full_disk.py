"""A disk without room, under the SQLite engine."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollbook.database import file_of, sqlite_connection
from rollbook.database.sqlite import SqliteDatabase
from rollbook.database.sqlite_connection import DatabaseTroubleError
from rollbook.database.transaction import Transaction
from rollbook.errors import UnavailableError
from tests.database import organization_actions as organizations
from tests.database.small_disk import SmallDisk, small_disk


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return file_of(sqlite_url)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", mebibytes=4) as disk:
        yield disk


@pytest.fixture
def database_on_disk(disk: SmallDisk, path: Path) -> SqliteDatabase:
    return SqliteDatabase(Path(shutil.copy(path, disk.folder / "rollbook.db")))


async def test_a_full_disk_is_told_to_those_it_hits_and_forgotten_when_there_is_room(
    database_on_disk: SqliteDatabase, disk: SmallDisk
) -> None:
    database = database_on_disk
    async with database:
        await database.write(organizations.create, name="before")
        disk.fill(database)
        async with asyncio.timeout(10):
            outcomes = await asyncio.gather(
                *(database.write(organizations.create, name=f"{number}", note="-" * 100_000) for number in range(16)),
                return_exceptions=True,
            )
        disk.make_room(database)
        await database.write(organizations.create, name="after")

        lost = [outcome for outcome in outcomes if not isinstance(outcome, int)]
        kept = {f"{number}" for number, outcome in enumerate(outcomes) if isinstance(outcome, int)}
        assert lost
        assert all(isinstance(outcome, UnavailableError) for outcome in lost)
        assert any("disk that holds the database is full" in str(outcome) for outcome in lost)
        assert {"before", "after"} | kept == set(await database.read(organizations.names))


async def test_a_disk_that_is_full_in_the_middle_of_an_action_hangs_nobody(
    disk: SmallDisk, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So little memory that the batch is written to the disk before its end.
    monkeypatch.setattr(sqlite_connection, "WRITER_CACHE_KIBIBYTES", 40)

    async def create_large(transaction: Transaction, *, name: str) -> None:
        for number in range(40):
            await organizations.create(transaction, name=f"{name}-{number}", note="-" * 20_000)

    database = SqliteDatabase(Path(shutil.copy(path, disk.folder / "rollbook.db")))
    async with database:
        disk.fill(database)
        async with asyncio.timeout(10):
            outcomes = await asyncio.gather(
                database.write(organizations.create, name="before"),
                database.write(create_large, name="large"),
                database.write(organizations.create, name="beside"),
                return_exceptions=True,
            )
        disk.make_room(database)
        await database.write(create_large, name="again")

        assert isinstance(outcomes[1], DatabaseTroubleError)
        assert sqlite3.SQLITE_FULL == outcomes[1].code
        assert all(isinstance(outcome, UnavailableError | int) for outcome in outcomes)
        names = await database.read(organizations.names)
        assert 40 == len([name for name in names if name.startswith("again")])
        assert not [name for name in names if name.startswith("large")]
        for name, outcome in (("before", outcomes[0]), ("beside", outcomes[2])):
            assert isinstance(outcome, int) == (name in names)
