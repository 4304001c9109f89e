"""Bringing a database's schema up to date, and telling whether it is."""

import asyncio
import enum
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from rollbook.database import file_of, is_embedded, open_database
from rollbook.errors import UnavailableError


class SchemaState(enum.Enum):
    """How a database's schema compares to what this version of the program needs."""

    EMPTY = enum.auto()
    BEHIND = enum.auto()
    CURRENT = enum.auto()
    NEWER = enum.auto()


class NewerDatabaseError(UnavailableError):
    """The database was migrated by a newer version of the program."""

    def __init__(self) -> None:
        super().__init__("the database was made by a newer version of Rollbook; run that version, or restore a backup of before")


def migrate(url: str) -> None:
    """
    Bring a database's schema up to date, in one transaction; an embedded database is created where there is none.

    Not to be called while an event loop runs in this thread.

    Raises:
        NewerDatabaseError: It is ahead of this version.
        UnavailableError: The database cannot be opened or reached.
    """
    state = schema_state(url)
    if state is SchemaState.NEWER:
        raise NewerDatabaseError
    if state is not SchemaState.CURRENT:
        if is_embedded(url):
            _make_private(file_of(url))
        try:
            command.upgrade(configuration(url), "head")
        except DBAPIError as error:
            if hindrance := _trouble(error.driver_exception):
                raise hindrance from error
            raise


def schema_state(url: str) -> SchemaState:
    """
    Tell how a database's schema compares to what this version needs; a file that is not there is empty.

    Not to be called while an event loop runs in this thread.

    Raises:
        UnavailableError: The database cannot be opened or reached.
    """
    if is_embedded(url) and not file_of(url).exists():
        return SchemaState.EMPTY
    revision = asyncio.run(_revision(url))
    if revision is None:
        return SchemaState.EMPTY
    script = ScriptDirectory.from_config(configuration(url))
    if revision == script.get_current_head():
        return SchemaState.CURRENT
    known = {migration.revision for migration in script.walk_revisions()}
    return SchemaState.BEHIND if revision in known else SchemaState.NEWER


def _make_private(file: Path) -> None:
    """Make the file, where there is none, so that only its owner reads it: it holds people's data. SQLite's other files follow it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)


def configuration(url: str) -> Config:
    """Give Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def _trouble(error: BaseException | None) -> UnavailableError | None:
    """Tell what trouble a driver's error stands for; None where it stands for a mistake in a migration."""
    from rollbook.database import postgresql_connection, sqlite_connection  # noqa: PLC0415 - loads both engines, which only this needs

    if isinstance(error, sqlite3.Error):
        return sqlite_connection.trouble(error)
    return postgresql_connection.trouble(error, closed=False) if isinstance(error, Exception) else None


async def _revision(url: str) -> str | None:
    async with open_database(url, connections=1) as database:
        return await database.revision()
