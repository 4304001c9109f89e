"""What an enrollment becomes where a student acts alone: lock, gather facts, let the rules decide (A1-A5, W6)."""

import msgspec
from msgspec import UNSET

from rollbook.access.actor import ActingStudent, Viewer
from rollbook.access.roles import Permission
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.entering import get_entered_class
from rollbook.enrollments.queries import entrance
from rollbook.enrollments.queries.offers import get_offer
from rollbook.enrollments.queries.sight import EnrollmentInClass
from rollbook.enrollments.queries.waiting import get_position
from rollbook.enrollments.self_service import (
    AdministratorNeededError,
    NotOneselfError,
    StudentsRights,
    check_choice,
    check_entrance,
    check_leaving_alone,
    settle_wish,
)
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import RollbookError, refuse


async def settle_new(transaction: Transaction, *, viewer: Viewer, student: ActingStudent, wanted: msgspec.Struct) -> EnrollmentStatus:
    """
    Give the status that an enrollment gets that a student wants to create.

    Raises:
        NotOneselfError: It would be somebody else's (A1).
        AdministratorNeededError: The student gives more than a class and a status to enter it with (A1).
        RollbookError: The class cannot be entered by the student alone (A1-A5).
    """
    given = msgspec.structs.asdict(wanted)
    user_id, class_id, status = given.pop("user_id"), given.pop("class_id"), given.pop("status")
    given.pop("completion")
    refuse(
        [
            None if user_id == student.user_id else NotOneselfError(student_id=student.user_id, user_id=user_id),
            check_choice(before=None, after=status),
            _refuse_details(given),
        ]
    )
    await transaction.lock(entrance.lock_classes, ids=[class_id])
    stored = await entrance.find_existing(transaction, class_id=class_id, user_id=user_id, excluded_id=0)
    if stored is not None:
        refuse([check_choice(before=stored.status, after=status)])
    # Where an active enrollment stands, creating another is refused anyway.
    before = stored.status if stored else None
    return await _settle(transaction, viewer=viewer, student=student, class_id=class_id, before=before, after=status)


async def settle_changed(
    transaction: Transaction, *, viewer: Viewer, student: ActingStudent, stored: EnrollmentInClass, changes: EnrollmentChanges
) -> EnrollmentStatus:
    """
    Give the status that a student's own enrollment gets by what the student wants to change.

    Raises:
        AdministratorNeededError: The student gives more than a status that students can choose (A1).
        SelfServiceClosedError: The class has started, and the student would leave it (A4).
        RollbookError: The class cannot be entered by the student alone (A1-A5).
    """
    given = msgspec.structs.asdict(changes)
    given.pop("status")
    after = stored.status if changes.status is UNSET else changes.status
    refuse([check_choice(before=stored.status, after=after), _refuse_details(given)])
    if after is stored.status:
        return stored.status
    if after is EnrollmentStatus.CANCELLED:
        refuse([check_leaving_alone(class_id=stored.class_id, starts_at=stored.class_starts_at, now=transaction.now)])
        return after
    await transaction.lock(entrance.lock_classes, ids=[stored.class_id])
    return await _settle(
        transaction, viewer=viewer, student=student, class_id=stored.class_id, before=stored.status, after=after, stored=stored
    )


async def _settle(
    transaction: Transaction,
    *,
    viewer: Viewer,
    student: ActingStudent,
    class_id: int,
    before: EnrollmentStatus | None,
    after: EnrollmentStatus,
    stored: EnrollmentInClass | None = None,
) -> EnrollmentStatus:
    excluded_id = stored.id if stored else 0
    entered = await get_entered_class(transaction, viewer=viewer, class_id=class_id, user_id=student.user_id, excluded_id=excluded_id)
    offer = await get_offer(transaction, student=student, class_id=class_id)
    rights = StudentsRights(
        may_ask=Permission.REQUEST_ENROLLMENT in student.permissions,
        may_enroll_oneself=Permission.ENROLL_ONESELF in student.permissions,
    )
    refuse(check_entrance(before=before, after=after, offer=offer, rights=rights, now=transaction.now))
    others_wait = entered.has_waiting
    if stored is not None and stored.status is EnrollmentStatus.WAITLISTED:
        others_wait = await get_position(transaction, enrollment=stored) != 1
    is_full = entered.maximum is not None and entered.enrolled >= entered.maximum
    return settle_wish(after, is_full=is_full, others_wait=others_wait)


def _refuse_details(given: dict[str, object]) -> RollbookError | None:
    """Refuse what only those who administer give an enrollment."""
    details = [name for name, value in given.items() if value is not UNSET]
    return AdministratorNeededError(f"set the {', '.join(details).replace('_', ' ')} of an enrollment") if details else None
