"""A PostgreSQL database that takes so long over what it does that it can be caught at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from rollbook.database.postgresql import PostgresqlDatabase
from rollbook.database.transaction import Transaction
from tests.database import organization_actions as organizations
from tests.database.postgresql_neighbour import neighbour

CONNECTIONS = 4

SLOW_FUNCTION = "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$"
SLOW_COMMITS = (
    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT OR UPDATE ON organizations"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly()"
)
SLOW_WRITES = "CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON organizations FOR EACH ROW EXECUTE FUNCTION slowly()"
ASLEEP = "wait_event = 'PgSleep'"


@asynccontextmanager
async def slowed(url: str, trigger: str) -> AsyncIterator[asyncpg.Connection]:
    async with neighbour(url) as other:
        await other.execute(SLOW_FUNCTION)
        await other.execute(trigger)
        yield other
        await other.execute("DROP TRIGGER slow ON organizations")


async def assert_every_connection_works(database: PostgresqlDatabase) -> None:
    """Use as many connections at once as there may be, each outside of what went before."""
    arrived, everybody = 0, asyncio.Event()

    async def meet(transaction: Transaction) -> None:
        nonlocal arrived
        await organizations.count(transaction)
        arrived += 1
        if arrived == CONNECTIONS:
            everybody.set()
        await everybody.wait()

    async with asyncio.timeout(10), asyncio.TaskGroup() as readers:
        for _ in range(CONNECTIONS):
            readers.create_task(database.read(meet))
    assert CONNECTIONS == database._free._value
    assert not any(connection.is_in_transaction() for connection in database._idle)
