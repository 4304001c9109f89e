"""Who attended which meeting: what decides on check-ins, marks and the closing of a class, each read after the locks that keep it true."""

import msgspec
from sqlalchemy import Integer, bindparam, func, select

from rollbook.classes.model import classes, meetings
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.attendance import Attendance, HeldMeeting
from rollbook.enrollments.model import attendance
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import NotFoundError


class MetClass(msgspec.Struct, frozen=True):
    """
    What a class says of who can be checked in, and when.

    Attributes:
        time_zone: The IANA name of its zone.
    """

    id: int
    status: ClassStatus
    delivery: Delivery
    time_zone: str


class MeetingNotFoundError(NotFoundError):
    """The class has no such meeting."""

    def __init__(self, *, class_id: int, meeting_id: int) -> None:
        self.class_id = class_id
        self.meeting_id = meeting_id
        super().__init__(f"class {class_id} has no meeting {meeting_id}; give the id of one of its meetings")


class _MeetingRow(msgspec.Struct, frozen=True):
    id: int
    starts_at: int
    ends_at: int


class _AttendanceOfRow(msgspec.Struct, frozen=True):
    enrollment_id: int
    meeting_id: int
    attended: bool
    checked_in_at: int | None
    attended_before: bool | None
    completion_before: CompletionStatus | None
    version: int


class _AttendedRow(msgspec.Struct, frozen=True):
    enrollment_id: int
    count: int


ATTENDANCE_COLUMNS = tuple(attendance.c[name] for name in Attendance.__struct_fields__)
"""The columns that are the fields of Attendance."""

_class_id = bindparam("class_id", type_=Integer)
_met_class = Query(
    select(classes.c.id, classes.c.status, classes.c.delivery, classes.c.time_zone_iana.label("time_zone")).where(
        classes.c.id == _class_id
    ),
    MetClass,
)
_meetings = Query(
    select(meetings.c.id, meetings.c.starts_at, meetings.c.ends_at).where(meetings.c.class_id == _class_id).order_by(meetings.c.starts_at),
    _MeetingRow,
)
_one = Query(
    select(*ATTENDANCE_COLUMNS).where(
        attendance.c.meeting_id == bindparam("meeting_id", type_=Integer),
        attendance.c.enrollment_id == bindparam("enrollment_id", type_=Integer),
    ),
    Attendance,
)
_of_enrollment = Query(
    select(*ATTENDANCE_COLUMNS)
    .where(attendance.c.enrollment_id == bindparam("enrollment_id", type_=Integer))
    .order_by(attendance.c.meeting_id),
    Attendance,
)
_of_meeting = Query(
    select(attendance.c.enrollment_id, *ATTENDANCE_COLUMNS).where(attendance.c.meeting_id == bindparam("meeting_id", type_=Integer)),
    _AttendanceOfRow,
)
_attended = Query(
    select(attendance.c.enrollment_id, func.count().label("count"))
    .join(meetings, meetings.c.id == attendance.c.meeting_id)
    .where(meetings.c.class_id == _class_id, attendance.c.attended.is_(True))
    .group_by(attendance.c.enrollment_id),
    _AttendedRow,
)


async def get_met_class(transaction: Transaction, *, class_id: int) -> MetClass:
    """Give what a class says of check-ins; asked for a class already in scope."""
    return await transaction.one(_met_class, class_id=class_id)


async def list_held_meetings(transaction: Transaction, *, class_id: int) -> list[HeldMeeting]:
    """Give the meetings of a class by their starts; asked for a class already in scope."""
    rows = await transaction.all(_meetings, class_id=class_id)
    return [HeldMeeting(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at) for row in rows]


async def get_held_meeting(transaction: Transaction, *, class_id: int, meeting_id: int) -> HeldMeeting:
    """
    Give a meeting of a class; asked for a class already in scope.

    Raises:
        MeetingNotFoundError: The class has no such meeting.
    """
    for meeting in await list_held_meetings(transaction, class_id=class_id):
        if meeting.id == meeting_id:
            return meeting
    raise MeetingNotFoundError(class_id=class_id, meeting_id=meeting_id)


async def list_attendance(transaction: Transaction, *, enrollment_id: int) -> list[Attendance]:
    """Give the attendance of an enrollment, by meeting; asked for an enrollment already in scope."""
    return await transaction.all(_of_enrollment, enrollment_id=enrollment_id)


async def find_attendance(transaction: Transaction, *, enrollment_id: int, meeting_id: int) -> Attendance | None:
    """Give the attendance of an enrollment at a meeting; None where nothing is marked; asked for an enrollment already in scope."""
    return await transaction.find(_one, enrollment_id=enrollment_id, meeting_id=meeting_id)


async def list_attendance_at(transaction: Transaction, *, meeting_id: int) -> dict[int, Attendance]:
    """Give the attendance at a meeting, by enrollment; asked for a meeting of a class already in scope."""
    rows = await transaction.all(_of_meeting, meeting_id=meeting_id)
    return {
        row.enrollment_id: Attendance(
            row.meeting_id, row.attended, row.checked_in_at, row.attended_before, row.completion_before, row.version
        )
        for row in rows
    }


async def count_attended(transaction: Transaction, *, class_id: int) -> dict[int, int]:
    """Count, by enrollment, the meetings of a class that were attended, who attended none left out; asked for a class already in scope."""
    return {row.enrollment_id: row.count for row in await transaction.all(_attended, class_id=class_id)}
