"""Transactions on PostgreSQL, and statements as PostgreSQL runs them."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import asyncpg
import msgspec
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from rollbook import clock
from rollbook.database.postgresql_settling import Settler, run_change
from rollbook.database.query import Change, Command, Prepared, Query, change_and_record, named_for_record, prepare
from rollbook.database.transaction import Recorded, StartAgainError

Row = TypeVar("Row", bound=msgspec.Struct)

_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


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


STATEMENTS: Final = Statements()
"""Those of this process: compiling one takes longer than running it, and it is the same for every database."""


class PostgresqlTransaction:
    """
    A transaction on one connection.

    It begins with the first lock or write: what only reads, or reads and settles, needs no BEGIN and no COMMIT.
    """

    __slots__ = ("_begun", "_connection", "_settler", "_statements", "now", "recorded", "settling")

    def __init__(self, connection: asyncpg.Connection, statements: Statements, settler: Settler) -> None:
        self._connection = connection
        self._settler = settler
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
        subject_id = await self._change(change, values, record)
        if subject_id is not None:
            self.recorded.append(Recorded(subject_id, record))
        return subject_id

    async def settle(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int:
        """Change a row as the last thing that this transaction does, which is all of it where nothing has begun."""
        if self._begun:
            subject_id = await self._change(change, values, record)
        else:
            self.settling = True
            bound = {**values, **named_for_record(record)}
            subject_id = await self._settler.settle(self._statements.of_change(change), bound, alone=self._connection)
        if subject_id is None:
            raise StartAgainError
        self.recorded.append(Recorded(subject_id, record))
        return subject_id

    async def _change(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int | None:
        return await run_change(self._connection, self._statements.of_change(change), {**values, **named_for_record(record)})
