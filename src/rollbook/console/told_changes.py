"""Telling changes of enrollments in words: what became of what, and what else it brought about."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from rollbook.console.refusals import sentences_of
from rollbook.console.words import COMPLETIONS, ENROLLMENT_STATUSES, LOCATIONS
from rollbook.database.transaction import Database, Recorded
from rollbook.enrollments.actions.many import RowOutcome
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.effects import tell_effect
from rollbook.enrollments.queries.students import list_names
from rollbook.enrollments.queries.undoing import LastChange
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import RollbookError

NAMES: Final[Mapping[str, str]] = {
    "status": "status",
    "completion": "completion",
    "location": "location",
    "classroom_id": "room",
    "hours_spent": "hours",
    "grade": "grade",
    "late_cancel": "late cancellation",
    "retake": "retake",
    "external_id": "external id",
    "note": "note",
    "reason": "reason",
    "class_id": "class",
    "user_id": "student",
}
"""The values of an enrollment that people are told of, as they are called."""

_SHOWN_IN_FULL: Final = 60
_WHOSE: Final = frozenset({"class_id", "user_id"})


_NO_ROOMS: Final[Mapping[int, str]] = MappingProxyType({})


def told_value(name: str, value: Any, rooms: Mapping[int, str] = _NO_ROOMS) -> str:
    """Tell a value of an enrollment; ``rooms`` has the names of those that are known."""
    if value is None:
        return "nothing"
    match name:
        case "status":
            return ENROLLMENT_STATUSES[EnrollmentStatus(value)]
        case "completion":
            return COMPLETIONS[CompletionStatus(value)]
        case "location":
            return LOCATIONS[LocationType(value)]
        case "classroom_id" if value in rooms:
            return rooms[value]
        case "classroom_id" | "class_id" | "user_id":
            return f"number {value}"
        case _:
            pass
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text if len(text) <= _SHOWN_IN_FULL else f"{text[:_SHOWN_IN_FULL]}\N{HORIZONTAL ELLIPSIS}"


def told_fields(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, rooms: Mapping[int, str] = _NO_ROOMS) -> list[str]:
    """Tell each value that a change set, such as ``status: Enrolled, was Waitlisted``; of what was made, those that say something."""
    was = before or {}
    becomes = after or {}
    if before is None:
        becomes = {name: value for name, value in becomes.items() if (value and name not in _WHOSE) or name == "status"}
    return [
        f"{called}: {told_value(name, becomes[name], rooms)}" + (f", was {told_value(name, was[name], rooms)}" if name in was else "")
        for name, called in NAMES.items()
        if name in becomes
    ]


def told_last(changes: Sequence[LastChange], rooms: Mapping[int, str] = _NO_ROOMS) -> str:
    """Tell what would be undone."""
    newest = changes[0]
    if len(changes) == 1:
        return f"{newest.first_name} {newest.last_name}: {_told_change(newest, rooms)}"
    alike = {_told_change(each, rooms, with_before=False) for each in changes}
    return f"{len(changes)} students: {alike.pop()}" if len(alike) == 1 else f"{len(changes)} students changed together"


async def told_effects(database: Database, recorded: Sequence[Recorded]) -> list[str]:
    """Tell who else was let in, or passed over, by what was changed."""
    effect = await database.search(tell_effect, recorded=recorded)
    moved = [*effect.promoted, *effect.passed_over]
    if not moved:
        return []
    names = {
        name.enrollment_id: f"{name.first_name} {name.last_name}"
        for name in await database.search(list_names, enrollment_ids=[each.enrollment_id for each in moved])
    }
    return [
        *(f"{names[each.enrollment_id]} was let in from the waitlist." for each in effect.promoted),
        *(f"{names[each.enrollment_id]} was passed over: {each.reason}." for each in effect.passed_over),
    ]


def told_refusals(outcomes: Sequence[RowOutcome], names: Mapping[int, str]) -> list[str]:
    """Tell why some of many were refused, each with the student's name; ``names`` has those of users."""
    return [told_refusal(names.get(each.user_id, f"User {each.user_id}"), each.refusal) for each in outcomes if each.refusal is not None]


def told_refusal(name: str, refusal: RollbookError) -> str:
    """Tell why somebody's enrollment was refused."""
    return f"{name}: {' '.join(sentences_of(refusal))}"


def _told_change(change: LastChange, rooms: Mapping[int, str], *, with_before: bool = True) -> str:
    if change.before is None:
        return "added"
    return "; ".join(told_fields(change.before if with_before else {}, change.after, rooms)) or "changed"
