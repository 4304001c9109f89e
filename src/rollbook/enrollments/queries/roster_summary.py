"""How full a class is: its places, those who wait, and the seats of its rooms."""

from collections import Counter

import msgspec
from sqlalchemy import Integer, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_classrooms, meetings
from rollbook.classes.schedule import Meeting
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.rooms import get_occupancy
from rollbook.enrollments.queries.roster import RosterClass, get_roster_class
from rollbook.enrollments.seats import fullest_moment
from rollbook.enrollments.statuses import EnrollmentStatus


class RoomSeats(msgspec.Struct, frozen=True):
    """
    The seats of a room while a class meets.

    Attributes:
        taken: How many are taken at the fullest moment, by students of whatever class; None where the room has no capacity to fill.
        free: How many are free at that moment; None where there is no limit.
    """

    classroom_id: int
    name: str
    capacity: int | None
    taken: int | None
    free: int | None


class RosterSummary(msgspec.Struct, frozen=True):
    """
    How full a class is.

    Attributes:
        by_status: How many enrollments have each status; a status that none has is there as 0.
        free_places: None where there is no limit.
        rooms: Those of the class, in the order that they were given.
    """

    training_class: RosterClass
    by_status: dict[EnrollmentStatus, int]
    free_places: int | None
    rooms: list[RoomSeats]

    @property
    def waiting(self) -> int:
        """How many students are Wait-Listed or Requested."""
        return self.by_status[EnrollmentStatus.WAITLISTED] + self.by_status[EnrollmentStatus.REQUESTED]


class _CountRow(msgspec.Struct, frozen=True):
    status: EnrollmentStatus
    count: int


class _RoomRow(msgspec.Struct, frozen=True):
    classroom_id: int


class _MeetingRow(msgspec.Struct, frozen=True):
    starts_at: int
    ends_at: int


_class_id = bindparam("class_id", type_=Integer)
_counts = Query(
    select(enrollments.c.status, func.count().label("count")).where(enrollments.c.class_id == _class_id).group_by(enrollments.c.status),
    _CountRow,
)
_rooms = Query(
    select(class_classrooms.c.classroom_id).where(class_classrooms.c.class_id == _class_id).order_by(class_classrooms.c.position), _RoomRow
)
_meetings = Query(
    select(meetings.c.starts_at, meetings.c.ends_at).where(meetings.c.class_id == _class_id).order_by(meetings.c.starts_at), _MeetingRow
)


async def get_roster_summary(transaction: Transaction, *, viewer: Viewer, class_id: int) -> RosterSummary:
    """
    Give how full a class is.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    counted = Counter({row.status: row.count for row in await transaction.all(_counts, class_id=class_id)})
    met = [Meeting(starts_at=row.starts_at, ends_at=row.ends_at) for row in await transaction.all(_meetings, class_id=class_id)]
    rooms = [
        await _seats(transaction, classroom_id=row.classroom_id, class_id=class_id, met=met)
        for row in await transaction.all(_rooms, class_id=class_id)
    ]
    enrolled = counted[EnrollmentStatus.ENROLLED]
    return RosterSummary(
        training_class=found,
        by_status={status: counted[status] for status in EnrollmentStatus},
        free_places=None if found.maximum is None else max(0, found.maximum - enrolled),
        rooms=rooms,
    )


async def _seats(transaction: Transaction, *, classroom_id: int, class_id: int, met: list[Meeting]) -> RoomSeats:
    occupancy = await get_occupancy(transaction, classroom_id=classroom_id, class_id=class_id, meetings=met, excluded_id=0)
    room = occupancy.room
    if room.capacity is None:
        return RoomSeats(classroom_id, room.name, None, None, None)
    taken = max(occupancy.classmates, fullest_moment(occupancy.sittings, during=met))
    return RoomSeats(classroom_id, room.name, room.capacity, taken, max(0, room.capacity - taken))
