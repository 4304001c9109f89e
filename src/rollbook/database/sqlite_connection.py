"""Connections to an SQLite file, statements as SQLite runs them, and what SQLite's errors mean."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Insert
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect

from rollbook import clock
from rollbook.database.query import Change, Command, Prepared, Query, Statement, prepare, recording
from rollbook.database.transaction import Recorded, StartAgainError
from rollbook.errors import UnavailableError

Row = TypeVar("Row", bound=msgspec.Struct)

SYNCHRONOUS = "FULL"
STATEMENTS_KEPT = 512
WRITER_CACHE_KIBIBYTES = 65_536
READER_CACHE_KIBIBYTES = 2048
CHECKPOINT_PAGES = 16_000
OPENING_SECONDS = 5.0
OPENING_PAUSE_SECONDS = 0.01


class _Compiler(SQLiteCompiler):
    """Writes LIMIT alone where there is no OFFSET: SQLAlchemy adds one, with a value that nobody binds."""

    def limit_clause(self, select: Any, **options: Any) -> str:
        if select._offset_clause is None:  # noqa: SLF001 - what the method that this one replaces looks at
            return f"\n LIMIT {self.process(select._limit_clause, **options)}"  # noqa: SLF001 - likewise
        text: str = super().limit_clause(select, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        return text


class _Dialect(SQLiteDialect):
    statement_compiler = _Compiler
    supports_statement_cache = True


_DIALECT = _Dialect(paramstyle="qmark")

_TROUBLES = {
    sqlite3.SQLITE_BUSY: "another process is writing to the database; send the call again",
    sqlite3.SQLITE_LOCKED: "another process is writing to the database; send the call again",
    sqlite3.SQLITE_FULL: "the disk that holds the database is full; make room on it, then send the call again",
    sqlite3.SQLITE_IOERR: "the disk that holds the database cannot be read or written; nothing was changed",
    sqlite3.SQLITE_NOMEM: "the server has no memory left for the database; nothing was changed",
    sqlite3.SQLITE_INTERRUPT: "the database was interrupted; nothing was changed, send the call again",
    sqlite3.SQLITE_READONLY: "the database file is read-only; give the server the right to write it",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened; see that its folder exists and may be written",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "the database file is not a Rollbook database; give the path of one, or restore it from a backup",
}


class DatabaseTroubleError(UnavailableError):
    """
    The database file, its disk or its memory is in trouble.

    Attributes:
        code: SQLite's primary result code.
    """

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(_TROUBLES[code])


def trouble(error: sqlite3.Error) -> DatabaseTroubleError | None:
    """Tell what trouble an error of SQLite stands for; None where it stands for a mistake in a statement."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return DatabaseTroubleError(code) if code in _TROUBLES else None


@contextmanager
def troubles_told() -> Iterator[None]:
    """
    Raise SQLite's troubles as the program's own; mistakes in a statement stay what they are.

    Raises:
        DatabaseTroubleError: The database is in trouble.
    """
    try:
        yield
    except sqlite3.Error as error:
        if hindrance := trouble(error):
            raise hindrance from error
        raise


def connect(path: Path, *, writes: bool) -> sqlite3.Connection:
    """
    Open a connection to a database file, for one who writes or for one who only reads.

    It waits a while for a process that has the file to itself, such as one that creates the schema; the open connection never waits.

    Raises:
        DatabaseTroubleError: The file cannot be opened, is damaged, or is no database.
    """
    deadline = clock.stopwatch() + OPENING_SECONDS
    with troubles_told():
        while True:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS_KEPT, timeout=0)
            try:
                _set_up(connection, writes=writes)
            except BaseException as error:
                connection.close()
                # SQLite's own waiting leaves out the moments at which a file is turned to WAL.
                if not _is_busy(error) or clock.stopwatch() > deadline:
                    raise
                sleep(OPENING_PAUSE_SECONDS)
            else:
                return connection


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _set_up(connection: sqlite3.Connection, *, writes: bool) -> None:
    cache = WRITER_CACHE_KIBIBYTES if writes else READER_CACHE_KIBIBYTES
    connection.execute(f"PRAGMA cache_size = -{cache}")
    connection.execute("PRAGMA mmap_size = 0")
    connection.execute("PRAGMA foreign_keys = ON")
    if writes:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}").fetchall()
        # What is deleted or replaced is overwritten: a person who is erased must not be found in the file.
        connection.execute("PRAGMA secure_delete = ON").fetchall()
    else:
        connection.execute("PRAGMA query_only = ON")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()


class PreparedChange:
    """
    A change as SQLite runs it.

    Attributes:
        changing: The change itself.
        recording: The insert of its record.
        is_numbered: The change inserts a row that SQLite numbers; it tells the number without RETURNING, which costs a fifth of an insert.
    """

    __slots__ = ("changing", "is_numbered", "recording")

    def __init__(self, change: Change) -> None:
        self.is_numbered = isinstance(change.statement, Insert) and change.identity is change.identity.table.autoincrement_column
        self.changing: Prepared[Any] = _prepared(change.statement if self.is_numbered else change.statement.returning(change.identity))
        self.recording: Prepared[Any] = _prepared(recording(change))


class Statements:
    """The statements that SQLite has been asked to run so far, ready to run again."""

    def __init__(self) -> None:
        self._prepared: dict[Query[Any] | Command, Prepared[Any]] = {}
        self._pages: dict[Query[Any], Prepared[Any]] = {}
        self._changes: dict[Change, PreparedChange] = {}

    def of(self, query: Query[Row]) -> Prepared[Row]:
        """Give a query as SQLite runs it."""
        prepared = self._prepared.get(query)
        if prepared is None:
            prepared = self._prepared[query] = _prepared(query.statement, query.row)
        return prepared

    def of_page(self, query: Query[Row]) -> Prepared[Row]:
        """Give a query as SQLite runs it when its rows are to come as one JSON array of arrays."""
        prepared = self._pages.get(query)
        if prepared is None:
            rows = self.of(query)
            columns = ", ".join(f'"{name}"' for name in query.row.__struct_fields__)
            text = f"SELECT json_group_array(json_array({columns})) FROM ({rows.text})"
            prepared = self._pages[query] = Prepared(text, rows.arrange, rows.build)
        return prepared

    def of_command(self, command: Command) -> Prepared[Any]:
        """Give a command as SQLite runs it."""
        prepared = self._prepared.get(command)
        if prepared is None:
            prepared = self._prepared[command] = _prepared(command.statement)
        return prepared

    def of_change(self, change: Change) -> PreparedChange:
        """Give a change as SQLite runs it."""
        prepared = self._changes.get(change)
        if prepared is None:
            prepared = self._changes[change] = PreparedChange(change)
        return prepared


STATEMENTS: Final = Statements()
"""Those of this process: compiling one takes longer than running it, and it is the same for every database."""


def _prepared(statement: Statement, row: type[Row] | None = None) -> Prepared[Row]:
    return prepare(statement, _DIALECT, row=row, lists_as_text=True)


_decode_rows = msgspec.json.Decoder(list[list[Any]]).decode
_ENDED = sqlite3.connect(":memory:")
_ENDED.close()


class SqliteTransaction:
    """A transaction on one connection; none of its methods ever waits."""

    __slots__ = ("_connection", "_statements", "now", "recorded")

    def __init__(self, connection: sqlite3.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self.now = clock.now()
        self.recorded: list[Recorded] = []

    def end(self) -> None:
        """Let nothing more be done here: the connection goes on with the actions of others."""
        self._connection = _ENDED

    def moment(self) -> int:
        """Give the time of this very moment in epoch microseconds."""
        return clock.microseconds()

    async def find(self, query: Query[Row], **values: Any) -> Row | None:
        """Give the first row, or None when there is none."""
        prepared = self._statements.of(query)
        rows = self._connection.execute(prepared.text, prepared.arrange(values)).fetchall()
        return prepared.build(rows[0]) if rows else None

    async def one(self, query: Query[Row], **values: Any) -> Row:
        """Give the row of a query that always has one."""
        prepared = self._statements.of(query)
        (row,) = self._connection.execute(prepared.text, prepared.arrange(values)).fetchall()
        return prepared.build(row)

    async def all(self, query: Query[Row], **values: Any) -> list[Row]:
        """Give every row."""
        prepared = self._statements.of(query)
        build = prepared.build
        return [build(row) for row in self._connection.execute(prepared.text, prepared.arrange(values)).fetchall()]

    async def page(self, query: Query[Row], **values: Any) -> list[Row]:
        """
        Give every row of what may be a thousand.

        They come as one JSON text: SQLite makes it with the interpreter free for others, where it would take the interpreter back for each row.
        """
        prepared = self._statements.of_page(query)
        ((rows,),) = self._connection.execute(prepared.text, prepared.arrange(values)).fetchall()
        build = prepared.build
        return [build(row) for row in _decode_rows(rows)]

    async def lock(self, query: Query[Row], **values: Any) -> None:
        """Do nothing: whoever writes here is alone."""

    async def run(self, command: Command, **values: Any) -> int:
        """Change rows and give how many."""
        prepared = self._statements.of_command(command)
        return self._connection.execute(prepared.text, prepared.arrange(values)).rowcount

    async def change(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int | None:
        """Change a row and record it, and give its id; None, and nothing recorded, when the change meets no row."""
        prepared = self._statements.of_change(change)
        changed = self._connection.execute(prepared.changing.text, prepared.changing.arrange(values))
        if prepared.is_numbered:
            subject_id = changed.lastrowid if changed.rowcount else None
        else:
            subject_id = next((row[0] for row in changed.fetchall()), None)
        if subject_id is None:
            return None
        self._connection.execute(prepared.recording.text, prepared.recording.arrange({**record, "subject_id": subject_id}))
        self.recorded.append(Recorded(subject_id, record))
        return subject_id

    async def settle(self, change: Change, values: Mapping[str, Any], record: Mapping[str, Any]) -> int:
        """Change a row as the last thing that this transaction does."""
        subject_id = await self.change(change, values, record)
        if subject_id is None:
            raise StartAgainError
        return subject_id
