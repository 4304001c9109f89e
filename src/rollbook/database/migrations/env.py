"""What Alembic runs: the one place that sees every table."""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import rollbook.assignments.model
import rollbook.classes.model
import rollbook.classrooms.model
import rollbook.courses.model
import rollbook.custom_fields.model
import rollbook.enrollments.model
import rollbook.history.model
import rollbook.organizations.model
import rollbook.people.model
import rollbook.sessions.model
import rollbook.subscriptions.model  # noqa: F401 - each import adds its tables to the metadata
from rollbook.database import file_of
from rollbook.database.postgresql_connection import connect as connect_to_server
from rollbook.database.schema import metadata
from rollbook.database.sqlite_connection import OPENING_SECONDS
from rollbook.database.sqlite_connection import connect as connect_to_file

url = context.config.get_main_option("sqlalchemy.url") or ""


class BrokenReferencesError(RuntimeError):
    """A migration left rows that refer to nothing: a mistake in it."""

    def __init__(self, broken: list[tuple[str, int, str]]) -> None:
        rows = ", ".join(f"row {row} of {table} (to {parent})" for table, row, parent in broken[:10])
        super().__init__(f"the migration leaves {len(broken)} references to nothing, and was undone: {rows}")


def migrate(connection: Connection) -> None:
    """Run the migrations that the database does not have yet, all of them in one transaction."""
    context.configure(
        connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=False, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate_file() -> None:
    """
    Migrate an SQLite file.

    Foreign keys are off while tables are rebuilt, since dropping the old one would otherwise take the rows of its children along; what refers to nothing
    afterwards undoes the whole migration. The transaction is begun by hand, since the driver would leave DDL outside of it; an error leaves it to
    the closing of the connection, which undoes it.

    Raises:
        BrokenReferencesError: Rows are left that refer to nothing.
    """
    engine = create_engine(
        "sqlite://", creator=lambda: connect_to_file(file_of(url), writes=True), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        connection.execute(text(f"PRAGMA busy_timeout = {OPENING_SECONDS * 1000:.0f}"))
        connection.execute(text("BEGIN IMMEDIATE"))
        migrate(connection)
        if broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall():
            raise BrokenReferencesError([(table, row, parent) for table, row, parent, _ in broken])
        connection.execute(text("COMMIT"))
    engine.dispose()


async def migrate_server() -> None:
    """Migrate a PostgreSQL database; of several who do so at once, one does and the others find it done."""

    async def connected() -> asyncpg.Connection:
        return await connect_to_server(url, lock_timeout="5s", statement_timeout="0")

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connected, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('rollbook.migrate'))"))
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


if url.startswith("sqlite"):
    migrate_file()
else:
    asyncio.run(migrate_server())
