"""What every kind of parameter has in common: its documentation, how it reads a text, how it is described to others."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from rollbook.errors import InvalidError

Schema = dict[str, Any]
Reader = Callable[[str], object]

LONGEST_QUOTE = 40


class InvalidValueError(InvalidError):
    """A value given for a parameter cannot be read; the text is the sentence that follows the parameter's name."""


class BlankValueError(InvalidError):
    """A value given for a parameter holds nothing but blanks, which counts as left out."""

    def __init__(self) -> None:
        super().__init__("holds nothing but blanks")


class Number(str):
    """A number of a JSON text, exactly as it was written there."""

    __slots__ = ()


class Members(list[tuple[str, object]]):
    """The members of a JSON object in the order they were written, names given twice included."""

    __slots__ = ()


def quote(text: str) -> str:
    """Give a caller's value short and clean enough to be repeated in an error text."""
    shown = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "..."
    if shown.isprintable():
        return shown or "an empty text"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in shown)


class Kind(ABC):
    """
    One parameter of a command: what it means, what it is called and how its text becomes a value.

    Attributes:
        description: One sentence for the documentation.
        name: The documented name; empty means the field's name in camel case.
        aliases: Other names that are accepted for it.
        in_path: It may be given as the last part of the path.
        ours: It is not part of the TMS.
        second_is: The documented name of the parameter that a second value belongs to, where the vendor's collection gives one name twice.
        default: The value when it is left out; UNSET when the struct's own default counts.
        several: It takes several values, repeated or separated.
        example: A value to show in the documentation.
    """

    several = False
    trimmed = True

    def __init__(
        self,
        description: str,
        *,
        name: str = "",
        aliases: Sequence[str] = (),
        in_path: bool = False,
        ours: bool = False,
        second_is: str = "",
        default: object = UNSET,
        example: object = None,
    ) -> None:
        self.description = description
        self.name = name
        self.aliases = tuple(aliases)
        self.in_path = in_path
        self.ours = ours
        self.second_is = second_is
        self.default = default
        self.example = example

    @abstractmethod
    def reader(self) -> Reader:
        """
        Give the function that turns a given text into the value.

        The function raises InvalidValueError, with the sentence that follows the parameter's name, or BlankValueError.
        """

    @abstractmethod
    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""

    def read_json(self, read: Reader, value: object) -> object:
        """
        Turn a value of a JSON body into the parameter's value.

        Raises:
            InvalidValueError: The value is none of this parameter's.
        """
        if isinstance(value, str):
            return read(value)
        if isinstance(value, bool):
            return read("true" if value else "false")
        raise InvalidValueError("give a single value, not a list or an object")

    def read_several(self, read: Reader, values: Sequence[object]) -> object:
        """Turn the values given for one name into one value; they are all the same where the kind does not take several."""
        return self.read_json(read, values[0])

    def documentation(self) -> str:
        """Give the description with everything a reader has to know about what is accepted."""
        return f"{self.description} Not part of the TMS." if self.ours else self.description


def camel_case(field: str) -> str:
    """Give the documented spelling that most parameters have, ``class_id`` as ``classId``."""
    first, *others = field.split("_")
    return first + "".join(other.capitalize() for other in others)


def pascal_case(field: str) -> str:
    """Give the documented spelling that most answers have, ``class_id`` as ``ClassId``."""
    return "".join(part.capitalize() for part in field.split("_"))


def listed(values: Sequence[object], last: str = "or") -> str:
    """Give values as a sentence lists them: ``0, 10 or 20``."""
    *others, final = (str(value) for value in values)
    return f"{', '.join(others)} {last} {final}" if others else final
