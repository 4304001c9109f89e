"""The words of the REST API for what the domain numbers as the TMS does: the names in lower case."""

from enum import IntEnum
from typing import Literal, TypeAlias, TypeVar

E = TypeVar("E", bound=IntEnum)

ClassStatusWord: TypeAlias = Literal[
    "scheduled", "guaranteed_to_run", "cancelled", "rescheduled", "tentative", "requested", "denied", "completed"
]
DeliveryWord: TypeAlias = Literal["physical", "virtual", "mixed"]
EnrollmentStatusWord: TypeAlias = Literal["requested", "cancelled", "waitlisted", "approved", "denied", "audit", "enrolled"]
CompletionWord: TypeAlias = Literal["unknown", "attending", "complete", "incomplete", "no_show", "failed"]
LocationWord: TypeAlias = Literal["to_be_determined", "classroom", "remote_classroom", "virtual"]


def word_of(member: IntEnum) -> str:
    """Give the word for a member."""
    return member.name.lower()


def member_of(kind: type[E], word: str) -> E:
    """Give the member that a word stands for."""
    return kind[word.upper()]
