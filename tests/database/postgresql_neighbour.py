"""Another session of the same PostgreSQL database, which watches and disturbs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

PATIENCE_SECONDS = 10


@asynccontextmanager
async def neighbour(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Open a session apart from the database under test."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def until_counted(connection: asyncpg.Connection, sessions: int, condition: str) -> None:
    """Wait until so many sessions of the program are in the state that a condition on ``pg_stat_activity`` describes."""
    question = f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rollbook' AND {condition}"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await connection.fetchval(question) != sessions:  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.005)


async def waiting_for_a_lock(connection: asyncpg.Connection) -> None:
    """Wait until a session of the program waits for a lock."""
    await until_counted(connection, 1, "wait_event_type = 'Lock'")


async def end_sessions(connection: asyncpg.Connection) -> None:
    """End the program's sessions, as a failing network or an administrator would, and wait until they are gone."""
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rollbook'"
    )
    await until_counted(connection, 0, "TRUE")
