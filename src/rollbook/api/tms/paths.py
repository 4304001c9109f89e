"""Which command a path leads to."""

from collections.abc import Iterable
from typing import NamedTuple

from rollbook.api.tms.command import Command
from rollbook.api.tms.given import Unreadable, decode_text
from rollbook.api.tms.parsing import InvalidDeclarationError

PREFIX = b"/api/2.0"


class Place(NamedTuple):
    """
    Where a path leads.

    Attributes:
        command: The command.
        path_id: The last part of the path behind it, where there is one; Unreadable when it cannot be decoded.
        plain: The parser of plain requests can take the path_id.
    """

    command: Command
    path_id: str | None = None
    plain: bool = True


class Places:
    """The paths ``/api/2.0/<Command>`` and ``/api/2.0/<Command>/<id>``, with or without a slash at the end, in any case."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._by_path: dict[bytes, Place] = {}
        self._by_name: dict[str, Command] = {}
        for command in commands:
            if command.name.lower() in self._by_name:
                raise InvalidDeclarationError(f"the command {command.name} is declared twice")
            self._by_name[command.name.lower()] = command
            self._by_path[PREFIX + b"/" + command.name.encode()] = Place(command)

    def find(self, raw_path: bytes) -> Place | None:
        """Give the place that a path as it came leads to; None when it is no command."""
        place = self._by_path.get(raw_path)
        if place is not None:
            return place
        head, _, tail = raw_path.rpartition(b"/")
        place = self._by_path.get(head)
        if place is not None and place.command.parser.in_path is not None and tail.isalnum() and tail.isascii():
            return Place(place.command, tail.decode())
        return self._search(raw_path)

    def _search(self, raw_path: bytes) -> Place | None:
        parts = [decode_text(part, form=False) for part in raw_path.partition(b"?")[0].split(b"/") if part]
        if not 3 <= len(parts) <= 4 or parts[:2] != ["api", "2.0"]:
            return None
        command = self._by_name.get(parts[2].lower())
        if command is None or len(parts) == 3:
            return None if command is None else Place(command)
        if command.parser.in_path is None:
            return None
        return Place(command, parts[3], plain=not isinstance(parts[3], Unreadable))
