"""Undoing the last change of enrollments: the opposite change, which all rules judge (U1-U3)."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.holding import Wanted, hold
from rollbook.enrollments.actions.many import REFUSALS_TOLD, check_number
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.undoing import TOGETHER, LastChange, list_last_changes
from rollbook.enrollments.self_service import AdministratorNeededError
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.undoing import ChangedEnrollmentNotFoundError, Opposite, check_last
from rollbook.errors import ConflictError, RollbookError

UNDOES: Final = "undoes"
"""The remark by which the history tells which change was undone, by its id."""


class NotUndone(Struct, frozen=True):
    """Why the change of one enrollment cannot be undone, and whose enrollment that is."""

    enrollment_id: int
    student: str
    refusal: RollbookError


class UndoRefusedError(ConflictError):
    """
    Some of several changes that were made together cannot be undone, and so none is.

    Attributes:
        refused: Each of them, and why.
    """

    rule = "U1"

    def __init__(self, refused: Sequence[NotUndone], *, changes: int) -> None:
        self.refused = tuple(refused)
        told = "; ".join(f"{each.student}: {each.refusal}" for each in self.refused[:REFUSALS_TOLD])
        more = f"; and {len(self.refused) - REFUSALS_TOLD} more" if len(self.refused) > REFUSALS_TOLD else ""
        super().__init__(f"{len(self.refused)} of {changes} changes cannot be undone, so none was; undo them one by one: {told}{more}")


async def undo_changes(transaction: Transaction, *, actor: Actor, changes: Mapping[int, int]) -> list[LastChange]:
    """
    Undo changes, all of them or none, and give what was undone, by enrollment.

    ``changes`` has for each enrollment the id that its change has in the history. What the changes did to others stays: who was let in by them, and
    attendance that was marked.

    Raises:
        ChangedEnrollmentNotFoundError: The actor has no such enrollment.
        ChangedSinceError: It was changed again since (U1).
        NotYourChangeError: Somebody else made the change (U1).
        NotUndoableError: No change takes it back (U2).
        UnrecoverableAttendanceError: It took attendance away (U2).
        AdministratorNeededError: The actor is a student (A1).
        TooManyRowsError: There are more than one call takes.
        RollbookError: A rule refuses the opposite change.
        UndoRefusedError: There are several, and some are refused.
    """
    if actor.student is not None:
        raise AdministratorNeededError("undo changes")
    check_number(len(changes))
    seen = await _find(transaction, actor=actor, changes=changes)
    holding = await hold(transaction, _wanted(seen))
    # What was read before the locks may have changed.
    last = await _find(transaction, actor=actor, changes=changes)
    if [(each.class_id, each.user_id) for each in last] != [(each.class_id, each.user_id) for each in seen]:
        raise StartAgainError
    acts, refused = _decide(actor, last, changes)
    together = {TOGETHER: f"undo-{transaction.moment()}"} if len(last) > 1 else {}
    for each, opposite, is_spoken_for in _in_order(acts):
        try:
            await _carry_out(holding, actor=actor, last=each, opposite=opposite, is_spoken_for=is_spoken_for, together=together)
        except RollbookError as refusal:
            refused.append(_refusal(each, refusal))
    if refused:
        raise refused[0].refusal if len(last) == 1 else UndoRefusedError(refused, changes=len(last))
    return last


Act = tuple[LastChange, Opposite]


async def _find(transaction: Transaction, *, actor: Actor, changes: Mapping[int, int]) -> list[LastChange]:
    found = await list_last_changes(transaction, viewer=actor.viewer, enrollment_ids=sorted(changes))
    if gone := changes.keys() - {each.id for each in found}:
        raise ChangedEnrollmentNotFoundError(min(gone))
    return found


def _decide(actor: Actor, last: Sequence[LastChange], changes: Mapping[int, int]) -> tuple[list[Act], list[NotUndone]]:
    acts: list[Act] = []
    refused: list[NotUndone] = []
    for each in last:
        opposite = check_last(each.id, change_id=changes[each.id], last_id=each.change_id) or each.opposite(actor)
        if isinstance(opposite, Opposite):
            acts.append((each, opposite))
        else:
            refused.append(_refusal(each, opposite))
    return acts, refused


def _in_order(acts: Sequence[Act]) -> list[tuple[LastChange, Opposite, bool]]:
    """
    Put first what frees a place, and say which of those places others of these changes take again.

    Where a place was given to another student, undoing gives it back to the first, and to nobody who waits.
    """
    acts = sorted(acts, key=lambda act: act[0].change_id, reverse=True)
    takes = [act for act in acts if _takes_place(*act)]
    frees = [act for act in acts if _frees_place(*act)]
    others = [act for act in acts if act not in takes and act not in frees]
    spoken_for = len(takes)
    return [
        *((*act, index < spoken_for) for index, act in enumerate(frees)),
        *((*act, False) for act in takes),
        *((*act, False) for act in others),
    ]


def _status_after(last: LastChange, opposite: Opposite) -> EnrollmentStatus | None:
    if opposite.deletes:
        return None
    status: EnrollmentStatus = opposite.values.get("status", last.status)
    return status


def _frees_place(last: LastChange, opposite: Opposite) -> bool:
    after = _status_after(last, opposite)
    return last.status.holds_place and not (after is not None and after.holds_place)


def _takes_place(last: LastChange, opposite: Opposite) -> bool:
    after = _status_after(last, opposite)
    return not last.status.holds_place and after is not None and after.holds_place


async def _carry_out(
    transaction: Transaction, *, actor: Actor, last: LastChange, opposite: Opposite, is_spoken_for: bool, together: Mapping[str, str]
) -> None:
    if opposite.deletes:
        await delete(transaction, caller=actor, enrollment_id=last.id, if_version=last.version)
        return
    await update(
        transaction,
        caller=actor,
        enrollment_id=last.id,
        changes=EnrollmentChanges(**opposite.values),
        if_version=last.version,
        place_is_spoken_for=is_spoken_for,
        turn=opposite.turn,
        remarks={UNDOES: last.change_id, **together},
    )


def _refusal(last: LastChange, refusal: RollbookError) -> NotUndone:
    return NotUndone(last.id, f"{last.first_name} {last.last_name}", refusal)


def _wanted(last: Sequence[LastChange]) -> Wanted:
    class_ids = frozenset(each.class_id for each in last)
    rooms = {(each.before or {}).get("classroom_id") for each in last}
    return Wanted(
        class_ids=class_ids,
        left_class_ids=class_ids,
        classroom_ids=frozenset(room_id for room_id in rooms if room_id is not None),
        user_ids=frozenset(each.user_id for each in last),
        attend=True,
    )
