"""
Whether there is a place in the class and a seat in the room (P1-P3).

The facts are counted after the locks are held, without the claimant.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from rollbook.classes.schedule import Meeting
from rollbook.errors import ConflictError
from rollbook.organizations.limits import LATEST_TIME


class Room(Struct, frozen=True, kw_only=True):
    """
    A classroom as a claim sees it.

    Attributes:
        capacity: Its seats; None is no limit.
    """

    id: int
    name: str
    capacity: int | None


class Sitting(Meeting, frozen=True, kw_only=True):
    """
    A meeting, of a class that is not off, that fills seats in a room.

    Attributes:
        students: The attending students of that class who are placed in the room.
    """

    students: int


class Occupancy(Struct, frozen=True):
    """
    A room, and who sits there while a class meets; who sits in one without a capacity is not asked.

    Attributes:
        sittings: Those of every class that is not off, the entered one included.
        classmates: The attending students of the entered class who sit there.
    """

    room: Room
    sittings: list[Sitting]
    classmates: int


class ClassFullError(ConflictError):
    """Every place of the class is taken."""

    rule = "P1"

    def __init__(self, *, class_id: int, enrolled: int, maximum: int) -> None:
        self.class_id = class_id
        self.enrolled = enrolled
        self.maximum = maximum
        super().__init__(f"class {class_id} is full ({enrolled} of {maximum} places); raise its maximum, or use status Waitlist")


class RoomFullError(ConflictError):
    """Every seat of the room is taken at some moment that the class meets."""

    rule = "P2"

    def __init__(self, *, room: Room, taken: int, capacity: int) -> None:
        self.room = room
        self.taken = taken
        self.capacity = capacity
        super().__init__(
            f"room {room.id} ({room.name}) is full ({taken} of {capacity} seats); "
            "raise its capacity, choose another room, or move another student"
        )


class RoomTooSmallError(ConflictError):
    """A change of the class would put more students into the room at once than it has seats."""

    rule = "P2"

    def __init__(self, *, room: Room, students: int, capacity: int) -> None:
        self.room = room
        self.students = students
        self.capacity = capacity
        super().__init__(
            f"room {room.id} ({room.name}) has {capacity} seats, and {students} students would sit in it at once; "
            "raise its capacity, choose another room or another time, or move students"
        )


class MaximumBelowEnrolledError(ConflictError):
    """More students are Enrolled than the new maximum allows."""

    rule = "P3"
    field = "maximum"

    def __init__(self, *, class_id: int, enrolled: int, maximum: int) -> None:
        self.class_id = class_id
        self.enrolled = enrolled
        self.maximum = maximum
        super().__init__(
            f"class {class_id} has {enrolled} Enrolled students, more than a maximum of {maximum}; give at least {enrolled}, or cancel some"
        )


class CapacityBelowFullestMomentError(ConflictError):
    """At some moment from now on more students sit in the room than the new capacity allows."""

    rule = "P3"
    field = "capacity"

    def __init__(self, *, room: Room, students: int, capacity: int) -> None:
        self.room = room
        self.students = students
        self.capacity = capacity
        super().__init__(
            f"{students} students sit in room {room.id} ({room.name}) at once, more than a capacity of {capacity}; "
            f"give at least {students}, or move some"
        )


def claim_place(*, class_id: int, enrolled: int, maximum: int | None) -> ClassFullError | None:
    """Decide whether one more student may be Enrolled in a class that has so many (P1); no maximum is no limit."""
    if maximum is None or enrolled < maximum:
        return None
    return ClassFullError(class_id=class_id, enrolled=enrolled, maximum=maximum)


def check_maximum(*, class_id: int, enrolled: int, maximum: int | None) -> MaximumBelowEnrolledError | None:
    """Decide whether a class with so many Enrolled students may get that maximum (P3)."""
    if maximum is None or enrolled <= maximum:
        return None
    return MaximumBelowEnrolledError(class_id=class_id, enrolled=enrolled, maximum=maximum)


def fullest_moment(sittings: Iterable[Sitting], *, during: Iterable[Meeting]) -> int:
    """Give the most students who sit in a room at one moment, looking only at the moments within *during*; 0 where there are none."""
    arriving: defaultdict[int, int] = defaultdict(int)
    for sitting in sittings:
        arriving[sitting.starts_at] += sitting.students
        arriving[sitting.ends_at] -= sitting.students
    opening: defaultdict[int, int] = defaultdict(int)
    for meeting in during:
        opening[meeting.starts_at] += 1
        opening[meeting.ends_at] -= 1
    fullest = seated = open_meetings = 0
    # Between two neighbours of these moments nothing changes, so that each stands for all the time up to the next.
    for moment in sorted(arriving.keys() | opening.keys()):
        seated += arriving.get(moment, 0)
        open_meetings += opening.get(moment, 0)
        if open_meetings and seated > fullest:
            fullest = seated
    return fullest


def claim_seat(*, room: Room, meetings: Sequence[Meeting], sittings: Iterable[Sitting], classmates: int) -> RoomFullError | None:
    """
    Decide whether one more student of a class may sit in a room (P2).

    *sittings* are those of the room, of all classes that are not off, this one included, and *classmates* the attending students of this
    class who sit there, both without the claimant. A class without meetings overlaps nothing: only its own students count.
    """
    if room.capacity is None:
        return None
    taken = max(classmates, fullest_moment(sittings, during=meetings))
    return None if taken < room.capacity else RoomFullError(room=room, taken=taken, capacity=room.capacity)


def check_room(*, room: Room, meetings: Sequence[Meeting], sittings: Iterable[Sitting], classmates: int) -> RoomTooSmallError | None:
    """
    Decide whether a class may meet so, and its students sit so (P2), after its meetings, rooms, delivery or status changed (C4, C5).

    *sittings* and *classmates* are as they would be after the change, this class included.
    """
    if room.capacity is None:
        return None
    students = max(classmates, fullest_moment(sittings, during=meetings))
    return None if students <= room.capacity else RoomTooSmallError(room=room, students=students, capacity=room.capacity)


def check_capacity(
    *, room: Room, capacity: int | None, sittings: Iterable[Sitting], classmates: int, now: int
) -> CapacityBelowFullestMomentError | None:
    """
    Decide whether a room may get that capacity (P3).

    *sittings* are those of the room, of all classes that are not off; what is over does not count. *classmates* is the most students that
    one class without meetings has in the room.
    """
    if capacity is None:
        return None
    from_now_on = Meeting(starts_at=now, ends_at=LATEST_TIME + 1)
    students = max(classmates, fullest_moment(sittings, during=[from_now_on]))
    return None if students <= capacity else CapacityBelowFullestMomentError(room=room, students=students, capacity=capacity)
