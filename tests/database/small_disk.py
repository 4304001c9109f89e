"""A disk that is soon full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rollbook.database.sqlite import SqliteDatabase


class SmallDisk:
    """
    A folder for a database with little room, and a way to take that room away.

    It is a file system of its own where the tests may mount one. Elsewhere the writer is given a largest size for its file instead, which SQLite reports by
    the same error, though from its own count and not from the system.

    Attributes:
        folder: Where the database goes.
        mounted: Whether the folder is a file system of its own.
    """

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder = folder
        self.mounted = mounted

    def fill(self, database: SqliteDatabase) -> None:
        """Leave no room."""
        if not self.mounted:
            (pages,) = database._batches._connection.execute("PRAGMA page_count").fetchone()
            database._batches._connection.execute(f"PRAGMA max_page_count = {pages + 10}").fetchall()
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            block = b"-" * 4096
            try:
                while filler.write(block) == len(block):
                    pass
            except OSError:
                return

    def make_room(self, database: SqliteDatabase) -> None:
        """Give the room back."""
        if self.mounted:
            (self.folder / "filler").unlink()
        else:
            database._batches._connection.execute("PRAGMA max_page_count = 1000000").fetchall()


@contextmanager
def small_disk(folder: Path, *, mebibytes: int) -> Iterator[SmallDisk]:
    """Make a small disk under a folder, and take it away at the end."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "rollbook-tests", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield SmallDisk(folder, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)
