"""The database contract and the two engines that keep it."""

from pathlib import Path

from rollbook.database.transaction import Database
from rollbook.errors import InvalidError

CONNECTIONS = 16


class DatabaseUrlError(InvalidError):
    """A database URL that names neither of the two engines."""

    def __init__(self) -> None:
        super().__init__("the database URL must be sqlite:///path/to/rollbook.db or postgresql://user:password@host:port/name")


def is_embedded(url: str) -> bool:
    """Tell whether a URL names a file of this machine, used by one server at a time."""
    return url.startswith("sqlite:")


def file_of(url: str) -> Path:
    """
    Give the file that an embedded database's URL names: relative after three slashes, absolute after four.

    Raises:
        DatabaseUrlError: It names none.
    """
    scheme, _, path = url.partition("///")
    if scheme != "sqlite:" or not path:
        raise DatabaseUrlError
    return Path(path)


def open_database(url: str, *, connections: int = CONNECTIONS) -> Database:
    """
    Open a database for the running event loop.

    Raises:
        DatabaseUrlError: The URL names neither engine.
        UnavailableError: The file cannot be opened.
    """
    if is_embedded(url):
        from rollbook.database.sqlite import SqliteDatabase  # noqa: PLC0415 - each process loads only the engine that it uses

        return SqliteDatabase(file_of(url))
    if url.startswith(("postgresql:", "postgres:")):
        from rollbook.database.postgresql import PostgresqlDatabase  # noqa: PLC0415 - each process loads only the engine that it uses

        return PostgresqlDatabase(url, connections=connections)
    raise DatabaseUrlError
