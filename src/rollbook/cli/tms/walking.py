"""Walking through another TMS: whatever a search finds, and whatever that refers to, until nothing new comes up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, Final, Protocol, TypeVar

from msgspec import Struct

from rollbook.cli.tms.kinds import KINDS, Kind, lowered
from rollbook.cli.tms.source import Record
from rollbook.cli.tms.spool import Spool

Result = TypeVar("Result")

AT_ONCE: Final = 200
"""How many records are under way at a time; the source bounds how many calls are."""


class Tms(Protocol):
    """A TMS that can be asked."""

    async def ask(self, command: str, **parameters: Any) -> Record | None:
        """Call a command and give its answer; None where it does not find what it is about."""

    def search(self, command: str, **parameters: Any) -> AsyncIterator[tuple[list[Record], int]]:
        """Give the pages of a search, each with the number of results on all of them."""


class Progress(Struct):
    """How far the walk has come with a kind: how many records are known of, and how many have been asked for."""

    known: int = 0
    asked: int = 0


class Walk:
    """
    A walk through another TMS.

    Attributes:
        progress: How far it has come, by the names of the kinds.
        totals: How many records the searches told there are, by the names of the kinds.
    """

    def __init__(self, source: Tms, spool: Spool, *, on_progress: Callable[[str, int, int], None]) -> None:
        self.progress = {name: Progress() for name in KINDS}
        self.totals: dict[str, int] = {}
        self._source = source
        self._spool = spool
        self._on_progress = on_progress
        self._known: dict[str, set[int]] = {name: set() for name in KINDS}

    async def run(self) -> None:
        """
        Ask for everything, and keep it in the spool; what is in there is not asked for again.

        Raises:
            RollbookError: The other system refuses, or does not answer.
        """
        for kind in KINDS.values():
            if kind.search:
                await self._find(kind, kind.search)
        referred = {reference for kind in KINDS.values() for record in self._spool.all(kind.name) for reference in kind.referred(record)}
        while referred:
            referred = await self._get_all((KINDS[name], record_id, {}) for name, record_id in sorted(referred))

    async def _find(self, kind: Kind, command: str) -> None:
        sorting = {"sort": kind.sort} if kind.sort else {}
        async for results, total in self._source.search(command, **sorting):
            self.totals[kind.name] = total
            found = [lowered(result) for result in results]
            await self._get_all((kind, int(result["id"]), result) for result in found)

    async def _get_all(self, wanted: Iterable[tuple[Kind, int, Record]]) -> set[tuple[str, int]]:
        """Ask for records, and give what they refer to and is not known yet."""
        new = [(kind, record_id, found) for kind, record_id, found in wanted if self._is_new(kind.name, record_id)]
        referred: set[tuple[str, int]] = set()
        for begin in range(0, len(new), AT_ONCE):
            for found in await all_of(self._get(*each) for each in new[begin : begin + AT_ONCE]):
                referred |= found
            for name, progress in self.progress.items():
                if progress.known:
                    self._on_progress(name, progress.asked, progress.known)
        return {(name, record_id) for name, record_id in referred if record_id not in self._known[name]}

    def _is_new(self, name: str, record_id: int) -> bool:
        if record_id not in self._known[name]:
            self._known[name].add(record_id)
            self.progress[name].known += 1
            if not self._spool.has(name, record_id):
                return True
            self.progress[name].asked += 1
        return False

    async def _get(self, kind: Kind, record_id: int, found: Record) -> set[tuple[str, int]]:
        record = await fetch(self._source, kind, record_id, found)
        self._spool.add(kind.name, record_id, record)
        self.progress[kind.name].asked += 1
        return set(kind.referred(record)) if record else set()


async def fetch(tms: Tms, kind: Kind, record_id: int, found: Record) -> Record | None:
    """Give everything that a TMS tells of a record, in its search and by itself; None where it has none."""
    if kind.get is None or kind.is_whole(found):
        return found or None
    answer = await tms.ask(kind.get, id=record_id)
    payload = answer and answer.get(kind.payload)
    got = payload[0] if isinstance(payload, list) and payload else payload
    return {**found, **lowered(got)} if got else found or None


async def all_of(works: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Do several works at once and give what they give; the first that fails ends the others, and its error is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as group_of_errors:
        raise group_of_errors.exceptions[0] from None
    return [task.result() for task in tasks]
