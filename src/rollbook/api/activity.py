"""What is requested for users: remembered here, and written now and then."""

import asyncio
from collections import deque
from typing import Final
from urllib.parse import urlsplit

from structlog.typing import FilteringBoundLogger

from rollbook import clock
from rollbook.database.transaction import Database
from rollbook.errors import UnavailableError
from rollbook.people.actions.activity import Act, note_activity

SECONDS_BETWEEN_NOTES: Final = 15.0
MOST_REMEMBERED: Final = 20_000
"""How many requests are remembered; while the database takes nothing, the oldest give way."""

WRITTEN_TOGETHER: Final = 200
LONGEST: Final = 512
LONGEST_METHOD: Final = 16


class UserActivity:
    """The requests that were made for users since they were last written down."""

    def __init__(self) -> None:
        self._acts: deque[Act] = deque(maxlen=MOST_REMEMBERED)
        self._lost = 0

    def __len__(self) -> int:
        """Tell how many requests are remembered."""
        return len(self._acts)

    def remember(self, *, user_id: int, method: str, target: str, referrer: str | None, user_agent: str | None) -> None:
        """
        Remember that something is requested for a user now.

        Neither the query of what is requested nor that of the referrer is kept: they may hold anything.
        """
        self._lost += len(self._acts) == MOST_REMEMBERED
        act = Act(
            user_id=user_id,
            at=clock.now(),
            method=_plain(method)[:LONGEST_METHOD],
            path=_plain(target.partition("?")[0].partition("#")[0])[:LONGEST],
            referrer=_without_query(referrer),
            user_agent=_plain(user_agent)[:LONGEST] if user_agent else None,
        )
        self._acts.append(act)

    async def note(self, database: Database) -> None:
        """
        Write down what is remembered.

        Raises:
            UnavailableError: The database cannot take it now; what is not written stays remembered.
        """
        while self._acts:
            acts = [self._acts.popleft() for _ in range(min(WRITTEN_TOGETHER, len(self._acts)))]
            try:
                await database.write(note_activity, acts=acts)
            except BaseException:
                self._put_back(acts)
                raise

    def _put_back(self, acts: list[Act]) -> None:
        """Remember again what could not be written, as far as there is room beside what came since."""
        room = min(MOST_REMEMBERED - len(self._acts), len(acts))
        self._lost += len(acts) - room
        self._acts.extendleft(reversed(acts[len(acts) - room :]))

    async def note_regularly(self, database: Database, log: FilteringBoundLogger, *, seconds: float = SECONDS_BETWEEN_NOTES) -> None:
        """Write down what is remembered every now and then, for ever."""
        while True:
            await asyncio.sleep(seconds)
            await self.note_or_tell(database, log)

    async def note_or_tell(self, database: Database, log: FilteringBoundLogger) -> None:
        """Write down what is remembered, or tell the log why not."""
        if self._lost:
            log.warning("requests made for users not noted", lost=self._lost)
            self._lost = 0
        try:
            await self.note(database)
        except UnavailableError as error:
            log.warning("requests made for users not noted yet", error=str(error))


def _without_query(referrer: str | None) -> str | None:
    """Give where a referrer points to: no query, no fragment, and no password."""
    if not referrer:
        return None
    try:
        parts = urlsplit(_plain(referrer))
    except ValueError:
        return None
    kept = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    return kept.geturl()[:LONGEST] or None


def _plain(text: str) -> str:
    """Take out of a text what cannot be stored or should not be shown."""
    return "".join(character for character in text if character.isprintable())
