"""Group commit: actions run one after the other, each whole or not at all, and become durable together."""

import asyncio
import enum
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from rollbook import clock
from rollbook.database.sqlite_connection import DatabaseTroubleError, SqliteTransaction, Statements, trouble
from rollbook.database.transaction import ClosedError, CrowdedError, Recorded, StartAgainError
from rollbook.errors import UnavailableError

BUSY_PAUSE_SECONDS = 0.005
BUSY_LIMIT_SECONDS = 5.0
QUICK_COMMIT_SECONDS = 0.0005
COMMITS_REMEMBERED = 16


class BatchLostError(UnavailableError):
    """The transaction that a change shared with others was undone by the database."""

    def __init__(self) -> None:
        super().__init__("the database undid the change because another one at the same moment met trouble; send the call again")


class ActionWaitedError(RuntimeError):
    """An action waited for something other than its transaction: a mistake in the program."""

    def __init__(self) -> None:
        super().__init__("an action may wait for nothing but its transaction; do the waiting before the write")


def run_to_the_end(waiting: Awaitable[Any]) -> Any:
    """
    Drive a coroutine that never really waits, and give what it returns.

    Raises:
        ActionWaitedError: It waited.
    """
    coroutine = cast("Coroutine[Any, Any, Any]", waiting)
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise ActionWaitedError


class Job:
    """
    An action on its way into a batch.

    Attributes:
        outcome: What the action gave or raised, known once the batch is durable.
        recorded: The changes that the action recorded.
        is_settled: What the action gave or raised stands, though its batch does not yet.
    """

    __slots__ = ("action", "arrived", "error", "is_settled", "keep", "outcome", "recorded", "result")

    def __init__(self, action: Callable[[SqliteTransaction], Awaitable[Any]], loop: asyncio.AbstractEventLoop, *, keep: bool) -> None:
        self.action = action
        self.keep = keep
        self.outcome: asyncio.Future[Any] = loop.create_future()
        self.arrived = clock.stopwatch()
        self.result: Any = None
        self.error: BaseException | None = None
        self.recorded: list[Recorded] = []
        self.is_settled = False

    def forget(self) -> None:
        """Forget what the action gave or raised, as it runs again."""
        if not self.is_settled:
            self.result = self.error = None
            self.recorded = []

    def answer(self) -> None:
        """Hand over what the action gave or raised, unless nobody waits for it any more."""
        if self.outcome.done():
            return
        if self.error is None:
            self.outcome.set_result(self.result)
        else:
            self.outcome.set_exception(self.error)

    def fail(self, error: BaseException) -> None:
        """Hand over an error instead of what the action gave."""
        self.error = error
        self.answer()


class _State(enum.Enum):
    IDLE = enum.auto()
    OPEN = enum.auto()
    COMMITTING = enum.auto()
    HELD_UP = enum.auto()


class Batches:
    """
    The only writer of a database file in this process.

    It is *idle*; or a batch is *open* and takes actions until the end of the event loop's turn; or the batch is *committing* and actions queue; or
    another process is writing, so that it is *held up* and actions queue.
    """

    def __init__(self, connection: sqlite3.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._committer = ThreadPoolExecutor(1, "rollbook-commit")
        self._state = _State.IDLE
        self._batch: list[Job] = []
        self._queue: deque[Job] = deque()
        self._closed = False
        self._changes_before = 0
        self._commit_seconds = QUICK_COMMIT_SECONDS
        self._idle = asyncio.Event()
        self._idle.set()

    def take(self, job: Job) -> None:
        """Run an action now or as soon as the batch before it is durable; its outcome follows when its own batch is."""
        if self._closed:
            job.fail(ClosedError())
            return
        self._queue.append(job)
        if self._state is _State.OPEN:
            self._run_queue()
        elif self._state is _State.IDLE:
            self._run_queue()
            asyncio.get_running_loop().call_soon(self._commit)

    async def close(self) -> None:
        """Take nothing more, finish what was taken, and close the connection."""
        self._closed = True
        await self._idle.wait()
        self._committer.shutdown()
        self._connection.close()

    def _run_queue(self) -> None:
        self._idle.clear()
        while self._queue and (self._state is _State.OPEN or self._begin()):
            self._run(self._queue.popleft())

    def _begin(self) -> bool:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            hindrance = trouble(error) or error
            if isinstance(hindrance, DatabaseTroubleError) and hindrance.code == sqlite3.SQLITE_BUSY:
                self._state = _State.HELD_UP
                asyncio.get_running_loop().call_later(BUSY_PAUSE_SECONDS, self._try_again, hindrance)
            else:
                self._fail_queue(hindrance)
            return False
        self._state = _State.OPEN
        self._changes_before = self._connection.total_changes
        return True

    def _try_again(self, hindrance: DatabaseTroubleError) -> None:
        """Begin once more after somebody else's transaction; who has waited too long is told so."""
        self._state = _State.IDLE
        latest = clock.stopwatch() - BUSY_LIMIT_SECONDS
        while self._queue and self._queue[0].arrived < latest:
            self._queue.popleft().fail(hindrance)
        self._run_queue()
        self._commit()

    def _fail_queue(self, error: Exception) -> None:
        while self._queue:
            self._queue.popleft().fail(error)

    def _run(self, job: Job) -> None:
        """
        Run an action, so that what it raises undoes nothing but what it did.

        Nearly every action that raises has written nothing yet, as the rules speak before it writes: there is nothing to undo, and no savepoint had to
        be made. For the rare other one, the others in the batch run again without it.
        """
        if job.is_settled:
            self._batch.append(job)
            return
        changes_before = self._connection.total_changes
        try:
            if job.keep:
                self._act(job)
            else:
                self._rehearse(job)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is handed to who asked for the action
            job.error = _told(error)
        if not self._connection.in_transaction:
            self._abandon(job.error or BatchLostError())
            job.fail(job.error or BatchLostError())
        elif job.error and self._connection.total_changes != changes_before:
            self._run_again_without(job)
        else:
            self._batch.append(job)

    def _rehearse(self, job: Job) -> None:
        self._connection.execute("SAVEPOINT rehearsal")
        try:
            self._act(job)
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO rehearsal")
                self._connection.execute("RELEASE rehearsal")

    def _run_again_without(self, job: Job) -> None:
        """Undo the batch, and queue its actions again before all others; this one's outcome stands, and waits for theirs."""
        job.is_settled = True
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._abandon(_told(error))
            job.answer()
            return
        batch, self._batch = self._batch, []
        self._state = _State.IDLE
        for other in batch:
            other.forget()
        self._queue.extendleft(reversed([*batch, job]))

    def _act(self, job: Job) -> None:
        transaction = SqliteTransaction(self._connection, self._statements)
        try:
            job.result = run_to_the_end(job.action(transaction))
            job.recorded = transaction.recorded
        finally:
            transaction.end()

    def _abandon(self, error: BaseException) -> None:
        """Fail every action of the batch, since SQLite has undone it or can undo it only whole."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        batch, self._batch = self._batch, []
        self._state = _State.IDLE
        for job in batch:
            failure = DatabaseTroubleError(error.code) if isinstance(error, DatabaseTroubleError) else BatchLostError()
            failure.__cause__ = error
            job.fail(failure)

    def _commit(self) -> None:
        """
        Make the open batch durable.

        One that changed nothing needs no disk, so no thread. Neither does a lone action on a disk that has been quick: to hand it
        over and back would take as long as the commit.
        """
        if self._state is _State.OPEN:
            self._state = _State.COMMITTING
            changes_nothing = self._connection.total_changes == self._changes_before
            if changes_nothing or (len(self._batch) == 1 and self._commit_seconds < QUICK_COMMIT_SECONDS):
                self._finish(self._try_commit())
            else:
                loop = asyncio.get_running_loop()
                self._committer.submit(lambda: loop.call_soon_threadsafe(self._finish, self._try_commit()))
        elif self._state is _State.IDLE:
            self._idle.set()

    def _try_commit(self) -> sqlite3.Error | None:
        started = clock.stopwatch()
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            return error
        self._commit_seconds += (clock.stopwatch() - started - self._commit_seconds) / COMMITS_REMEMBERED
        return None

    def _finish(self, error: sqlite3.Error | None) -> None:
        """Tell everybody in the batch what became of it, and go on with those who came meanwhile."""
        if error is None:
            batch, self._batch = self._batch, []
            self._state = _State.IDLE
            for job in batch:
                job.answer()
        else:
            self._abandon(_told(error))
        self._run_queue()
        self._commit()


def _told(error: BaseException) -> BaseException:
    """Give the error that the asker is to see."""
    if isinstance(error, StartAgainError):  # Nobody else writes between this engine's reading and writing: again would be the same.
        return CrowdedError()
    if isinstance(error, sqlite3.Error):
        return trouble(error) or error
    return error
