"""A student's attendance of a meeting as the REST API shows it."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from rollbook.access.actor import Actor
from rollbook.api.rest.enrollment_records import Enrollment
from rollbook.api.rest.values import Time, moment_of, optional_moment_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments import attendance as rules
from rollbook.enrollments.queries.attendance import find_attendance, get_held_meeting
from rollbook.enrollments.queries.attendance_charts import FoundAttendance
from rollbook.enrollments.queries.records import RecordRow, get_enrollment_record

AttendedOrNot = Annotated[bool | None, Meta(description="Null where nobody has marked it.")]


class Attendance(Struct, frozen=True, kw_only=True):
    """Whether a student attended a meeting."""

    enrollment_id: int
    meeting_id: int
    class_id: int
    class_name: str
    user_id: int
    first_name: str
    last_name: str
    starts_at: Annotated[Time, Meta(description="When the meeting starts.")]
    ends_at: Time
    time_zone: Annotated[str, Meta(description="The IANA name of the class's zone.")]
    attended: AttendedOrNot
    checked_in_at: Annotated[Time | None, Meta(description="When the student was checked in; null where that did not happen.")]
    version: Annotated[int, Meta(description="1 where nobody has marked it.")]


EXAMPLE: Final = Attendance(
    enrollment_id=19,
    meeting_id=7,
    class_id=4,
    class_name="Welding, May",
    user_id=3,
    first_name="Sam",
    last_name="Example",
    starts_at=moment_of(1_809_936_000),
    ends_at=moment_of(1_809_964_800),
    time_zone="Europe/Berlin",
    attended=True,
    checked_in_at=moment_of(1_809_935_400),
    version=2,
)
"""An attendance for the OpenAPI document."""


def show_found(row: FoundAttendance) -> Attendance:
    """Show what is marked of a student and a meeting."""
    return Attendance(
        enrollment_id=row.enrollment_id,
        meeting_id=row.meeting_id,
        class_id=row.class_id,
        class_name=row.class_name,
        user_id=row.user_id,
        first_name=row.first_name,
        last_name=row.last_name,
        starts_at=moment_of(row.starts_at),
        ends_at=moment_of(row.ends_at),
        time_zone=row.time_zone,
        attended=row.attended,
        checked_in_at=optional_moment_of(row.checked_in_at),
        version=row.version,
    )


def show_attendance(enrollment: RecordRow | Enrollment, meeting: rules.HeldMeeting, stored: rules.Attendance | None) -> Attendance:
    """Show the attendance of a student at a meeting, marked or not."""
    return Attendance(
        enrollment_id=enrollment.id,
        meeting_id=meeting.id,
        class_id=enrollment.class_id,
        class_name=enrollment.class_name,
        user_id=enrollment.user_id,
        first_name=enrollment.first_name,
        last_name=enrollment.last_name,
        starts_at=moment_of(meeting.starts_at),
        ends_at=moment_of(meeting.ends_at),
        time_zone=enrollment.time_zone,
        attended=stored.attended if stored else None,
        checked_in_at=optional_moment_of(stored.checked_in_at if stored else None),
        version=rules.version_of(stored),
    )


async def see_attendance(transaction: Transaction, actor: Actor, enrollment_id: int, *, meeting_id: int) -> Attendance:
    """
    Give the attendance of a student at a meeting as an answer shows it.

    Raises:
        EnrollmentNotFoundError: The caller has no such enrollment.
        MeetingNotFoundError: Its class has no such meeting.
    """
    record = await get_enrollment_record(transaction, viewer=actor.viewer, enrollment_id=enrollment_id)
    meeting = await get_held_meeting(transaction, class_id=record.row.class_id, meeting_id=meeting_id)
    stored = await find_attendance(transaction, enrollment_id=enrollment_id, meeting_id=meeting_id)
    return show_attendance(record.row, meeting, stored)
