"""The file that keeps what another TMS has answered, so that an import that was broken off goes on where it stopped."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import msgspec

from rollbook.cli.tms.source import Record
from rollbook.errors import ConflictError

VERSION: Final = 1


class _Beginning(msgspec.Struct):
    source: str
    version: int = VERSION


class _Line(msgspec.Struct):
    kind: str
    id: int
    record: Record | None


class ForeignSpoolError(ConflictError):
    """The file was begun for another TMS, or by another version."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not belong to this import; remove it, or name another file by --spool")


class Spool:
    """
    Records of another TMS by their kinds and ids, in a file to which lines are added.

    A line that was not finished is taken for not there. The file holds people's data: only its owner reads it.
    """

    def __init__(self, path: Path, *, source: str) -> None:
        """
        Open the file, or begin it.

        Raises:
            ForeignSpoolError: It was begun for another TMS.
        """
        self.path = path
        self._places: dict[str, dict[int, int]] = {}
        self._missing: set[tuple[str, int]] = set()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b")
        try:
            self._read(source)
        except ForeignSpoolError:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Give the open file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def has(self, kind: str, record_id: int) -> bool:
        """Tell whether a record has been asked for already."""
        return record_id in self._places.get(kind, ()) or (kind, record_id) in self._missing

    def add(self, kind: str, record_id: int, record: Record | None) -> None:
        """Keep a record; None where the other system has none with that id."""
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(msgspec.json.encode(_Line(kind, record_id, record)) + b"\n")
        self._note(kind, record_id, None if record is None else place)

    def ids(self, kind: str) -> list[int]:
        """List the ids of a kind, ascending."""
        return sorted(self._places.get(kind, ()))

    def missing(self) -> list[tuple[str, int]]:
        """List what something refers to and the other system does not show."""
        return sorted(self._missing)

    def get(self, kind: str, record_id: int) -> Record:
        """Give a record that is there."""
        self._file.seek(self._places[kind][record_id])
        record = msgspec.json.decode(self._file.readline(), type=_Line).record
        return record or {}

    def all(self, kind: str) -> Iterator[Record]:
        """Give the records of a kind by ascending id."""
        for record_id in self.ids(kind):
            yield self.get(kind, record_id)

    def remove(self) -> None:
        """Remove the file, once it is no longer needed."""
        self.path.unlink()

    def _read(self, source: str) -> None:
        beginning = self._file.readline()
        if not beginning.endswith(b"\n"):
            self._file.seek(0)
            self._file.truncate()
            self._file.write(msgspec.json.encode(_Beginning(source)) + b"\n")
            return
        try:
            began = msgspec.json.decode(beginning, type=_Beginning)
        except msgspec.DecodeError:
            raise ForeignSpoolError(self.path) from None
        if began != _Beginning(source):
            raise ForeignSpoolError(self.path)
        place = self._file.tell()
        while (line := self._file.readline()).endswith(b"\n"):
            read = msgspec.json.decode(line, type=_Line)
            self._note(read.kind, read.id, None if read.record is None else place)
            place = self._file.tell()
        self._file.seek(place)
        self._file.truncate()

    def _note(self, kind: str, record_id: int, place: int | None) -> None:
        if place is None:
            self._missing.add((kind, record_id))
        else:
            self._places.setdefault(kind, {})[record_id] = place
