"""What an administrator does with those who wait for a class: let them in, move one of them up (W1, W3)."""

from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.classes.queries.classes import get_class, lock_class
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.promoting import carry_out, foresee, hold
from rollbook.enrollments.actions.writing import MOVED_UP, WAITING
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.queries.promotions import Opening
from rollbook.enrollments.queries.waiting import get_awaited_class, list_line, list_rows
from rollbook.enrollments.waitlist import NotUpwardsError, NotWaitingError, Promotion, check_promoting, move_up
from rollbook.errors import refuse
from rollbook.history.versions import check_version

_EVERYBODY = 2_147_483_647


async def promote_waiting(
    transaction: Transaction, *, actor: Actor, class_id: int, places: int | None = None, together: str | None = None
) -> Promotion:
    """
    Let in those who wait for a class: as many as have a free place, or no more than so many.

    ``together`` is what the history keeps of each, so that they can be undone together.

    Raises:
        ClassNotFoundError: The actor has no such class.
        ClassPromotesNobodyError: The class is off, or has started (W3).
    """
    await lock_class(transaction, class_id)
    await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    awaited, _ = await get_awaited_class(transaction, class_id=class_id)
    refuse([check_promoting(awaited)])
    promotion = await foresee(transaction, Opening(class_id=class_id, freed=places, by=actor, together=together))
    await hold(transaction, [promotion])
    return await carry_out(transaction, promotion)


async def move_up_in_line(
    transaction: Transaction, *, actor: Actor, enrollment_id: int, position: int, reason: str, if_version: int | None = None
) -> None:
    """
    Move someone who waits to an earlier position of the line, 1 being the first, for a reason that the history keeps (W1).

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
        VersionChangedError: It is not at the version asked for.
        NotWaitingError: It does not wait (W1).
        NotUpwardsError: It stands there already, or before (W1).
    """
    _, seen = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    await transaction.lock(entrance.lock_classes, ids=[seen.class_id])
    _, stored = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    if stored.class_id != seen.class_id:
        raise StartAgainError
    check_version(noun="enrollment", subject_id=stored.id, version=stored.version, wanted=if_version)
    if stored.status not in WAITING:
        raise NotWaitingError(enrollment_id=stored.id, status=stored.status)
    line = await list_line(transaction, class_id=stored.class_id, status=stored.status, limit=_EVERYBODY)
    stands_at = [each.enrollment_id for each in line].index(stored.id) + 1
    if position >= stands_at:
        raise NotUpwardsError(enrollment_id=stored.id, stands_at=stands_at, position=position)
    moments = move_up(line, moved_id=stored.id, position=position)
    await transaction.lock(entrance.lock_enrollments, ids=sorted(moments))
    for row in await list_rows(transaction, enrollment_ids=moments):
        state = replace(writing.state_of(row), waiting_since=moments[row.id])
        remarks = {"reason": reason, "position": position} if row.id == stored.id else {}
        await writing.rewrite(transaction, actor=actor, stored=row, state=state, kind=MOVED_UP, remarks=remarks)
