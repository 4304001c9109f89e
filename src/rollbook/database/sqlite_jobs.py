"""Actions on their way into a batch, and what can become of them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from rollbook import clock
from rollbook.database.sqlite_connection import SqliteTransaction
from rollbook.database.transaction import Recorded
from rollbook.errors import UnavailableError


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
