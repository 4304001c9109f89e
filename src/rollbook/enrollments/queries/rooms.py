"""The facts that decide whether there is a seat in a room (P2, P5): each read after the locks that keep it true."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import BigInteger, Integer, ScalarSelect, Subquery, and_, bindparam, exists, func, or_, select

from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.schedule import Meeting, first_start, last_end
from rollbook.classes.statuses import OFF
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, objects_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.entrance import IdRow
from rollbook.enrollments.seats import Occupancy, Room, Sitting
from rollbook.enrollments.statuses import ATTENDING, EnrollmentStatus
from rollbook.organizations.model import organizations


class _Occupants(msgspec.Struct, frozen=True):
    class_id: int
    students: int


class _OccupancyRow(msgspec.Struct, frozen=True):
    name: str
    capacity: int | None
    of_its_classes: list[_Occupants]
    from_afar: list[_Occupants]


class _MeetingOfClassRow(msgspec.Struct, frozen=True):
    class_id: int
    starts_at: int
    ends_at: int


_class_id = bindparam("class_id", type_=Integer)
_classroom_id = bindparam("classroom_id", type_=Integer)
_excluded_id = bindparam("excluded_id", type_=Integer)
_since = bindparam("since", type_=BigInteger)
_until = bindparam("until", type_=BigInteger)

lock_classrooms = Query(
    select(classrooms.c.id).where(any_of(classrooms.c.id, "ids")).order_by(classrooms.c.id).with_for_update(key_share=True), IdRow
)

_class_organizations = organizations.alias("class_organizations")
_room_in_tree = Query(
    select(classrooms.c.id)
    .join(organizations, organizations.c.id == classrooms.c.organization_id)
    .join(_class_organizations, _class_organizations.c.id == bindparam("organization_id", type_=Integer))
    .where(classrooms.c.id == _classroom_id, within(organizations.c.path, _class_organizations.c.path)),
    IdRow,
)
_occupies = or_(
    classes.c.id == _class_id,
    and_(classes.c.status.not_in(OFF), classes.c.ends_at > _since, classes.c.starts_at < _until),
)


def _seated_as(status: EnrollmentStatus) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(
            enrollments.c.class_id == classes.c.id,
            enrollments.c.status == status.value,
            enrollments.c.classroom_id == _classroom_id,
            enrollments.c.id != _excluded_id,
        )
        .scalar_subquery()
    )


# Which classes may have students in a room is told by few rows; going through everybody who ever sat there would take ever longer.
# The form spares SQLite every table of its own (for a UNION, for a list of statuses), which would cost more than all the rest.
_of_its_classes = (
    select(classes.c.id.label("class_id"), (_seated_as(EnrollmentStatus.AUDIT) + _seated_as(EnrollmentStatus.ENROLLED)).label("students"))
    .select_from(class_classrooms)
    .join(classes, classes.c.id == class_classrooms.c.class_id)
    .where(class_classrooms.c.classroom_id == _classroom_id, _occupies)
    .subquery()
)
_from_afar = (
    select(enrollments.c.class_id, func.count().label("students"))
    .join(classes, classes.c.id == enrollments.c.class_id)
    .where(
        enrollments.c.classroom_id == _classroom_id,
        enrollments.c.location == LocationType.REMOTE_CLASSROOM.value,
        enrollments.c.status.in_(ATTENDING),
        enrollments.c.id != _excluded_id,
        _occupies,
        ~exists().where(class_classrooms.c.class_id == enrollments.c.class_id, class_classrooms.c.classroom_id == _classroom_id),
    )
    .group_by(enrollments.c.class_id)
    .subquery()
)


def _listed(occupants: Subquery) -> ScalarSelect[str]:
    listing = select(objects_of(occupants.c.class_id, occupants.c.students)).where(classrooms.c.capacity.is_not(None))
    return listing.correlate(classrooms).scalar_subquery()


_occupancy = Query(
    select(
        classrooms.c.name,
        classrooms.c.capacity,
        _listed(_of_its_classes).label("of_its_classes"),
        _listed(_from_afar).label("from_afar"),
    ).where(classrooms.c.id == _classroom_id),
    _OccupancyRow,
)
_meetings_of_classes = Query(
    select(meetings.c.class_id, meetings.c.starts_at, meetings.c.ends_at).where(
        any_of(meetings.c.class_id, "class_ids"), meetings.c.ends_at > _since, meetings.c.starts_at < _until
    ),
    _MeetingOfClassRow,
)


async def is_room_in_tree(transaction: Transaction, *, classroom_id: int, organization_id: int) -> bool:
    """Tell whether a room belongs to an organization or to one beneath it (P5)."""
    return await transaction.find(_room_in_tree, classroom_id=classroom_id, organization_id=organization_id) is not None


async def get_occupancy(
    transaction: Transaction, *, classroom_id: int, class_id: int, meetings: Sequence[Meeting], excluded_id: int
) -> Occupancy:
    """Give a room already in scope, and who sits there while a class meets, of every organization (P2), not counting the excluded enrollment."""
    times = {"since": first_start(meetings) or 0, "until": last_end(meetings) or 0}
    room = await transaction.one(_occupancy, classroom_id=classroom_id, class_id=class_id, excluded_id=excluded_id, **times)
    students = {each.class_id: each.students for each in (*room.of_its_classes, *room.from_afar)}
    classmates = students.pop(class_id, 0)
    sittings = [Sitting(starts_at=meeting.starts_at, ends_at=meeting.ends_at, students=classmates) for meeting in meetings]
    if others := [other_id for other_id, seated in students.items() if seated]:
        sittings += [
            Sitting(starts_at=row.starts_at, ends_at=row.ends_at, students=students[row.class_id])
            for row in await transaction.all(_meetings_of_classes, class_ids=others, **times)
        ]
    return Occupancy(Room(id=classroom_id, name=room.name, capacity=room.capacity), sittings, classmates)
