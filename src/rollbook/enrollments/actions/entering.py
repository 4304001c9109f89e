"""A student gets into a class: lock, gather facts, let the rules decide (S3, S4, P1, P2, P4, P5, C1)."""

from collections.abc import Collection

import msgspec
from msgspec import UNSET, UnsetType

from rollbook.access.actor import Viewer
from rollbook.classes.clashes import StudentConflictError, check_student_conflict
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.promoting import Foreseen, hold
from rollbook.enrollments.placement import (
    UNPLACED,
    LocationType,
    Placement,
    RemoteClassroomNotFoundError,
    Venue,
    place,
    remote_classroom_to_find,
    seat_to_claim,
)
from rollbook.enrollments.queries import entrance, rooms
from rollbook.enrollments.queries.entrance import EnteredClass
from rollbook.enrollments.seats import RoomFullError, claim_place, claim_seat
from rollbook.enrollments.statuses import EnrollmentStatus, becomes_attending, check_class, check_company, check_user
from rollbook.errors import NotFoundError, RollbookError
from rollbook.organizations.queries.preferences import preferences_for

Refusals = list[RollbookError | None]


class ClassToEnterNotFoundError(NotFoundError):
    """The caller names a class that it does not have."""

    field = "class_id"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(f"there is no class {class_id}; give the id of one that is")


class StudentNotFoundError(NotFoundError):
    """The caller names a user that it does not have."""

    field = "user_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"there is no user {user_id}; give the id of one that is")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """
    How an enrollment comes to be what it will be in a class.

    Attributes:
        enrollment_id: The enrollment, whose own place and seat are not in its way; 0 for a new one.
        student_viewer: What the student is looked for in: the caller's tree where the caller names another one than is stored.
        before: The status that it has in this class; None where it is new, reopened by creating, or comes from another class.
        student_before: Likewise, and None too where another student had it.
        stored: Where it is placed in this class.
        location, classroom_id: Where the caller wants it placed.
    """

    enrollment_id: int
    user_id: int
    student_viewer: Viewer
    before: EnrollmentStatus | None
    student_before: EnrollmentStatus | None
    after: EnrollmentStatus
    stored: Placement = UNPLACED
    location: LocationType | UnsetType | None = UNSET
    classroom_id: int | UnsetType | None = UNSET


async def get_entered_class(transaction: Transaction, *, viewer: Viewer, class_id: int, user_id: int, excluded_id: int = 0) -> EnteredClass:
    """
    Give what decides whether a student may enter a class, the excluded enrollment not counted.

    Raises:
        ClassToEnterNotFoundError: The viewer has no such class.
    """
    entered = await entrance.find_entered_class(transaction, viewer=viewer, class_id=class_id, user_id=user_id, excluded_id=excluded_id)
    if entered is None:
        raise ClassToEnterNotFoundError(class_id)
    return entered


async def enter(
    transaction: Transaction, *, viewer: Viewer, entered: EnteredClass, entry: Entry, along: Collection[Foreseen] = ()
) -> tuple[Placement, Refusals]:
    """
    Give where the student will sit, and everything that refuses the entry.

    The class is locked already; this locks the room and the student, as far as the entry takes a seat and the student's time, and the enrollment,
    ``along`` with what promotions in other classes will need.
    """
    placement = place(
        venue=Venue(class_id=entered.id, delivery=entered.delivery, classroom_ids=tuple(sorted(entered.classroom_ids))),
        stored=entry.stored,
        location=entry.location,
        classroom_id=entry.classroom_id,
        before=entry.before,
        after=entry.after,
    )
    refusals: Refusals = []
    if isinstance(placement, RollbookError):
        refusals.append(placement)
        placement = entry.stored
    remote_id = remote_classroom_to_find(placement, stored=entry.stored)
    if remote_id is not None and not await rooms.is_room_in_tree(
        transaction, classroom_id=remote_id, organization_id=entered.organization_id
    ):
        refusals.append(RemoteClassroomNotFoundError(class_id=entered.id, classroom_id=remote_id))
        placement = entry.stored
    seat_in = None
    if not entered.status.is_off:  # whose students take no seat (P2)
        seat_in = seat_to_claim(placement, stored=entry.stored, before=entry.before, after=entry.after)
    begins_to_attend = becomes_attending(entry.student_before, entry.after)

    await hold(
        transaction,
        along,
        classroom_ids=() if seat_in is None else (seat_in,),
        user_ids=(entry.user_id,) if begins_to_attend else (),
        enrollment_ids=(entry.enrollment_id,) if entry.enrollment_id else (),
    )

    refusals += await _refused_student(transaction, entered=entered, entry=entry)
    if entry.after.holds_place and not (entry.before is not None and entry.before.holds_place):
        refusals.append(claim_place(class_id=entered.id, enrolled=entered.enrolled, maximum=entered.maximum))
    if seat_in is not None:
        refusals.append(await _claim_seat(transaction, entered=entered, entry=entry, classroom_id=seat_in))
    if begins_to_attend and entered.meetings:
        refusals.append(await _refused_time(transaction, viewer=viewer, entered=entered, entry=entry))
    return placement, refusals


async def _refused_time(transaction: Transaction, *, viewer: Viewer, entered: EnteredClass, entry: Entry) -> StudentConflictError | None:
    attended = await entrance.list_attended(
        transaction,
        viewer=viewer,
        user_id=entry.user_id,
        entered=entered,
        excluded_id=entry.enrollment_id,
    )
    if not attended:
        return None
    preferences = await preferences_for(transaction, organization_id=entered.organization_id)
    return check_student_conflict(
        user_id=entry.user_id,
        class_id=entered.id,
        meetings=entered.meetings,
        attended=attended,
        preference=preferences.student_conflicts,
    )


async def _refused_student(transaction: Transaction, *, entered: EnteredClass, entry: Entry) -> Refusals:
    student = await entrance.find_student(transaction, viewer=entry.student_viewer, user_id=entry.user_id)
    refused_class = check_class(class_id=entered.id, class_status=entered.status, before=entry.student_before, after=entry.after)
    if student is None:
        return [refused_class, StudentNotFoundError(entry.user_id)]
    return [
        refused_class,
        check_user(user_id=student.id, user_is_disabled=student.disabled, before=entry.student_before, after=entry.after),
        check_company(
            class_id=entered.id,
            class_company_id=entered.company_id,
            user_id=student.id,
            user_company_id=student.company_id,
            before=entry.student_before,
            after=entry.after,
        ),
    ]


async def _claim_seat(transaction: Transaction, *, entered: EnteredClass, entry: Entry, classroom_id: int) -> RoomFullError | None:
    occupancy = await rooms.get_occupancy(
        transaction, classroom_id=classroom_id, class_id=entered.id, meetings=entered.meetings, excluded_id=entry.enrollment_id
    )
    return claim_seat(room=occupancy.room, meetings=entered.meetings, sittings=occupancy.sittings, classmates=occupancy.classmates)
