"""
The engine for more than one machine: PostgreSQL through asyncpg, at READ COMMITTED with locks.

Connections wait on a plain stack, the last used first: asyncpg's own pool resets each connection on its return, which costs a round trip.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from rollbook.database.postgresql_connection import (
    START_AGAIN,
    OutcomeUnknownError,
    PostgresqlTransaction,
    Statements,
    is_lost_connection,
    trouble,
)
from rollbook.database.transaction import RESTARTS, Action, Arguments, CrowdedError, Rehearsal, Result

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "30s"
CONNECT_TIMEOUT_SECONDS = 5.0
STATEMENTS_KEPT = 512


class PostgresqlDatabase:
    """A PostgreSQL database, with at most ``connections`` connections of this process."""

    def __init__(self, url: str, *, connections: int) -> None:
        """Remember where the database is; connections are made when they are needed."""
        self._url, self._statements_kept = _without_statement_cache_size(url)
        self._statements = Statements()
        self._idle: list[asyncpg.Connection] = []
        self._free = asyncio.Semaphore(connections)

    async def write(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run an action in a transaction and return when what it did is durable."""
        for _ in range(1 + RESTARTS):
            async with self._connection() as connection:
                transaction = PostgresqlTransaction(connection, self._statements)
                try:
                    result = await action(transaction, *positional, **named)
                    await transaction.commit()
                except START_AGAIN:
                    continue
                except Exception as error:
                    if transaction.settling and is_lost_connection(error):
                        raise OutcomeUnknownError from error
                    raise trouble(error) or error from error
                return result
        raise CrowdedError

    async def rehearse(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Rehearsal:
        """Run an action like ``write``, give what it answered and recorded, and keep nothing of it."""
        for _ in range(1 + RESTARTS):
            async with self._connection() as connection:
                transaction = PostgresqlTransaction(connection, self._statements)
                try:
                    await transaction.begin()
                    return Rehearsal(await action(transaction, *positional, **named), transaction.recorded)
                except START_AGAIN:
                    continue
                except Exception as error:
                    raise trouble(error) or error from error
        raise CrowdedError

    async def read(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading."""
        async with self._connection() as connection:
            try:
                return await reading(PostgresqlTransaction(connection, self._statements), *positional, **named)
            except Exception as error:
                raise trouble(error) or error from error

    async def search(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a long reading, all of it on one state of the database."""
        async with self._connection() as connection:
            transaction = PostgresqlTransaction(connection, self._statements)
            try:
                await transaction.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
                result = await reading(transaction, *positional, **named)
                await transaction.commit()
            except Exception as error:
                raise trouble(error) or error from error
            return result

    async def check(self) -> None:
        """Return when the database answers."""
        async with self._connection() as connection:
            try:
                await connection.execute("SELECT 1")
            except Exception as error:
                raise trouble(error) or error from error

    async def revision(self) -> str | None:
        """Give the migration that the schema stands at; None where there is no schema yet."""
        async with self._connection() as connection:
            try:
                if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                    return None
                revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
            except Exception as error:
                raise trouble(error) or error from error
            return revision

    async def close(self) -> None:
        """Close every connection that nobody uses."""
        while self._idle:
            await self._idle.pop().close()

    async def __aenter__(self) -> Self:
        """Give the open database."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the database."""
        await self.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection; it comes back only outside of any transaction, else it is closed."""
        async with self._free:
            connection = await self._take()
            try:
                yield connection
            finally:
                if connection.is_in_transaction() and not connection.is_closed():
                    await _roll_back(connection)
                if not connection.is_closed():
                    self._idle.append(connection)

    async def _take(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await asyncpg.connect(
                self._url,
                timeout=CONNECT_TIMEOUT_SECONDS,
                statement_cache_size=self._statements_kept,
                server_settings={
                    "application_name": "rollbook",
                    "lock_timeout": LOCK_TIMEOUT,
                    "statement_timeout": STATEMENT_TIMEOUT,
                    "default_transaction_isolation": "read committed",
                },
            )
        except Exception as error:
            raise trouble(error) or error from error


async def _roll_back(connection: asyncpg.Connection) -> None:
    try:
        await connection.execute("ROLLBACK")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection.terminate()


def _without_statement_cache_size(url: str) -> tuple[str, int]:
    """Take asyncpg's option ``statement_cache_size`` (0 behind PgBouncer) out of a URL, whose other options are PostgreSQL's."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    kept = int(options.pop("statement_cache_size", STATEMENTS_KEPT))
    return urlunsplit(parts._replace(query=urlencode(options))), kept
