"""A class as a student looks at it: where and when it is, where they stand in it, and what they can do there alone."""

from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import Integer, bindparam, func, select

from rollbook.access.actor import ActingStudent, Viewer
from rollbook.access.roles import Permission
from rollbook.classes.clashes import check_student_conflict
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.choices import Choices, Prospect, list_choices
from rollbook.enrollments.explanation import Explanation
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.placement import UNPLACED, Placement, Venue, place
from rollbook.enrollments.queries.class_facts import list_attended_by
from rollbook.enrollments.queries.class_finding import FoundClass, get_found_class
from rollbook.enrollments.queries.explaining import explain_enrollment
from rollbook.enrollments.queries.offers import get_offer
from rollbook.enrollments.queries.records import EnrollmentRecord, get_enrollment_record
from rollbook.enrollments.queries.rooms import get_occupancy
from rollbook.enrollments.queries.shown import is_shown_to_student
from rollbook.enrollments.queries.sight import find_enrollment
from rollbook.enrollments.seats import claim_seat
from rollbook.enrollments.self_service import StudentsRights
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import RollbookError
from rollbook.organizations.preferences import Preferences
from rollbook.organizations.queries.preferences import preferences_for


class RoomAddress(msgspec.Struct, frozen=True):
    """Where a room is."""

    id: int
    name: str
    description: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: str | None
    zip: str | None


class StudentsClass(msgspec.Struct, frozen=True, kw_only=True):
    """
    A class as a student sees it.

    Attributes:
        rooms: Where it meets, and where the student sits where that is another room.
        record: The student's enrollment; None where there is none.
        explanation: Why that one is where it is; None likewise.
        line: How many are Wait-Listed.
    """

    found: FoundClass
    rooms: Mapping[int, RoomAddress]
    record: EnrollmentRecord | None
    explanation: Explanation | None
    choices: Choices
    preferences: Preferences
    line: int


class _LineRow(msgspec.Struct, frozen=True):
    class_id: int
    count: int


class _OwnRow(msgspec.Struct, frozen=True):
    class_id: int
    status: EnrollmentStatus


_addresses = Query(
    select(*(classrooms.c[name] for name in RoomAddress.__struct_fields__)).where(any_of(classrooms.c.id, "ids")).order_by(classrooms.c.id),
    RoomAddress,
)
_lines = Query(
    select(enrollments.c.class_id, func.count().label("count"))
    .where(
        any_of(enrollments.c.class_id, "class_ids"),
        enrollments.c.status == EnrollmentStatus.WAITLISTED.value,
        enrollments.c.waiting_since.is_not(None),
    )
    .group_by(enrollments.c.class_id),
    _LineRow,
)
_own = Query(
    select(enrollments.c.class_id, enrollments.c.status).where(
        enrollments.c.user_id == bindparam("user_id", type_=Integer), any_of(enrollments.c.class_id, "class_ids")
    ),
    _OwnRow,
)


async def get_students_class(transaction: Transaction, *, viewer: Viewer, student: ActingStudent, class_id: int) -> StudentsClass:
    """
    Give a class as a student sees it: one that is offered to them (A5), or that they are or were in.

    Raises:
        ClassNotFoundError: There is no such class for the student.
    """
    found = await get_found_class(transaction, viewer=viewer, class_id=class_id)
    if not await is_shown_to_student(transaction, student=student, class_id=class_id):
        raise ClassNotFoundError(class_id)
    row = found.training_class.row
    stored = await find_enrollment(transaction, viewer=viewer, class_id=class_id, user_id=student.user_id)
    record = await get_enrollment_record(transaction, viewer=viewer, enrollment_id=stored.id) if stored else None
    explained = await explain_enrollment(transaction, viewer=viewer, enrollment_id=stored.id) if stored else None
    before = stored.status if stored else None
    line = (await count_lines(transaction, class_ids=[class_id])).get(class_id, 0)
    preferences = await preferences_for(transaction, organization_id=row.organization_id)
    seat = clash = None
    if before is None or not before.is_attending:
        seat = await _find_seat(transaction, found=found, stored_id=stored.id if stored else 0, record=record)
        attended = await list_attended_by(
            transaction, viewer=viewer, user_ids=[student.user_id], class_id=class_id, during=found.training_class.meetings
        )
        clash = check_student_conflict(
            user_id=student.user_id,
            class_id=class_id,
            meetings=found.training_class.meetings,
            attended=attended.get(student.user_id, ()),
            preference=preferences.student_conflicts,
        )
    prospect = Prospect(
        user_id=student.user_id,
        company_id=student.company_id,
        before=before,
        offer=await get_offer(transaction, student=student, class_id=class_id),
        rights=rights_of(student),
        class_status=row.status,
        class_company_id=row.company_id,
        is_full=found.free_places == 0,
        others_wait=line > 0 if before is not EnrollmentStatus.WAITLISTED else record is not None and record.position != 1,
        seat=seat,
        clash=clash,
    )
    sitting = [record.row.classroom_id] if record is not None and record.row.classroom_id is not None else []
    return StudentsClass(
        found=found,
        rooms=await list_addresses(transaction, classroom_ids={*found.training_class.classroom_ids, *sitting}),
        record=record,
        explanation=explained.explanation if explained else None,
        choices=list_choices(prospect, now=transaction.now),
        preferences=preferences,
        line=line,
    )


def rights_of(student: ActingStudent) -> StudentsRights:
    """Give what a student's roles allow."""
    return StudentsRights(
        may_ask=Permission.REQUEST_ENROLLMENT in student.permissions,
        may_enroll_oneself=Permission.ENROLL_ONESELF in student.permissions,
    )


async def list_addresses(transaction: Transaction, *, classroom_ids: Collection[int]) -> dict[int, RoomAddress]:
    """Give where rooms are, by their ids; asked for rooms of classes already in scope."""
    return {row.id: row for row in await transaction.all(_addresses, ids=list(classroom_ids))} if classroom_ids else {}


async def count_lines(transaction: Transaction, *, class_ids: Collection[int]) -> dict[int, int]:
    """Count who is Wait-Listed in classes already in scope; a class without a line is left out."""
    return {row.class_id: row.count for row in await transaction.all(_lines, class_ids=list(class_ids))}


async def list_own_statuses(transaction: Transaction, *, user_id: int, class_ids: Collection[int]) -> dict[int, EnrollmentStatus]:
    """Give where a student stands in classes already in scope; a class that they never were in is left out."""
    return {row.class_id: row.status for row in await transaction.all(_own, user_id=user_id, class_ids=list(class_ids))}


async def _find_seat(
    transaction: Transaction, *, found: FoundClass, stored_id: int, record: EnrollmentRecord | None
) -> RollbookError | None:
    """Give what the room says to one more (P2), where the student would sit in one."""
    training_class = found.training_class
    row = training_class.row
    venue = Venue(class_id=row.id, delivery=row.delivery, classroom_ids=tuple(sorted(training_class.classroom_ids)))
    keeps_place = record is not None and record.row.status.is_active
    placement = place(
        venue=venue,
        stored=Placement(record.row.location, record.row.classroom_id) if record is not None and keeps_place else UNPLACED,
        before=record.row.status if record is not None and keeps_place else None,
        after=EnrollmentStatus.ENROLLED,
    )
    assert isinstance(placement, Placement)  # noqa: S101 - where no place is asked for, none can be refused
    if placement.classroom_id is None:
        return None
    occupancy = await get_occupancy(
        transaction,
        classroom_id=placement.classroom_id,
        class_id=row.id,
        meetings=training_class.meetings,
        excluded_id=stored_id,
    )
    return claim_seat(room=occupancy.room, meetings=training_class.meetings, sittings=occupancy.sittings, classmates=occupancy.classmates)
