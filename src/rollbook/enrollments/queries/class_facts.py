"""What a change of a class, or of a classroom, asks of enrollments: each read after the locks that keep it true."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, exists, func, select, union

from rollbook.access.actor import Viewer
from rollbook.classes.clashes import OtherMeeting
from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.queries.search import ClassCriteria, ClassPage, search_classes
from rollbook.classes.schedule import Meeting, StoredMeeting, first_start, last_end
from rollbook.classes.statuses import OFF
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.seats import Room, Sitting
from rollbook.enrollments.statuses import ATTENDING, EnrollmentStatus
from rollbook.organizations.model import organizations


class _IdRow(msgspec.Struct, frozen=True):
    id: int


class _CountRow(msgspec.Struct, frozen=True):
    count: int


class _EnrolledRow(msgspec.Struct, frozen=True):
    class_id: int
    count: int


class _StoredMeetingRow(msgspec.Struct, frozen=True):
    id: int
    starts_at: int
    ends_at: int
    has_attendance: bool


class _RoomRow(msgspec.Struct, frozen=True):
    id: int
    name: str
    capacity: int | None


class _SittingRow(msgspec.Struct, frozen=True):
    classroom_id: int
    starts_at: int
    ends_at: int
    students: int


class _AttendedRow(msgspec.Struct, frozen=True):
    user_id: int
    class_id: int
    starts_at: int
    ends_at: int
    is_visible: bool


_class_id = bindparam("class_id", type_=Integer)
_since = bindparam("since", type_=BigInteger)
_until = bindparam("until", type_=BigInteger)
_around = (meetings.c.ends_at > _since, meetings.c.starts_at < _until)

_lock_roster = Query(
    select(enrollments.c.id).where(enrollments.c.class_id == _class_id).order_by(enrollments.c.id).with_for_update(key_share=True), _IdRow
)
_roster = Query(
    select(*(enrollments.c[name] for name in EnrollmentRow.__struct_fields__))
    .where(enrollments.c.class_id == _class_id)
    .order_by(enrollments.c.id),
    EnrollmentRow,
)
_used_rooms = Query(
    select(enrollments.c.classroom_id.label("id"))
    .distinct()
    .where(enrollments.c.class_id == _class_id, enrollments.c.classroom_id.is_not(None), enrollments.c.status.in_(ATTENDING)),
    _IdRow,
)
_enrolled = Query(
    select(enrollments.c.class_id, func.count().label("count"))
    .where(any_of(enrollments.c.class_id, "class_ids"), enrollments.c.status == EnrollmentStatus.ENROLLED.value)
    .group_by(enrollments.c.class_id),
    _EnrolledRow,
)
_stored_meetings = Query(
    select(
        meetings.c.id,
        meetings.c.starts_at,
        meetings.c.ends_at,
        exists().where(attendance.c.meeting_id == meetings.c.id).label("has_attendance"),
    )
    .where(meetings.c.class_id == _class_id)
    .order_by(meetings.c.starts_at),
    _StoredMeetingRow,
)
_rooms = Query(
    select(classrooms.c.id, classrooms.c.name, classrooms.c.capacity)
    .where(any_of(classrooms.c.id, "classroom_ids"))
    .order_by(classrooms.c.id),
    _RoomRow,
)
# Which classes may have students in a room is told by few rows; going through everybody who ever sat there would take ever longer.
_classes_in_rooms = union(
    select(class_classrooms.c.classroom_id, class_classrooms.c.class_id).where(any_of(class_classrooms.c.classroom_id, "classroom_ids")),
    select(enrollments.c.classroom_id, enrollments.c.class_id).where(
        any_of(enrollments.c.classroom_id, "classroom_ids"), enrollments.c.location == LocationType.REMOTE_CLASSROOM.value
    ),
).subquery("classes_in_rooms")
_seated_there = and_(
    enrollments.c.class_id == _classes_in_rooms.c.class_id,
    enrollments.c.classroom_id == _classes_in_rooms.c.classroom_id,
    enrollments.c.status.in_(ATTENDING),
)
_seated = (
    select(_classes_in_rooms.c.classroom_id, _classes_in_rooms.c.class_id, func.count().label("students"))
    .join(classes, classes.c.id == _classes_in_rooms.c.class_id)
    .join(enrollments, _seated_there)
    .where(
        classes.c.id != bindparam("excluded_class_id", type_=Integer),
        classes.c.status.not_in(OFF),
        classes.c.ends_at > _since,
        classes.c.starts_at < _until,
    )
    .group_by(_classes_in_rooms.c.classroom_id, _classes_in_rooms.c.class_id)
    .subquery()
)
_sittings = Query(
    select(_seated.c.classroom_id, meetings.c.starts_at, meetings.c.ends_at, _seated.c.students)
    .join(meetings, meetings.c.class_id == _seated.c.class_id)
    .where(*_around),
    _SittingRow,
)
_without_meetings = (
    select(func.count().label("students"))
    .select_from(_classes_in_rooms)
    .join(classes, classes.c.id == _classes_in_rooms.c.class_id)
    .join(enrollments, _seated_there)
    .where(classes.c.status.not_in(OFF), classes.c.starts_at.is_(None))
    .group_by(_classes_in_rooms.c.class_id)
    .subquery()
)
_most_without_meetings = Query(select(func.coalesce(func.max(_without_meetings.c.students), 0).label("count")), _CountRow)
_attended = Query(
    select(
        enrollments.c.user_id,
        meetings.c.class_id,
        meetings.c.starts_at,
        meetings.c.ends_at,
        within(organizations.c.path, bindparam("path", type_=Text)).label("is_visible"),
    )
    .select_from(enrollments)
    .join(classes, classes.c.id == enrollments.c.class_id)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .join(meetings, meetings.c.class_id == classes.c.id)
    .where(
        any_of(enrollments.c.user_id, "user_ids"),
        enrollments.c.class_id != _class_id,
        enrollments.c.status.in_(ATTENDING),
        classes.c.status.not_in(OFF),
        *_around,
    )
    .order_by(enrollments.c.user_id, meetings.c.starts_at, meetings.c.id),
    _AttendedRow,
)


async def list_roster(transaction: Transaction, *, class_id: int) -> list[EnrollmentRow]:
    """Lock every enrollment of a class and give them by ascending id; asked for a class already in scope and locked."""
    await transaction.lock(_lock_roster, class_id=class_id)
    return await transaction.all(_roster, class_id=class_id)


async def list_used_rooms(transaction: Transaction, *, class_id: int) -> list[int]:
    """Give the ids of the rooms that attending students of a class sit in; while the class is locked, no room joins them."""
    return [row.id for row in await transaction.all(_used_rooms, class_id=class_id)]


async def count_enrolled_of(transaction: Transaction, *, class_ids: Collection[int]) -> dict[int, int]:
    """Count the Enrolled students of classes already in scope; a class without any is left out."""
    if not class_ids:
        return {}
    return {row.class_id: row.count for row in await transaction.all(_enrolled, class_ids=list(class_ids))}


async def search_classes_with_enrolled(
    transaction: Transaction, *, viewer: Viewer, criteria: ClassCriteria, sort: str, descending: bool, offset: int, limit: int
) -> tuple[ClassPage, dict[int, int]]:
    """Find classes as ``search_classes`` does, and count the Enrolled students of those on the page."""
    page = await search_classes(transaction, viewer=viewer, criteria=criteria, sort=sort, descending=descending, offset=offset, limit=limit)
    return page, await count_enrolled_of(transaction, class_ids=[found.row.id for found in page.classes])


async def list_stored_meetings(transaction: Transaction, *, class_id: int) -> list[StoredMeeting]:
    """Give the meetings of a class by their starts, and which of them have attendance (C2); asked for a class already in scope."""
    return [
        StoredMeeting(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at, has_attendance=row.has_attendance)
        for row in await transaction.all(_stored_meetings, class_id=class_id)
    ]


async def list_rooms(transaction: Transaction, *, classroom_ids: Collection[int]) -> list[Room]:
    """Give rooms as a claim sees them, by ascending id; asked for rooms in use by a class already in scope."""
    rows = await transaction.all(_rooms, classroom_ids=list(classroom_ids))
    return [Room(id=row.id, name=row.name, capacity=row.capacity) for row in rows]


async def list_sittings(
    transaction: Transaction, *, classroom_ids: Collection[int], since: int, until: int, excluded_class_id: int = 0
) -> dict[int, list[Sitting]]:
    """Give, by room, who sits there between two times in classes other than the excluded one, of whatever organization (P2)."""
    rows = await transaction.all(
        _sittings, classroom_ids=list(classroom_ids), excluded_class_id=excluded_class_id, since=since, until=until
    )
    sittings: defaultdict[int, list[Sitting]] = defaultdict(list)
    for row in rows:
        sittings[row.classroom_id].append(Sitting(starts_at=row.starts_at, ends_at=row.ends_at, students=row.students))
    return sittings


async def count_most_without_meetings(transaction: Transaction, *, classroom_id: int) -> int:
    """Count the students that one class without meetings has in a room, taking the class that has the most (P3)."""
    return (await transaction.one(_most_without_meetings, classroom_ids=[classroom_id])).count


async def list_attended_by(
    transaction: Transaction, *, viewer: Viewer, user_ids: Collection[int], class_id: int, during: Sequence[Meeting]
) -> dict[int, list[OtherMeeting]]:
    """Give, by student, the meetings around that time of the other classes that they attend, of whatever organization (C4)."""
    attended: defaultdict[int, list[OtherMeeting]] = defaultdict(list)
    if user_ids and during:
        rows = await transaction.all(
            _attended,
            user_ids=list(user_ids),
            class_id=class_id,
            since=first_start(during),
            until=last_end(during),
            path=viewer.path,
        )
        for row in rows:
            meeting = OtherMeeting(starts_at=row.starts_at, ends_at=row.ends_at, class_id=row.class_id, is_visible=row.is_visible)
            attended[row.user_id].append(meeting)
    return attended
