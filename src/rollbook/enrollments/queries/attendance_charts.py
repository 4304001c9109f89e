"""Who attended what, as it is shown: the chart of a class, a student's meetings, and what is marked anywhere."""

from collections import defaultdict
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Select, Text, bindparam, exists, func, select, tuple_

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes, meetings
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.expressions import any_of, within
from rollbook.database.keyset import Page, Place
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.attendance import Attendance, HeldMeeting
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.queries.attendance import get_held_meeting, list_held_meetings
from rollbook.enrollments.statuses import ATTENDING, CompletionStatus, EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class ChartedClass(msgspec.Struct, frozen=True):
    """
    What a chart shows of its class.

    Attributes:
        time_zone: The IANA name of its zone.
    """

    id: int
    name: str
    status: ClassStatus
    starts_at: int | None
    ends_at: int | None
    time_zone: str
    version: int


class StudentRow(msgspec.Struct, frozen=True):
    """What a chart shows of a student beside the attendance."""

    id: int
    user_id: int
    first_name: str
    last_name: str
    status: EnrollmentStatus
    completion: CompletionStatus


class ChartedStudent(msgspec.Struct, frozen=True):
    """A student of a chart, and what is marked, by meeting."""

    row: StudentRow
    attendance: dict[int, Attendance]


class Chart(msgspec.Struct, frozen=True):
    """
    Who attended which meeting of a class.

    Attributes:
        meetings: All of them, by their starts.
        students: A page of those who attend the class, by their enrollments.
    """

    training_class: ChartedClass
    meetings: list[HeldMeeting]
    students: Page[ChartedStudent]


class MeetingSummary(msgspec.Struct, frozen=True):
    """A meeting of a class, and how many of those who attend the class attended it, did not, or are not marked."""

    training_class: ChartedClass
    meeting: HeldMeeting
    present: int
    absent: int
    unmarked: int


class AttendanceQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the attendance that is looked for has in common; None is not asked.

    Attributes:
        checked_in: Whether there was a check-in.
        starts_after, starts_before: When the meeting starts, in epoch seconds, both ends inclusive.
    """

    class_id: int | None = None
    user_id: int | None = None
    attended: bool | None = None
    checked_in: bool | None = None
    starts_after: int | None = None
    starts_before: int | None = None


class FoundAttendance(msgspec.Struct, frozen=True):
    """What is marked of a student and a meeting, and what a list shows of both."""

    meeting_id: int
    enrollment_id: int
    class_id: int
    class_name: str
    user_id: int
    first_name: str
    last_name: str
    starts_at: int
    ends_at: int
    time_zone: str
    attended: bool
    checked_in_at: int | None
    version: int


class _MarkedRow(msgspec.Struct, frozen=True):
    enrollment_id: int
    meeting_id: int
    attended: bool
    checked_in_at: int | None
    version: int


class _CountRow(msgspec.Struct, frozen=True):
    attended: bool | None
    count: int


_path = bindparam("path", type_=Text)
_limit = bindparam("limit", type_=Integer)
_class_id = bindparam("class_id", type_=Integer)
_own = select(organizations.c.id).where(within(organizations.c.path, _path))

_charted_class = Query(
    select(
        classes.c.id,
        classes.c.name,
        classes.c.status,
        classes.c.starts_at,
        classes.c.ends_at,
        classes.c.time_zone_iana.label("time_zone"),
        classes.c.version,
    )
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == _class_id, within(organizations.c.path, _path)),
    ChartedClass,
)
_students = Query(
    select(enrollments.c.id, enrollments.c.user_id, users.c.first_name, users.c.last_name, enrollments.c.status, enrollments.c.completion)
    .join(users, users.c.id == enrollments.c.user_id)
    .where(
        enrollments.c.class_id == _class_id,
        enrollments.c.status.in_(ATTENDING),
        enrollments.c.id > bindparam("after_id", type_=Integer),
    )
    .order_by(enrollments.c.id)
    .limit(_limit),
    StudentRow,
)
_marked = Query(
    select(*(attendance.c[name] for name in _MarkedRow.__struct_fields__)).where(any_of(attendance.c.enrollment_id, "enrollment_ids")),
    _MarkedRow,
)

_counts = Query(
    select(attendance.c.attended, func.count().label("count"))
    .select_from(enrollments)
    .outerjoin(
        attendance, (attendance.c.enrollment_id == enrollments.c.id) & (attendance.c.meeting_id == bindparam("meeting_id", type_=Integer))
    )
    .where(enrollments.c.class_id == _class_id, enrollments.c.status.in_(ATTENDING))
    .group_by(attendance.c.attended),
    _CountRow,
)

_OF_MEETINGS: Final[dict[str, ColumnElement[bool]]] = {
    "class_id": meetings.c.class_id == _class_id,
    "starts_after": meetings.c.starts_at >= bindparam("starts_after", type_=BigInteger),
    "starts_before": meetings.c.starts_at <= bindparam("starts_before", type_=BigInteger),
}
_OF_ATTENDANCE: Final[dict[str, ColumnElement[bool]]] = {
    "attended": attendance.c.attended == bindparam("attended", type_=Boolean),
    "checked_in": attendance.c.checked_in_at.is_not(None),
    "not_checked_in": attendance.c.checked_in_at.is_(None),
}
_SHOWN = tuple(attendance.c[name] for name in ("meeting_id", "enrollment_id", "attended", "checked_in_at", "version"))


async def get_charted_class(transaction: Transaction, *, viewer: Viewer, class_id: int) -> ChartedClass:
    """
    Give what a chart shows of its class.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await transaction.find(_charted_class, class_id=class_id, path=viewer.path)
    if found is None:
        raise ClassNotFoundError(class_id)
    return found


async def get_chart(transaction: Transaction, *, viewer: Viewer, class_id: int, after_id: int = 0, limit: int = 100) -> Chart:
    """
    Give a page of the chart of a class: the students whose enrollments have an id above *after_id*.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    charted = await get_charted_class(transaction, viewer=viewer, class_id=class_id)
    # One more than wanted tells whether there is a next page.
    rows = await transaction.all(_students, class_id=class_id, after_id=after_id, limit=limit + 1)
    shown = rows[:limit]
    marked: defaultdict[int, dict[int, Attendance]] = defaultdict(dict)
    for each in await transaction.all(_marked, enrollment_ids=[row.id for row in shown]):
        marked[each.enrollment_id][each.meeting_id] = Attendance(each.meeting_id, each.attended, each.checked_in_at, version=each.version)
    students = [ChartedStudent(row, marked[row.id]) for row in shown]
    following = Place(shown[-1].id) if len(rows) > limit else None
    return Chart(charted, await list_held_meetings(transaction, class_id=class_id), Page(students, following))


async def summarize_meeting(transaction: Transaction, *, viewer: Viewer, class_id: int, meeting_id: int) -> MeetingSummary:
    """
    Count who attended a meeting, of those who attend its class.

    Raises:
        ClassNotFoundError: The viewer has no such class.
        MeetingNotFoundError: The class has no such meeting.
    """
    charted = await get_charted_class(transaction, viewer=viewer, class_id=class_id)
    meeting = await get_held_meeting(transaction, class_id=class_id, meeting_id=meeting_id)
    counts = {row.attended: row.count for row in await transaction.all(_counts, class_id=class_id, meeting_id=meeting_id)}
    return MeetingSummary(charted, meeting, counts.get(True, 0), counts.get(False, 0), counts.get(None, 0))


async def find_attendance_of(
    transaction: Transaction, *, viewer: Viewer, question: AttendanceQuestion, behind: Place | None = None, limit: int = 100
) -> Page[FoundAttendance]:
    """Give a page of what is marked in the viewer's classes, by meetings and then by enrollments, whose ids a place has as value and id."""
    values = {name: value for name, value in msgspec.structs.asdict(question).items() if value is not None}
    asked = set(values)
    if values.pop("checked_in", None) is False:
        asked = asked - {"checked_in"} | {"not_checked_in"}
    rows = await transaction.all(
        _find(frozenset(asked)),
        path=viewer.path,
        behind_meeting=(behind.value or 0) if behind else 0,
        behind_id=behind.id if behind else 0,
        limit=limit + 1,
        **values,
    )
    shown = rows[:limit]
    following = Place(shown[-1].enrollment_id, shown[-1].meeting_id) if len(rows) > limit else None
    return Page(shown, following)


@cache
def _find(asked: frozenset[str]) -> Query[FoundAttendance]:
    here = tuple_(attendance.c.meeting_id, attendance.c.enrollment_id)
    there = tuple_(bindparam("behind_meeting", type_=BigInteger), bindparam("behind_id", type_=BigInteger))
    found: Select[Any] = select(*_SHOWN).where(here > there, *(_OF_ATTENDANCE[name] for name in sorted(asked & _OF_ATTENDANCE.keys())))
    if asked & _OF_MEETINGS.keys():
        asked_meetings = select(meetings.c.id).where(*(_OF_MEETINGS[name] for name in sorted(asked & _OF_MEETINGS.keys())))
        found = found.where(attendance.c.meeting_id.in_(asked_meetings))
    if "user_id" in asked:
        found = found.join(enrollments, enrollments.c.id == attendance.c.enrollment_id).where(
            enrollments.c.user_id == bindparam("user_id", type_=Integer), enrollments.c.organization_id.in_(_own)
        )
    else:
        # Asked of each row, this lets the page begin behind its place and end when it is full.
        seen = enrollments.alias("seen")
        found = found.where(exists().where(seen.c.id == attendance.c.enrollment_id, seen.c.organization_id.in_(_own)))
    # What is shown is looked up for the rows of the page alone.
    page = found.order_by(attendance.c.meeting_id, attendance.c.enrollment_id).limit(_limit).subquery("page")
    statement = (
        select(
            page.c.meeting_id,
            page.c.enrollment_id,
            enrollments.c.class_id,
            classes.c.name.label("class_name"),
            enrollments.c.user_id,
            users.c.first_name,
            users.c.last_name,
            meetings.c.starts_at,
            meetings.c.ends_at,
            classes.c.time_zone_iana.label("time_zone"),
            page.c.attended,
            page.c.checked_in_at,
            page.c.version,
        )
        .select_from(page)
        .join(meetings, meetings.c.id == page.c.meeting_id)
        .join(enrollments, enrollments.c.id == page.c.enrollment_id)
        .join(classes, classes.c.id == enrollments.c.class_id)
        .join(users, users.c.id == enrollments.c.user_id)
    )
    return Query(statement.order_by(page.c.meeting_id, page.c.enrollment_id), FoundAttendance)
