"""Parameters that hold several values: ids, texts, the meetings of a class."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from rollbook.api.tms.json_text import InvalidJsonError, read_json_text
from rollbook.api.tms.kinds import BlankValueError, InvalidValueError, Kind, Members, Reader, Schema
from rollbook.api.tms.numbers import Id, Time
from rollbook.api.tms.texts import Text

MOST_ENTRIES = 1_000


class Separated(Kind):
    """Several values of one kind, the name repeated or the values separated; the result is a tuple without repetitions."""

    several = True

    def __init__(self, description: str, *, entry: Kind, separator: str = ",", **others: Any) -> None:
        super().__init__(description, **others)
        self.entry = entry
        self.separator = separator

    def reader(self) -> Reader:
        """Give the function that reads a given text."""
        read_entry, separator = self.entry.reader(), self.separator

        def read(text: str) -> tuple[object, ...]:
            entries = text.split(separator)
            if len(entries) > MOST_ENTRIES:
                raise InvalidValueError(f"holds {len(entries)} values; give at most {MOST_ENTRIES}")
            try:
                return tuple(dict.fromkeys([read_entry(entry.strip(" ")) for entry in entries]))
            except BlankValueError:
                raise InvalidValueError("holds an empty value between its separators; leave it out") from None

        return read

    def read_several(self, read: Reader, values: Sequence[object]) -> object:
        """Join the values given for one name into one value."""
        entries: list[str] = []
        for value in values:
            if isinstance(value, list) and not isinstance(value, Members):
                entries.extend(self._texts(value))
            else:
                entries.extend(self._texts([value]))
        return read(self.separator.join(entries)) if entries else ()

    def read_json(self, read: Reader, value: object) -> object:
        """
        Turn a JSON list, text or number into the values.

        Raises:
            InvalidValueError: It is none of these, or holds something else.
        """
        return self.read_several(read, [value])

    def _texts(self, values: Sequence[object]) -> list[str]:
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) != len(values):
            raise InvalidValueError("is not a list of single values")
        return texts

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "array", "items": self.entry.schema(), "maxItems": MOST_ENTRIES}


class Ids(Separated):
    """A list of ids, the name repeated or the ids separated by commas; its value is a tuple of int."""

    def __init__(self, description: str, *, minimum: int = 1, **others: Any) -> None:
        super().__init__(description, entry=Id("", minimum=minimum), **others)


class Texts(Separated):
    """A list of texts, the name repeated or the texts separated; its value is a tuple of str."""

    def __init__(self, description: str, *, maximum: int = 255, separator: str = ",", **others: Any) -> None:
        super().__init__(description, entry=Text("", maximum=maximum), separator=separator, **others)


class MeetingTimes(Struct, frozen=True):
    """
    When a meeting of a class begins and ends, in Unix epoch seconds.

    Attributes:
        start: Its first second.
        end: The second after its last.
    """

    start: int
    end: int


class Meetings(Kind):
    """The meetings of a class as JSON text, ``[{"Start":1561993200,"End":1562022000}]``; its value is a tuple of MeetingTimes."""

    def reader(self) -> Reader:
        """Give the function that reads a given text."""
        read_time = Time("").reader()

        def read(text: str) -> tuple[MeetingTimes, ...]:
            try:
                value = read_json_text(text)
            except InvalidJsonError as error:
                raise InvalidValueError(f"is not JSON: {error}") from None
            return read_meetings(value, read_time)

        return read

    def read_json(self, read: Reader, value: object) -> object:
        """
        Turn a JSON list, or a JSON text within the JSON body, into the meetings.

        Raises:
            InvalidValueError: It is not a list of meetings.
        """
        return read(value) if isinstance(value, str) else read_meetings(value, Time("").reader())

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        time = Time("").schema()
        meeting = {
            "type": "object",
            "properties": {"Start": time, "End": time},
            "required": ["Start", "End"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": meeting, "maxItems": MOST_ENTRIES}


def read_meetings(value: object, read_time: Callable[[str], int]) -> tuple[MeetingTimes, ...]:
    """
    Give the meetings that a decoded JSON value describes.

    Raises:
        InvalidValueError: It is not a list of objects that each have a Start and an End.
    """
    if not isinstance(value, list) or isinstance(value, Members):
        raise InvalidValueError('is not a list of meetings such as [{"Start":1561993200,"End":1562022000}]')
    if len(value) > MOST_ENTRIES:
        raise InvalidValueError(f"holds {len(value)} meetings; give at most {MOST_ENTRIES}")
    return tuple(read_meeting(member, number, read_time) for number, member in enumerate(value, start=1))


def read_meeting(value: object, number: int, read_time: Callable[[str], int]) -> MeetingTimes:
    """
    Give the meeting that a decoded JSON object describes, the case of its two names not counting.

    Raises:
        InvalidValueError: It has not exactly a Start and an End that are times.
    """
    members = [(name.lower(), member) for name, member in value] if isinstance(value, Members) else []
    if sorted(name for name, _ in members) != ["end", "start"]:
        raise InvalidValueError(f"meeting {number} does not have exactly a Start and an End")
    times: dict[str, int] = {}
    for name, member in members:
        if not isinstance(member, str):
            raise InvalidValueError(f"the {name} of meeting {number} is not a time in Unix epoch seconds")
        try:
            times[name] = read_time(member)
        except InvalidValueError as error:
            raise InvalidValueError(f"the {name} of meeting {number}: {error}") from None
    return MeetingTimes(**times)
