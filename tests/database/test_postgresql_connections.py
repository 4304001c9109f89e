"""Connections to PostgreSQL that are lost, cancelled, outdated or refused."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator

import pytest

from rollbook.database import open_database
from rollbook.database.migrations import SchemaState, migrate, schema_state
from rollbook.database.postgresql import PostgresqlDatabase
from rollbook.database.postgresql_connection import ConnectionTroubleError, OutcomeUnknownError
from rollbook.database.transaction import Transaction
from rollbook.errors import UnavailableError
from tests.cli.server import wait_for_end
from tests.database import organization_actions as organizations
from tests.database.postgresql_neighbour import end_sessions, neighbour, until_counted
from tests.database.postgresql_slowness import ASLEEP, CONNECTIONS, SLOW_COMMITS, SLOW_WRITES, assert_every_connection_works, slowed
from tests.postgresql_server import DURABLE, PostgresqlServer, running_server


@pytest.fixture
def database(postgresql_url: str) -> PostgresqlDatabase:
    return PostgresqlDatabase(postgresql_url, connections=CONNECTIONS)


async def test_a_connection_lost_before_the_commit_changed_nothing(database: PostgresqlDatabase, postgresql_url: str) -> None:
    async with neighbour(postgresql_url) as other:

        async def lose_the_connection(transaction: Transaction) -> None:
            await organizations.create(transaction, name="Ada")
            await end_sessions(other)
            await organizations.create(transaction, name="Bea")

        with pytest.raises(ConnectionTroubleError, match="nothing was changed"):
            await database.write(lose_the_connection)

    assert [] == await database.read(organizations.names)
    await assert_every_connection_works(database)


async def test_a_connection_lost_during_the_commit_leaves_the_outcome_unknown(database: PostgresqlDatabase, postgresql_url: str) -> None:
    async with slowed(postgresql_url, SLOW_COMMITS) as other:
        writing = asyncio.create_task(database.write(organizations.create, name="Ada"))
        await until_counted(other, 1, f"{ASLEEP} AND query = 'COMMIT'")
        await end_sessions(other)

        with pytest.raises(OutcomeUnknownError):
            await writing
    await assert_every_connection_works(database)


async def test_a_connection_lost_while_one_statement_is_the_transaction_leaves_the_outcome_unknown(
    database: PostgresqlDatabase, postgresql_url: str
) -> None:
    organization_id = await database.write(organizations.create, name="Ada")
    assert organization_id is not None

    async with slowed(postgresql_url, SLOW_WRITES) as other:
        settling = asyncio.create_task(database.write(organizations.append_to_name, organization_id=organization_id, letter="!"))
        await until_counted(other, 1, ASLEEP)
        await end_sessions(other)

        with pytest.raises(OutcomeUnknownError):
            await settling
    assert ["Ada"] == await database.read(organizations.names)


async def test_a_connection_lost_during_a_write_that_a_commit_would_have_followed_changed_nothing(
    database: PostgresqlDatabase, postgresql_url: str
) -> None:
    async with slowed(postgresql_url, SLOW_WRITES) as other:
        writing = asyncio.create_task(database.write(organizations.create, name="Ada"))
        await until_counted(other, 1, ASLEEP)
        await end_sessions(other)

        with pytest.raises(ConnectionTroubleError, match="cannot be reached"):
            await writing


async def test_a_connection_lost_after_the_commit_is_replaced(database: PostgresqlDatabase, postgresql_url: str) -> None:
    await database.write(organizations.create, name="Ada")
    async with neighbour(postgresql_url) as other:
        await end_sessions(other)

    await database.write(organizations.create, name="Bea")

    assert ["Ada", "Bea"] == await database.read(organizations.names)


async def test_a_lost_rehearsal_reading_and_search_are_told_plainly(database: PostgresqlDatabase, postgresql_url: str) -> None:
    async with neighbour(postgresql_url) as other:

        async def lose_the_connection(transaction: Transaction) -> None:
            await organizations.count(transaction)
            await end_sessions(other)
            await organizations.count(transaction)

        for doorway in (database.rehearse, database.read, database.search):
            with pytest.raises(ConnectionTroubleError, match="cannot be reached"):
                await doorway(lose_the_connection)
    await assert_every_connection_works(database)


END_SESSIONS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'rollbook'"


async def test_between_the_last_word_of_the_server_and_the_end_of_the_connection_it_is_told_plainly_too(
    database: PostgresqlDatabase, postgresql_server: PostgresqlServer
) -> None:
    for doorway, turns in itertools.product((database.rehearse, database.read, database.write), range(5)):

        async def lose_the_connection(transaction: Transaction, turns: int = turns) -> None:
            await transaction.lock(organizations.LOCK, organization_id=1)
            # The event loop stands still, so that the news of the end arrives with its next turns.
            postgresql_server.run_sql(END_SESSIONS)
            for _ in range(turns):
                await asyncio.sleep(0)
            await organizations.count(transaction)

        with pytest.raises(ConnectionTroubleError, match="cannot be reached"):
            await doorway(lose_the_connection)
    await assert_every_connection_works(database)


def crash(server: PostgresqlServer) -> None:
    """Kill a process of the server without mercy, upon which all the others end and start anew; return when they have ended."""
    pids = server.run_sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'rollbook'").split()
    os.kill(int(pids[0]), signal.SIGKILL)
    assert all(wait_for_end(int(pid)) for pid in pids)


async def test_the_pool_recovers_by_itself_when_the_server_restarts() -> None:
    with running_server(DURABLE) as server:
        await asyncio.to_thread(migrate, server.url())
        async with PostgresqlDatabase(server.url(), connections=CONNECTIONS) as database:
            await assert_every_connection_works(database)
            await asyncio.to_thread(crash, server)
            async with asyncio.timeout(20):
                refusals = [refusal async for refusal in refusals_until_written(database)]

            assert all(type(refusal) is ConnectionTroubleError for refusal in refusals)
            assert ["Ada"] == await database.read(organizations.names)
            await assert_every_connection_works(database)


async def refusals_until_written(database: PostgresqlDatabase) -> AsyncIterator[UnavailableError]:
    while True:
        try:
            await database.write(organizations.create, name="Ada")
        except UnavailableError as refusal:
            yield refusal
            await asyncio.sleep(0.02)
        else:
            return


async def test_a_server_that_is_away_is_told(tmp_path: str) -> None:
    database = open_database(f"postgresql://postgres@/nobody?host={tmp_path}")

    for _ in range(3):
        with pytest.raises(ConnectionTroubleError, match="cannot be reached"):
            await database.check()
    with pytest.raises(ConnectionTroubleError):
        await database.revision()
    with pytest.raises(ConnectionTroubleError):
        await database.write(organizations.create, name="Ada")


async def test_a_server_without_room_for_one_more_connection_is_told(postgresql_server: PostgresqlServer, postgresql_url: str) -> None:
    name = postgresql_url.split("/")[3].partition("?")[0]
    await asyncio.to_thread(postgresql_server.run_sql, f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    await asyncio.to_thread(postgresql_server.run_sql, "CREATE ROLE guest LOGIN")
    try:
        async with open_database(postgresql_url.replace("postgres@", "guest@")) as database:
            with pytest.raises(ConnectionTroubleError, match="no room"):
                await database.check()
    finally:
        await asyncio.to_thread(postgresql_server.run_sql, "DROP ROLE guest")


async def test_a_plan_that_a_migration_outdated_is_made_anew(database: PostgresqlDatabase, postgresql_url: str) -> None:
    async def name_under_lock(transaction: Transaction) -> str:
        await transaction.lock(organizations.LOCK, organization_id=1)
        return await first_name(transaction)

    async def first_name(transaction: Transaction) -> str:
        return (await organizations.names(transaction))[0]

    await database.write(organizations.create, name="Ada")
    kinds = itertools.cycle(("varchar(300)", "text"))
    async with neighbour(postgresql_url) as other:
        for doorway, action in [(database.write, name_under_lock), (database.search, first_name), (database.read, first_name)]:
            assert "Ada" == await doorway(action)
            await other.execute(f"ALTER TABLE organizations ALTER COLUMN name TYPE {next(kinds)}")
            assert "Ada" == await doorway(action)


async def test_it_works_behind_a_pool_that_keeps_no_statements(postgresql_server: PostgresqlServer) -> None:
    await asyncio.to_thread(postgresql_server.create_database, "without_statements")
    url = f"{postgresql_server.url('without_statements')}&statement_cache_size=0"
    try:
        await asyncio.to_thread(migrate, url)
        assert SchemaState.CURRENT is await asyncio.to_thread(schema_state, url)
        async with open_database(url) as database:
            organization_id = await database.write(organizations.create, name="Ada")
            assert organization_id is not None
            await database.write(organizations.append_to_name, organization_id=organization_id, letter="!")
            assert ["Ada!"] == await database.search(organizations.names)
            async with neighbour(postgresql_server.url("without_statements")) as other:
                await other.execute("ALTER TABLE organizations ALTER COLUMN name TYPE varchar(300)")
            assert ["Ada!"] == await database.read(organizations.names)
    finally:
        await asyncio.to_thread(postgresql_server.drop_database, "without_statements")


async def test_closing_ends_every_session(postgresql_url: str) -> None:
    async with PostgresqlDatabase(postgresql_url, connections=CONNECTIONS) as database, neighbour(postgresql_url) as other:
        await assert_every_connection_works(database)
        await database.close()

        await until_counted(other, 0, "TRUE")
