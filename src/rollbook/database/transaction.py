"""The contract that both engines keep: what an action may ask of its transaction, and a doorway of the database."""

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

import msgspec

from rollbook.database.query import Change, Command, Query
from rollbook.errors import UnavailableError

Row = TypeVar("Row", bound=msgspec.Struct)
Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")

RESTARTS = 3
"""How often a transaction starts again before its caller is told to try later."""


class StartAgainError(Exception):
    """What a transaction read has changed meanwhile: it is rolled back and its action runs again from the start."""


class CrowdedError(UnavailableError):
    """Others changed the same rows at the same time, again and again."""

    def __init__(self) -> None:
        super().__init__("others are changing the same records at this moment; nothing was changed, send the call again")


class ClosedError(UnavailableError):
    """The server is stopping."""

    def __init__(self) -> None:
        super().__init__("the server is stopping; send the call again when it is back")


class Recorded(msgspec.Struct, frozen=True):
    """A change as its transaction recorded it."""

    subject_id: int
    record: Mapping[str, Any]


class Rehearsal(msgspec.Struct, frozen=True):
    """What an action would have answered and changed."""

    result: Any
    recorded: list[Recorded]


class Transaction(Protocol):
    """
    What an action sees of the database.

    Attributes:
        now: The transaction's time in epoch seconds.
        recorded: The changes recorded so far.
    """

    now: int
    recorded: list[Recorded]

    def moment(self) -> int:
        """Give the time of this very moment in epoch microseconds: for the order of those who wait (rule W1)."""

    async def find(self, query: Query[Row], **values: Any) -> Row | None:
        """Give the first row, or None when there is none."""

    async def one(self, query: Query[Row], **values: Any) -> Row:
        """Give the row of a query that always has one, such as a count."""

    async def all(self, query: Query[Row], **values: Any) -> list[Row]:
        """Give every row."""

    async def page(self, query: Query[Row], **values: Any) -> list[Row]:
        """Give every row of what may be a thousand, at the least cost to others; a row has texts and numbers alone."""

    async def lock(self, query: Query[Row], **values: Any) -> None:
        """Lock the rows that a locking query meets until the end; facts are gathered by later statements."""

    async def run(self, command: Command, **values: Any) -> int:
        """Change rows and give how many."""

    async def change(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int | None:
        """Change a row and record it, and give its id; None, and nothing recorded, when the change meets no row."""

    async def settle(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int:
        """
        Change a row as the last thing that this transaction does; it starts again where the change meets no row.

        Where nothing was locked or written before, this one statement is the whole transaction: its guard (the version it read)
        must hold everything that was decided.
        """


Action = Callable[Concatenate[Transaction, Arguments], Awaitable[Result]]


class Database(Protocol):
    """One of the two engines, open."""

    async def write(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """
        Run an action in a transaction of its own and return when what it did is durable.

        An exception of the action undoes what that action did, whole, and nothing else. The action may run more than once until it
        stands, where others hinder it; what it did before is undone then.

        Raises:
            UnavailableError: The database cannot take it now.
        """

    async def rehearse(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Rehearsal:
        """Run an action like ``write``, give what it answered and recorded, and keep nothing of it."""

    async def read(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading: a few rows found by their keys. Where several statements must agree, it is a snapshot."""

    async def snapshot(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a short reading of several statements, all of it on one state of the database."""

    async def search(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a long reading, all of it on one state of the database, without holding up anybody else."""

    async def forget(self, *, unfinished_only: bool = False) -> bool:
        """
        Overwrite what was deleted before, wherever this program's own files still hold it, and tell whether that is done.

        Where others hinder it, it is done in the background as soon as it can be. ``unfinished_only`` goes on with what a process before this
        one could not finish. PostgreSQL sees to its files by itself.
        """

    async def check(self) -> None:
        """
        Return when the database answers.

        Raises:
            UnavailableError: It does not.
        """

    async def revision(self) -> str | None:
        """
        Give the migration that the schema stands at; None where there is no schema yet.

        Raises:
            UnavailableError: The database does not answer.
        """

    async def close(self) -> None:
        """Finish what is in flight and close every connection."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
