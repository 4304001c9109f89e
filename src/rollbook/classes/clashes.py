"""
What is wanted by two classes at the same time: a student (C1, C4), a room or an instructor (C3).

Only meetings of classes that are not off count; those of classes that are off are not given to these functions.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct

from rollbook.classes.schedule import Meeting
from rollbook.errors import ConflictError
from rollbook.organizations.preferences import StudentConflicts

AnyMeeting = TypeVar("AnyMeeting", bound=Meeting)


class OtherMeeting(Meeting, frozen=True, kw_only=True):
    """
    A meeting of another class, one that is not off.

    Attributes:
        is_visible: Whether the caller may see that class, so that it can be named.
    """

    class_id: int
    is_visible: bool


class Clasher(StrEnum):
    """Who or what can be wanted by two classes at the same time."""

    CLASSROOM = "classroom"
    INSTRUCTOR = "instructor"
    STUDENT = "student"


class ScheduleWarning(Struct, frozen=True, kw_only=True):
    """
    Something that is worth telling about a schedule and that refuses nothing.

    Attributes:
        rule: The number of the rule that warns.
        text: The sentence to tell.
    """

    rule: str
    text: str


class ClashWarning(ScheduleWarning, frozen=True, kw_only=True):
    """
    That two classes want something at the same time.

    Attributes:
        who, who_id: What they want.
        class_id: The other class, where the caller may see it.
        meeting: The first meeting during which both do.
    """

    who: Clasher
    who_id: int
    class_id: int | None
    meeting: Meeting


class StudentConflictError(ConflictError):
    """
    The student attends another class at the same time.

    Attributes:
        other_class_id: The other class, where the caller may see it.
    """

    rule = "C1"

    def __init__(self, *, user_id: int, class_id: int, meeting: Meeting, other_class_id: int | None) -> None:
        self.user_id = user_id
        self.class_id = class_id
        self.meeting = meeting
        self.other_class_id = other_class_id
        super().__init__(
            f"user {user_id} attends {_name(other_class_id)} during the meeting of class {class_id} {_period(meeting)}; "
            "choose a class at another time, or set the preference student_conflicts to allow"
        )


def find_clashes(meetings: Iterable[Meeting], others: Iterable[AnyMeeting]) -> Iterator[tuple[Meeting, AnyMeeting]]:
    """Give each of the others that overlaps, with the first of the meetings that it overlaps; the meetings do not overlap each other (C2)."""
    ordered = sorted(meetings, key=attrgetter("starts_at"))
    ends = [meeting.ends_at for meeting in ordered]
    for other in others:
        position = bisect_right(ends, other.starts_at)
        if position < len(ordered) and ordered[position].starts_at < other.ends_at:
            yield ordered[position], other


def check_student_conflict(
    *,
    user_id: int,
    class_id: int,
    meetings: Iterable[Meeting],
    attended: Iterable[OtherMeeting],
    preference: StudentConflicts,
) -> StudentConflictError | None:
    """
    Decide whether a student may become attending in a class, as for the student's time (C1).

    *attended* holds the meetings of the other classes, of whatever organization, that the student attends. Of several clashes the
    earliest is told, one that the caller may see before one that the caller may not.
    """
    if preference is StudentConflicts.ALLOW:
        return None
    clashes = list(find_clashes(meetings, attended))
    if not clashes:
        return None
    meeting, other = min(clashes, key=lambda clash: (not clash[1].is_visible, clash[0].starts_at, clash[1].class_id))
    return StudentConflictError(user_id=user_id, class_id=class_id, meeting=meeting, other_class_id=_visible_id(other))


def clash_warnings(who: Clasher, who_id: int, *, meetings: Iterable[Meeting], others: Iterable[OtherMeeting]) -> list[ScheduleWarning]:
    """
    Warn of a room or an instructor in two classes at the same time (C3), or of a student to whom moved meetings do so (C4).

    There is one warning for each other class, and one for all those that the caller may not see.
    """
    first: dict[int | None, Meeting] = {}
    for meeting, other in find_clashes(meetings, others):
        known = first.setdefault(_visible_id(other), meeting)
        if meeting.starts_at < known.starts_at:
            first[_visible_id(other)] = meeting
    rule = "C4" if who is Clasher.STUDENT else "C3"
    return [
        ClashWarning(
            rule=rule,
            text=f"{_name(class_id)} has {who} {who_id} too, during the meeting {_period(meeting)}",
            who=who,
            who_id=who_id,
            class_id=class_id,
            meeting=meeting,
        )
        for class_id, meeting in first.items()
    ]


def blocked_time_warning(*, instructor_id: int, meetings: Iterable[Meeting], blocked: Iterable[Meeting]) -> ScheduleWarning | None:
    """Warn of an instructor who has blocked out the time of a meeting (C3), telling the first such meeting."""
    meeting = min((meeting for meeting, _ in find_clashes(meetings, blocked)), key=attrgetter("starts_at"), default=None)
    if meeting is None:
        return None
    return ScheduleWarning(rule="C3", text=f"instructor {instructor_id} has blocked out time during the meeting {_period(meeting)}")


def minimum_warning(*, minimum: int | None, maximum: int | None) -> ScheduleWarning | None:
    """Warn of a minimum number of students that is above the maximum (C3)."""
    if minimum is None or maximum is None or minimum <= maximum:
        return None
    return ScheduleWarning(rule="C3", text=f"the minimum of {minimum} students is above the maximum of {maximum}")


def _visible_id(other: OtherMeeting) -> int | None:
    return other.class_id if other.is_visible else None


def _name(class_id: int | None) -> str:
    return "another class" if class_id is None else f"class {class_id}"


def _period(meeting: Meeting) -> str:
    starts, ends = (datetime.fromtimestamp(moment, UTC) for moment in (meeting.starts_at, meeting.ends_at))
    return f"from {starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC"
