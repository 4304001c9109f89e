"""Watching and holding up what the writer of an SQLite database does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rollbook.database.sqlite import SqliteDatabase


@contextmanager
def traced(database: SqliteDatabase) -> Iterator[list[str]]:
    """Gather the statements that the writer runs, in their order."""
    statements: list[str] = []
    connection = database._batches._connection
    connection.set_trace_callback(statements.append)
    yield statements
    connection.set_trace_callback(None)


class HeldCommit:
    """
    The next COMMIT of the writer, held up on its thread until it is released.

    Attributes:
        begun: Set once the COMMIT is under way.
    """

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._released = threading.Event()

    def release(self) -> None:
        self._released.set()

    def __call__(self, statement: str) -> None:
        if statement == "COMMIT":
            self.begun.set()
            assert self._released.wait(10), "nobody released the COMMIT"


@contextmanager
def commit_held(database: SqliteDatabase) -> Iterator[HeldCommit]:
    """Hold up every COMMIT until it is released, at the latest at the end."""
    held = HeldCommit()
    # Stays there: taking it away would wait for the statement that it holds up.
    database._batches._connection.set_trace_callback(held)
    try:
        yield held
    finally:
        held.release()
