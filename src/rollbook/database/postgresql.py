"""
The engine for more than one machine: PostgreSQL through asyncpg, at READ COMMITTED with locks.

Connections wait on a plain stack, the last used first: asyncpg's own pool resets each connection on its return, which costs a round trip.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import asyncpg

from rollbook.database.postgresql_connection import (
    PATIENCE_SECONDS,
    START_AGAIN,
    OutcomeUnknownError,
    connect,
    is_lost_connection,
    trouble,
)
from rollbook.database.postgresql_settling import SHARED_LOCK_TIMEOUT, Settler
from rollbook.database.postgresql_transaction import STATEMENTS, PostgresqlTransaction
from rollbook.database.transaction import RESTARTS, Action, Arguments, ClosedError, CrowdedError, Rehearsal, Result

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "30s"
DEADLOCK_PAUSE_SECONDS = 0.05
"""How long whoever gave way stays away: at once back, it would take its locks again before the other one wakes up."""


class PostgresqlDatabase:
    """A PostgreSQL database, with at most ``connections`` connections of this process, and one more for changes that are settled together."""

    def __init__(self, url: str, *, connections: int) -> None:
        """Remember where the database is; connections are made when they are needed."""
        self._url = url
        self._statements = STATEMENTS
        self._settler = Settler(lambda: connect(self._url, lock_timeout=SHARED_LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT))
        self._idle: list[asyncpg.Connection] = []
        self._connections = connections
        self._free = asyncio.Semaphore(connections)
        self._closed = False

    async def write(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run an action in a transaction and return when what it did is durable."""

        async def attempt(transaction: PostgresqlTransaction) -> Result:
            result = await action(transaction, *positional, **named)
            await transaction.commit()
            return result

        return await self._run(attempt)

    async def rehearse(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Rehearsal:
        """Run an action like ``write``, give what it answered and recorded, and keep nothing of it."""

        async def attempt(transaction: PostgresqlTransaction) -> Rehearsal:
            await transaction.begin()
            return Rehearsal(await action(transaction, *positional, **named), transaction.recorded)

        return await self._run(attempt)

    async def read(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading."""
        async with self._connection() as connection:
            return await reading(PostgresqlTransaction(connection, self._statements, self._settler), *positional, **named)

    async def snapshot(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading of several statements, all of it on one state of the database."""
        return await self.search(reading, *positional, **named)

    async def search(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a long reading, all of it on one state of the database."""

        async def attempt(transaction: PostgresqlTransaction) -> Result:
            await transaction.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return await reading(transaction, *positional, **named)

        return await self._run(attempt)

    async def forget(self, *, unfinished_only: bool = False) -> bool:  # noqa: ARG002 - there is nothing to finish
        """Do nothing: what was deleted is in no row, and PostgreSQL's vacuum takes it out of its files."""
        return True

    async def check(self) -> None:
        """Return when the database answers."""
        async with self._connection() as connection:
            await connection.execute("SELECT 1")

    async def revision(self) -> str | None:
        """Give the migration that the schema stands at; None where there is no schema yet."""
        async with self._connection() as connection:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
            return revision

    async def close(self) -> None:
        """Take nothing more, finish what was taken, and close every connection."""
        self._closed = True
        for _ in range(self._connections):
            await self._free.acquire()
        for _ in range(self._connections):
            self._free.release()
        await self._settler.close()
        while self._idle:
            await self._idle.pop().close(timeout=PATIENCE_SECONDS)

    async def __aenter__(self) -> Self:
        """Give the open database."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the database."""
        await self.close()

    async def _run(self, attempt: Callable[[PostgresqlTransaction], Awaitable[Result]]) -> Result:
        """Run a transaction, again from the start while others hinder it; whatever it leaves open is rolled back."""
        for _ in range(1 + RESTARTS):
            async with self._connection() as connection:
                transaction = PostgresqlTransaction(connection, self._statements, self._settler)
                try:
                    return await attempt(transaction)
                except START_AGAIN as hindrance:
                    if isinstance(hindrance, asyncpg.DeadlockDetectedError):
                        await asyncio.sleep(DEADLOCK_PAUSE_SECONDS)
                except Exception as error:
                    if transaction.settling and is_lost_connection(error, closed=connection.is_closed()):
                        raise OutcomeUnknownError from error
                    raise
        raise CrowdedError

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection; it comes back only outside of any transaction, else it is closed."""
        if self._closed:
            raise ClosedError
        async with self._free:
            connection = await self._take()
            # Whoever is cancelled, or asks two things at once, may leave behind a statement that is still on its way.
            uncertain = True
            try:
                yield connection
                uncertain = False
            except Exception as error:
                uncertain = isinstance(error, asyncpg.InterfaceError)
                if hindrance := trouble(error, closed=connection.is_closed()):
                    raise hindrance from error
                raise
            finally:
                if (uncertain or connection.is_in_transaction()) and not connection.is_closed():
                    await _roll_back(connection)
                if not connection.is_closed():
                    self._idle.append(connection)

    async def _take(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await connect(self._url, lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)


async def _roll_back(connection: asyncpg.Connection) -> None:
    """Leave whatever transaction a connection is in, or close it where that cannot be done."""
    try:
        await connection.execute("ROLLBACK", timeout=PATIENCE_SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
        connection.terminate()
    except BaseException:
        connection.terminate()
        raise
