"""Who waits for a class, and what decides who of them is let in (W1-W4): each fact read after the locks that keep it true."""

from collections.abc import Collection

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, func, or_, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.schedule import Meeting, has_started
from rollbook.classes.statuses import OFF, ClassStatus, Delivery
from rollbook.database.expressions import any_of, numbers_of, objects_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.placement import LocationType, Placement, Venue
from rollbook.enrollments.queries.entrance import CountRow, IdRow
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import AwaitedClass, Waiting
from rollbook.organizations.model import organizations
from rollbook.organizations.queries.preferences import preferences_for
from rollbook.people.model import users


class _AwaitedRow(msgspec.Struct, frozen=True):
    id: int
    organization_id: int
    path: str
    status: ClassStatus
    delivery: Delivery
    company_id: int | None
    requires_approval: bool
    maximum: int | None
    starts_at: int | None
    enrolled: int
    classroom_ids: list[int]
    meetings: list[Meeting]


class _WaitingRow(msgspec.Struct, frozen=True):
    id: int
    user_id: int
    status: EnrollmentStatus
    waiting_since: int
    location: LocationType
    classroom_id: int | None
    passed_over: str | None
    disabled: bool
    company_id: int | None


_class_id = bindparam("class_id", type_=Integer)
_excluded_id = bindparam("excluded_id", type_=Integer)
_status = bindparam("status", type_=Integer)
_waits = enrollments.c.waiting_since.is_not(None)
_in_line = (enrollments.c.class_id == _class_id, enrollments.c.status == _status, _waits)

_awaited = Query(
    select(
        classes.c.id,
        classes.c.organization_id,
        organizations.c.path,
        classes.c.status,
        classes.c.delivery,
        classes.c.company_id,
        classes.c.requires_approval,
        classes.c.maximum,
        classes.c.starts_at,
        select(func.count())
        .where(
            enrollments.c.class_id == classes.c.id,
            enrollments.c.status == EnrollmentStatus.ENROLLED.value,
            enrollments.c.id != _excluded_id,
        )
        .scalar_subquery()
        .label("enrolled"),
        select(numbers_of(class_classrooms.c.classroom_id))
        .where(class_classrooms.c.class_id == classes.c.id)
        .scalar_subquery()
        .label("classroom_ids"),
        select(objects_of(meetings.c.starts_at, meetings.c.ends_at))
        .where(meetings.c.class_id == classes.c.id)
        .scalar_subquery()
        .label("meetings"),
    )
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == _class_id),
    _AwaitedRow,
)
_line = Query(
    select(
        enrollments.c.id,
        enrollments.c.user_id,
        enrollments.c.status,
        enrollments.c.waiting_since,
        enrollments.c.location,
        enrollments.c.classroom_id,
        enrollments.c.passed_over,
        users.c.disabled,
        users.c.company_id,
    )
    .join(users, users.c.id == enrollments.c.user_id)
    .where(*_in_line, enrollments.c.id != _excluded_id)
    .order_by(enrollments.c.waiting_since, enrollments.c.id)
    .limit(bindparam("limit", type_=BigInteger)),
    _WaitingRow,
)
_ahead = Query(
    select(func.count().label("count")).where(
        *_in_line,
        or_(
            enrollments.c.waiting_since < bindparam("waiting_since", type_=BigInteger),
            (enrollments.c.waiting_since == bindparam("waiting_since", type_=BigInteger))
            & (enrollments.c.id < bindparam("enrollment_id", type_=Integer)),
        ),
    ),
    CountRow,
)
_rooms_of_line = Query(
    select(enrollments.c.classroom_id.label("id"))
    .distinct()
    .where(enrollments.c.class_id == _class_id, _waits, enrollments.c.classroom_id.is_not(None)),
    IdRow,
)
_rows = Query(
    select(*(enrollments.c[name] for name in EnrollmentRow.__struct_fields__))
    .where(any_of(enrollments.c.id, "ids"))
    .order_by(enrollments.c.id),
    EnrollmentRow,
)
_classroom_id = bindparam("classroom_id", type_=Integer)
_awaited_in_room = Query(
    select(classes.c.id)
    .where(
        classes.c.status.not_in(OFF),
        or_(classes.c.starts_at.is_(None), classes.c.starts_at > bindparam("now", type_=BigInteger)),
        or_(
            classes.c.id.in_(select(class_classrooms.c.class_id).where(class_classrooms.c.classroom_id == _classroom_id)),
            classes.c.id.in_(
                select(enrollments.c.class_id).where(
                    enrollments.c.classroom_id == _classroom_id, enrollments.c.location == LocationType.REMOTE_CLASSROOM.value, _waits
                )
            ),
        ),
        classes.c.id.in_(select(enrollments.c.class_id).where(enrollments.c.class_id == classes.c.id, _waits)),
    )
    .order_by(classes.c.id),
    IdRow,
)


async def get_awaited_class(transaction: Transaction, *, class_id: int, excluded_id: int = 0) -> tuple[AwaitedClass, Viewer]:
    """
    Give what a class says of whom it lets in, the excluded enrollment not counted, and what everybody sees who sees the class.

    It takes no viewer: whoever asks has found the class, or changes it.
    """
    row = await transaction.one(_awaited, class_id=class_id, excluded_id=excluded_id)
    preferences = await preferences_for(transaction, organization_id=row.organization_id)
    awaited = AwaitedClass(
        id=row.id,
        organization_id=row.organization_id,
        status=row.status,
        has_started=has_started(row.starts_at, now=transaction.now),
        company_id=row.company_id,
        requires_approval=row.requires_approval,
        maximum=row.maximum,
        enrolled=row.enrolled,
        venue=Venue(class_id=row.id, delivery=row.delivery, classroom_ids=tuple(sorted(row.classroom_ids))),
        meetings=tuple(row.meetings),
        student_conflicts=preferences.student_conflicts,
        promote_requested=preferences.promote_requested,
    )
    return awaited, Viewer(row.organization_id, row.path)


async def list_line(
    transaction: Transaction, *, class_id: int, status: EnrollmentStatus, limit: int, excluded_id: int = 0
) -> list[Waiting]:
    """Give the first of those who are Wait-Listed, or Requested, in a class already in scope, in order (W1), without the excluded one."""
    rows = await transaction.all(_line, class_id=class_id, status=status.value, limit=limit, excluded_id=excluded_id)
    return [
        Waiting(
            enrollment_id=row.id,
            user_id=row.user_id,
            status=row.status,
            waiting_since=row.waiting_since,
            placement=Placement(row.location, row.classroom_id),
            passed_over=row.passed_over,
            user_is_disabled=row.disabled,
            company_id=row.company_id,
        )
        for row in rows
    ]


async def get_position(transaction: Transaction, *, enrollment: EnrollmentRow) -> int | None:
    """Give the place in the line of those with the same status, 1 being the first, of an enrollment in scope; None where it does not wait."""
    if enrollment.waiting_since is None:
        return None
    ahead = await transaction.one(
        _ahead,
        class_id=enrollment.class_id,
        status=enrollment.status.value,
        waiting_since=enrollment.waiting_since,
        enrollment_id=enrollment.id,
    )
    return ahead.count + 1


async def list_rooms_of_line(transaction: Transaction, *, class_id: int) -> list[int]:
    """Give the ids of the rooms that those who wait are to sit in; while the class is locked, no room joins them."""
    return [row.id for row in await transaction.all(_rooms_of_line, class_id=class_id)]


async def list_rows(transaction: Transaction, *, enrollment_ids: Collection[int]) -> list[EnrollmentRow]:
    """Give enrollments of a class already in scope, by ascending id."""
    return await transaction.all(_rows, ids=list(enrollment_ids)) if enrollment_ids else []


async def list_classes_awaited_in(transaction: Transaction, *, classroom_id: int) -> list[int]:
    """Give, ascending, the classes that people wait for who may sit in a room already in scope: not off, and not started."""
    return [row.id for row in await transaction.all(_awaited_in_room, classroom_id=classroom_id, now=transaction.now)]
