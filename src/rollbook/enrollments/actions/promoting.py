"""
Letting in those who wait (W2-W5).

Whoever frees a place foresees who will get it, takes the locks for that together with its own, in the one order, and carries it out at its end. What
it decides then, with the locks held, counts; where that needs a lock that was not foreseen, the transaction starts again.
"""

from collections.abc import Collection
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rollbook.access.actor import system
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.queries import entrance, rooms
from rollbook.enrollments.queries.promotions import Opening, decide, decide_ahead
from rollbook.enrollments.queries.undoing import TOGETHER
from rollbook.enrollments.queries.waiting import list_rows
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import PASSED_OVER, PROMOTED, Promotion

WAITLIST: Final = system("waitlist")
"""Who lets people in where nobody asked for it."""


class Foreseen(Struct, frozen=True, kw_only=True):
    """Who will be let in as things stand, and the locks that this takes."""

    opening: Opening
    classroom_ids: frozenset[int]
    user_ids: frozenset[int]
    enrollment_ids: frozenset[int]


async def foresee(transaction: Transaction, opening: Opening) -> Foreseen:
    """Give who may be let in, and where they will sit, as things stand; the class is locked, nothing else need be."""
    promotion, is_sure = await decide_ahead(transaction, opening)
    # Where it is not sure, whoever waits may get the place, or the reason why not.
    others = () if is_sure else tuple(passed.waiting for passed in promotion.passed_over)
    return Foreseen(
        opening=opening,
        classroom_ids=frozenset(_rooms(promotion)),
        user_ids=frozenset(_users(promotion) | {each.user_id for each in others}),
        enrollment_ids=frozenset(_met(promotion) | {each.enrollment_id for each in others}),
    )


async def hold(
    transaction: Transaction,
    foreseen: Collection[Foreseen],
    *,
    classroom_ids: Collection[int] = (),
    user_ids: Collection[int] = (),
    enrollment_ids: Collection[int] = (),
) -> None:
    """Lock what was foreseen and what else is asked for, in the one order."""
    for query, ids in (
        (rooms.lock_classrooms, {*classroom_ids, *(each for one in foreseen for each in one.classroom_ids)}),
        (entrance.lock_users, {*user_ids, *(each for one in foreseen for each in one.user_ids)}),
        (entrance.lock_enrollments, {*enrollment_ids, *(each for one in foreseen for each in one.enrollment_ids)}),
    ):
        if ids:
            await transaction.lock(query, ids=sorted(ids))


async def carry_out(transaction: Transaction, foreseen: Foreseen) -> Promotion:
    """
    Let in who can be, and note who is passed over for a new reason (W3); the locks are held.

    Raises:
        StartAgainError: It would let in somebody who was not foreseen.
    """
    opening = foreseen.opening
    awaited, promotion = await decide(transaction, opening)
    if not (
        _rooms(promotion) <= foreseen.classroom_ids
        and _users(promotion) <= foreseen.user_ids
        and _met(promotion) <= foreseen.enrollment_ids
    ):
        raise StartAgainError
    stored = {row.id: row for row in await list_rows(transaction, enrollment_ids=_met(promotion))}
    actor = opening.by or WAITLIST
    together = {} if opening.together is None else {TOGETHER: opening.together}
    for each in promotion.let_in:
        row = stored[each.waiting.enrollment_id]
        state = replace(
            writing.state_of(row),
            organization_id=awaited.organization_id,
            status=EnrollmentStatus.ENROLLED,
            location=each.placement.location,
            classroom_id=each.placement.classroom_id,
            waiting_since=None,
            passed_over=None,
        )
        await writing.rewrite(transaction, actor=actor, stored=row, state=state, kind=PROMOTED, remarks=together)
    for passed in promotion.news:
        row = stored[passed.waiting.enrollment_id]
        state = replace(writing.state_of(row), passed_over=passed.reason)
        remarks = {"reason": str(passed.refusal)}
        await writing.rewrite(transaction, actor=actor, stored=row, state=state, kind=PASSED_OVER, remarks=remarks)
    return promotion


def _rooms(promotion: Promotion) -> set[int]:
    """Give the rooms in which those who are let in will sit."""
    return {each.placement.classroom_id for each in promotion.let_in if each.placement.classroom_id is not None}


def _users(promotion: Promotion) -> set[int]:
    """Give those who are let in."""
    return {each.waiting.user_id for each in promotion.let_in}


def _met(promotion: Promotion) -> set[int]:
    """Give the enrollments that a promotion changes."""
    return {each.waiting.enrollment_id for each in promotion.let_in} | {passed.waiting.enrollment_id for passed in promotion.news}
