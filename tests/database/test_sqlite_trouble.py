"""What the SQLite engine does when the file, its disk or its neighbours are in trouble."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rollbook.database import file_of, sqlite_batches, sqlite_connection
from rollbook.database.sqlite import SqliteDatabase
from rollbook.database.sqlite_connection import DatabaseTroubleError
from rollbook.database.sqlite_jobs import BatchLostError
from rollbook.database.transaction import Transaction
from rollbook.errors import UnavailableError
from tests.database import organization_actions as organizations

SHORT_WRITES = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=5)
for number in range(100):
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE alembic_version SET version_num = version_num")
    time.sleep(0.002)
    connection.execute("COMMIT")
    time.sleep(0.002)
"""


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return file_of(sqlite_url)


def another_connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=0)


async def test_a_transaction_of_another_process_is_waited_for(path: Path) -> None:
    other = another_connection(path)
    async with SqliteDatabase(path) as database:
        other.execute("BEGIN IMMEDIATE")
        tasks = [asyncio.create_task(database.write(organizations.create, name=name)) for name in ("Ada", "Bea")]
        await asyncio.sleep(0.1)
        assert not any(task.done() for task in tasks)
        assert 0 == await database.read(organizations.count)

        other.execute("COMMIT")
        async with asyncio.timeout(5):
            await asyncio.gather(*tasks)

        assert ["Ada", "Bea"] == await database.read(organizations.names)
    other.close()


async def test_the_loop_goes_on_while_another_process_writes(path: Path) -> None:
    other = another_connection(path)
    async with SqliteDatabase(path) as database:
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.create_task(database.write(organizations.create, name="Ada"))
        longest, started = 0.0, time.perf_counter()
        while time.perf_counter() < started + 0.2:
            before = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - before)
        other.execute("ROLLBACK")
        await task
    other.close()

    assert longest < 0.1


async def test_a_transaction_of_another_process_that_does_not_end_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_batches, "BUSY_LIMIT_SECONDS", 0.2)
    other = another_connection(path)
    async with SqliteDatabase(path) as database:
        other.execute("BEGIN IMMEDIATE")
        started = time.perf_counter()
        first = asyncio.create_task(database.write(organizations.create, name="Ada"))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(database.write(organizations.create, name="Bea"))

        with pytest.raises(DatabaseTroubleError, match="another process") as refusal:
            await first
        assert 0.2 <= time.perf_counter() - started < 2
        assert sqlite3.SQLITE_BUSY == refusal.value.code
        assert not second.done()

        other.execute("COMMIT")
        await second
        assert ["Bea"] == await database.read(organizations.names)
    other.close()


def test_a_busy_database_is_waited_for_five_seconds() -> None:
    assert 5.0 == sqlite_batches.BUSY_LIMIT_SECONDS


async def test_closing_ends_the_waiting_for_another_process_as_well(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_batches, "BUSY_LIMIT_SECONDS", 0.1)
    other = another_connection(path)
    database = SqliteDatabase(path)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(database.write(organizations.create, name="Ada"))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await database.close()
    other.close()

    with pytest.raises(UnavailableError):
        await task


async def test_short_transactions_of_another_process_make_nothing_fail(path: Path) -> None:
    async with SqliteDatabase(path) as database:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", SHORT_WRITES, path, stderr=subprocess.PIPE)
        written = 0
        while process.returncode is None:
            await asyncio.gather(*(database.write(organizations.create, name=f"{written + number}") for number in range(8)))
            written += 8
            await database.search(organizations.count)
            await asyncio.sleep(0.001)
        _, complaint = await process.communicate()

        assert (0, b"") == (process.returncode, complaint)
        assert written == await database.read(organizations.count)
        assert written >= 16


async def test_an_interrupted_statement_undoes_its_batch_and_the_next_one_works(path: Path) -> None:
    async with SqliteDatabase(path) as database:
        for number in range(20):
            await database.write(organizations.create, name=f"{number}")

        async def interrupt(transaction: Transaction) -> None:
            connection = database._batches._connection
            connection.set_progress_handler(lambda: 1, 1)
            try:
                await transaction.run(organizations.RENAME_ALL, name="interrupted")
            finally:
                connection.set_progress_handler(None, 0)

        first = asyncio.create_task(database.write(organizations.create, name="before"))
        interrupted = asyncio.create_task(database.write(interrupt))
        outcomes = await asyncio.gather(first, interrupted, return_exceptions=True)

        assert isinstance(outcomes[1], DatabaseTroubleError)
        assert sqlite3.SQLITE_INTERRUPT == outcomes[1].code
        assert isinstance(outcomes[0], int | BatchLostError | DatabaseTroubleError)
        names = await database.read(organizations.names)
        assert isinstance(outcomes[0], int) == ("before" in names)
        assert "interrupted" not in names
        await database.write(organizations.create, name="after")


async def test_a_reading_whose_transaction_sqlite_has_ended_tells_why(path: Path) -> None:
    async def end_it(transaction: Transaction) -> None:
        await organizations.count(transaction)
        database._own_searcher().execute("ROLLBACK")
        raise DatabaseTroubleError(sqlite3.SQLITE_IOERR)

    async with SqliteDatabase(path) as database:
        with pytest.raises(DatabaseTroubleError, match="cannot be read"):
            await database.search(end_it)

        assert 0 == await database.search(organizations.count)


@pytest.mark.parametrize("beginning", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE", "BEGIN"])
def test_opening_waits_for_who_uses_a_file_that_is_not_set_up_yet(tmp_path: Path, beginning: str) -> None:
    path = tmp_path / "rollbook.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE something (id INTEGER)")
    other.execute(beginning)
    other.execute("SELECT * FROM something").fetchall()
    threading.Timer(0.2, lambda: other.execute("COMMIT")).start()

    connection = sqlite_connection.connect(path, writes=True)

    assert (0,) == connection.execute("PRAGMA busy_timeout").fetchone()
    assert ("wal",) == connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    other.close()


def move_away(path: Path) -> Path:
    moved = path.rename(path.with_name("elsewhere"))
    path.mkdir()
    return moved


def move_back(moved: Path, path: Path) -> None:
    path.rmdir()
    moved.rename(path)


async def test_a_search_that_could_not_open_the_file_does_not_end_searching(path: Path) -> None:
    async with SqliteDatabase(path) as database:
        moved = move_away(path)
        with pytest.raises(DatabaseTroubleError, match="cannot be opened"):
            await database.search(organizations.count)
        move_back(moved, path)

        assert 0 == await database.search(organizations.count)


@pytest.mark.parametrize(
    "content, fact",
    [(b"This is no database at all. " * 200, "not a Rollbook database"), (None, "cannot be opened")],
    ids=["text", "folder"],
)
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes | None, fact: str) -> None:
    path = tmp_path / "rollbook.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    with pytest.raises(DatabaseTroubleError, match=fact):
        SqliteDatabase(path)

    if content is not None:
        assert content == path.read_bytes()


def damage(path: Path, *, table: str) -> None:
    """Overwrite the page where a table begins."""
    connection = another_connection(path)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


async def test_a_damaged_table_is_told_to_whoever_asks_for_it(path: Path) -> None:
    damage(path, table="organizations")

    async with SqliteDatabase(path) as database:
        with pytest.raises(DatabaseTroubleError, match="damaged"):
            await database.read(organizations.names)
        with pytest.raises(DatabaseTroubleError, match="damaged"):
            await database.search(organizations.names)
        with pytest.raises(DatabaseTroubleError, match="damaged"):
            await database.write(organizations.create, name="Ada")
        assert await database.revision() is not None


def test_a_damaged_schema_is_told_at_opening(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(DatabaseTroubleError, match="damaged"):
        SqliteDatabase(path)
