"""Stored values as the texts that an import reads."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from rollbook.api.tms.choices import Choice
from rollbook.classes.schedule import Meeting
from rollbook.cli.exchanged_nouns import ID, ORGANIZATION_ID, REFERRED, Column, Noun, by_external_id
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.external_ids import list_external_ids
from rollbook.errors import ConflictError

CLEARED = "null"
NEVER_STORED = {"password"}
# Tags have no external ids.
KNOWN_HERE_ALONE = {"tag_ids"}


class NotPortableError(ConflictError):
    """Something has no external id, by which another server could know it."""

    def __init__(self, noun: str, object_id: int) -> None:
        self.noun = noun
        self.object_id = object_id
        super().__init__(f"{noun}: {object_id} has no external id, by which another server could know it; give it one, or export with ids")


class ExternalIds:
    """The external ids of what rows refer to, read a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, dict[int, str | None]] = {}

    async def learn(self, noun: str, ids: Iterable[int]) -> None:
        """Read those that are not known yet."""
        known = self._known.setdefault(noun, {})
        missing = set(ids) - known.keys()
        if missing:
            known |= await self._database.search(list_external_ids, noun=noun, ids=missing)

    def of(self, noun: str, object_id: int) -> str:
        """
        Give an external id.

        Raises:
            NotPortableError: There is none.
        """
        external_id = self._known[noun].get(object_id)
        if external_id is None:
            raise NotPortableError(noun, object_id)
        return external_id


class Writer:
    """
    Writes the values of one column.

    Attributes:
        name: The column's name.
    """

    def __init__(self, column: Column, *, clearable: bool) -> None:
        self.name = column.name
        self._field = column.field
        self._kind = column.parameter.kind if column.parameter else None
        # What an empty reference refers to may only be hidden from the organization whose tree is exported.
        self._empty = CLEARED if clearable and self._field not in REFERRED else ""

    async def prepare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Get ready to write some rows."""

    def write(self, row: Mapping[str, Any]) -> str:
        """Give the text for a row's value."""
        return self._text(row[self._field])

    def _text(self, value: Any) -> str:
        if value is None or value in ((), []):
            return self._empty
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, enum.Enum) and isinstance(self._kind, Choice):
            return str(self._kind.choices.numbers[value])
        if isinstance(value, tuple) and isinstance(value[0], Meeting):
            return msgspec.json.encode([{"Start": meeting.starts_at, "End": meeting.ends_at} for meeting in value]).decode()
        if isinstance(value, list | tuple):
            return ",".join(map(str, _ids(value)))
        # The text that would clear is told from it by a blank, which reading trims.
        return f" {value}" if value == CLEARED else str(value)


class ReferenceWriter(Writer):
    """Writes external ids in the place of ids."""

    def __init__(self, column: Column, external_ids: ExternalIds) -> None:
        super().__init__(by_external_id(column), clearable=False)
        self._noun = REFERRED[column.field]
        self._external_ids = external_ids

    async def prepare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Read the external ids of what some rows refer to."""
        await self._external_ids.learn(self._noun, (referred for row in rows for referred in _ids(row[self._field])))

    def write(self, row: Mapping[str, Any]) -> str:
        """Give the external ids that a row refers to: separated by commas, or one a line where one of them has a comma."""
        value = row[self._field]
        names = [self._external_ids.of(self._noun, referred) for referred in _ids(value)]
        if isinstance(value, int):
            return self._text(names[0])
        return "".join(f"{name}\n" for name in names) if any("," in name for name in names) else ",".join(names)


class OwnerWriter(ReferenceWriter):
    """Writes the organization that a row belongs to; nothing for the one that is exported, in whose place another one will be."""

    def __init__(self, column: Column, external_ids: ExternalIds, *, exported_id: int | None) -> None:
        super().__init__(column, external_ids)
        self._exported_id = exported_id

    async def prepare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Read the external ids of the organizations of some rows."""
        await super().prepare([row for row in rows if row[self._field] != self._exported_id])

    def write(self, row: Mapping[str, Any]) -> str:
        """Give the external id of the row's organization, if it is another one."""
        return "" if row[self._field] == self._exported_id else super().write(row)


def writers_with_ids(noun: Noun) -> list[Writer]:
    """Give what writes the columns of a noun for this server, which knows its ids."""
    return [_plain(noun, column) for column in noun.columns if column.field not in NEVER_STORED]


def writers_without_ids(noun: Noun, database: Database, *, exported_id: int | None) -> list[Writer]:
    """Give what writes the columns of a noun for another server; ``exported_id`` is the organization that is exported."""
    external_ids = ExternalIds(database)
    writers: list[Writer] = []
    for column in noun.columns:
        if column.field == ORGANIZATION_ID:
            writers.append(OwnerWriter(column, external_ids, exported_id=exported_id))
        elif column.field in REFERRED:
            writers.append(ReferenceWriter(column, external_ids))
        elif column.field not in {ID, *KNOWN_HERE_ALONE, *NEVER_STORED}:
            writers.append(_plain(noun, column))
    return writers


def _plain(noun: Noun, column: Column) -> Writer:
    updated = noun.update.parser.declared
    return Writer(column, clearable=any(parameter.clearable for parameter in updated if parameter.field == column.field))


def _ids(value: Any) -> Sequence[int]:
    """Give the ids that a value holds; a tuple has an order that means something, a list has none."""
    if value is None:
        return ()
    if isinstance(value, int):
        return (value,)
    return sorted(value) if isinstance(value, list) else value
