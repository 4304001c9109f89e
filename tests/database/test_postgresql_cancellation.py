"""Requests to PostgreSQL that are cancelled."""

import asyncio

import pytest

from rollbook.database import postgresql
from rollbook.database.postgresql import PostgresqlDatabase
from tests.database import organization_actions as organizations
from tests.database.postgresql_neighbour import neighbour, until_counted
from tests.database.postgresql_slowness import ASLEEP, CONNECTIONS, SLOW_COMMITS, SLOW_WRITES, assert_every_connection_works, slowed


@pytest.fixture
def database(postgresql_url: str) -> PostgresqlDatabase:
    return PostgresqlDatabase(postgresql_url, connections=CONNECTIONS)


@pytest.mark.parametrize(
    "trigger, state", [(SLOW_WRITES, ASLEEP), (SLOW_COMMITS, f"{ASLEEP} AND query = 'COMMIT'")], ids=["write", "commit"]
)
async def test_a_cancelled_request_ends_on_the_server_and_gives_its_connection_back(
    database: PostgresqlDatabase, postgresql_url: str, trigger: str, state: str
) -> None:
    async with slowed(postgresql_url, trigger) as other:
        writing = asyncio.create_task(database.write(organizations.create, name="Ada"))
        await until_counted(other, 1, state)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await until_counted(other, 0, ASLEEP)
        await until_counted(other, 0, "state LIKE 'idle in transaction%'")

    assert [] == await database.read(organizations.names)
    await assert_every_connection_works(database)


async def test_wherever_a_request_is_cancelled_its_connection_comes_back_outside_of_any_transaction(
    database: PostgresqlDatabase, postgresql_url: str
) -> None:
    await database.check()
    async with neighbour(postgresql_url) as other:
        for turns in [*range(16), *range(16)]:
            writing = asyncio.create_task(database.write(organizations.create, name=f"{turns}"))
            for _ in range(turns):
                await asyncio.sleep(0)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

            await other.execute("SELECT pg_sleep(0.005)")
            await until_counted(other, 0, "state LIKE 'idle in transaction%'")
            assert not any(connection.is_in_transaction() for connection in database._idle)
    await assert_every_connection_works(database)


async def test_a_request_cancelled_twice_gives_back_nothing_unfinished(
    database: PostgresqlDatabase, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server notices that nobody listens any more only when the statement ends.
    monkeypatch.setattr(postgresql, "STATEMENT_TIMEOUT", "500ms")
    async with slowed(postgresql_url, SLOW_WRITES) as other:
        writing = asyncio.create_task(database.write(organizations.create, name="Ada"))
        await until_counted(other, 1, ASLEEP)
        writing.cancel()
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

        assert not any(connection.is_in_transaction() for connection in database._idle)
        await until_counted(other, 0, ASLEEP)
        await until_counted(other, 0, "state LIKE 'idle in transaction%'")
    assert [] == await database.read(organizations.names)
    await assert_every_connection_works(database)
