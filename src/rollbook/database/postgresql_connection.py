"""Connections to PostgreSQL, and what its errors mean."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from rollbook.database.transaction import StartAgainError
from rollbook.errors import UnavailableError

PATIENCE_SECONDS = 5.0
"""How long opening a connection, or getting one out of a transaction, may take."""

STATEMENTS_KEPT = 512

START_AGAIN = (
    StartAgainError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.FeatureNotSupportedError,
)
"""
What makes a transaction start again.

A unique value that another transaction took in the same moment is seen by the second try, which refuses with the fact, and so is a row
that another deleted and that this one refers to; class 0A000 is a cached plan that a migration has outdated.
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
