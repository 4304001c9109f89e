"""Changes that are a transaction of their own, settled together on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from rollbook.database import postgresql_settling
from rollbook.database.postgresql import PostgresqlDatabase
from rollbook.database.postgresql_connection import OutcomeUnknownError
from rollbook.database.transaction import RESTARTS, CrowdedError, Transaction
from tests.database import organization_actions as organizations
from tests.database.postgresql_neighbour import end_sessions, neighbour, until_counted, waiting_for_a_lock
from tests.database.postgresql_slowness import ASLEEP, SLOW_WRITES, slowed

LETTERS = "abcdefgh"


@pytest.fixture
def database(postgresql_url: str) -> PostgresqlDatabase:
    return PostgresqlDatabase(postgresql_url, connections=16)


async def create_all(database: PostgresqlDatabase, names: Sequence[str] = LETTERS) -> list[int]:
    created = [await database.write(organizations.create, name=name) for name in names]
    return [organization_id for organization_id in created if organization_id is not None]


async def append(database: PostgresqlDatabase, organization_id: int) -> int:
    return await database.write(organizations.append_to_name, organization_id=organization_id, letter="!")


async def append_to_all_at_once(database: PostgresqlDatabase, organization_ids: Sequence[int]) -> list[int]:
    read, everybody = 0, asyncio.Event()

    async def append_with_everybody(transaction: Transaction, *, organization_id: int) -> int:
        nonlocal read
        row = await transaction.one(organizations.BY_ID, organization_id=organization_id)
        read += 1
        if read == len(organization_ids):
            everybody.set()
        await everybody.wait()
        values = {"organization_id": organization_id, "name": f"{row.name}!", "read_version": row.modified_at}
        return await transaction.settle(organizations.RENAME_GUARDED, values, organizations.record_of(transaction, "organization.updated"))

    return await asyncio.gather(*(database.write(append_with_everybody, organization_id=each) for each in organization_ids))


@asynccontextmanager
async def held_up(database: PostgresqlDatabase, url: str, organization_id: int) -> AsyncIterator[asyncio.Task[int]]:
    """Let a change run alone and wait for a lock until the end, so that all others go together."""
    async with neighbour(url) as other:
        await other.execute("BEGIN")
        await other.execute("SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE", organization_id)
        waiting = asyncio.create_task(append(database, organization_id))
        await waiting_for_a_lock(other)
        yield waiting
        await other.execute("COMMIT")
        await waiting


async def transactions_of_history(url: str, kind: str) -> list[int]:
    """Give how many changes each transaction has recorded."""
    async with neighbour(url) as other:
        rows = await other.fetch("SELECT count(*) AS changes FROM history WHERE kind = $1 GROUP BY xmin ORDER BY min(id)", kind)
    return [row["changes"] for row in rows]


async def test_changes_at_the_same_moment_share_a_transaction(database: PostgresqlDatabase, postgresql_url: str) -> None:
    first, *others = await create_all(database)

    async with held_up(database, postgresql_url, first):
        assert others == await append_to_all_at_once(database, others)

    assert [f"{letter}!" for letter in LETTERS] == await database.read(organizations.names)
    assert [7, 1] == await transactions_of_history(postgresql_url, "organization.updated")


async def test_a_change_that_comes_alone_takes_no_connection_more(database: PostgresqlDatabase, postgresql_url: str) -> None:
    (organization_id,) = await create_all(database, "a")
    for _ in range(3):
        await append(database, organization_id)

    async with neighbour(postgresql_url) as other:
        await until_counted(other, 1, "TRUE")


async def test_a_change_whose_row_is_locked_holds_up_no_other(database: PostgresqlDatabase, postgresql_url: str) -> None:
    first, second, *others = await create_all(database)

    async with held_up(database, postgresql_url, first), held_up(database, postgresql_url, second) as waiting:
        async with asyncio.timeout(4):
            assert others == await asyncio.gather(*(append(database, organization_id) for organization_id in others))
        assert not waiting.done()

    assert [f"{letter}!" for letter in LETTERS] == await database.read(organizations.names)


async def test_a_change_that_misses_its_row_starts_again_and_the_others_do_not(database: PostgresqlDatabase, postgresql_url: str) -> None:
    first, second, *others = await create_all(database)
    attempts: list[int] = []

    async def settle_with_an_old_version(transaction: Transaction, *, organization_id: int) -> None:
        attempts.append(organization_id)
        values = {"organization_id": organization_id, "name": "old", "read_version": -1}
        await transaction.settle(organizations.RENAME_GUARDED, values, organizations.record_of(transaction, "organization.updated"))

    async with held_up(database, postgresql_url, first):
        *changed, refusal = await asyncio.gather(
            *(append(database, organization_id) for organization_id in others),
            database.write(settle_with_an_old_version, organization_id=second),
            return_exceptions=True,
        )

    assert others == changed
    assert isinstance(refusal, CrowdedError)
    assert [second] * (1 + RESTARTS) == attempts
    assert ["a!", "b", "c!"] == (await database.read(organizations.names))[:3]


async def test_of_changes_to_the_same_row_each_is_told_its_own_outcome(database: PostgresqlDatabase, postgresql_url: str) -> None:
    first, second, *_ = await create_all(database)

    async with held_up(database, postgresql_url, first):
        outcomes = await asyncio.gather(*(append(database, second) for _ in range(3)), return_exceptions=True)

    changed = [outcome for outcome in outcomes if outcome == second]
    assert all(isinstance(outcome, CrowdedError) for outcome in outcomes if outcome != second)
    assert f"b{'!' * len(changed)}" == (await database.read(organizations.names))[1]
    assert changed


async def test_a_change_that_the_database_refuses_undoes_no_other(database: PostgresqlDatabase, postgresql_url: str) -> None:
    first, *others = await create_all(database)

    async def settle_with_no_name(transaction: Transaction) -> None:
        values: dict[str, Any] = {"organization_id": others[0], "name": None, "read_version": transaction.now}
        await transaction.settle(organizations.RENAME, values, organizations.record_of(transaction, "organization.updated"))

    async def rename(transaction: Transaction, *, organization_id: int) -> int:
        values = {"organization_id": organization_id, "name": "renamed"}
        return await transaction.settle(organizations.RENAME, values, organizations.record_of(transaction, "organization.updated"))

    async with held_up(database, postgresql_url, first):
        refusal, *renamed = await asyncio.gather(
            database.write(settle_with_no_name),
            *(database.write(rename, organization_id=organization_id) for organization_id in others[1:]),
            return_exceptions=True,
        )

    assert isinstance(refusal, asyncpg.NotNullViolationError)
    assert others[1:] == renamed
    assert ["a!", "b", *["renamed"] * 6] == await database.read(organizations.names)


async def test_a_value_that_cannot_be_sent_is_the_mistake_of_its_own_change_alone(
    database: PostgresqlDatabase, postgresql_url: str
) -> None:
    first, second, third, *_ = await create_all(database)

    async def settle_with(transaction: Transaction, *, organization_id: int, name: object) -> int:
        values = {"organization_id": organization_id, "name": name}
        return await transaction.settle(organizations.RENAME, values, organizations.record_of(transaction, "organization.updated"))

    async with held_up(database, postgresql_url, first):
        mistake, renamed = await asyncio.gather(
            database.write(settle_with, organization_id=second, name=5),
            database.write(settle_with, organization_id=third, name="renamed"),
            return_exceptions=True,
        )

    assert isinstance(mistake, asyncpg.DataError)
    assert third == renamed
    assert ["a!", "b", "renamed"] == (await database.read(organizations.names))[:3]


async def test_no_more_than_so_many_share_a_transaction(
    database: PostgresqlDatabase, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_settling, "MOST_TOGETHER", 3)
    first, *others = await create_all(database)

    async with held_up(database, postgresql_url, first):
        assert others == await append_to_all_at_once(database, others)

    assert [1, 1, 3, 3] == sorted(await transactions_of_history(postgresql_url, "organization.updated"))


async def test_who_is_cancelled_holds_up_nobody(database: PostgresqlDatabase, postgresql_url: str) -> None:
    first, *others = await create_all(database)

    async with held_up(database, postgresql_url, first):
        for turns in range(12):
            settling = [asyncio.create_task(append(database, organization_id)) for organization_id in others]
            for _ in range(turns):
                await asyncio.sleep(0)
            settling[turns % len(settling)].cancel()
            outcomes = await asyncio.gather(*settling, return_exceptions=True)
            assert all(isinstance(outcome, int | asyncio.CancelledError) for outcome in outcomes), outcomes


async def test_a_connection_lost_with_changes_on_it_leaves_their_outcomes_unknown_and_is_replaced(
    database: PostgresqlDatabase, postgresql_url: str
) -> None:
    first, *others = await create_all(database)
    async with slowed(postgresql_url, SLOW_WRITES) as other:
        alone, shared = (asyncio.create_task(append(database, organization_id)) for organization_id in (first, others[0]))
        await until_counted(other, 2, ASLEEP)
        await end_sessions(other)
        for settling in (alone, shared):
            with pytest.raises(OutcomeUnknownError):
                await settling

    assert list(LETTERS) == await database.read(organizations.names)
    async with held_up(database, postgresql_url, first):
        assert others == await asyncio.gather(*(append(database, organization_id) for organization_id in others))


async def test_closing_finishes_the_changes_on_their_way(database: PostgresqlDatabase, postgresql_url: str) -> None:
    organization_ids = await create_all(database)
    settling = [asyncio.create_task(append(database, organization_id)) for organization_id in organization_ids]
    await asyncio.sleep(0)

    await database.close()

    assert organization_ids == await asyncio.gather(*settling)
    async with neighbour(postgresql_url) as other:
        await until_counted(other, 0, "TRUE")
