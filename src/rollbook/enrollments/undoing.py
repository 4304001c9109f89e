"""
Whether the last change of an enrollment can be undone, and which change that takes (U1-U3).

Undoing is a change like any other, which all rules judge: here is only decided which one it is.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.enrollments.waitlist import PROMOTED
from rollbook.errors import ConflictError, NotFoundError

State = Mapping[str, Any]
"""Values of an enrollment by their names."""


class RecordedChange(Struct, frozen=True, kw_only=True):
    """
    The last change of an enrollment as the history keeps it.

    Attributes:
        before: The changed values as they were; None where the change made the enrollment.
        after: The changed values as they became, and remarks.
    """

    enrollment_id: int
    actor_kind: str
    actor_id: int | None
    actor_name: str
    kind: str
    before: State | None
    after: State


class Opposite(Struct, frozen=True, kw_only=True):
    """
    What undoes a change.

    Attributes:
        deletes: The enrollment was added by the change, and is deleted.
        values: What the enrollment gets, by its name; empty where it is deleted.
        turn: Since when it waits again, in epoch microseconds; None where it does not.
    """

    deletes: bool = False
    values: State = MappingProxyType({})
    turn: int | None = None


class ChangedEnrollmentNotFoundError(NotFoundError):
    """The enrollment is gone whose change is to be undone."""

    def __init__(self, enrollment_id: int) -> None:
        self.enrollment_id = enrollment_id
        super().__init__(f"enrollment {enrollment_id} is not there any more; add the student again")


class ChangedSinceError(ConflictError):
    """Something happened to the enrollment after the change that is to be undone."""

    rule = "U1"

    def __init__(self, enrollment_id: int) -> None:
        self.enrollment_id = enrollment_id
        super().__init__(f"enrollment {enrollment_id} was changed again since; look at its history, and change it to what it shall be")


class NotYourChangeError(ConflictError):
    """The change that is to be undone was made by somebody else."""

    rule = "U1"

    def __init__(self, enrollment_id: int, *, actor_name: str) -> None:
        self.enrollment_id = enrollment_id
        self.actor_name = actor_name
        super().__init__(f"enrollment {enrollment_id} was changed by {actor_name}, who alone can undo that; change it to what it shall be")


class NotUndoableError(ConflictError):
    """The change is of a kind that no single change takes back."""

    rule = "U2"

    def __init__(self, enrollment_id: int, *, kind: str) -> None:
        self.enrollment_id = enrollment_id
        self.kind = kind
        done = kind.partition(".")[2].replace("_", " ")
        super().__init__(f"what was done to enrollment {enrollment_id} ({done}) cannot be undone; {_INSTEAD.get(kind, _CHANGE_IT)}")


class UnrecoverableAttendanceError(ConflictError):
    """Attendance was taken away when the enrollment was opened again, and no change brings it back."""

    rule = "U2"

    def __init__(self, enrollment_id: int) -> None:
        self.enrollment_id = enrollment_id
        super().__init__(
            f"enrollment {enrollment_id} lost its attendance when it was added again, which undoing would not bring back; "
            "cancel it, and mark the attendance anew where it is needed"
        )


UndoRefusal = ChangedSinceError | NotYourChangeError | NotUndoableError | UnrecoverableAttendanceError

_CHANGE_IT: Final = "change the enrollment to what it shall be"
_INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enrollment.moved": "move the enrollment back to the class that it came from",
        "enrollment.replaced": "give the place back to the student who had it",
        "enrollment.moved_up": "move the others up in the line",
        "enrollment.passed_over": "let the student in from the line",
        "enrollment.checked_in": "undo the check-in",
        "enrollment.check_in_undone": "check the student in",
        "enrollment.attendance_marked": "mark the attendance anew",
    }
)
_UNDOABLE: Final = frozenset(
    {
        "enrollment.updated",
        "enrollment.requested",
        "enrollment.cancelled",
        "enrollment.waitlisted",
        "enrollment.approved",
        "enrollment.denied",
        "enrollment.audited",
        "enrollment.enrolled",
        PROMOTED,
    }
)
_TYPES: Final[Mapping[str, type]] = MappingProxyType({"status": EnrollmentStatus, "completion": CompletionStatus, "location": LocationType})
_GIVEN_BACK: Final = frozenset(
    {*_TYPES, "classroom_id", "late_cancel", "retake", "hours_spent", "grade", "external_id", "note"},
)
_FOLLOWS: Final = frozenset({"waiting_since", "passed_over"})
"""What an enrollment gets from its turn in the line, not from who changes it."""
_WITH_STATUS: Final = ("status", "completion", "late_cancel", "location", "classroom_id")
"""What a change of the status may change with it, unless it is given."""
_ATTENDANCE: Final = "attendance"


def oppose(change: RecordedChange, *, stored: State, actor_kind: str, actor_id: int | None) -> Opposite | UndoRefusal:
    """
    Decide what undoes the last change of an enrollment.

    Args:
        change: The last change.
        stored: The enrollment as it is now.
        actor_kind: Who undoes it, as the history names actors.
        actor_id: Likewise.
    """
    if change.kind not in _UNDOABLE:
        return NotUndoableError(change.enrollment_id, kind=change.kind)
    if (change.actor_kind, change.actor_id) != (actor_kind, actor_id):
        return NotYourChangeError(change.enrollment_id, actor_name=change.actor_name)
    if any(change.after[name] != stored[name] for name in change.after.keys() & stored.keys()):
        return ChangedSinceError(change.enrollment_id)
    if change.before is None:
        return Opposite(deletes=True)
    return _put_back(change.enrollment_id, change.before, stored, kind=change.kind)


def check_last(enrollment_id: int, *, change_id: int, last_id: int) -> ChangedSinceError | None:
    """Decide whether a change, by its id in the history, is still the last one of its enrollment (U1)."""
    return None if change_id == last_id else ChangedSinceError(enrollment_id)


def _put_back(enrollment_id: int, before: State, stored: State, *, kind: str) -> Opposite | UndoRefusal:
    if _ATTENDANCE in before:
        return UnrecoverableAttendanceError(enrollment_id)
    if before.keys() - _GIVEN_BACK - _FOLLOWS:
        return NotUndoableError(enrollment_id, kind=kind)
    names = before.keys() & _GIVEN_BACK
    if "status" in names:
        names |= set(_WITH_STATUS)
    elif names & {"location", "classroom_id"}:
        names |= {"location", "classroom_id"}
    was = {**stored, **before}
    values = {name: _typed(name, was[name]) for name in sorted(names)}
    return Opposite(values=values, turn=before.get("waiting_since"))


def _typed(name: str, value: Any) -> Any:
    return _TYPES[name](value) if name in _TYPES else value
