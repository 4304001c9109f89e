"""
Overwriting what was deleted, in the database file and in its log of writes.

Writers overwrite what they delete (``secure_delete``). Two places are left: the log, which holds pages as they were before, and the unused parts
of pages, where SQLite leaves behind copies of rows that it moved to other pages. So the file is rewritten as a whole, which takes nothing along but
what is there, and the log is emptied into it.
"""

import asyncio
import sqlite3

from rollbook import clock
from rollbook.database.sqlite_batches import Batches
from rollbook.database.transaction import ClosedError
from rollbook.errors import UnavailableError

PATIENCE_SECONDS = 5.0
"""How long whoever asks waits for it to be done."""

REST_FACTOR = 20
"""How many times as long as the last rewriting took the file is left alone before the next one: nobody can write meanwhile."""

PAUSE_SECONDS = 0.02
TROUBLE_PAUSE_SECONDS = 10.0

_UNFINISHED = 1
_FINISHED = 0


class Forgetting:
    """
    Sees to it that what was deleted is overwritten: at once, or in the background as soon as it can be done.

    That it is to be done is kept in the file itself, so that a process that was ended in between leaves it to the next one.
    """

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._wanted = 0
        self._done = 0
        self._not_before = 0.0
        self._changed = asyncio.Event()
        self._working: asyncio.Task[None] | None = None

    async def forget(self) -> bool:
        """Overwrite what has been deleted so far, and tell whether that is done; where others hinder it, it goes on in the background."""
        self._wanted += 1
        number = self._wanted
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        deadline = clock.stopwatch() + PATIENCE_SECONDS
        while self._done < number and (left := deadline - clock.stopwatch()) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                break
        return self._done >= number

    async def close(self) -> None:
        """Leave what is not done to the next process."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        while self._done < self._wanted:
            number = self._wanted
            try:
                await self._batches.lend(_note_unfinished)
                await asyncio.sleep(self._not_before - clock.stopwatch())
                # What others asked for meanwhile is done along with it.
                number = self._wanted
                started = clock.stopwatch()
                await self._batches.lend(_rewrite)
                self._not_before = clock.stopwatch() + REST_FACTOR * (clock.stopwatch() - started)
                await self._empty_log()
                await self._batches.lend(_note_finished)
            except ClosedError:
                return
            except UnavailableError:
                # The disk is full, or another process is writing: there is nobody to tell, and it can be done later.
                await asyncio.sleep(TROUBLE_PAUSE_SECONDS)
            else:
                self._done = number
                self._changed.set()

    async def _empty_log(self) -> None:
        """Empty the log, as soon as nobody reads in it."""
        emptied: list[bool] = []
        while True:
            await self._batches.lend(lambda connection: emptied.append(_empty(connection)))
            if emptied[-1]:
                return
            await asyncio.sleep(PAUSE_SECONDS)


def is_unfinished(connection: sqlite3.Connection) -> bool:
    """Tell whether a process before this one has left something to do."""
    ((noted,),) = connection.execute("PRAGMA user_version").fetchall()
    return bool(noted == _UNFINISHED)


def _note_unfinished(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA user_version = {_UNFINISHED}")


def _note_finished(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA user_version = {_FINISHED}")


def _rewrite(connection: sqlite3.Connection) -> None:
    connection.execute("VACUUM")


def _empty(connection: sqlite3.Connection) -> bool:
    ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return not busy
