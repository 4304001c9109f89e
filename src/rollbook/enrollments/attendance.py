"""
Who was there: which meeting a check-in counts for, what it changes, and what undoing it brings back (B1-B4).

Times are Unix epoch seconds; a day is one of the class's time zone.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import ConflictError
from rollbook.organizations.time_zones import on_the_wall, wall_time

CHECKED_IN: Final = "enrollment.checked_in"
CHECK_IN_UNDONE: Final = "enrollment.check_in_undone"
MARKED: Final = "enrollment.attendance_marked"
KINDS: Final = (CHECKED_IN, CHECK_IN_UNDONE, MARKED)
"""How the history names changes of attendance."""

_TURNED: Final = frozenset({CompletionStatus.UNKNOWN, CompletionStatus.NO_SHOW})


class HeldMeeting(Meeting, frozen=True, kw_only=True):
    """A meeting that students can have attended."""

    id: int


class Attendance(Struct, frozen=True):
    """
    Whether a student attended a meeting, as it is stored.

    Attributes:
        checked_in_at: When the student was checked in; None where somebody marked the attendance.
        attended_before: What the check-in found marked; None where nothing was.
        completion_before: The completion to which undoing the check-in leads back; None where the check-in changed none.
        version: Rises with each change, from the first mark on, which gives 2: what nobody has marked is at 1.
    """

    meeting_id: int
    attended: bool
    checked_in_at: int | None = None
    attended_before: bool | None = None
    completion_before: CompletionStatus | None = None
    version: int = 2

    @property
    def is_checked_in(self) -> bool:
        """A check-in stands, and nobody has said otherwise since."""
        return self.checked_in_at is not None and self.attended


class CheckIn(Struct, frozen=True):
    """What a check-in makes of the attendance of its meeting and of the completion."""

    attendance: Attendance
    completion: CompletionStatus


class Undoing(Struct, frozen=True):
    """
    What undoing a check-in makes of the attendance of its meeting and of the completion.

    Attributes:
        attendance: None where nothing was marked before.
        heir: The next check-in, which now leads back to the completion from before the one undone; None where nothing is to be handed on.
    """

    attendance: Attendance | None
    completion: CompletionStatus
    heir: Attendance | None = None


class NotAttendingError(ConflictError):
    """Attendance is asked of a student who is neither Enrolled nor Audit."""

    rule = "B1"

    def __init__(self, *, enrollment_id: int, status: EnrollmentStatus) -> None:
        self.enrollment_id = enrollment_id
        self.status = status
        super().__init__(
            f"enrollment {enrollment_id} is {status.name.capitalize()}, and only who is Enrolled or Audit has attendance; enroll the student first"
        )


class NotInClassroomError(ConflictError):
    """A student is checked in who does not come to a classroom."""

    rule = "B1"

    def __init__(self, *, enrollment_id: int, class_id: int, delivery: Delivery, location: LocationType) -> None:
        self.enrollment_id = enrollment_id
        self.class_id = class_id
        self.delivery = delivery
        self.location = location
        super().__init__(
            f"class {class_id} is {delivery.name.capitalize()} and the location of enrollment {enrollment_id} {location.label}, so the student "
            "comes to no classroom; place the student in one, or mark the attendance"
        )


class CheckInToClassOffError(ConflictError):
    """A student is checked in to a class that is Cancelled or Denied."""

    rule = "B1"

    def __init__(self, *, class_id: int, status: ClassStatus) -> None:
        self.class_id = class_id
        self.status = status
        super().__init__(f"class {class_id} is {status.name.capitalize()}, so nobody is checked in; set its status back first")


class NoMeetingTodayError(ConflictError):
    """
    The class does not meet any more on this day.

    Attributes:
        next_start: When it meets next; None where it does not.
    """

    rule = "B2"

    def __init__(self, *, class_id: int, next_start: int | None, zone: ZoneInfo) -> None:
        self.class_id = class_id
        self.next_start = next_start
        following = "there is none to come" if next_start is None else f"the next one starts on {wall_time(next_start, zone)}"
        super().__init__(
            f"class {class_id} has no more meeting today ({zone.key}); {following}; mark the attendance of another meeting instead"
        )


class OtherMeetingError(ConflictError):
    """A check-in was meant for a meeting for which check-ins do not count now."""

    rule = "B2"

    def __init__(self, *, class_id: int, meeting: HeldMeeting, current: HeldMeeting, zone: ZoneInfo) -> None:
        self.class_id = class_id
        self.meeting_id = meeting.id
        self.current_id = current.id
        super().__init__(
            f"check-ins to class {class_id} count for the meeting of {wall_time(current.starts_at, zone)} now, and not for that of "
            f"{wall_time(meeting.starts_at, zone)}; mark the attendance of that one instead"
        )


class NotCheckedInError(ConflictError):
    """A check-in is to be undone where there is none."""

    rule = "B3"

    def __init__(self, *, enrollment_id: int, meeting_id: int | None) -> None:
        self.enrollment_id = enrollment_id
        self.meeting_id = meeting_id
        where = "any meeting" if meeting_id is None else f"meeting {meeting_id}"
        super().__init__(f"enrollment {enrollment_id} is not checked in to {where}; there is nothing to undo")


def check_attending(*, enrollment_id: int, status: EnrollmentStatus) -> NotAttendingError | None:
    """Decide whether a student can have attendance (B1)."""
    return None if status.is_attending else NotAttendingError(enrollment_id=enrollment_id, status=status)


def check_check_in(
    *,
    enrollment_id: int,
    status: EnrollmentStatus,
    location: LocationType,
    class_id: int,
    class_status: ClassStatus,
    delivery: Delivery,
) -> list[ConflictError]:
    """Give what keeps a student from being checked in (B1), whenever the class meets; empty where nothing does."""
    refusals: list[ConflictError] = []
    if class_status.is_off:
        refusals.append(CheckInToClassOffError(class_id=class_id, status=class_status))
    not_attending = check_attending(enrollment_id=enrollment_id, status=status)
    if not_attending:
        refusals.append(not_attending)
    elif delivery is Delivery.VIRTUAL or (delivery is Delivery.MIXED and not location.has_room):
        refusals.append(NotInClassroomError(enrollment_id=enrollment_id, class_id=class_id, delivery=delivery, location=location))
    return refusals


def find_meeting(*, class_id: int, meetings: Iterable[HeldMeeting], zone: ZoneInfo, now: int) -> HeldMeeting | NoMeetingTodayError:
    """Give the meeting for which a check-in counts (B2): the one in progress, else the next one of this day in the class's zone."""
    to_come = [meeting for meeting in meetings if meeting.ends_at > now]
    if not to_come:
        return NoMeetingTodayError(class_id=class_id, next_start=None, zone=zone)
    following = min(to_come, key=attrgetter("starts_at"))
    if following.starts_at <= now or on_the_wall(following.starts_at, zone).date() == on_the_wall(now, zone).date():
        return following
    return NoMeetingTodayError(class_id=class_id, next_start=following.starts_at, zone=zone)


def last_of_day(meetings: Iterable[HeldMeeting], *, zone: ZoneInfo, now: int) -> HeldMeeting | None:
    """Give the last of the meetings that began or ended on this day in the class's zone; None where none did."""
    today = on_the_wall(now, zone).date()
    of_day = [
        meeting
        for meeting in meetings
        if meeting.starts_at <= now and today in {on_the_wall(moment, zone).date() for moment in (meeting.starts_at, meeting.ends_at - 1)}
    ]
    return max(of_day, key=attrgetter("starts_at"), default=None)


def check_in(stored: Attendance | None, *, meeting_id: int, completion: CompletionStatus, now: int) -> CheckIn | None:
    """Decide what a check-in to a meeting changes (B3); None where the student is checked in to it already."""
    if stored and stored.is_checked_in:
        return None
    turned = completion in _TURNED
    made = Attendance(
        meeting_id=meeting_id,
        attended=True,
        checked_in_at=now,
        attended_before=stored.attended if stored else None,
        completion_before=completion if turned else stored.completion_before if stored else None,
        version=version_of(stored) + 1,
    )
    return CheckIn(made, CompletionStatus.ATTENDING if turned else completion)


def version_of(stored: Attendance | None) -> int:
    """Give the version that an attendance is at, marked or not."""
    return stored.version if stored else 1


def mark(stored: Attendance | None, *, meeting_id: int, attended: bool) -> Attendance:
    """Give the attendance of a meeting as somebody marks it; a check-in stays known."""
    if stored is None:
        return Attendance(meeting_id, attended)
    return stored if stored.attended == attended else replace(stored, attended=attended, version=stored.version + 1)


def find_check_in(attendance: Iterable[Attendance], *, meeting_id: int | None) -> Attendance | None:
    """Give the check-in to a meeting, or the last one where none is named; None where there is none."""
    standing = [each for each in attendance if each.checked_in_at is not None and meeting_id in {None, each.meeting_id}]
    return max(standing, key=_order, default=None)


def undo(undone: Attendance, *, others: Iterable[Attendance], completion: CompletionStatus) -> Undoing:
    """
    Decide what undoing a check-in brings back (B3): what was marked before and, where nobody has changed it since, the completion.

    A later check-in makes the student attend just as well: then the completion stays, and undoing that one too leads back to where all began.
    """
    attended = undone.attended_before if undone.attended else False
    attendance = None if attended is None else Attendance(undone.meeting_id, attended, version=undone.version + 1)
    before = undone.completion_before
    if before is None:
        return Undoing(attendance, completion)
    later = [each for each in others if each.is_checked_in and _order(each) > _order(undone)]
    if later:
        heir = min(later, key=_order)
        return Undoing(attendance, completion, replace(heir, completion_before=before) if heir.completion_before is None else None)
    return Undoing(attendance, before if completion is CompletionStatus.ATTENDING else completion)


def meeting_to_fill(meetings: Sequence[HeldMeeting]) -> HeldMeeting | None:
    """Give the meeting that the completion Attending means (B4): the only one; None where there are several, or none."""
    return meetings[0] if len(meetings) == 1 else None


def _order(attendance: Attendance) -> tuple[int, int]:
    return attendance.checked_in_at or 0, attendance.meeting_id
