"""What tests do with attendance, in one line each."""

from typing import Any

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.classes.schedule import Meeting
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.checking_in import CheckedIn, check_student_in, undo_check_in
from rollbook.enrollments.actions.closing import ClosedClass, close_class
from rollbook.enrollments.actions.marking import MarkedStudent, MeetingMarks, mark_meeting, mark_student
from rollbook.enrollments.queries.attendance import list_attendance, list_held_meetings
from rollbook.organizations.time_zones import TimeZone, find_time_zone
from tests.cast import HOUR, TESTS


def midday_zone() -> TimeZone:
    """Give a zone in which it is about noon, so that the day neither began nor ends in the course of a test."""
    ahead = 12 - clock.now() // HOUR % 24
    return find_time_zone("Etc/UTC" if ahead == 0 else f"Etc/GMT{-ahead:+d}")


def around_now(*hours: tuple[float, float]) -> tuple[Meeting, ...]:
    """Give meetings that begin and end so many hours from now."""
    now = clock.now()
    return tuple(Meeting(starts_at=now + int(begins * HOUR), ends_at=now + int(ends * HOUR)) for begins, ends in hours)


async def meeting_ids(database: Database, class_id: int) -> list[int]:
    """Give the ids of a class's meetings, in their order."""
    return [meeting.id for meeting in await database.read(list_held_meetings, class_id=class_id)]


async def check_in(database: Database, enrollment_id: int, *, actor: Actor = TESTS, if_version: int | None = None) -> CheckedIn:
    """Check a student in."""
    return await database.write(check_student_in, actor=actor, enrollment_id=enrollment_id, if_version=if_version)


async def undo(database: Database, enrollment_id: int, *, meeting_id: int | None = None, actor: Actor = TESTS, **values: Any) -> CheckedIn:
    """Undo a check-in."""
    return await database.write(undo_check_in, actor=actor, enrollment_id=enrollment_id, meeting_id=meeting_id, **values)


async def mark(
    database: Database, enrollment_id: int, meeting_id: int, *, attended: bool | None, actor: Actor = TESTS, if_version: int | None = None
) -> MarkedStudent:
    """Mark whether a student attended a meeting."""
    return await database.write(
        mark_student, actor=actor, enrollment_id=enrollment_id, meeting_id=meeting_id, attended=attended, if_version=if_version
    )


async def mark_all(database: Database, class_id: int, meeting_id: int, *, actor: Actor = TESTS, **marks: Any) -> list[MarkedStudent]:
    """Mark who attended a meeting."""
    return await database.write(mark_meeting, actor=actor, class_id=class_id, meeting_id=meeting_id, marks=MeetingMarks(**marks))


async def close(database: Database, class_id: int, *, actor: Actor = TESTS, if_version: int | None = None) -> ClosedClass:
    """Close a class."""
    return await database.write(close_class, actor=actor, class_id=class_id, if_version=if_version)


async def attended(database: Database, enrollment_id: int) -> dict[int, bool]:
    """Give what is marked of a student, by meeting."""
    return {each.meeting_id: each.attended for each in await database.read(list_attendance, enrollment_id=enrollment_id)}
