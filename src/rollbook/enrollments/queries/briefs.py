"""Classes in brief: what a list of what takes place shows of each, and which of its meetings are meant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select

from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.classrooms.model import classrooms
from rollbook.courses.model import courses
from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.attendance import HeldMeeting
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.organizations.time_zones import on_the_wall, zone_of
from rollbook.people.model import users


class BriefRow(msgspec.Struct, frozen=True):
    """
    A class's own values.

    Attributes:
        starts_at: The first meeting's start in epoch seconds.
        ends_at: The last meeting's end in epoch seconds.
        time_zone: The IANA name of its zone.
        instructor_first_name, instructor_last_name: Those of its primary instructor.
        enrolled, waitlisted, requested: How many have that status.
    """

    id: int
    name: str
    organization_id: int
    organization_name: str
    course_name: str
    status: ClassStatus
    delivery: Delivery
    minimum: int | None
    maximum: int | None
    starts_at: int | None
    ends_at: int | None
    time_zone: str
    instructor_first_name: str | None
    instructor_last_name: str | None
    enrolled: int
    waitlisted: int
    requested: int


class BriefedClass(msgspec.Struct, frozen=True):
    """
    A class in brief.

    Attributes:
        meetings: Those that were asked for, by their starts.
        room_names: In the order that the rooms were given.
    """

    row: BriefRow
    meetings: list[HeldMeeting]
    room_names: list[str]


class _MeetingRow(msgspec.Struct, frozen=True):
    class_id: int
    id: int
    starts_at: int
    ends_at: int


class _RoomRow(msgspec.Struct, frozen=True):
    class_id: int
    name: str


DAYS_AHEAD: Final = 7
"""So many days after this one are the week."""

_DAY: Final = 86_400

_starts_before = bindparam("starts_before", type_=BigInteger)
_ends_after = bindparam("ends_after", type_=BigInteger)


def number_of(status: EnrollmentStatus) -> ColumnElement[int]:
    """Count the students of a class who have a status."""
    return select(func.count()).where(enrollments.c.class_id == classes.c.id, enrollments.c.status == status.value).scalar_subquery()


BRIEFS: Final[Select[Any]] = (
    select(
        classes.c.id,
        classes.c.name,
        classes.c.organization_id,
        organizations.c.name.label("organization_name"),
        courses.c.name.label("course_name"),
        *(classes.c[name] for name in ("status", "delivery", "minimum", "maximum", "starts_at", "ends_at")),
        classes.c.time_zone_iana.label("time_zone"),
        users.c.first_name.label("instructor_first_name"),
        users.c.last_name.label("instructor_last_name"),
        number_of(EnrollmentStatus.ENROLLED).label("enrolled"),
        number_of(EnrollmentStatus.WAITLISTED).label("waitlisted"),
        number_of(EnrollmentStatus.REQUESTED).label("requested"),
    )
    .select_from(classes)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .join(courses, courses.c.id == classes.c.course_id)
    .outerjoin(users, users.c.id == classes.c.primary_instructor_id)
)
"""Every class; its columns are the fields of BriefRow."""

AROUND: Final = (classes.c.starts_at < _starts_before, classes.c.ends_at > _ends_after)
"""That a class begins before, and ends after, the two moments bound by these names."""

_meetings = Query(
    select(meetings.c.class_id, meetings.c.id, meetings.c.starts_at, meetings.c.ends_at)
    .where(any_of(meetings.c.class_id, "class_ids"), meetings.c.starts_at < _starts_before, meetings.c.ends_at > _ends_after)
    .order_by(meetings.c.class_id, meetings.c.starts_at),
    _MeetingRow,
)
_rooms = Query(
    select(class_classrooms.c.class_id, classrooms.c.name)
    .join(classrooms, classrooms.c.id == class_classrooms.c.classroom_id)
    .where(any_of(class_classrooms.c.class_id, "class_ids"))
    .order_by(class_classrooms.c.class_id, class_classrooms.c.position),
    _RoomRow,
)


async def complete_briefs(transaction: Transaction, rows: Sequence[BriefRow], *, starts_before: int, ends_after: int) -> list[BriefedClass]:
    """
    Give the classes that meet between two moments, in epoch seconds, with these meetings and their rooms, the earliest meeting first.

    The rows are what the viewer may see.
    """
    class_ids = [row.id for row in rows]
    met: defaultdict[int, list[HeldMeeting]] = defaultdict(list)
    for meeting in await transaction.all(_meetings, class_ids=class_ids, starts_before=starts_before, ends_after=ends_after):
        met[meeting.class_id].append(HeldMeeting(id=meeting.id, starts_at=meeting.starts_at, ends_at=meeting.ends_at))
    named: defaultdict[int, list[str]] = defaultdict(list)
    for room in await transaction.all(_rooms, class_ids=class_ids):
        named[room.class_id].append(room.name)
    found = [BriefedClass(row, met[row.id], named[row.id]) for row in rows if met[row.id]]
    found.sort(key=lambda brief: (brief.meetings[0].starts_at, brief.row.id))
    return found


def week_around(now: int) -> dict[str, int]:
    """Give moments, in epoch seconds, between which this day and the week after it lie in every zone, as ``AROUND`` names them."""
    return {"starts_before": now + (DAYS_AHEAD + 2) * _DAY, "ends_after": now - 2 * _DAY}


def on_days(found: Iterable[BriefedClass], *, now: int, first: int, last: int) -> list[BriefedClass]:
    """Give the classes that meet so many days from this one in their zones, with these meetings, the earliest one first."""
    kept = []
    for brief in found:
        days = [meeting for meeting in brief.meetings if _is_on_days(meeting, brief.row.time_zone, now=now, first=first, last=last)]
        if days:
            kept.append(msgspec.structs.replace(brief, meetings=days))
    return sorted(kept, key=lambda brief: (brief.meetings[0].starts_at, brief.row.id))


def _is_on_days(meeting: HeldMeeting, time_zone: str, *, now: int, first: int, last: int) -> bool:
    zone = zone_of(time_zone)
    today = on_the_wall(now, zone).date()
    begins, ends = [on_the_wall(moment, zone).date() for moment in (meeting.starts_at, meeting.ends_at - 1)]
    return begins <= today + timedelta(days=last) and ends >= today + timedelta(days=first)
