"""Giving one user the enrollments of another who is the same person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from rollbook.access.actor import EVERYTHING, Actor
from rollbook.accounts.merging import Duplicate, FrozenDuplicateError, Settled, settle_duplicates
from rollbook.accounts.queries.duplicates import HeldEnrollment
from rollbook.classes.clashes import StudentConflictError, check_student_conflict
from rollbook.classes.schedule import has_started
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.entering import get_entered_class
from rollbook.enrollments.queries import entrance
from rollbook.enrollments.queries.waiting import list_rows
from rollbook.enrollments.statuses import is_frozen
from rollbook.errors import RollbookError, refuse
from rollbook.organizations.queries.preferences import preferences_for

MERGED: Final = "enrollment.merged"

Held = Mapping[int, Sequence[HeldEnrollment]]


async def merge_enrollments(transaction: Transaction, *, actor: Actor, user_id: int, held: Held) -> None:
    """
    Give a user the enrollments of another, each with its place, its seat, its turn and its attendance; of two in one class one is deleted.

    Classes, users and enrollments are locked, as ``holding`` does, and what is held was read after that.

    Raises:
        FrozenDuplicateError: Of two enrollments in one class the one that would be given up is frozen (S2).
        StudentConflictError: The user attends another class at the same time, which is not over (C1).
    """
    refusals: list[RollbookError | None] = []
    given_up: dict[int, HeldEnrollment] = {}
    kept: dict[int, HeldEnrollment] = {}
    for of_class in held.values():
        settled = await _settle(transaction, of_class)
        if isinstance(settled, FrozenDuplicateError):
            refusals.append(settled)
        elif settled is not None:
            by_id = {each.id: each for each in of_class}
            kept[settled.kept.enrollment_id] = by_id[settled.kept.enrollment_id]
            given_up[settled.kept.enrollment_id] = by_id[settled.given_up.enrollment_id]
        else:
            (only,) = of_class
            kept[only.id] = only
            refusals.append(await _refused_time(transaction, actor=actor, user_id=user_id, moved=only))
    refuse(refusals)
    for each in given_up.values():
        await delete(transaction, caller=actor, enrollment_id=each.id)
    external_ids = {kept_id: each.external_id for kept_id, each in given_up.items()}
    await _give(transaction, actor=actor, user_id=user_id, kept_ids=kept, external_ids=external_ids)


async def _settle(transaction: Transaction, of_class: Sequence[HeldEnrollment]) -> Settled | FrozenDuplicateError | None:
    """Decide between two enrollments in a class; None where there is one."""
    if len(of_class) == 1:
        return None
    preferences = await preferences_for(transaction, organization_id=of_class[0].organization_id)
    stayers, others = (
        Duplicate(
            enrollment_id=each.id,
            class_id=each.class_id,
            status=each.status,
            completion=each.completion,
            is_frozen=is_frozen(
                each.status,
                class_has_started=has_started(each.class_starts_at, now=transaction.now),
                freeze_enrolled_at_start=preferences.freeze_enrolled_at_start,
            ),
        )
        for each in of_class
    )
    return settle_duplicates(stayers=stayers, others=others)


async def _refused_time(transaction: Transaction, *, actor: Actor, user_id: int, moved: HeldEnrollment) -> StudentConflictError | None:
    """Refuse that the user attends two classes at the same time from now on (C1); what is over stays as it was."""
    if not moved.status.is_attending:
        return None
    entered = await get_entered_class(transaction, viewer=EVERYTHING, class_id=moved.class_id, user_id=user_id)
    meetings = [meeting for meeting in entered.meetings if meeting.ends_at > transaction.now]
    if entered.status.is_off or not meetings:
        return None
    attended = await entrance.list_attended(
        transaction, viewer=actor.viewer, user_id=user_id, entered=replace(entered, meetings=meetings), excluded_id=moved.id
    )
    preferences = await preferences_for(transaction, organization_id=moved.organization_id)
    return check_student_conflict(
        user_id=user_id,
        class_id=moved.class_id,
        meetings=meetings,
        attended=attended,
        preference=preferences.student_conflicts,
    )


async def _give(
    transaction: Transaction, *, actor: Actor, user_id: int, kept_ids: Iterable[int], external_ids: Mapping[int, str | None]
) -> None:
    for row in await list_rows(transaction, enrollment_ids=list(kept_ids)):
        external_id = row.external_id if row.external_id is not None else external_ids.get(row.id)
        state = replace(writing.state_of(row), user_id=user_id, external_id=external_id)
        await writing.rewrite(transaction, actor=actor, stored=row, state=state, kind=MERGED)
