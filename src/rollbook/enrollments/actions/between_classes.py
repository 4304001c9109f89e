"""The students of one class for another: added there, or moved there."""

from collections.abc import Collection, Sequence
from operator import attrgetter

from rollbook.access.actor import Actor, Viewer
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.create import NewEnrollment
from rollbook.enrollments.actions.holding import hold_classes
from rollbook.enrollments.actions.many import RowOutcome, Transfer, carry_out, carry_out_all, check_number
from rollbook.enrollments.queries.many import is_class_in_scope, list_of_class
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import InvalidError

ACTIVE = tuple(status for status in EnrollmentStatus if status.is_active)


class TransferToItselfError(InvalidError):
    """The students of a class are to be moved to the class that they are in."""

    field = "to_class_id"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(f"the students of class {class_id} are in class {class_id} already; give another class")


class InactiveTransferError(InvalidError):
    """Enrollments are to be moved that are Cancelled or Denied, which no move can end as (M1)."""

    rule = "M1"
    field = "statuses"

    def __init__(self, statuses: Collection[EnrollmentStatus]) -> None:
        self.statuses = tuple(statuses)
        names = " and ".join(status.name.capitalize() for status in self.statuses)
        super().__init__(f"{names} enrollments cannot be moved; leave them out")


async def list_additions(
    transaction: Transaction, *, viewer: Viewer, class_id: int, from_class_id: int, status: EnrollmentStatus = EnrollmentStatus.ENROLLED
) -> list[NewEnrollment]:
    """
    Give a row for each Enrolled student of another class, who is to be added to a class, by ascending id.

    Raises:
        ClassNotFoundError: The viewer lacks one of the classes.
        TooManyRowsError: There are more than one call takes.
    """
    await _check_classes(transaction, viewer=viewer, class_id=class_id, other_id=from_class_id, other_field="from_class_id")
    found = await list_of_class(transaction, class_id=from_class_id, statuses=[EnrollmentStatus.ENROLLED])
    check_number(len(found))
    return [NewEnrollment(class_id=class_id, user_id=each.user_id, status=status) for each in found]


async def list_transfers(
    transaction: Transaction, *, viewer: Viewer, class_id: int, to_class_id: int, statuses: Sequence[EnrollmentStatus] = ACTIVE
) -> list[Transfer]:
    """
    Give a row for each enrollment of a class in one of some statuses that is to be moved to another class.

    Who waits comes first, in the order of the line: so they stand in the new line as in the old one, and nobody is let in on the way by a place that
    somebody else leaves.

    Raises:
        ClassNotFoundError: The viewer lacks one of the classes.
        TransferToItselfError: Both are the same.
        InactiveTransferError: Cancelled or Denied enrollments are asked for.
        TooManyRowsError: There are more than one call takes.
    """
    if class_id == to_class_id:
        raise TransferToItselfError(class_id)
    if inactive := [status for status in statuses if not status.is_active]:
        raise InactiveTransferError(inactive)
    await _check_classes(transaction, viewer=viewer, class_id=class_id, other_id=to_class_id, other_field="to_class_id")
    found = await list_of_class(transaction, class_id=class_id, statuses=statuses)
    check_number(len(found))
    waiting = sorted((each for each in found if each.waiting_since is not None), key=attrgetter("waiting_since", "id"))
    return [
        Transfer(
            enrollment_id=each.id,
            version=each.version,
            user_id=each.user_id,
            status=each.status,
            left_class_id=class_id,
            class_id=to_class_id,
        )
        for each in (*waiting, *(each for each in found if each.waiting_since is None))
    ]


async def add_students_of(
    transaction: Transaction,
    *,
    actor: Actor,
    class_id: int,
    from_class_id: int,
    status: EnrollmentStatus = EnrollmentStatus.ENROLLED,
    atomic: bool = True,
) -> list[RowOutcome]:
    """
    Add the Enrolled students of another class, all of them or none, or those whom no rule refuses.

    Raises:
        ClassNotFoundError: The actor lacks one of the classes.
        RowsRefusedError: All were to be added, and some are refused.
        TooManyRowsError: There are more than one call takes.
    """
    await hold_classes(transaction, class_ids={class_id, from_class_id})
    rows = await list_additions(transaction, viewer=actor.viewer, class_id=class_id, from_class_id=from_class_id, status=status)
    act = carry_out_all if atomic else carry_out
    return await act(transaction, actor=actor, rows=rows)


async def transfer(
    transaction: Transaction,
    *,
    actor: Actor,
    class_id: int,
    to_class_id: int,
    statuses: Sequence[EnrollmentStatus] = ACTIVE,
    atomic: bool = True,
) -> list[RowOutcome]:
    """
    Move the enrollments of a class to another one (M1), all of them or none, or those whom no rule refuses.

    Raises:
        ClassNotFoundError: The actor lacks one of the classes.
        TransferToItselfError: Both are the same.
        InactiveTransferError: Cancelled or Denied enrollments are asked for.
        RowsRefusedError: All were to be moved, and some are refused.
        TooManyRowsError: There are more than one call takes.
    """
    await hold_classes(transaction, class_ids={class_id, to_class_id})
    rows = await list_transfers(transaction, viewer=actor.viewer, class_id=class_id, to_class_id=to_class_id, statuses=statuses)
    act = carry_out_all if atomic else carry_out
    return await act(transaction, actor=actor, rows=rows)


async def _check_classes(transaction: Transaction, *, viewer: Viewer, class_id: int, other_id: int, other_field: str) -> None:
    for given, field in ((class_id, None), (other_id, other_field)):
        if not await is_class_in_scope(transaction, viewer=viewer, class_id=given):
            raise ClassNotFoundError(given, field=field)
