"""When which key was used last: remembered here, and written now and then."""

import asyncio

from structlog.typing import FilteringBoundLogger

from rollbook import clock
from rollbook.database.transaction import Database
from rollbook.errors import UnavailableError
from rollbook.organizations.actions.keys import note_key_uses

SECONDS_BETWEEN_NOTES = 60.0


class KeyUses:
    """The keys that were used since they were last written down, each with the moment of its last use."""

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}

    def remember(self, key_hash: str) -> None:
        """Remember that a key, one that is known to be valid, is used now."""
        self._uses[key_hash] = clock.now()

    async def note(self, database: Database) -> None:
        """
        Write down what is remembered.

        Raises:
            UnavailableError: The database cannot take it now; it stays remembered.
        """
        uses = dict(self._uses)
        if uses:
            await database.write(note_key_uses, uses=uses)
            self._uses = {key_hash: at for key_hash, at in self._uses.items() if uses.get(key_hash) != at}

    def remembers(self, key_hash: str) -> bool:
        """Tell whether a key was used since it was last written down."""
        return key_hash in self._uses

    async def note_regularly(self, database: Database, log: FilteringBoundLogger, *, seconds: float = SECONDS_BETWEEN_NOTES) -> None:
        """Write down what is remembered about once a minute, for ever."""
        while True:
            await asyncio.sleep(seconds)
            await self.note_or_tell(database, log)

    async def note_or_tell(self, database: Database, log: FilteringBoundLogger) -> None:
        """Write down what is remembered, or tell the log why not."""
        try:
            await self.note(database)
        except UnavailableError as error:
            log.warning("uses of keys not noted", error=str(error))
