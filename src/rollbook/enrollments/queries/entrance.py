"""The facts that decide whether a student gets into a class: each read after the locks that keep it true."""

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, exists, func, select

from rollbook.access.actor import Viewer
from rollbook.classes.clashes import OtherMeeting
from rollbook.classes.model import class_classrooms, classes, meetings
from rollbook.classes.schedule import Meeting, first_start, last_end
from rollbook.classes.statuses import OFF, ClassStatus, Delivery
from rollbook.database.expressions import any_of, numbers_of, objects_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.reopening import ExistingEnrollment
from rollbook.enrollments.statuses import ATTENDING, EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class IdRow(msgspec.Struct, frozen=True):
    """A row's id."""

    id: int


class CountRow(msgspec.Struct, frozen=True):
    """How many rows there are."""

    count: int


class EnteredClass(msgspec.Struct, frozen=True):
    """
    What a class says of who may enter it, and where they sit; asked after the class is locked, it stays true.

    Attributes:
        enrolled: How many of its places are taken by others (P1).
        has_student: Whether the student has another enrollment in it, of whatever status.
        has_waiting: Whether others are Wait-Listed in it.
        meetings: In no order.
    """

    id: int
    organization_id: int
    status: ClassStatus
    delivery: Delivery
    maximum: int | None
    enrolled: int
    company_id: int | None
    has_student: bool
    has_waiting: bool
    classroom_ids: list[int]
    meetings: list[Meeting]


class Student(msgspec.Struct, frozen=True):
    """What a user says of whether they may enter a class."""

    id: int
    disabled: bool
    company_id: int | None


class _OtherMeetingRow(msgspec.Struct, frozen=True):
    starts_at: int
    ends_at: int
    class_id: int
    is_visible: bool


class _ExistingRow(msgspec.Struct, frozen=True):
    id: int
    class_id: int
    user_id: int
    status: EnrollmentStatus


_path = bindparam("path", type_=Text)
_class_id = bindparam("class_id", type_=Integer)
_user_id = bindparam("user_id", type_=Integer)
_since = bindparam("since", type_=BigInteger)
_until = bindparam("until", type_=BigInteger)
_excluded_id = bindparam("excluded_id", type_=Integer)

lock_classes = Query(select(classes.c.id).where(any_of(classes.c.id, "ids")).order_by(classes.c.id).with_for_update(key_share=True), IdRow)
lock_users = Query(select(users.c.id).where(any_of(users.c.id, "ids")).order_by(users.c.id).with_for_update(key_share=True), IdRow)
lock_enrollments = Query(
    select(enrollments.c.id).where(any_of(enrollments.c.id, "ids")).order_by(enrollments.c.id).with_for_update(key_share=True), IdRow
)

_enrolled = (
    select(func.count())
    .where(
        enrollments.c.class_id == classes.c.id,
        enrollments.c.status == EnrollmentStatus.ENROLLED.value,
        enrollments.c.id != _excluded_id,
    )
    .scalar_subquery()
)
_with_student = exists().where(enrollments.c.user_id == _user_id, enrollments.c.class_id == classes.c.id, enrollments.c.id != _excluded_id)
_with_waiting = exists().where(
    enrollments.c.class_id == classes.c.id,
    enrollments.c.status == EnrollmentStatus.WAITLISTED.value,
    enrollments.c.waiting_since.is_not(None),
    enrollments.c.id != _excluded_id,
)
_entered_class = Query(
    select(
        classes.c.id,
        classes.c.organization_id,
        classes.c.status,
        classes.c.delivery,
        classes.c.maximum,
        _enrolled.label("enrolled"),
        classes.c.company_id,
        _with_student.label("has_student"),
        _with_waiting.label("has_waiting"),
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
    .where(classes.c.id == _class_id, within(organizations.c.path, _path)),
    EnteredClass,
)
_student = Query(
    select(users.c.id, users.c.disabled, users.c.company_id)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(users.c.id == _user_id, within(organizations.c.path, _path)),
    Student,
)
_attended = Query(
    select(
        meetings.c.starts_at,
        meetings.c.ends_at,
        meetings.c.class_id,
        within(organizations.c.path, _path).label("is_visible"),
    )
    .select_from(enrollments)
    .join(classes, classes.c.id == enrollments.c.class_id)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .join(meetings, meetings.c.class_id == classes.c.id)
    .where(
        enrollments.c.user_id == _user_id,
        enrollments.c.class_id != _class_id,
        enrollments.c.id != _excluded_id,
        enrollments.c.status.in_(ATTENDING),
        classes.c.status.not_in(OFF),
        meetings.c.ends_at > _since,
        meetings.c.starts_at < _until,
    ),
    _OtherMeetingRow,
)
_existing = Query(
    select(enrollments.c.id, enrollments.c.class_id, enrollments.c.user_id, enrollments.c.status).where(
        enrollments.c.class_id == _class_id, enrollments.c.user_id == _user_id, enrollments.c.id != _excluded_id
    ),
    _ExistingRow,
)


async def find_entered_class(
    transaction: Transaction, *, viewer: Viewer, class_id: int, user_id: int, excluded_id: int
) -> EnteredClass | None:
    """Give what decides whether a student may enter a class, the excluded enrollment not counted; None where the viewer has no such class."""
    return await transaction.find(_entered_class, class_id=class_id, user_id=user_id, path=viewer.path, excluded_id=excluded_id)


async def find_student(transaction: Transaction, *, viewer: Viewer, user_id: int) -> Student | None:
    """Give what decides whether a user may enter a class; None where the viewer has no such user."""
    return await transaction.find(_student, user_id=user_id, path=viewer.path)


async def find_existing(transaction: Transaction, *, class_id: int, user_id: int, excluded_id: int) -> ExistingEnrollment | None:
    """Give the enrollment that a class and a student have, other than the excluded one (E1); asked for a class already in scope."""
    row = await transaction.find(_existing, class_id=class_id, user_id=user_id, excluded_id=excluded_id)
    return ExistingEnrollment(id=row.id, class_id=row.class_id, user_id=row.user_id, status=row.status) if row else None


async def list_attended(
    transaction: Transaction, *, viewer: Viewer, user_id: int, entered: EnteredClass, excluded_id: int
) -> list[OtherMeeting]:
    """
    Give the meetings around the time of an entered class of the other classes that a student attends, of every organization (C1), in no order.

    Each tells whether the viewer may see its class.
    """
    rows = await transaction.all(
        _attended,
        user_id=user_id,
        class_id=entered.id,
        since=first_start(entered.meetings),
        until=last_end(entered.meetings),
        excluded_id=excluded_id,
        path=viewer.path,
    )
    return [OtherMeeting(starts_at=row.starts_at, ends_at=row.ends_at, class_id=row.class_id, is_visible=row.is_visible) for row in rows]
