"""
The embedded engine: SQLite in the process, its commits shared by everybody who changes something at the same moment.

One connection writes, on the event loop's own thread. An action waits for nothing but the database, and here the database never
makes it wait, so each action runs to its end in one go, in the transaction that is open at that moment. One COMMIT, on a
thread of its own, makes the whole batch durable; nobody is answered before.
"""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Self, cast

from rollbook import clock
from rollbook.database.sqlite_batches import Batches
from rollbook.database.sqlite_connection import STATEMENTS, SqliteTransaction, Statements, connect, trouble, troubles_told
from rollbook.database.sqlite_forgetting import Forgetting, is_unfinished
from rollbook.database.sqlite_jobs import Job, run_to_the_end
from rollbook.database.transaction import Action, Arguments, Rehearsal, Result

SEARCH_THREADS = 2
STEPS_BETWEEN_PAUSES = 20_000
"""How many of SQLite's instructions a search runs in one go."""

PAUSE_SECONDS = 0.0001
LULL_SECONDS = 0.02
"""How long after the last short request a search no longer pauses for the next one."""


class SqliteDatabase:
    """A database file, open for writing, reading and searching in one event loop."""

    def __init__(self, path: Path) -> None:
        """
        Open the file.

        Raises:
            DatabaseTroubleError: The file cannot be opened, is damaged, or is no database.
        """
        self._path = path
        self._statements = STATEMENTS
        self._batches = Batches(connect(path, writes=True), self._statements)
        self._forgetting = Forgetting(self._batches)
        self._reader = connect(path, writes=False)
        self._searchers = ThreadPoolExecutor(SEARCH_THREADS, "rollbook-search")
        self._searcher = threading.local()
        self._searching: list[sqlite3.Connection] = []
        self._requested_at = clock.stopwatch()

    async def write(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run an action in a transaction and return when what it did is durable."""
        self._requested_at = clock.stopwatch()
        job = Job(lambda transaction: action(transaction, *positional, **named), asyncio.get_running_loop(), keep=True)
        self._batches.take(job)
        return cast("Result", await job.outcome)

    async def rehearse(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Rehearsal:
        """Run an action like ``write``, give what it answered and recorded, and keep nothing of it."""
        job = Job(lambda transaction: action(transaction, *positional, **named), asyncio.get_running_loop(), keep=False)
        self._batches.take(job)
        return Rehearsal(await job.outcome, job.recorded)

    async def read(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading on the event loop's own thread."""
        self._requested_at = clock.stopwatch()
        return _read(self._reader, self._statements, reading, *positional, **named)

    async def snapshot(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading of several statements on the event loop's own thread, all of it on one state of the database."""
        self._requested_at = clock.stopwatch()
        return _read_one_state(self._reader, self._statements, reading, *positional, **named)

    async def search(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a long reading on a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(
            self._searchers, lambda: _read_one_state(self._own_searcher(), self._statements, reading, *positional, **named)
        )

    async def forget(self, *, unfinished_only: bool = False) -> bool:
        """Overwrite what was deleted, in the file and in its log of writes, and tell whether that is done."""
        with troubles_told():
            if unfinished_only and not is_unfinished(self._reader):
                return True
        return await self._forgetting.forget()

    async def check(self) -> None:
        """Return when the database answers."""
        with troubles_told():
            self._reader.execute("SELECT count(*) FROM sqlite_schema").fetchall()

    async def revision(self) -> str | None:
        """Give the migration that the schema stands at; None where there is no schema yet."""
        with troubles_told():
            if not self._reader.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchall():
                return None
            rows = self._reader.execute("SELECT version_num FROM alembic_version").fetchall()
        return str(rows[0][0]) if rows else None

    async def close(self) -> None:
        """Finish what is in flight and close every connection."""
        await self._forgetting.close()
        await self._batches.close()
        self._searchers.shutdown()
        for connection in (*self._searching, self._reader):
            connection.close()

    async def __aenter__(self) -> Self:
        """Give the open database."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the database."""
        await self.close()

    def _own_searcher(self) -> sqlite3.Connection:
        """Give the connection of the thread that asks."""
        connection: sqlite3.Connection | None = getattr(self._searcher, "connection", None)
        if connection is None:
            connection = self._searcher.connection = connect(self._path, writes=False)
            connection.set_progress_handler(self._give_way, STEPS_BETWEEN_PAUSES)
            self._searching.append(connection)
        return connection

    def _give_way(self) -> None:
        """Pause a search while short requests come: they must not wait for a processor until the search has had its turn."""
        if clock.stopwatch() - self._requested_at < LULL_SECONDS:
            sleep(PAUSE_SECONDS)


def _read(
    connection: sqlite3.Connection,
    statements: Statements,
    reading: Action[Arguments, Result],
    *positional: Arguments.args,
    **named: Arguments.kwargs,
) -> Result:
    """Run a reading to its end."""
    transaction = SqliteTransaction(connection, statements)
    try:
        return cast("Result", run_to_the_end(reading(transaction, *positional, **named)))
    except sqlite3.Error as error:
        if hindrance := trouble(error):
            raise hindrance from error
        raise
    finally:
        transaction.end()


def _read_one_state(
    connection: sqlite3.Connection,
    statements: Statements,
    reading: Action[Arguments, Result],
    *positional: Arguments.args,
    **named: Arguments.kwargs,
) -> Result:
    """Run a reading to its end, all of it on one state of the database."""
    with troubles_told():
        connection.execute("BEGIN")
        try:
            return _read(connection, statements, reading, *positional, **named)
        finally:
            # Some errors have ended it already.
            if connection.in_transaction:
                connection.execute("COMMIT")
