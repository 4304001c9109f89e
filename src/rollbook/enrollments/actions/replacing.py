"""Giving a student's place to one who is chosen, in the moment in which it comes free."""

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.holding import Wanted, hold
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries import sight
from rollbook.enrollments.queries.sight import EnrollmentInClass, EnrollmentNotFoundError
from rollbook.enrollments.queries.undoing import TOGETHER
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import ConflictError, NotFoundError


class ReplacementNotFoundError(NotFoundError):
    """The caller names an enrollment to get the place that it does not have."""

    field = "replacement_enrollment_id"

    def __init__(self, enrollment_id: int) -> None:
        self.enrollment_id = enrollment_id
        super().__init__(f"there is no enrollment {enrollment_id}; give the id of one that waits for the class")


class NotReplaceableError(ConflictError):
    """The enrollment that is to be cancelled holds no place that another one could get."""

    def __init__(self, enrollment_id: int, *, status: EnrollmentStatus) -> None:
        self.enrollment_id = enrollment_id
        self.status = status
        super().__init__(
            f"enrollment {enrollment_id} is {status.name.capitalize()} and holds no place; cancel it alone, and enroll the other one"
        )


class ReplacementElsewhereError(ConflictError):
    """The enrollment that is to get the place is one of another class."""

    field = "replacement_enrollment_id"

    def __init__(self, enrollment_id: int, *, class_id: int, other_class_id: int) -> None:
        self.enrollment_id = enrollment_id
        self.class_id = class_id
        self.other_class_id = other_class_id
        super().__init__(f"enrollment {enrollment_id} is in class {other_class_id}; give one that waits for class {class_id}")


class ReplacementNotWaitingError(ConflictError):
    """The enrollment that is to get the place does not wait for one."""

    field = "replacement_enrollment_id"

    def __init__(self, enrollment_id: int, *, status: EnrollmentStatus) -> None:
        self.enrollment_id = enrollment_id
        self.status = status
        super().__init__(
            f"enrollment {enrollment_id} is {status.name.capitalize()} and waits for no place; "
            "give one that is Requested, Waitlisted or Approved"
        )


async def cancel_with_replacement(
    transaction: Transaction,
    *,
    actor: Actor,
    enrollment_id: int,
    replacement_enrollment_id: int,
    reason: str | None = None,
    if_version: int | None = None,
    together: str | None = None,
) -> None:
    """
    Cancel an Enrolled enrollment and enroll one that waits for the class instead, both or neither; nobody else in the line gets the place.

    ``together`` is what the history keeps of both, so that they can be undone together.

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
        VersionChangedError: It is not at the version asked for.
        ReplacementNotFoundError: The actor has no such other enrollment.
        ReplacementElsewhereError: That one is of another class.
        ReplacementNotWaitingError: That one waits for no place.
        NotReplaceableError: The first one holds no place.
        EnrollmentFrozenError: The class has started (S2).
        ConflictError: Another rule keeps the other student out (S3, S4, P2, C1).
    """
    _, leaving = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    coming = await _see_replacement(transaction, actor=actor, enrollment_id=replacement_enrollment_id)
    holding = await hold(
        transaction,
        Wanted(
            class_ids=frozenset({leaving.class_id}),
            left_class_ids=frozenset(),
            classroom_ids=frozenset(),
            user_ids=frozenset({leaving.user_id, coming.user_id}),
            attend=True,
        ),
    )
    # What was read before the locks may have changed.
    _, leaving = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    coming = await _see_replacement(transaction, actor=actor, enrollment_id=replacement_enrollment_id)
    _check(leaving, coming)
    remarks = {} if together is None else {TOGETHER: together}
    cancelled = EnrollmentChanges(status=EnrollmentStatus.CANCELLED)
    await update(
        holding,
        caller=actor,
        enrollment_id=leaving.id,
        changes=cancelled,
        if_version=if_version,
        reason=reason,
        place_is_spoken_for=True,
        remarks=remarks,
    )
    enrolled = EnrollmentChanges(status=EnrollmentStatus.ENROLLED)
    await update(holding, caller=actor, enrollment_id=coming.id, changes=enrolled, reason=reason, remarks=remarks)


async def _see_replacement(transaction: Transaction, *, actor: Actor, enrollment_id: int) -> EnrollmentInClass:
    try:
        _, enrollment = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    except EnrollmentNotFoundError:
        raise ReplacementNotFoundError(enrollment_id) from None
    return enrollment


def _check(leaving: EnrollmentInClass, coming: EnrollmentInClass) -> None:
    """
    Return when one enrollment can get the place of the other.

    Raises:
        ConflictError: It cannot.
    """
    if coming.class_id != leaving.class_id:
        raise ReplacementElsewhereError(coming.id, class_id=leaving.class_id, other_class_id=coming.class_id)
    if not leaving.status.holds_place:
        raise NotReplaceableError(leaving.id, status=leaving.status)
    if coming.status.is_attending or not coming.status.is_active:
        raise ReplacementNotWaitingError(coming.id, status=coming.status)
