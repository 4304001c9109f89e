"""Group commit: actions run one after the other, each whole or not at all, and become durable together."""

import asyncio
import enum
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rollbook import clock
from rollbook.database.sqlite_connection import DatabaseTroubleError, SqliteTransaction, Statements, trouble
from rollbook.database.sqlite_jobs import BatchLostError, Job, run_to_the_end
from rollbook.database.transaction import ClosedError, CrowdedError, StartAgainError

BUSY_PAUSE_SECONDS = 0.005
BUSY_LIMIT_SECONDS = 5.0
QUICK_COMMIT_SECONDS = 0.0005
COMMITS_REMEMBERED = 16

Work = Callable[[sqlite3.Connection], None]


class _State(enum.Enum):
    IDLE = enum.auto()
    OPEN = enum.auto()
    COMMITTING = enum.auto()
    HELD_UP = enum.auto()
    GIVEN_AWAY = enum.auto()


class Batches:
    """
    The only writer of a database file in this process.

    It is *idle*; or a batch is *open* and takes actions until the end of the event loop's turn; or the batch is *committing* and actions queue; or
    another process is writing, so that it is *held up* and actions queue; or the connection is *given away* to work of another kind, and they queue.
    """

    def __init__(self, connection: sqlite3.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._committer = ThreadPoolExecutor(1, "rollbook-commit")
        self._state = _State.IDLE
        self._batch: list[Job] = []
        self._queue: deque[Job] = deque()
        self._works: deque[tuple[Work, asyncio.Future[None]]] = deque()
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

    async def lend(self, work: Work) -> None:
        """
        Run work of another kind on the connection, outside of any transaction and on the committing thread; actions wait until it is done.

        Raises:
            ClosedError: Nothing more is taken.
            Exception: Whatever the work raises.
        """
        if self._closed:
            raise ClosedError
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._works.append((work, done))
        if self._state is _State.IDLE:
            self._go_on()
        await asyncio.shield(done)

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
        self._go_on()

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
        self._go_on()

    def _go_on(self) -> None:
        """Give the connection away where that is asked for, or else go on with the actions that came meanwhile."""
        if not self._works:
            self._run_queue()
            self._commit()
            return
        work, done = self._works.popleft()
        self._state = _State.GIVEN_AWAY
        self._idle.clear()
        loop = asyncio.get_running_loop()

        def carry_out() -> None:
            try:
                work(self._connection)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to who asked for the work
                loop.call_soon_threadsafe(self._take_back, done, _told(error))
            else:
                loop.call_soon_threadsafe(self._take_back, done, None)

        self._committer.submit(carry_out)

    def _take_back(self, done: asyncio.Future[None], error: BaseException | None) -> None:
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
        self._state = _State.IDLE
        self._go_on()


def _told(error: BaseException) -> BaseException:
    """Give the error that the asker is to see."""
    if isinstance(error, StartAgainError):  # Nobody else writes between this engine's reading and writing: again would be the same.
        return CrowdedError()
    if isinstance(error, sqlite3.Error):
        return trouble(error) or error
    return error
