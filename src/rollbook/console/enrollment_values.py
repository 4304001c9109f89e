"""Reading what forms about enrollments send."""

import re
from enum import IntEnum
from typing import Any, Final, TypeVar

from msgspec.structs import asdict

from rollbook.console.given import LARGEST_NUMBER, Given, UnreadableError
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

Word = TypeVar("Word", bound=IntEnum)

LONGEST_NOTE: Final = 8_000
LONGEST_EXTERNAL_ID: Final = 255
LONGEST_REASON: Final = 500

_PLACE: Final = re.compile("([0-9]{1,2})(?:-([0-9]{1,10}))?")


def read_word(given: Given, name: str, kind: type[Word]) -> Word | None:
    """
    Read one of the words that have numbers, such as a status; None where it is blank.

    Raises:
        UnreadableError: There is none with that number.
    """
    number = given.number(name)
    if number is None:
        return None
    try:
        return kind(number)
    except ValueError as error:
        raise UnreadableError(name, "one of those to choose from") from error


def read_place(given: Given) -> dict[str, Any]:
    """
    Read where a student is to sit; empty where nothing is chosen.

    Raises:
        UnreadableError: It is no place.
    """
    text = given.text("place", longest=30)
    if text is None:
        return {}
    found = _PLACE.fullmatch(text)
    locations = [each for each in LocationType if found and each.value == int(found[1])]
    room = int(found[2]) if found and found[2] else None
    if not locations or (room or 0) > LARGEST_NUMBER:
        raise UnreadableError("place", "one of those to choose from")
    return {"location": locations[0], "classroom_id": room}


def read_changes(given: Given, stored: EnrollmentRow) -> EnrollmentChanges:
    """
    Read the form of one enrollment, and give what it changes; fields that the form does not have stay.

    Raises:
        UnreadableError: A value cannot be read.
    """
    asked: dict[str, Any] = {}
    if (status := read_word(given, "status", EnrollmentStatus)) is not None:
        asked["status"] = status
    if (completion := read_word(given, "completion", CompletionStatus)) is not None:
        asked["completion"] = completion
    place = read_place(given)
    if place and (place["location"], place["classroom_id"]) != (stored.location, stored.classroom_id):
        asked |= place
    if "hours_spent" in given:
        asked["hours_spent"] = given.number("hours_spent")
    if "grade" in given:
        asked["grade"] = given.number("grade")
    if "note" in given:
        asked["note"] = given.text("note", longest=LONGEST_NOTE)
    if "external_id" in given:
        asked["external_id"] = given.text("external_id", longest=LONGEST_EXTERNAL_ID)
    # A box that is not ticked sends nothing, so that another field says that the form has it.
    asked |= {name: given.is_ticked(name) for name in ("retake", "late_cancel") if f"has_{name}" in given}
    was = asdict(stored)
    is_place = {"location", "classroom_id"}
    return EnrollmentChanges(**{name: value for name, value in asked.items() if name in is_place or value != was[name]})


def read_shared_changes(given: Given) -> EnrollmentChanges:
    """
    Read what many enrollments are to get; blank fields stay as they are.

    Raises:
        UnreadableError: A value cannot be read.
    """
    asked: dict[str, Any] = {
        "status": read_word(given, "status", EnrollmentStatus),
        "completion": read_word(given, "completion", CompletionStatus),
        "hours_spent": given.number("hours_spent"),
        "grade": given.number("grade"),
    }
    return EnrollmentChanges(**{name: value for name, value in asked.items() if value is not None}, **read_place(given))
