"""Copying the write-ahead log into the database file ahead of the moment when a commit would have to."""

import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rollbook.database.sqlite_connection import connect

CHANGES_BETWEEN = 1_000


class Backfill:
    """
    Copies pages from the log to the file on a thread and a connection of its own, which holds up neither writer nor readers.

    The commit that finds the log long enough still copies what is left and starts the log anew, so that nothing depends on this: it only leaves that
    commit little to do. Where a copy fails, copying ahead ends, and the next such commit meets the same trouble and tells it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copier = ThreadPoolExecutor(1, "rollbook-backfill")
        self._connection: sqlite3.Connection | None = None
        self._copying: Future[Any] | None = None
        self._changes = 0

    def follow(self, total_changes: int) -> None:
        """Copy when enough has been written since the last time; ``total_changes`` is the writer's count of rows."""
        if total_changes - self._changes >= CHANGES_BETWEEN and (self._copying is None or self._has_copied()):
            self._changes = total_changes
            self._copying = self._copier.submit(self._copy)

    def close(self) -> None:
        """Wait for a copy under way, and end."""
        self._copier.shutdown()
        if self._connection:
            self._connection.close()

    def _has_copied(self) -> bool:
        return self._copying is not None and self._copying.done() and self._copying.exception() is None

    def _copy(self) -> None:
        if self._connection is None:
            self._connection = connect(self._path, writes=True)
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
