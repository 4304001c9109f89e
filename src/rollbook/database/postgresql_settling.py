"""
Changes that are a transaction of their own, settled together where they come at the same moment.

Each is one statement, which decides by its own guard whether it happens. The first one runs alone; those who come meanwhile go to the server together,
in one transaction on a connection kept for that: one journey and one commit for all of them, and the next ones gather behind. Whoever holds such
a change up must not hold up the others: a shared transaction waits for a lock no longer than a moment, and one that fails leaves each of its
changes to run alone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from rollbook.database.postgresql_connection import PATIENCE_SECONDS, OutcomeUnknownError, is_lost_connection
from rollbook.database.query import PLACE, Prepared

MOST_TOGETHER = 64
SHARED_LOCK_TIMEOUT = "50ms"

Connect = Callable[[], Awaitable[asyncpg.Connection]]


class RunAloneError(Exception):
    """The changes that were to be settled together have left nothing behind: each may find out by itself what becomes of it."""


class _Settlement:
    """A change that waits for what becomes of it: the id of the row that it changed, or None."""

    __slots__ = ("outcome", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.outcome: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    def become(self, subject_id: int | None) -> None:
        if not self.outcome.done():
            self.outcome.set_result(subject_id)

    def fail(self, error: Exception) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(error)


class Settler:
    """Settles the changes of one event loop."""

    def __init__(self, connect: Connect) -> None:
        """Remember how to connect; the connection is made when changes meet for the first time."""
        self._connect = connect
        self._connection: asyncpg.Connection | None = None
        self._alone = 0
        self._waiting: dict[Prepared[Any], list[_Settlement]] = {}
        self._together: asyncio.Task[None] | None = None

    async def settle(self, change: Prepared[Any], values: dict[str, Any], *, alone: asyncpg.Connection) -> int | None:
        """
        Run a change that is a whole transaction, on the given connection where it runs alone.

        Gives the id of the row that it changed; None where it met no row.

        Raises:
            OutcomeUnknownError: The connection was lost on which it ran together with others.
            Exception: Whatever asyncpg raises where it ran alone.
        """
        if not self._alone and self._together is None:
            return await self._settle_alone(change, values, alone)
        settlement = _Settlement(values)
        self._waiting.setdefault(change, []).append(settlement)
        if self._together is None:
            self._together = asyncio.create_task(self._settle_waiting())
        try:
            return await settlement.outcome
        except RunAloneError:
            return await self._settle_alone(change, values, alone)

    async def close(self) -> None:
        """Finish what waits, and close the connection."""
        while self._together:
            await self._together
        if self._connection and not self._connection.is_closed():
            await self._connection.close(timeout=PATIENCE_SECONDS)

    async def _settle_alone(self, change: Prepared[Any], values: dict[str, Any], connection: asyncpg.Connection) -> int | None:
        self._alone += 1
        try:
            return await run_change(connection, change, values)
        finally:
            self._alone -= 1

    async def _settle_waiting(self) -> None:
        try:
            while self._waiting:
                change, settlements = next(iter(self._waiting.items()))
                del self._waiting[change]
                if left := settlements[MOST_TOGETHER:]:
                    self._waiting[change] = left
                if wanted := [each for each in settlements[:MOST_TOGETHER] if not each.outcome.done()]:
                    await self._settle_together(change, wanted)
        finally:
            self._together = None

    async def _settle_together(self, change: Prepared[Any], settlements: list[_Settlement]) -> None:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect()
            arguments = [change.arrange({**each.values, PLACE: place}) for place, each in enumerate(settlements)]
            answers = await self._connection.fetchmany(change.text, arguments)
        except Exception as error:  # noqa: BLE001 - each finds out alone what its own error is
            is_lost = self._connection is not None and is_lost_connection(error, closed=self._connection.is_closed())
            for each in settlements:
                failure = OutcomeUnknownError() if is_lost else RunAloneError()
                failure.__cause__ = error
                each.fail(failure)
        else:
            changed = {place: subject_id for subject_id, place in answers}
            for place, each in enumerate(settlements):
                each.become(changed.get(place))


async def run_change(connection: asyncpg.Connection, change: Prepared[Any], values: dict[str, Any]) -> int | None:
    """Run a change and the insert of its record, and give the id of the row that it changed; None where it met no row."""
    rows = await connection.fetch(change.text, *change.arrange({**values, PLACE: 0}))
    return rows[0][0] if rows else None
