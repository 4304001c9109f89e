"""Making a database ready for what a command is about to do with it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rollbook.database import is_embedded, open_database
from rollbook.database.migrations import NewerDatabaseError, SchemaState, migrate, schema_state
from rollbook.database.transaction import Database
from rollbook.errors import UnavailableError
from rollbook.settings import Settings

Result = TypeVar("Result")


class NotMigratedError(UnavailableError):
    """The database lacks tables that this version needs."""

    def __init__(self, state: SchemaState) -> None:
        self.state = state
        fact = "has no tables yet" if state is SchemaState.EMPTY else "was made by an older version of Rollbook"
        super().__init__(f"the database {fact}; run: rollbook migrate")


def prepare_to_serve(settings: Settings) -> None:
    """
    Make a database ready to be served: an embedded one is made and migrated, any other must be migrated already.

    Raises:
        NotMigratedError: It must be migrated first.
        NewerDatabaseError: It is ahead of this version.
        UnavailableError: It cannot be opened or reached.
    """
    if is_embedded(settings.database_url):
        migrate(settings.database_url)
    else:
        require_current(settings.database_url)


def require_current(url: str) -> None:
    """
    Return when a database has the tables that this version needs.

    Raises:
        NotMigratedError: It lacks some.
        NewerDatabaseError: It is ahead of this version.
        UnavailableError: It cannot be opened or reached.
    """
    state = schema_state(url)
    if state is SchemaState.NEWER:
        raise NewerDatabaseError
    if state is not SchemaState.CURRENT:
        raise NotMigratedError(state)


def with_database(settings: Settings, work: Callable[[Database], Awaitable[Result]], *, create: bool = False) -> Result:
    """
    Open the database, do some work with it, and close it.

    Args:
        settings: Which database.
        work: What to do.
        create: Make an embedded database where there is none yet.

    Raises:
        NotMigratedError: The database must be migrated first.
        NewerDatabaseError: It is ahead of this version.
        UnavailableError: It cannot be opened or reached.
    """
    url = settings.database_url
    if create and is_embedded(url) and schema_state(url) is SchemaState.EMPTY:
        migrate(url)
    else:
        require_current(url)
    return with_ready_database(settings, work)


def with_ready_database(settings: Settings, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """
    Open a database that is known to have the tables that this version needs, do some work with it, and close it.

    Raises:
        UnavailableError: It cannot be opened or reached.
    """

    async def run() -> Result:
        async with open_database(settings.database_url, connections=1) as database:
            return await work(database)

    return asyncio.run(run())
