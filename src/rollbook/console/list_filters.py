"""What the filters of lists have in common: reading them, and telling which ones are on."""

import enum
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.console.given import Given, UnreadableError
from rollbook.console.list_address import Chip, ListAddress
from rollbook.console.times import zone_of
from rollbook.database.transaction import Database
from rollbook.organizations.queries.organization_lists import OrganizationCriteria, list_organizations
from rollbook.organizations.queries.organizations import get_organization

Member = TypeVar("Member", bound=enum.IntEnum)

LONGEST_WORDS: Final = 100
MOST_OFFERED: Final = 200
"""How many organizations, rooms and the like a filter offers."""


class Choice(Struct, frozen=True):
    """Something that a filter can be set to."""

    id: int
    name: str


class Filters:
    """
    Reads the filters of a list, one after the other.

    Attributes:
        values: The fields of the question that they ask, by their names.
        chips: Those that are on.
    """

    def __init__(self, given: Given, address: ListAddress, *, zone: str | None) -> None:
        """Begin to read; days are those of a zone by its IANA name, UTC where it is None."""
        self.values: dict[str, Any] = {}
        self.chips: list[Chip] = []
        self._given = given
        self._address = address
        self._zone = zone or "UTC"

    def text(self, name: str) -> str | None:
        """Give what somebody typed; None for nothing."""
        return self._given.text(name, longest=LONGEST_WORDS)

    def one_of(self, name: str, names: Mapping[str, str], *, usual: str) -> str:
        """Read one of a few choices; the usual one stands where none is given, and the chip of another leads back to it."""
        chosen = self._given.raw(name)
        return chosen if chosen in names else usual

    def members(self, name: str, field: str, words: Mapping[Member, str]) -> None:
        """Read a choice of several statuses or the like."""
        numbers = set(self._given.numbers(name))
        chosen = tuple(member for member in words if member.value in numbers)
        if chosen:
            self.values[field] = chosen
        self.chips += [Chip(words[member], self._address.without(name, str(member.value))) for member in chosen]

    def flag(self, name: str, text: str) -> bool:
        """Read a box."""
        is_ticked = self._given.is_ticked(name)
        if is_ticked:
            self.say(text, name)
        return is_ticked

    def number(self, name: str) -> int | None:
        """Read an id."""
        return self._given.number(name, least=1)

    def days(self, first: str, last: str | None = None, *, text: str) -> tuple[int | None, int | None]:
        """Read from which day until which, and give the first second of the one and the last second of the other."""
        begin, end = self._day(first), None if last is None else self._day(last)
        if begin is not None:
            self.say(f"{text} from {self._given.raw(first)}", first)
        if last is not None and end is not None:
            self.say(f"{text} until {self._given.raw(last)}", last)
        return (None if begin is None else self._start_of(begin), None if end is None else self._start_of(end + timedelta(days=1)) - 1)

    def say(self, text: str, name: str) -> None:
        """Tell that a filter is on."""
        self.chips.append(Chip(text, self._address.without(name)))

    def say_usual(self, text: str, name: str, otherwise: str) -> None:
        """Tell that a filter is on which stands where none is given, and is taken away by another value of it."""
        self.chips.append(Chip(text, self._address.with_value(name, otherwise)))

    def _day(self, name: str) -> date | None:
        text = self._given.text(name, longest=LONGEST_WORDS)
        if text is None:
            return None
        try:
            # The last day that has one after it in every zone.
            return min(max(date.fromisoformat(text), date(1900, 1, 1)), date(9999, 12, 30))
        except ValueError as error:
            raise UnreadableError(name, "a day such as 2026-11-24") from error

    def _start_of(self, day: date) -> int:
        return int(datetime.combine(day, time.min, tzinfo=zone_of(self._zone)).astimezone(UTC).timestamp())


async def list_organization_choices(database: Database, *, viewer: Viewer) -> Sequence[Choice]:
    """Give the organizations that a filter offers: none where there is only one."""
    rows = await database.search(list_organizations, viewer=viewer, criteria=OrganizationCriteria(), after_id=0, limit=MOST_OFFERED)
    return [Choice(row.id, row.name) for row in sorted(rows, key=lambda row: row.name)] if len(rows) > 1 else []


async def name_of_organization(database: Database, *, viewer: Viewer, organization_id: int) -> str:
    """
    Give an organization's name.

    Raises:
        OrganizationNotFoundError: The viewer has no such organization.
    """
    return (await database.read(get_organization, viewer=viewer, organization_id=organization_id)).name
