"""Places, seats and what an enrollment says of itself."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Text, and_, exists, func, literal, null, or_, select

from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import OFF
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import contains
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.attendance import KINDS
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.placement import LOCATIONS, LocationType
from rollbook.enrollments.queries.breaches import MOST_BREACHES, Breach, Invariant, invariant
from rollbook.enrollments.seats import Sitting, fullest_moment
from rollbook.enrollments.statuses import ATTENDING, CompletionStatus, EnrollmentStatus
from rollbook.history.model import history
from rollbook.organizations.limits import LATEST_TIME


class _SeatedRow(Struct, frozen=True):
    classroom_id: int
    capacity: int
    class_id: int
    students: int
    starts_at: int | None
    ends_at: int | None


_nothing = null()
_waiting = (EnrollmentStatus.REQUESTED.value, EnrollmentStatus.WAITLISTED.value)
_roomy = tuple(location.value for location in LocationType if location.has_room)

_enrolled = (
    select(enrollments.c.class_id, func.count().label("students"))
    .where(enrollments.c.status == EnrollmentStatus.ENROLLED.value)
    .group_by(enrollments.c.class_id)
    .subquery()
)
_seated = (
    select(enrollments.c.classroom_id, enrollments.c.class_id, func.count().label("students"))
    .where(enrollments.c.classroom_id.is_not(None), enrollments.c.status.in_(ATTENDING))
    .group_by(enrollments.c.classroom_id, enrollments.c.class_id)
    .subquery()
)
_list_seated = Query(
    select(_seated.c.classroom_id, classrooms.c.capacity, _seated.c.class_id, _seated.c.students, meetings.c.starts_at, meetings.c.ends_at)
    .select_from(_seated)
    .join(classrooms, classrooms.c.id == _seated.c.classroom_id)
    .join(classes, classes.c.id == _seated.c.class_id)
    .outerjoin(meetings, meetings.c.class_id == classes.c.id)
    .where(classrooms.c.capacity.is_not(None), classes.c.status.not_in(OFF)),
    _SeatedRow,
)
# A change of the attendance alone is none of the enrollment; a completion that changes with it is.
_of_attendance = and_(history.c.kind.in_(KINDS), ~contains(history.c.after, literal('"completion":', Text)))
_changed = (
    select(history.c.subject_id, func.count().label("changes"))
    .where(history.c.subject == "enrollment", history.c.before.is_not(None), ~_of_attendance)
    .group_by(history.c.subject_id)
    .subquery()
)


async def _find_full_rooms(transaction: Transaction) -> list[Breach]:
    """Find rooms that are too full at a moment still to come; a capacity may be lowered under what was (P3)."""
    seated: defaultdict[tuple[int, int], list[_SeatedRow]] = defaultdict(list)
    for row in await transaction.all(_list_seated):
        seated[row.classroom_id, row.capacity].append(row)
    breaches = []
    for (classroom_id, capacity), rows in sorted(seated.items()):
        students = _most_at_once(rows, now=transaction.now)
        if students > capacity:
            text = f"classroom {classroom_id}: {students} students sit there at once, the capacity is {capacity}"
            breaches.append(Breach("classrooms", classroom_id, text))
    return breaches[:MOST_BREACHES]


def _most_at_once(rows: Iterable[_SeatedRow], *, now: int) -> int:
    sittings = [
        Sitting(starts_at=row.starts_at, ends_at=row.ends_at, students=row.students)
        for row in rows
        if row.starts_at is not None and row.ends_at is not None
    ]
    unscheduled = max((row.students for row in rows if row.starts_at is None), default=0)
    return max(unscheduled, fullest_moment(sittings, during=[Meeting(starts_at=now, ends_at=LATEST_TIME + 1)]))


INVARIANTS: tuple[Invariant, ...] = (
    invariant(
        "places",
        "No class has more Enrolled students than its maximum.",
        rule="P1",
        table="classes",
        breaches=select(classes.c.id, _enrolled.c.students.label("first"), classes.c.maximum.label("second"))
        .join(_enrolled, _enrolled.c.class_id == classes.c.id)
        .where(_enrolled.c.students > classes.c.maximum),
        text="class {id}: {first} students are Enrolled, the maximum is {second}",
    ),
    Invariant("seats", "P2", "No room has more attending students at any moment to come than its capacity.", _find_full_rooms),
    invariant(
        "completion",
        "Only who attends has a completion.",
        rule="S5",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.completion.label("first"), enrollments.c.status.label("second")).where(
            enrollments.c.completion != CompletionStatus.UNKNOWN.value, enrollments.c.status.not_in(ATTENDING)
        ),
        text="enrollment {id}: it has the completion {first} with the status {second}",
    ),
    invariant(
        "room of a location",
        "An enrollment has a classroom exactly where its location has one.",
        rule="P5",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.location.label("first"), enrollments.c.classroom_id.label("second")).where(
            or_(
                and_(enrollments.c.location.in_(_roomy), enrollments.c.classroom_id.is_(None)),
                and_(enrollments.c.location.not_in(_roomy), enrollments.c.classroom_id.is_not(None)),
            )
        ),
        text="enrollment {id}: it has the location {first} and the classroom {second}",
    ),
    invariant(
        "location",
        "The location of who attends fits the class's delivery.",
        rule="P5",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.location.label("first"), classes.c.delivery.label("second"))
        .join(classes, classes.c.id == enrollments.c.class_id)
        .where(
            enrollments.c.status.in_(ATTENDING),
            or_(
                *(
                    and_(classes.c.delivery == delivery.value, enrollments.c.location.not_in([each.value for each in locations]))
                    for delivery, locations in LOCATIONS.items()
                )
            ),
        ),
        text="enrollment {id}: it has the location {first} in a class of the delivery {second}",
    ),
    invariant(
        "room of the class",
        "Who attends in a classroom of the class sits in one that the class has.",
        rule="P5",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.classroom_id.label("first"), enrollments.c.class_id.label("second")).where(
            enrollments.c.status.in_(ATTENDING),
            enrollments.c.location == LocationType.CLASSROOM.value,
            enrollments.c.classroom_id.is_not(None),
            ~exists().where(
                class_classrooms.c.class_id == enrollments.c.class_id, class_classrooms.c.classroom_id == enrollments.c.classroom_id
            ),
        ),
        text="enrollment {id}: its classroom {first} is none of class {second}",
    ),
    invariant(
        "waitlist",
        "Exactly who is Requested or Wait-Listed has a moment of joining the list.",
        rule="W1",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.status.label("first"), enrollments.c.waiting_since.label("second")).where(
            or_(
                and_(enrollments.c.status.in_(_waiting), enrollments.c.waiting_since.is_(None)),
                and_(enrollments.c.status.not_in(_waiting), enrollments.c.waiting_since.is_not(None)),
            )
        ),
        text="enrollment {id}: it waits since {second} with the status {first}",
    ),
    invariant(
        "passed over",
        "Only who waits was passed over.",
        rule="W3",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.status.label("first"), _nothing.label("second")).where(
            enrollments.c.passed_over.is_not(None), enrollments.c.status.not_in(_waiting)
        ),
        text="enrollment {id}: a promotion passed it over, and it has the status {first}",
    ),
    invariant(
        "attendance",
        "Attendance is of a meeting of the enrollment's class.",
        rule="B1",
        table="attendance",
        breaches=select(
            attendance.c.meeting_id.label("id"), attendance.c.enrollment_id.label("first"), enrollments.c.class_id.label("second")
        )
        .join(enrollments, enrollments.c.id == attendance.c.enrollment_id)
        .join(meetings, meetings.c.id == attendance.c.meeting_id)
        .where(meetings.c.class_id != enrollments.c.class_id),
        text="meeting {id}: enrollment {first} has attendance there, and is in class {second}, which does not have that meeting",
    ),
    invariant(
        "versions",
        "The version of an enrollment is 1 or more.",
        rule="E3",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.version.label("first"), _nothing.label("second")).where(enrollments.c.version < 1),
        text="enrollment {id}: its version is {first}",
    ),
    invariant(
        "history",
        "Each change of an enrollment has raised its version by one.",
        rule="E3",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.version.label("first"), func.coalesce(_changed.c.changes, 0).label("second"))
        .outerjoin(_changed, _changed.c.subject_id == enrollments.c.id)
        .where(enrollments.c.version != 1 + func.coalesce(_changed.c.changes, 0)),
        text="enrollment {id}: its version is {first}, its history has {second} changes",
    ),
)
"""What holds for places, seats and every single enrollment."""
