"""Parameters that are whole numbers, truths and days."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from rollbook.api.tms.kinds import InvalidValueError, Kind, Reader, Schema, quote

LARGEST_INTEGER = 2_147_483_647
SMALLEST_INTEGER = -2_147_483_648
LATEST_TIME = 253_402_300_799
LARGEST_PAGE = 1_000
MOST_DIGITS = 20

SIGNED = re.compile(r"[+-]?[0-9]+", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
TRUTHS = {"true": True, "false": False, "1": True, "0": False, "True": True, "False": False}


def read_integer(text: str, minimum: int, maximum: int, noun: str) -> int:
    """
    Give the number that a text of decimal digits with an optional sign stands for.

    Raises:
        InvalidValueError: The text is something else, or the number lies outside the range.
    """
    # The digits are counted so that a text of a million digits is never converted.
    if len(text) <= MOST_DIGITS and text.isascii() and (text.isdecimal() or SIGNED.fullmatch(text)):
        number = int(text)
        if minimum <= number <= maximum:
            return number
    raise InvalidValueError(f"{quote(text)} is not {noun} ({minimum} to {maximum})")


class Integer(Kind):
    """A whole number between two bounds, by default any that fits 32 bits."""

    noun = "a whole number"
    format = "int32"

    def __init__(self, description: str, *, minimum: int = SMALLEST_INTEGER, maximum: int = LARGEST_INTEGER, **others: Any) -> None:
        super().__init__(description, **others)
        self.minimum = minimum
        self.maximum = maximum

    def reader(self) -> Callable[[str], int]:
        """Give the function that reads a given text."""
        minimum, maximum, noun = self.minimum, self.maximum, self.noun

        def read(text: str) -> int:
            return read_integer(text, minimum, maximum, noun)

        return read

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "integer", "format": self.format, "minimum": self.minimum, "maximum": self.maximum}


class Id(Integer):
    """The id of an object: 1 to 2,147,483,647."""

    noun = "an id"

    def __init__(self, description: str, *, minimum: int = 1, **others: Any) -> None:
        super().__init__(description, minimum=minimum, **others)


class Time(Integer):
    """A time in whole Unix epoch seconds: 0 to the end of the year 9999."""

    noun = "a time in Unix epoch seconds"
    format = "int64"

    def __init__(self, description: str, **others: Any) -> None:
        super().__init__(description, minimum=0, maximum=LATEST_TIME, **others)


class PageIndex(Integer):
    """Which page of a search, from 0."""

    noun = "a page"

    def __init__(self) -> None:
        super().__init__("The page, counted from 0.", minimum=0, default=0)


class PageSize(Integer):
    """How many results a page of a search holds, 1 to 1,000."""

    noun = "a page size"

    def __init__(self, default: int = 100) -> None:
        super().__init__("How many results a page holds.", minimum=1, maximum=LARGEST_PAGE, default=default)


class Boolean(Kind):
    """A truth: ``true``, ``false``, ``1`` or ``0``, in any case."""

    def reader(self) -> Reader:
        """Give the function that reads a given text."""

        def read(text: str) -> bool:
            found = TRUTHS.get(text)
            if found is None:
                found = TRUTHS.get(text.lower())
            if found is None:
                raise InvalidValueError(f"{quote(text)} is not a boolean (true, false, 1 or 0)")
            return found

        return read

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "boolean"}


class Date(Kind):
    """A day as ``yyyy-MM-dd``; its value is the epoch second at which the day begins in UTC, from the year 1970 on."""

    def reader(self) -> Reader:
        """Give the function that reads a given text."""

        def read(text: str) -> int:
            if DAY.fullmatch(text):
                try:
                    day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
                except ValueError:
                    raise InvalidValueError(f"{text} is not a day of the calendar") from None
                if day.year >= 1970:
                    return int(day.timestamp())
            raise InvalidValueError(f"{quote(text)} is not a date (yyyy-MM-dd, from 1970-01-01 on)")

        return read

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "string", "format": "date"}
