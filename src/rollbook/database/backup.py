"""Copying an embedded database while a server works on it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rollbook.database.sqlite_connection import connect, trouble
from rollbook.errors import ConflictError, InvalidError, UnavailableError

PAGES_AT_ONCE = 1_000


class NoDatabaseError(UnavailableError):
    """There is no file to copy."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(f"there is no database {file}; set ROLLBOOK_DATABASE_URL to the one to copy")


class NoFolderError(InvalidError):
    """The folder that the copy is to be in does not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"there is no folder {folder}; make it, or give another one")


class BackupExistsError(ConflictError):
    """There is a file already where the copy is to be."""

    def __init__(self, target: Path) -> None:
        self.target = target
        super().__init__(f"{target} exists already; give another name, or --force to replace it")


class DamagedCopyError(UnavailableError):
    """The copy does not hold together, since the database does not."""

    def __init__(self, finding: str) -> None:
        super().__init__(f"the database is damaged ({finding}), so no backup was made; keep the older ones")


def back_up(file: Path, target: Path, *, replace: bool, on_progress: Callable[[int, int], None] | None = None) -> None:
    """
    Copy a database to another file as it stands at this moment, while others go on writing.

    The copy appears under its name when it is whole, checked and on the disk, and not before.

    Args:
        file: The database.
        target: The copy.
        replace: Replace what is there under the copy's name.
        on_progress: Is told how many pages are left and how many there are, after each thousand.

    Raises:
        NoDatabaseError: There is no such database.
        NoFolderError: The folder of the copy does not exist.
        BackupExistsError: There is a file under the copy's name, which is not to be replaced.
        DamagedCopyError: The database is damaged.
        DatabaseTroubleError: The database or its copy cannot be read or written.
    """
    if not file.is_file():
        raise NoDatabaseError(file)
    if not target.parent.is_dir():
        raise NoFolderError(target.parent)
    if not replace and target.exists():
        raise BackupExistsError(target)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        _copy(file, partial, on_progress)
        _sync(partial)
        if replace:
            partial.replace(target)
        else:
            _name_if_free(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    _sync(target.parent)


def _copy(file: Path, partial: Path, on_progress: Callable[[int, int], None] | None) -> None:
    def tell(_status: int, left: int, total: int) -> None:
        if on_progress:
            on_progress(left, total)

    try:
        # As secret as the database itself.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL, file.stat().st_mode & 0o777))
        with closing(connect(file, writes=False)) as source, closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            # What is read stays as it is at this moment; without this, every write of the server would make the copying start anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            copy.execute("PRAGMA synchronous = OFF")
            source.backup(copy, pages=PAGES_AT_ONCE, progress=tell, sleep=0)
            source.execute("COMMIT")
            # One file that holds everything, wherever it is moved to.
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
            (finding,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise trouble(error) or error from error
    if finding != "ok":
        raise DamagedCopyError(" ".join(finding.split()))


def _name_if_free(partial: Path, target: Path) -> None:
    """Give the copy its name unless another file got it meanwhile."""
    try:
        os.link(partial, target)
    except FileExistsError as error:
        raise BackupExistsError(target) from error


def _sync(path: Path) -> None:
    """Return when a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
