"""Long readings on SQLite beside short requests."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from rollbook.database import file_of, sqlite
from rollbook.database.sqlite import SqliteDatabase
from rollbook.database.transaction import Transaction
from tests.database import organization_actions as organizations


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return file_of(sqlite_url)


async def test_a_search_pauses_while_short_requests_come_and_nobody_else_does(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pausing: list[int] = []

    def note_and_pause(seconds: float) -> None:
        pausing.append(threading.get_ident())
        time.sleep(seconds)

    monkeypatch.setattr(sqlite, "STEPS_BETWEEN_PAUSES", 10)
    monkeypatch.setattr(sqlite, "LULL_SECONDS", 60.0)
    monkeypatch.setattr(sqlite, "sleep", note_and_pause)
    async with SqliteDatabase(path) as database:
        for name in ("Ada", "Bea", "Cid"):
            await database.write(organizations.create, name=name)
        assert ["Ada", "Bea", "Cid"] == await database.read(organizations.names)
        assert [] == pausing

        assert ["Ada", "Bea", "Cid"] == await database.search(organizations.names)
        assert pausing

        pausing_before = list(pausing)
        monkeypatch.setattr(sqlite, "LULL_SECONDS", 0.0)
        await database.search(organizations.names)
        assert pausing_before == pausing

    assert threading.get_ident() not in pausing


async def test_a_snapshot_sees_one_state_and_leaves_nothing_open(path: Path) -> None:
    async with SqliteDatabase(path) as database:
        await database.write(organizations.create, name="Ada")

        async def count_before_and_after_another_process_changes(transaction: Transaction) -> tuple[int, int]:
            before = await organizations.count(transaction)
            with closing(sqlite3.connect(path)) as another:
                another.execute("UPDATE organizations SET name = 'Bea'")
                another.execute(
                    "INSERT INTO organizations (path, name, name_folded, time_zone, time_zone_iana, created_at, modified_at)"
                    " SELECT '/9/', 'Cid', 'cid', 'UTC', 'UTC', 0, 0"
                )
                another.commit()
            return before, await organizations.count(transaction)

        assert (1, 1) == await database.snapshot(count_before_and_after_another_process_changes)
        assert ["Bea", "Cid"] == await database.read(organizations.names)
