"""Parameters that are one of a few documented values."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from rollbook.api.tms.kinds import InvalidValueError, Kind, Reader, Schema, listed, quote
from rollbook.api.tms.numbers import MOST_DIGITS, SIGNED

T = TypeVar("T")


class Choices(Generic[T]):
    """
    A documented enumeration: its numbers, their names, and what each of them is in the domain.

    ``Choices("an enrollment status", {0: ("Request", EnrollmentStatus.REQUESTED), ...})``

    Attributes:
        noun: What one of them is, with its article, for error texts.
        names: The documented names by number.
        members: What the domain has for each number.
        numbers: The number of each member, for answers.
    """

    def __init__(self, noun: str, choices: Mapping[int, tuple[str, T]]) -> None:
        self.noun = noun
        self.names = {number: name for number, (name, _) in choices.items()}
        self.members = {number: member for number, (_, member) in choices.items()}
        self.numbers = {member: number for number, member in self.members.items()}
        self.listed = listed(list(self.members))
        self._by_text: dict[str, T] = {str(number): member for number, member in self.members.items()}
        self._by_text |= {name.replace(" ", "").lower(): member for name, member in choices.values()}

    def read(self, text: str) -> T:
        """
        Give the member that a number or a documented name stands for, the case and blanks of the name not counting.

        Raises:
            InvalidValueError: It stands for none.
        """
        found = self._by_text.get(text)
        if found is None:
            number = int(text) if len(text) <= MOST_DIGITS and SIGNED.fullmatch(text) else None
            found = self._by_text.get(text.replace(" ", "").lower() if number is None else str(number))
        if found is None:
            raise InvalidValueError(f"{quote(text)} is not {self.noun} ({self.listed})")
        return found


class Choice(Kind):
    """One of the numbers, or names, of a documented enumeration; its value is the domain's member."""

    def __init__(self, choices: Choices[Any], description: str, **others: Any) -> None:
        super().__init__(description, **others)
        self.choices = choices

    def reader(self) -> Reader:
        """Give the function that reads a given text."""
        return self.choices.read

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "integer", "format": "int32", "enum": list(self.choices.members)}

    def documentation(self) -> str:
        """Give the description with every number and its name."""
        names = "".join(f"\n- {number} = {name}" for number, name in self.choices.names.items())
        return f"{super().documentation()}\n{names}\n\nThe name is taken as well as the number."


class SortOrder(Struct, frozen=True):
    """
    How a search is sorted.

    Attributes:
        key: What the domain calls the sort key.
        descending: From the last to the first.
    """

    key: str
    descending: bool = False


class Sort(Kind):
    """One of the documented sort keys of a search, with `` DESC`` behind it for descending; its value is a SortOrder."""

    def __init__(self, keys: Mapping[str, str], *, default: str) -> None:
        """
        Declare the sort keys.

        Args:
            keys: What the domain calls each documented key.
            default: The documented default, such as ``Start`` or ``SearchTime DESC``.
        """
        self.keys = dict(keys)
        self._orders = {key.lower(): SortOrder(mapped) for key, mapped in keys.items()}
        self._orders |= {f"{key.lower()} desc": SortOrder(mapped, descending=True) for key, mapped in keys.items()}
        super().__init__(f"The sort key; append ` DESC` for descending. The default is `{default}`.", default=self._orders[default.lower()])

    def reader(self) -> Reader:
        """Give the function that reads a given text."""
        orders = self._orders
        keys = listed(list(self.keys))

        def read(text: str) -> SortOrder:
            found = orders.get(" ".join(text.split()).lower())
            if found is None:
                raise InvalidValueError(f"{quote(text)} is not a sort key ({keys}, each with an optional DESC)")
            return found

        return read

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "string", "enum": [text for key in self.keys for text in (key, f"{key} DESC")]}
