"""One COMMIT for everybody who changes something at the same moment, on SQLite."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rollbook.database import file_of
from rollbook.database.sqlite import SqliteDatabase
from rollbook.database.sqlite_connection import connect
from rollbook.database.sqlite_jobs import ActionWaitedError, BatchLostError
from rollbook.database.transaction import Transaction
from rollbook.errors import UnavailableError
from tests.database import organization_actions as organizations
from tests.database.organization_actions import RefusedError
from tests.database.sqlite_trace import commit_held, traced


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return file_of(sqlite_url)


@pytest.fixture
def database(path: Path) -> SqliteDatabase:
    return SqliteDatabase(path)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - a thread's event is no event of the loop
            await asyncio.sleep(0.001)


def begin(database: SqliteDatabase, *names: str) -> list[asyncio.Task[int | None]]:
    return [asyncio.create_task(database.write(organizations.create, name=name)) for name in names]


def names_on_disk(path: Path) -> list[str]:
    """Read as another process would: only what is committed."""
    connection = connect(path, writes=False)
    found = [name for (name,) in connection.execute("SELECT name FROM organizations ORDER BY id")]
    connection.close()
    return found


async def test_many_writes_share_a_few_commits(database: SqliteDatabase) -> None:
    with traced(database) as statements:
        await asyncio.gather(*begin(database, *(f"{number}" for number in range(200))))

    assert 200 == await database.read(organizations.count)
    assert statements.count("COMMIT") <= 3


async def test_writes_that_follow_each_other_in_many_clients_share_commits(database: SqliteDatabase) -> None:
    async def client(number: int) -> None:
        for turn in range(10):
            await database.write(organizations.create, name=f"{number}-{turn}")

    with traced(database) as statements:
        await asyncio.gather(*(client(number) for number in range(32)))

    assert 320 == await database.read(organizations.count)
    assert statements.count("COMMIT") <= 64


async def test_a_batch_that_changes_nothing_is_committed_without_the_thread(database: SqliteDatabase) -> None:
    with traced(database) as statements:
        assert await database.write(organizations.rename, organization_id=999, name="Ada") is None

    assert "COMMIT" == statements[-1]
    assert not database._batches._committer._threads


async def test_nobody_is_answered_before_the_commit(database: SqliteDatabase, path: Path) -> None:
    with commit_held(database) as held:
        tasks = begin(database, "Ada", "Bea")
        await until(held.begun.is_set)
        await asyncio.sleep(0.05)

        assert not any(task.done() for task in tasks)
        assert [] == names_on_disk(path)

        held.release()
        await asyncio.gather(*tasks)

    assert ["Ada", "Bea"] == names_on_disk(path)


async def test_not_even_a_refusal_is_told_before_what_it_may_rest_on_is_durable(database: SqliteDatabase) -> None:
    with commit_held(database) as held:
        begin_first = begin(database, "Ada")
        refused = asyncio.create_task(database.write(organizations.create_unless_taken, name="Ada"))
        await until(held.begun.is_set)
        await asyncio.sleep(0.02)
        assert not refused.done()

    with pytest.raises(RefusedError):
        await refused
    await asyncio.gather(*begin_first)


async def test_who_comes_during_a_commit_gets_the_next_one(database: SqliteDatabase, path: Path) -> None:
    with commit_held(database) as held:
        first = begin(database, "Ada")
        await until(held.begun.is_set)
        later = begin(database, "Bea", "Cid")
        await asyncio.sleep(0.02)
        assert not any(task.done() for task in later)
        held.release()
        await asyncio.gather(*first, *later)

    assert ["Ada", "Bea", "Cid"] == names_on_disk(path)


async def test_reading_goes_on_during_a_commit(database: SqliteDatabase) -> None:
    with commit_held(database) as held:
        tasks = begin(database, "Ada")
        await until(held.begun.is_set)

        assert [] == await database.read(organizations.names)
        assert [] == await database.search(organizations.names)

        held.release()
        await asyncio.gather(*tasks)

    assert ["Ada"] == await database.read(organizations.names)


async def test_a_request_cancelled_during_the_commit_is_durable_all_the_same(database: SqliteDatabase, path: Path) -> None:
    with commit_held(database) as held:
        cancelled, queued_and_cancelled, other = *begin(database, "Ada"), *begin(database, "Bea"), *begin(database, "Cid")
        await until(held.begun.is_set)
        late = begin(database, "Dan", "Eve")
        await asyncio.sleep(0)
        for task in (cancelled, queued_and_cancelled, late[0]):
            task.cancel()
        held.release()
        outcomes = await asyncio.gather(cancelled, queued_and_cancelled, other, *late, return_exceptions=True)

    assert [True, True, False, True, False] == [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes]
    assert ["Ada", "Bea", "Cid", "Dan", "Eve"] == names_on_disk(path)


async def test_an_action_that_waits_for_something_else_fails_alone(database: SqliteDatabase) -> None:
    async def wait(transaction: Transaction) -> None:
        await organizations.create(transaction, name="waiting")
        await asyncio.sleep(0.01)

    waiting = asyncio.create_task(database.write(wait))
    others = begin(database, "Ada", "Bea")

    with pytest.raises(ActionWaitedError):
        await waiting
    await asyncio.gather(*others)
    assert ["Ada", "Bea"] == await database.read(organizations.names)


async def test_what_an_action_left_running_changes_nothing_afterwards(database: SqliteDatabase) -> None:
    left: list[asyncio.Task[int | None]] = []

    async def leave_one_running(transaction: Transaction) -> None:
        left.append(asyncio.create_task(organizations.create(transaction, name="late")))

    await database.write(leave_one_running)

    with pytest.raises(Exception, match="closed database"):
        await left[0]
    assert [] == await database.read(organizations.names)


async def test_an_action_that_ends_in_a_cancellation_of_its_own_hangs_nobody(database: SqliteDatabase) -> None:
    async def await_something_cancelled(transaction: Transaction) -> None:
        await organizations.create(transaction, name="cancelled")
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    tasks = [asyncio.create_task(database.write(await_something_cancelled)), *begin(database, "Ada")]
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert ["Ada"] == await database.read(organizations.names)


async def test_a_commit_that_fails_fails_everybody_in_its_batch_and_nobody_after(database: SqliteDatabase, path: Path) -> None:
    async def leave_a_broken_reference(transaction: Transaction) -> None:
        connection = database._batches._connection
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO api_keys (organization_id, name, hash, created_at) VALUES (999, 'lost', 'lost', 0)")

    breaking = asyncio.create_task(database.write(leave_a_broken_reference))
    outcomes = await asyncio.gather(breaking, *begin(database, "Ada", "Bea"), return_exceptions=True)

    assert [BatchLostError] * 3 == [type(outcome) for outcome in outcomes]
    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    await asyncio.gather(*begin(database, "Cid", "Dan"))
    assert ["Cid", "Dan"] == names_on_disk(path)


async def test_a_transaction_that_sqlite_undoes_fails_everybody_in_its_batch_and_nobody_after(database: SqliteDatabase, path: Path) -> None:
    async def undo_the_batch(transaction: Transaction) -> None:
        database._batches._connection.execute("INSERT OR ROLLBACK INTO organizations (id) VALUES (NULL)")

    before = begin(database, "Ada")
    undoing = asyncio.create_task(database.write(undo_the_batch))
    after = begin(database, "Bea")
    outcomes = await asyncio.gather(*before, undoing, *after, return_exceptions=True)

    assert isinstance(outcomes[0], BatchLostError)
    assert "NOT NULL" in str(outcomes[1])
    assert ["Bea"] == names_on_disk(path)


async def test_a_search_blocks_no_write_and_sees_one_state(database: SqliteDatabase) -> None:
    counted, written = threading.Semaphore(0), threading.Event()

    async def count_twice(transaction: Transaction) -> tuple[int, int]:
        first = await organizations.count(transaction)
        counted.release()
        assert written.wait(10)
        return first, await organizations.count(transaction)

    searches = [asyncio.create_task(database.search(count_twice)) for _ in range(2)]
    for _ in searches:
        await until(lambda: counted.acquire(blocking=False))
    async with asyncio.timeout(5):
        await asyncio.gather(*begin(database, "Ada", "Bea"))
    written.set()

    assert [(0, 0), (0, 0)] == await asyncio.gather(*searches)
    assert 2 == await database.search(organizations.count)


async def test_closing_waits_for_a_commit_under_way_and_for_what_queues(database: SqliteDatabase, path: Path) -> None:
    with commit_held(database) as held:
        tasks = begin(database, "Ada")
        await until(held.begun.is_set)
        tasks += begin(database, "Bea")
        closing = asyncio.create_task(database._batches.close())
        await asyncio.sleep(0.02)
        assert not closing.done()
        held.release()
        await asyncio.gather(closing, *tasks)

    assert ["Ada", "Bea"] == names_on_disk(path)


async def test_closing_an_idle_database_leaves_one_file(database: SqliteDatabase, path: Path) -> None:
    await database.write(organizations.create, name="Ada")
    await database.search(organizations.count)
    await database.close()

    assert [path] == list(path.parent.glob(f"{path.name}*"))
