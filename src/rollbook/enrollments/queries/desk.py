"""The check-in desk: the classes of this day that have students in a room, and who of these is here."""

from collections import defaultdict
from typing import Final

import msgspec
from sqlalchemy import Text, and_, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classes.statuses import OFF, Delivery
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.enrollments.attendance import HeldMeeting, check_check_in, find_meeting, last_of_day
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.briefs import AROUND, BRIEFS, BriefedClass, BriefRow, complete_briefs
from rollbook.enrollments.statuses import ATTENDING, EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.organizations.time_zones import zone_of
from rollbook.people.model import users

_A_DAY_ANYWHERE: Final = 48 * 3600
"""Within so many seconds of a moment lies the whole day that it belongs to, in every zone."""


class DeskRow(msgspec.Struct, frozen=True):
    """
    A student of a class, and what is marked of the meeting.

    Attributes:
        attended: None where nothing is marked.
        checked_in_at: Epoch seconds; None where there was no check-in.
    """

    id: int
    class_id: int
    user_id: int
    first_name: str
    last_name: str
    status: EnrollmentStatus
    location: LocationType
    classroom_name: str | None
    attended: bool | None
    checked_in_at: int | None


class DeskStudent(msgspec.Struct, frozen=True):
    """
    A student whom the desk may expect.

    Attributes:
        is_expected: The student comes to a room, so that there is something to check in.
    """

    row: DeskRow
    is_expected: bool

    @property
    def is_here(self) -> bool:
        """The student attends the meeting, by a check-in or by anybody's mark."""
        return bool(self.row.attended)

    @property
    def is_checked_in(self) -> bool:
        """A check-in stands, which can be undone."""
        return self.is_here and self.row.checked_in_at is not None


class DeskClass(msgspec.Struct, frozen=True):
    """
    A class that meets on this day.

    Attributes:
        meeting: The one for which check-ins count or, where there is none any more, the last one of the day.
        is_open: Check-ins count for it.
        students: Who attends the class, by last and first name.
    """

    brief: BriefedClass
    meeting: HeldMeeting
    is_open: bool
    students: list[DeskStudent]

    @property
    def expected(self) -> int:
        """How many come to a room, or are here all the same."""
        return sum(student.is_expected or student.is_here for student in self.students)

    @property
    def here(self) -> int:
        """How many are here."""
        return sum(student.is_here for student in self.students)


_path = bindparam("path", type_=Text)
_IN_A_ROOM: Final = (Delivery.PHYSICAL.value, Delivery.MIXED.value)
_classes = Query(
    BRIEFS.where(within(organizations.c.path, _path), classes.c.delivery.in_(_IN_A_ROOM), classes.c.status.not_in(OFF), *AROUND), BriefRow
)
_students = Query(
    select(
        enrollments.c.id,
        enrollments.c.class_id,
        enrollments.c.user_id,
        users.c.first_name,
        users.c.last_name,
        enrollments.c.status,
        enrollments.c.location,
        classrooms.c.name.label("classroom_name"),
        attendance.c.attended,
        attendance.c.checked_in_at,
    )
    .select_from(enrollments)
    .join(users, users.c.id == enrollments.c.user_id)
    .outerjoin(classrooms, classrooms.c.id == enrollments.c.classroom_id)
    .outerjoin(attendance, and_(attendance.c.enrollment_id == enrollments.c.id, any_of(attendance.c.meeting_id, "meeting_ids")))
    .where(any_of(enrollments.c.class_id, "class_ids"), enrollments.c.status.in_(ATTENDING)),
    DeskRow,
)


async def list_desk(transaction: Transaction, *, viewer: Viewer, class_id: int | None = None) -> list[DeskClass]:
    """
    Give the classes of the viewer with students in a room that meet on this day, in their zones, with who attends them.

    They come by the starts of their meetings. Where ``class_id`` is given, there is that one alone, if it meets today.
    """
    met = await _list_classes(transaction, viewer=viewer, class_id=class_id)
    rows = await transaction.page(
        _students, class_ids=[brief.row.id for brief, _, _ in met], meeting_ids=[meeting.id for _, meeting, _ in met]
    )
    rows.sort(key=lambda row: (folded(row.last_name), folded(row.first_name), row.id))
    shown = {brief.row.id: brief.row for brief, _, _ in met}
    students: defaultdict[int, list[DeskStudent]] = defaultdict(list)
    for row in rows:
        students[row.class_id].append(DeskStudent(row, _comes(row, shown[row.class_id])))
    return [DeskClass(brief, meeting, is_open, students[brief.row.id]) for brief, meeting, is_open in met]


def named(found: list[DeskClass], *, name: str) -> list[DeskClass]:
    """Give the classes that have students with every word of a name in theirs, each with these alone."""
    words = folded(name).split()
    kept = [msgspec.structs.replace(each, students=[student for student in each.students if _has(student, words)]) for each in found]
    return [each for each in kept if each.students]


def _has(student: DeskStudent, words: list[str]) -> bool:
    name = folded(f"{student.row.first_name} {student.row.last_name}")
    return all(word in name for word in words)


async def _list_classes(transaction: Transaction, *, viewer: Viewer, class_id: int | None) -> list[tuple[BriefedClass, HeldMeeting, bool]]:
    around = {"starts_before": transaction.now + _A_DAY_ANYWHERE, "ends_after": transaction.now - _A_DAY_ANYWHERE}
    rows = await transaction.all(_classes, path=viewer.path, **around)
    briefs = await complete_briefs(transaction, [row for row in rows if class_id in {None, row.id}], **around)
    met = []
    for brief in briefs:
        zone = zone_of(brief.row.time_zone)
        current = find_meeting(class_id=brief.row.id, meetings=brief.meetings, zone=zone, now=transaction.now)
        if isinstance(current, HeldMeeting):
            met.append((brief, current, True))
        elif last := last_of_day(brief.meetings, zone=zone, now=transaction.now):
            met.append((brief, last, False))
    met.sort(key=lambda each: (each[1].starts_at, each[0].row.id))
    return met


def _comes(row: DeskRow, training_class: BriefRow) -> bool:
    return not check_check_in(
        enrollment_id=row.id,
        status=row.status,
        location=row.location,
        class_id=row.class_id,
        class_status=training_class.status,
        delivery=training_class.delivery,
    )
