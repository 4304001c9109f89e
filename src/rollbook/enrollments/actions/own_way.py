"""A student enters or leaves a class alone, told by the class and not by the enrollment."""

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.classes.queries.classes import ClassNotFoundError, get_class
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.effects import find_late_warning
from rollbook.enrollments.queries.records import get_enrollment_record
from rollbook.enrollments.queries.shown import is_shown_to_student
from rollbook.enrollments.queries.sight import EnrollmentInClass, EnrollmentNotFoundError, find_enrollment
from rollbook.enrollments.statuses import EnrollmentStatus


class Cancellation(Struct, frozen=True):
    """
    What cancelling comes to.

    Attributes:
        is_late: It counts as late (L1).
        warning: What the organization tells who cancels late; None where it says nothing, or it is not late.
    """

    is_late: bool
    warning: str | None


async def enter_alone(transaction: Transaction, *, actor: Actor, class_id: int, status: EnrollmentStatus) -> int:
    """
    Let a student ask for a class, wait for it, or enroll in it, and give the enrollment's id.

    Raises:
        ClassNotFoundError: There is no such class for the student.
        RollbookError: What ``create`` and ``update`` raise.
    """
    stored = await _find_own(transaction, actor=actor, class_id=class_id)
    if stored is None or not stored.status.is_active:
        wanted = NewEnrollment(class_id=class_id, user_id=actor.as_student.user_id, status=status)
        return await create(transaction, actor=actor, wanted=wanted)
    await update(transaction, caller=actor, enrollment_id=stored.id, changes=EnrollmentChanges(status=status))
    return stored.id


async def leave_alone(transaction: Transaction, *, actor: Actor, class_id: int) -> int:
    """
    Let a student cancel, and give the enrollment's id.

    Raises:
        ClassNotFoundError: There is no such class for the student.
        EnrollmentNotFoundError: The student was never in it.
        RollbookError: What ``update`` raises.
    """
    stored = await _find_own(transaction, actor=actor, class_id=class_id)
    if stored is None:
        raise EnrollmentNotFoundError
    await update(transaction, caller=actor, enrollment_id=stored.id, changes=EnrollmentChanges(status=EnrollmentStatus.CANCELLED))
    return stored.id


async def foresee_leaving(transaction: Transaction, *, actor: Actor, class_id: int) -> Cancellation:
    """
    Let a student cancel and tell what it came to: to be rehearsed, for a change may be the last that a transaction does.

    Raises:
        RollbookError: What ``leave_alone`` raises.
    """
    enrollment_id = await leave_alone(transaction, actor=actor, class_id=class_id)
    return await tell_cancellation(transaction, actor=actor, enrollment_id=enrollment_id)


async def tell_cancellation(transaction: Transaction, *, actor: Actor, enrollment_id: int) -> Cancellation:
    """
    Tell what a cancellation that stands came to.

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
    """
    row = (await get_enrollment_record(transaction, viewer=actor.viewer, enrollment_id=enrollment_id)).row
    if not row.late_cancel:
        return Cancellation(is_late=False, warning=None)
    return Cancellation(is_late=True, warning=await find_late_warning(transaction, organization_id=row.organization_id))


async def _find_own(transaction: Transaction, *, actor: Actor, class_id: int) -> EnrollmentInClass | None:
    stored = await find_enrollment(transaction, viewer=actor.viewer, class_id=class_id, user_id=actor.as_student.user_id)
    if stored is not None:
        return stored
    await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    if not await is_shown_to_student(transaction, student=actor.as_student, class_id=class_id):
        raise ClassNotFoundError(class_id)
    return None
