"""What Alembic runs: the one place that sees every table."""

import asyncio

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import rollbook.classes.model
import rollbook.classrooms.model
import rollbook.courses.model
import rollbook.enrollments.model
import rollbook.history.model
import rollbook.organizations.model
import rollbook.people.model  # noqa: F401 - each import adds its tables to the metadata
from rollbook.database.schema import metadata

url = context.config.get_main_option("sqlalchemy.url") or ""


def migrate(connection: Connection) -> None:
    """Run the migrations that the database does not have yet, all of them in one transaction."""
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=False, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


def migrate_file() -> None:
    """
    Migrate an SQLite file.

    Foreign keys are off while tables are rebuilt, since dropping the old one would otherwise take the rows of its children along; what refers to nothing
    afterwards undoes the whole migration. The transaction is begun by hand: the driver would leave DDL outside of it.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        connection.execute(text("PRAGMA busy_timeout = 5000"))
        connection.execute(text("BEGIN IMMEDIATE"))
        try:
            migrate(connection)
            if broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall():
                raise RuntimeError(f"the migration leaves rows that refer to nothing: {broken[:10]}")
        except BaseException:
            connection.execute(text("ROLLBACK"))
            raise
        connection.execute(text("COMMIT"))
    engine.dispose()


async def migrate_server() -> None:
    """Migrate a PostgreSQL database."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


if url.startswith("sqlite"):
    migrate_file()
else:
    asyncio.run(migrate_server())
