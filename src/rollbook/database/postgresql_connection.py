"""Connections to PostgreSQL, statements as PostgreSQL runs them, and what its errors mean."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg
import msgspec
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from rollbook import clock
from rollbook.database.query import Change, Command, Prepared, Query, change_and_record, named_for_record, prepare
from rollbook.database.transaction import Recorded, StartAgainError
from rollbook.errors import UnavailableError

Row = TypeVar("Row", bound=msgspec.Struct)

PATIENCE_SECONDS = 5.0
"""How long opening a connection, or getting one out of a transaction, may take."""

STATEMENTS_KEPT = 512

_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped

START_AGAIN = (
    StartAgainError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
    asyncpg.FeatureNotSupportedError,
)
"""
What makes a transaction start again.

A unique value that another transaction took in the same moment is seen by the second try, which refuses with the fact; class 0A000 is a cached plan that a
migration has outdated.
"""


class ConnectionTroubleError(UnavailableError):
    """The database server is away, stopping, full, or does not answer in time."""

    def __init__(self, fact: str) -> None:
        super().__init__(f"the database {fact}; nothing was changed, send the call again")


class OutcomeUnknownError(UnavailableError):
    """The connection was lost while a change was being made durable, so that nobody can say whether it is."""

    def __init__(self) -> None:
        super().__init__("the connection to the database was lost during the commit; read the record to see whether the change was made")


def trouble(error: Exception, *, closed: bool) -> UnavailableError | None:
    """Tell what trouble an error stands for; None where it stands for a mistake in a statement. ``closed`` tells of its connection."""
    if isinstance(error, asyncpg.LockNotAvailableError):
        return ConnectionTroubleError("waited too long for others who are changing the same records")
    if isinstance(error, asyncpg.QueryCanceledError):
        return ConnectionTroubleError("took too long")
    if isinstance(error, asyncpg.InsufficientResourcesError):
        return ConnectionTroubleError("has no room left, on its disk, in its memory, or for one more connection")
    if is_lost_connection(error, closed=closed) or isinstance(
        error, asyncpg.InvalidAuthorizationSpecificationError | asyncpg.InvalidCatalogNameError
    ):
        return ConnectionTroubleError("cannot be reached")
    if isinstance(error, asyncpg.PostgresIOError):
        return ConnectionTroubleError("cannot read or write its disk")
    return None


def is_lost_connection(error: Exception, *, closed: bool) -> bool:
    """Tell whether an error means that the connection is gone; ``closed`` tells of the connection."""
    if isinstance(error, asyncpg.InterfaceError):  # stands for mistakes in a call as well
        return closed
    # asyncpg's InternalClientError is what a statement meets that is sent between the server's last word and the end of the connection.
    lost = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InternalClientError)
    return isinstance(error, lost) and not isinstance(error, asyncpg.QueryCanceledError)


async def connect(url: str, *, lock_timeout: str, statement_timeout: str) -> asyncpg.Connection:
    """
    Open a connection.

    The URL's options are PostgreSQL's, and asyncpg's ``statement_cache_size``: 0 behind PgBouncer.

    Raises:
        ConnectionTroubleError: The server cannot be reached, or lets nobody in.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    kept = int(options.pop("statement_cache_size", STATEMENTS_KEPT))
    try:
        return await asyncpg.connect(
            urlunsplit(parts._replace(query=urlencode(options))),
            timeout=PATIENCE_SECONDS,
            statement_cache_size=kept,
            server_settings={
                "application_name": "rollbook",
                "lock_timeout": lock_timeout,
                "statement_timeout": statement_timeout,
                "default_transaction_isolation": "read committed",
            },
        )
    except Exception as error:
        if hindrance := trouble(error, closed=True):
            raise hindrance from error
        raise


class Statements:
    """The statements that PostgreSQL has been asked to run so far, ready to run again."""

    def __init__(self) -> None:
        self._prepared: dict[Query[Any] | Command | Change, Prepared[Any]] = {}

    def of(self, query: Query[Row]) -> Prepared[Row]:
        """Give a query as PostgreSQL runs it."""
        prepared = self._prepared.get(query)
        if prepared is None:
            prepared = self._prepared[query] = prepare(query.statement, _DIALECT, row=query.row, lists_as_text=False)
        return prepared

    def of_command(self, command: Command) -> Prepared[Any]:
        """Give a command as PostgreSQL runs it."""
        prepared = self._prepared.get(command)
        if prepared is None:
            prepared = self._prepared[command] = prepare(command.statement, _DIALECT, lists_as_text=False)
        return prepared

    def of_change(self, change: Change) -> Prepared[Any]:
        """Give a change and the insert of its record as the one statement that PostgreSQL runs."""
        prepared = self._prepared.get(change)
        if prepared is None:
            prepared = self._prepared[change] = prepare(change_and_record(change), _DIALECT, lists_as_text=False)
        return prepared


class PostgresqlTransaction:
    """
    A transaction on one connection.

    It begins with the first lock or write: what only reads, or reads and settles, needs no BEGIN and no COMMIT.
    """

    __slots__ = ("_begun", "_connection", "_statements", "now", "recorded", "settling")

    def __init__(self, connection: asyncpg.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._begun = False
        self.now = clock.now()
        self.recorded: list[Recorded] = []
        self.settling = False

    def moment(self) -> int:
        """Give the time of this very moment in epoch microseconds."""
        return clock.microseconds()

    async def begin(self, characteristics: str = "") -> None:
        """Begin, unless it has begun."""
        if not self._begun:
            await self._connection.execute(f"BEGIN {characteristics}")
            self._begun = True

    async def commit(self) -> None:
        """Make durable what was done, unless nothing was begun."""
        if self._begun:
            self.settling = True
            await self._connection.execute("COMMIT")

    async def find(self, query: Query[Row], **values: Any) -> Row | None:
        """Give the first row, or None when there is none."""
        if query.writes:
            await self.begin()
        prepared = self._statements.of(query)
        rows = await self._connection.fetch(prepared.text, *prepared.arrange(values))
        return prepared.build(rows[0]) if rows else None

    async def one(self, query: Query[Row], **values: Any) -> Row:
        """Give the row of a query that always has one."""
        if query.writes:
            await self.begin()
        prepared = self._statements.of(query)
        (row,) = await self._connection.fetch(prepared.text, *prepared.arrange(values))
        return prepared.build(row)

    async def all(self, query: Query[Row], **values: Any) -> list[Row]:
        """Give every row."""
        if query.writes:
            await self.begin()
        prepared = self._statements.of(query)
        build = prepared.build
        return [build(row) for row in await self._connection.fetch(prepared.text, *prepared.arrange(values))]

    async def page(self, query: Query[Row], **values: Any) -> list[Row]:
        """Give every row of what may be a thousand."""
        return await self.all(query, **values)

    async def lock(self, query: Query[Row], **values: Any) -> None:
        """Lock the rows that a locking query meets until the end."""
        await self.begin()
        prepared = self._statements.of(query)
        await self._connection.fetch(prepared.text, *prepared.arrange(values))

    async def run(self, command: Command, **values: Any) -> int:
        """Change rows and give how many."""
        await self.begin()
        prepared = self._statements.of_command(command)
        status = await self._connection.execute(prepared.text, *prepared.arrange(values))
        return int(status.rpartition(" ")[2])

    async def change(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int | None:
        """Change a row and record it, and give its id; None, and nothing recorded, when the change meets no row."""
        await self.begin()
        return await self._change(change, values, record)

    async def settle(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int:
        """Change a row as the last thing that this transaction does, which is all of it where nothing has begun."""
        self.settling = not self._begun
        subject_id = await self._change(change, values, record)
        if subject_id is None:
            raise StartAgainError
        return subject_id

    async def _change(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int | None:
        prepared = self._statements.of_change(change)
        rows = await self._connection.fetch(prepared.text, *prepared.arrange({**values, **named_for_record(record)}))
        if not rows:
            return None
        subject_id: int = rows[0][0]
        self.recorded.append(Recorded(subject_id, record))
        return subject_id
