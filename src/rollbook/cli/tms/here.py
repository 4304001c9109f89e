"""Asking this server's own database by the commands of the TMS API, as another TMS is asked."""

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from rollbook.access.actor import Actor, system
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command
from rollbook.cli.tms.source import PAGE, Record
from rollbook.database.transaction import Database
from rollbook.errors import NotFoundError

COMMAND_NAME: Final = "import-tms"


class Here:
    """This server's own database, all of it."""

    def __init__(self, database: Database, commands: tuple[Command, ...]) -> None:
        self._database = database
        self._commands = {command.name: command for command in commands}

    async def ask(self, command: str, **parameters: Any) -> Record | None:
        """Call a command and give its answer; None where it does not find what it is about."""
        called = self._commands[command]
        call = Call(database=self._database, key_hash="", authenticate=_as_the_system)
        read = called.parser.parse([(name, str(value)) for name, value in parameters.items()], None)
        try:
            answer = await called.handler(call, read.parameters)
        except NotFoundError:
            return None
        decoded: Record = msgspec.json.decode(msgspec.json.encode(answer))
        return {name.lower(): value for name, value in decoded.items()}

    async def search(self, command: str, **parameters: Any) -> AsyncIterator[tuple[list[Record], int]]:
        """Give the pages of a search, each with the number of results on all of them."""
        page = 0
        while (answer := await self.ask(command, pageIndex=page, pageSize=PAGE, **parameters)) is not None:
            yield answer["results"], answer["totalcount"]
            page += 1
            if page >= answer["totalpages"]:
                return


async def _as_the_system(_database: Any, _key_hash: str) -> Actor:
    return system(COMMAND_NAME)
