"""Reading a CSV file: bounded, in UTF-8, and checked as a whole before anything is done with it."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rollbook.cli.exchanged_nouns import Column, Noun
from rollbook.errors import InvalidError

LONGEST_FIELD = 131_072
"""Characters of a value: twice the longest that any column takes."""

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of a line."""

SEPARATORS = (",", ";", "\t")


class UnreadableFileError(InvalidError):
    """
    A file is no table of values.

    Attributes:
        line: Where, counted from 1.
    """

    def __init__(self, line: int, fact: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {fact}; nothing was imported")


class UnknownColumnsError(InvalidError):
    """The first line of a file names columns that a noun does not have, none at all, or one twice."""

    def __init__(self, fact: str, noun: Noun) -> None:
        names = ", ".join(column.name for column in noun.columns)
        super().__init__(f"line 1: {fact}; nothing was imported. The columns of {noun.name} are {names}")


class Row(NamedTuple):
    """
    What a file says of one thing.

    Attributes:
        line: The line that the row begins at, counted from 1.
        values: Every value that is given, by its column; None where ``null`` is.
        problem: Why the row cannot be read; None where it can.
    """

    line: int
    values: Mapping[Column, str | None]
    problem: str | None = None


class ImportFile:
    """
    A checked file.

    Attributes:
        columns: The column of each name in the first line; None for one that is passed over.
        rows: How many rows it has.
    """

    def __init__(self, path: Path, noun: Noun, *, left_out: frozenset[str] = frozenset()) -> None:
        """
        Read a file through, to see that it can be read.

        Args:
            path: The file.
            noun: What its rows are.
            left_out: Names, in lower case, of columns to pass over.

        Raises:
            UnreadableFileError: It is not a table in UTF-8, or something in it is too long.
            UnknownColumnsError: Its first line does not name columns of the noun.
        """
        self._path = path
        with path.open("rb") as file:
            header = next(_lines(file), "")
        self._separator = next((separator for separator in SEPARATORS if separator in header), SEPARATORS[0])
        self.columns = self._find_columns(noun, left_out)
        self.rows = sum(1 for _ in self)

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows; lines without any value are passed over."""
        records = self._records()
        next(records)
        for line, cells in records:
            if any(cell.strip() for cell in cells):
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Row:
        if len(cells) != len(self.columns):
            return Row(line, {}, f"the row has another number of values ({len(cells)}) than the first line has names ({len(self.columns)})")
        given = zip(self.columns, cells, strict=True)
        return Row(line, {column: None if cell == "null" else cell for column, cell in given if column and cell})

    def _find_columns(self, noun: Noun, left_out: frozenset[str]) -> list[Column | None]:
        """Give the column of each name in the first line; None for one to be passed over."""
        _, names = next(self._records(), (1, []))
        if not names:
            raise UnknownColumnsError("there is no line that names the columns", noun)
        columns: list[Column | None] = []
        for name in (name.strip() for name in names):
            column = noun.columns_by_name.get(name.lower())
            if name.lower() in left_out:
                column = None
            elif column is None:
                raise UnknownColumnsError(f"{name[:40]!r} is not a column of {noun.name}" if name else "a column has no name", noun)
            elif column in columns:
                raise UnknownColumnsError(f"the column {column.name} is there twice", noun)
            columns.append(column)
        return columns

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Go through the records, each with the line that it begins at."""
        csv.field_size_limit(LONGEST_FIELD)
        with self._path.open("rb") as file:
            reader = csv.reader(_lines(file), delimiter=self._separator, strict=True)
            while True:
                line = reader.line_num + 1
                try:
                    yield line, next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise UnreadableFileError(line, f"not in the form of CSV ({error})") from None


def _lines(file: BinaryIO) -> Iterator[str]:
    """Go through the lines as they are, their ends included."""
    encoding = "utf-8-sig"
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise UnreadableFileError(number, f"longer than {LONGEST_LINE} bytes")
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError as error:
            fact = f"not UTF-8 from byte {error.start + 1} on, save the file as CSV in UTF-8"
            raise UnreadableFileError(number, fact) from None
        encoding = "utf-8"
