"""The facts that decide whether there is a seat in a room (P2, P5): each read after the locks that keep it true."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, func, select, union

from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.entrance import CountRow, IdRow
from rollbook.enrollments.seats import Room, Sitting
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations


class _RoomRow(msgspec.Struct, frozen=True):
    id: int
    name: str
    capacity: int | None


class _OccupantRow(msgspec.Struct, frozen=True):
    class_id: int
    students: int


class _MeetingOfClassRow(msgspec.Struct, frozen=True):
    class_id: int
    starts_at: int
    ends_at: int


_class_id = bindparam("class_id", type_=Integer)
_classroom_id = bindparam("classroom_id", type_=Integer)
_excluded_id = bindparam("excluded_id", type_=Integer)
_since = bindparam("since", type_=BigInteger)
_until = bindparam("until", type_=BigInteger)
_off = (ClassStatus.CANCELLED.value, ClassStatus.DENIED.value)
_attending = (EnrollmentStatus.AUDIT.value, EnrollmentStatus.ENROLLED.value)

lock_classrooms = Query(
    select(classrooms.c.id).where(any_of(classrooms.c.id, "ids")).order_by(classrooms.c.id).with_for_update(key_share=True), IdRow
)
_room = Query(select(classrooms.c.id, classrooms.c.name, classrooms.c.capacity).where(classrooms.c.id == _classroom_id), _RoomRow)

_class_organizations = organizations.alias("class_organizations")
_room_in_tree = Query(
    select(classrooms.c.id)
    .join(organizations, organizations.c.id == classrooms.c.organization_id)
    .join(_class_organizations, _class_organizations.c.id == bindparam("organization_id", type_=Integer))
    .where(classrooms.c.id == _classroom_id, within(organizations.c.path, _class_organizations.c.path)),
    IdRow,
)
# Which classes may have students in a room is told by few rows; going through everybody who ever sat there would take ever longer.
_classes_in_room = union(
    select(class_classrooms.c.class_id).where(class_classrooms.c.classroom_id == _classroom_id),
    select(enrollments.c.class_id).where(
        enrollments.c.classroom_id == _classroom_id, enrollments.c.location == LocationType.REMOTE_CLASSROOM.value
    ),
).subquery("classes_in_room")
_seated = (
    select(func.count())
    .where(
        enrollments.c.classroom_id == _classroom_id,
        enrollments.c.class_id == classes.c.id,
        enrollments.c.status.in_(_attending),
        enrollments.c.id != _excluded_id,
    )
    .scalar_subquery()
)
_occupants = Query(
    select(classes.c.id.label("class_id"), _seated.label("students"))
    .select_from(_classes_in_room)
    .join(classes, classes.c.id == _classes_in_room.c.class_id)
    .where(classes.c.status.not_in(_off), classes.c.ends_at > _since, classes.c.starts_at < _until),
    _OccupantRow,
)
_meetings_of_classes = Query(
    select(meetings.c.class_id, meetings.c.starts_at, meetings.c.ends_at).where(
        any_of(meetings.c.class_id, "class_ids"), meetings.c.ends_at > _since, meetings.c.starts_at < _until
    ),
    _MeetingOfClassRow,
)
_classmates = Query(
    select(func.count().label("count")).where(
        enrollments.c.class_id == _class_id,
        enrollments.c.classroom_id == _classroom_id,
        enrollments.c.status.in_(_attending),
        enrollments.c.id != _excluded_id,
    ),
    CountRow,
)


async def get_room(transaction: Transaction, *, classroom_id: int) -> Room:
    """Give a room as a claim sees it; asked for a room already in scope."""
    row = await transaction.one(_room, classroom_id=classroom_id)
    return Room(id=row.id, name=row.name, capacity=row.capacity)


async def is_room_in_tree(transaction: Transaction, *, classroom_id: int, organization_id: int) -> bool:
    """Tell whether a room belongs to an organization or to one beneath it (P5)."""
    return await transaction.find(_room_in_tree, classroom_id=classroom_id, organization_id=organization_id) is not None


async def list_sittings(
    transaction: Transaction,
    *,
    classroom_id: int,
    since: int,
    until: int,
    excluded_id: int,
    known: Mapping[int, Sequence[Meeting]] = MappingProxyType({}),
) -> list[Sitting]:
    """
    Give who sits in a room when between two times, of every organization (P2), not counting the excluded enrollment.

    ``known`` holds the meetings of classes that need not be asked for again.
    """
    occupants = await transaction.all(_occupants, classroom_id=classroom_id, since=since, until=until, excluded_id=excluded_id)
    students = {row.class_id: row.students for row in occupants if row.students}
    sittings = [
        Sitting(starts_at=meeting.starts_at, ends_at=meeting.ends_at, students=students[class_id])
        for class_id in students.keys() & known.keys()
        for meeting in known[class_id]
    ]
    if asked := list(students.keys() - known.keys()):
        rows = await transaction.all(_meetings_of_classes, class_ids=asked, since=since, until=until)
        sittings += [Sitting(starts_at=row.starts_at, ends_at=row.ends_at, students=students[row.class_id]) for row in rows]
    return sittings


async def count_classmates(transaction: Transaction, *, class_id: int, classroom_id: int, excluded_id: int) -> int:
    """Count the students of a class who sit in a room, not counting the excluded enrollment; asked for a class already in scope."""
    return (await transaction.one(_classmates, class_id=class_id, classroom_id=classroom_id, excluded_id=excluded_id)).count
