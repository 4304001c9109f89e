"""A student enters a class by its training key (A6): lock, gather facts, let the rules decide."""

from msgspec.structs import replace

from rollbook.access.actor import Actor, Viewer
from rollbook.classes.queries.training_keys import OpenedClass, UnknownClassTrainingKeyError, find_opened_class
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.entering import StudentNotFoundError, get_entered_class
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.queries.sight import EnrollmentInClass
from rollbook.enrollments.queries.waiting import get_position
from rollbook.enrollments.reopening import check_creation
from rollbook.enrollments.self_service import NotOneselfError, check_choice, check_redemption, settle_wish
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import refuse


async def redeem_class_training_key(transaction: Transaction, *, actor: Actor, user_id: int, training_key: str) -> int:
    """
    Enroll a student in the class that a training key opens, and give the enrollment's id.

    The student is Wait-Listed instead of Enrolled where the class is full, or others wait (W6); who waits already goes on waiting.

    Raises:
        UnknownClassTrainingKeyError: The key opens no class of the actor.
        StudentNotFoundError: The actor has no such user.
        NotOneselfError: The actor acts for another student (A1).
        EnrollmentExistsError: The student is in the class already (E2).
        AdministratorNeededError: The student was Denied (A1).
        ClassEndedError: The class has ended (A6).
        ApprovalNeededError: The class requires an approval, and the student has none (A3).
        ConflictError: Another rule refuses (S3, S4, P2, C1).
        SeveralRefusalsError: More than one of the rules.
    """
    student = actor.student
    if student is not None and student.user_id != user_id:
        raise NotOneselfError(student_id=student.user_id, user_id=user_id)
    opened = await _lock_opened(transaction, viewer=actor.viewer, training_key=training_key)
    if await entrance.find_student(transaction, viewer=actor.viewer, user_id=user_id) is None:
        raise StudentNotFoundError(user_id)
    stored = await sight.find_enrollment(transaction, viewer=actor.viewer, class_id=opened.id, user_id=user_id)
    before = stored.status if stored else None
    status = await _settle(transaction, viewer=actor.viewer, user_id=user_id, opened=opened, stored=stored)
    # The key is what lets the student in, so that the rules of those who act without one are not asked.
    holder = replace(actor, student=None)
    if stored is None or not stored.status.is_active:
        return await create(transaction, actor=holder, wanted=NewEnrollment(class_id=opened.id, user_id=user_id, status=status))
    if status is not before:
        await update(transaction, caller=holder, enrollment_id=stored.id, changes=EnrollmentChanges(status=status))
    return stored.id


async def _lock_opened(transaction: Transaction, *, viewer: Viewer, training_key: str) -> OpenedClass:
    """Lock the class that a training key opens, so that it goes on opening it and places are given to one at a time."""
    found = await find_opened_class(transaction, viewer=viewer, training_key=training_key)
    if found is None:
        raise UnknownClassTrainingKeyError(field="training_key")
    await transaction.lock(entrance.lock_classes, ids=[found.id])
    locked = await find_opened_class(transaction, viewer=viewer, training_key=training_key)
    if locked is None or locked.id != found.id:
        raise StartAgainError
    return locked


async def _settle(
    transaction: Transaction, *, viewer: Viewer, user_id: int, opened: OpenedClass, stored: EnrollmentInClass | None
) -> EnrollmentStatus:
    """Give the status that the student gets, or refuse what cannot be."""
    wish = EnrollmentStatus.ENROLLED
    before = stored.status if stored else None
    if stored is not None and stored.status.is_attending:
        refuse([check_creation(writing.existing_of(stored), wanted=wish)])
    refuse(
        [
            check_choice(before=before, after=wish),
            *check_redemption(
                class_id=opened.id,
                before=before,
                requires_approval=opened.requires_approval,
                ends_at=opened.ends_at,
                now=transaction.now,
            ),
        ]
    )
    excluded_id = stored.id if stored else 0
    entered = await get_entered_class(transaction, viewer=viewer, class_id=opened.id, user_id=user_id, excluded_id=excluded_id)
    others_wait = entered.has_waiting
    if stored is not None and stored.status is EnrollmentStatus.WAITLISTED:
        others_wait = await get_position(transaction, enrollment=stored) != 1
    is_full = entered.maximum is not None and entered.enrolled >= entered.maximum
    return settle_wish(wish, is_full=is_full, others_wait=others_wait)
