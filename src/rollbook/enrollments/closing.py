"""
Closing a class: when it can be, and what becomes of its students (B5).

Times are Unix epoch seconds.
"""

from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from rollbook.classes.schedule import has_ended
from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import ConflictError
from rollbook.organizations.time_zones import wall_time

_TURNED: Final = frozenset({CompletionStatus.UNKNOWN, CompletionStatus.ATTENDING})


class Reason(StrEnum):
    """Why closing a class makes of a student what it does."""

    ATTENDED = "attended"
    NEVER_ATTENDED = "never_attended"
    DECIDED = "decided"


class Closing(Struct, frozen=True):
    """What closing a class makes of a student's completion, and why."""

    completion: CompletionStatus
    reason: Reason


class ClassNotOverError(ConflictError):
    """A class is to be closed before its last meeting is over."""

    rule = "B5"

    def __init__(self, *, class_id: int, last_end: int, zone: ZoneInfo) -> None:
        self.class_id = class_id
        self.last_end = last_end
        super().__init__(f"the last meeting of class {class_id} ends on {wall_time(last_end, zone)}; close the class after that")


class ClosingOfClassOffError(ConflictError):
    """A class is to be closed that is Cancelled or Denied."""

    rule = "B5"

    def __init__(self, *, class_id: int, status: ClassStatus) -> None:
        self.class_id = class_id
        self.status = status
        super().__init__(f"class {class_id} is {status.name.capitalize()} and is not closed; set its status back first")


def check_closing(
    *, class_id: int, class_status: ClassStatus, last_end: int | None, zone: ZoneInfo, now: int
) -> ClassNotOverError | ClosingOfClassOffError | None:
    """Decide whether a class can be closed (B5); one without meetings can at any time."""
    if class_status.is_off:
        return ClosingOfClassOffError(class_id=class_id, status=class_status)
    if last_end is not None and not has_ended(last_end, now=now):
        return ClassNotOverError(class_id=class_id, last_end=last_end, zone=zone)
    return None


def close(*, completion: CompletionStatus, attended: int) -> Closing:
    """
    Decide what becomes of an attending student when the class is closed (B5).

    *attended* is how many meetings the student attended. The completion Attending tells as well who was there: attendance is not kept everywhere.
    """
    if completion not in _TURNED:
        return Closing(completion, Reason.DECIDED)
    if attended or completion is CompletionStatus.ATTENDING:
        return Closing(CompletionStatus.COMPLETE, Reason.ATTENDED)
    return Closing(CompletionStatus.NO_SHOW, Reason.NEVER_ATTENDED)
