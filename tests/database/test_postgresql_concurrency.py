"""Many who change the same rows at the same time, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from rollbook.database import postgresql
from rollbook.database.postgresql import PostgresqlDatabase
from rollbook.database.postgresql_connection import ConnectionTroubleError
from rollbook.database.transaction import RESTARTS, CrowdedError, Transaction
from tests.database import organization_actions as organizations
from tests.database.organization_actions import RefusedError
from tests.database.postgresql_neighbour import neighbour, waiting_for_a_lock


@pytest.fixture
def database(postgresql_url: str) -> PostgresqlDatabase:
    return PostgresqlDatabase(postgresql_url, connections=8)


@asynccontextmanager
async def locked(url: str, organization_id: int) -> AsyncIterator[asyncpg.Connection]:
    """Hold the lock of an organization from outside, until its transaction is ended."""
    async with neighbour(url) as connection:
        await connection.execute("BEGIN")
        await connection.execute("SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE", organization_id)
        yield connection


async def created(database: PostgresqlDatabase, name: str = "Ada") -> int:
    organization_id = await database.write(organizations.create, name=name)
    assert organization_id is not None
    return organization_id


async def test_a_write_that_is_guarded_starts_again_until_its_guard_holds(database: PostgresqlDatabase) -> None:
    organization_id = await created(database, "-")
    read, changed_meanwhile, attempts = asyncio.Event(), asyncio.Event(), 0

    async def append_late(transaction: Transaction) -> int:
        nonlocal attempts
        attempts += 1
        row = await transaction.one(organizations.BY_ID, organization_id=organization_id)
        if attempts == 1:
            read.set()
            await changed_meanwhile.wait()
        values = {"organization_id": organization_id, "name": row.name + "b", "read_version": row.modified_at}
        return await transaction.settle(organizations.RENAME_GUARDED, values, organizations.record_of(transaction, "organization.updated"))

    late = asyncio.create_task(database.write(append_late))
    await read.wait()
    await database.write(organizations.append_to_name, organization_id=organization_id, letter="a")
    changed_meanwhile.set()

    assert organization_id == await late
    assert 2 == attempts
    assert ["-ab"] == await database.read(organizations.names)


async def test_no_letter_of_many_writers_at_once_is_lost(database: PostgresqlDatabase) -> None:
    organization_id = await created(database, "-")

    async def insist(letter: str) -> None:
        while True:
            try:
                await database.write(organizations.append_to_name, organization_id=organization_id, letter=letter)
            except CrowdedError:
                continue
            return

    await asyncio.gather(*(insist(letter) for letter in "abcdefghijklmnop"))

    assert ["-", *"abcdefghijklmnop"] == sorted((await database.read(organizations.names))[0])
    assert 17 == len(await database.read(organizations.kinds))


async def test_it_starts_again_three_times_and_then_tells_to_come_later(database: PostgresqlDatabase) -> None:
    organization_id = await created(database)
    attempts = 0

    async def settle_with_an_old_version(transaction: Transaction) -> None:
        nonlocal attempts
        attempts += 1
        values = {"organization_id": organization_id, "name": "Bea", "read_version": -1}
        await transaction.settle(organizations.RENAME_GUARDED, values, organizations.record_of(transaction, "organization.updated"))

    with pytest.raises(CrowdedError):
        await database.write(settle_with_an_old_version)

    assert 1 + RESTARTS == 4 == attempts


async def test_a_lock_waits_and_what_is_counted_after_it_is_new(database: PostgresqlDatabase, postgresql_url: str) -> None:
    organization_id = await created(database)

    async def count_under_lock(transaction: Transaction) -> tuple[int, int]:
        before = await organizations.count(transaction)
        await transaction.lock(organizations.LOCK, organization_id=organization_id)
        return before, await organizations.count(transaction)

    async with locked(postgresql_url, organization_id) as other:
        counting = asyncio.create_task(database.write(count_under_lock))
        await waiting_for_a_lock(other)
        await other.execute(
            "INSERT INTO organizations (path, name, name_folded, time_zone, time_zone_iana, created_at, modified_at)"
            " VALUES ('/Bea/', 'Bea', 'bea', 'UTC', 'Etc/UTC', 0, 0)"
        )
        assert not counting.done()
        await other.execute("COMMIT")

        assert (1, 2) == await counting


async def test_of_many_who_look_under_a_lock_before_they_write_one_writes(database: PostgresqlDatabase) -> None:
    organization_id = await created(database)

    async def take_the_only_place(transaction: Transaction, *, name: str) -> None:
        await transaction.lock(organizations.LOCK, organization_id=organization_id)
        if await organizations.count(transaction) > 1:
            raise RefusedError
        await organizations.create(transaction, name=name)

    outcomes = await asyncio.gather(
        *(database.write(take_the_only_place, name=f"{number}") for number in range(20)), return_exceptions=True
    )

    assert 19 == sum(isinstance(outcome, RefusedError) for outcome in outcomes)
    assert 2 == await database.read(organizations.count)


async def test_a_lock_that_nobody_gives_back_is_told(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, database: PostgresqlDatabase
) -> None:
    assert "5s" == postgresql.LOCK_TIMEOUT
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT", "100ms")
    organization_id = await created(database)

    async with locked(postgresql_url, organization_id):
        with pytest.raises(ConnectionTroubleError, match="waited too long"):
            await database.write(organizations.rename, organization_id=organization_id, name="Bea")

    await database.write(organizations.rename, organization_id=organization_id, name="Cid")
    assert ["Cid"] == await database.read(organizations.names)


async def test_a_statement_that_takes_too_long_is_told(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, database: PostgresqlDatabase
) -> None:
    assert "30s" == postgresql.STATEMENT_TIMEOUT
    monkeypatch.setattr(postgresql, "STATEMENT_TIMEOUT", "100ms")
    organization_id = await created(database)

    async with locked(postgresql_url, organization_id):
        with pytest.raises(ConnectionTroubleError, match="took too long"):
            await database.write(organizations.rename, organization_id=organization_id, name="Bea")

    assert ["Ada"] == await database.read(organizations.names)


async def test_a_unique_value_taken_in_the_same_moment_is_seen_by_the_second_try(database: PostgresqlDatabase) -> None:
    looked, both_looked = 0, asyncio.Event()

    async def look_then_create(transaction: Transaction) -> int | None:
        nonlocal looked
        if await transaction.find(organizations.BY_PATH, path="/Ada/"):
            raise RefusedError
        looked += 1
        if looked == 2:
            both_looked.set()
        await both_looked.wait()
        return await organizations.create(transaction, name="Ada")

    outcomes = await asyncio.gather(database.write(look_then_create), database.write(look_then_create), return_exceptions=True)

    assert ["RefusedError", "int"] == sorted(type(outcome).__name__ for outcome in outcomes)
    assert 2 == looked
    assert ["organization.created"] == await database.read(organizations.kinds)


async def test_of_two_who_wait_for_each_other_both_get_through(database: PostgresqlDatabase) -> None:
    first, second = await created(database, "Ada"), await created(database, "Bea")
    holding, both_hold = 0, asyncio.Event()

    async def lock_both(transaction: Transaction, *, one: int, other: int) -> None:
        nonlocal holding
        await transaction.lock(organizations.LOCK, organization_id=one)
        holding += 1
        if holding == 2:
            both_hold.set()
        await both_hold.wait()
        await transaction.lock(organizations.LOCK, organization_id=other)
        await organizations.rename(transaction, organization_id=other, name=f"{one}")

    await asyncio.gather(database.write(lock_both, one=first, other=second), database.write(lock_both, one=second, other=first))

    assert 3 == holding
    assert [f"{second}", f"{first}"] == await database.read(organizations.names)


@pytest.mark.parametrize("kind", ["search", "snapshot"])
async def test_a_search_or_snapshot_sees_one_state_and_blocks_no_write(database: PostgresqlDatabase, kind: str) -> None:
    counted, written = asyncio.Event(), asyncio.Event()

    async def count_twice(transaction: Transaction) -> tuple[int, int]:
        first = await organizations.count(transaction)
        counted.set()
        await written.wait()
        return first, await organizations.count(transaction)

    searching = asyncio.create_task(getattr(database, kind)(count_twice))
    await counted.wait()
    async with asyncio.timeout(5):
        await created(database)
    written.set()

    assert (0, 0) == await searching
    assert 1 == await database.search(organizations.count)


async def test_an_action_that_asks_two_things_at_once_is_a_mistake_and_no_trouble(database: PostgresqlDatabase) -> None:
    async def ask_twice(transaction: Transaction) -> None:
        await asyncio.gather(organizations.count(transaction), organizations.count(transaction))

    for doorway in (database.read, database.write, database.rehearse, database.search):
        with pytest.raises(asyncpg.InterfaceError, match="another operation is in progress"):
            await doorway(ask_twice)

    assert 0 == await database.read(organizations.count)


async def test_more_requests_than_connections_take_turns(postgresql_url: str) -> None:
    async with PostgresqlDatabase(postgresql_url, connections=2) as database, neighbour(postgresql_url) as other:
        await asyncio.gather(*(database.write(organizations.create, name=f"{number}") for number in range(30)))

        open_now = await other.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rollbook'")
        assert 2 == open_now
        assert 30 == await database.read(organizations.count)
