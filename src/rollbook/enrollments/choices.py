"""What a student can make of a class by themselves now, and why not more: what the rules of entering and leaving alone say together."""

from collections.abc import Sequence

from msgspec import Struct

from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.self_service import (
    Offer,
    SelfServiceClosedError,
    StudentsRights,
    check_choice,
    check_entrance,
    check_leaving_alone,
    settle_wish,
)
from rollbook.enrollments.statuses import EnrollmentStatus, check_class, check_company
from rollbook.errors import RollbookError


class Prospect(Struct, frozen=True, kw_only=True):
    """
    What decides what a student can make of a class.

    Attributes:
        before: The status of the student's enrollment; None where there is none.
        class_company_id: The company that the class is dedicated to.
        is_full: All places are taken by others.
        others_wait: Others are Wait-Listed, before the student where the student is.
        seat: What the room says to one more who attends (P2); None where there is a seat.
        clash: What the student's time says (C1); None where it is free.
    """

    user_id: int
    company_id: int | None
    before: EnrollmentStatus | None
    offer: Offer
    rights: StudentsRights
    class_status: ClassStatus
    class_company_id: int | None
    is_full: bool
    others_wait: bool
    seat: RollbookError | None = None
    clash: RollbookError | None = None


class Choices(Struct, frozen=True, kw_only=True):
    """
    What a student can do alone.

    Attributes:
        entrance: What the student can become next: the one that brings them furthest; None where there is nothing.
        refusals: Why the student can become nothing of what a student could; empty where there is an entrance, or nothing to become.
        may_leave: The student can cancel.
        stays: Why the student can no longer cancel; None where they can, or there is nothing to cancel.
    """

    entrance: EnrollmentStatus | None
    refusals: tuple[RollbookError, ...]
    may_leave: bool
    stays: SelfServiceClosedError | None


def list_choices(prospect: Prospect, *, now: int) -> Choices:
    """
    Tell what a student can make of a class.

    A waitlist is an entrance only of a class in which one has to wait, and asking only of one that is not entered otherwise.
    """
    refused: list[Sequence[RollbookError]] = []
    entrance = None
    for after in (EnrollmentStatus.ENROLLED, EnrollmentStatus.WAITLISTED, EnrollmentStatus.REQUESTED):
        if after is prospect.before or check_choice(before=prospect.before, after=after):
            continue
        refusals = _refusals(prospect, after, now=now)
        if refusals is None:
            continue
        if not refusals:
            entrance = after
            break
        refused.append(refusals)
    may_leave, stays = _leaving(prospect, now=now)
    # What keeps the student from the least that they could become keeps them from all.
    reasons = tuple(refused[-1]) if refused and entrance is None else ()
    return Choices(entrance=entrance, refusals=reasons, may_leave=may_leave, stays=stays)


def _refusals(prospect: Prospect, after: EnrollmentStatus, *, now: int) -> list[RollbookError] | None:
    """Give what refuses to let the student become that; None where it would be of no use."""
    offer = prospect.offer
    attends = after is EnrollmentStatus.ENROLLED
    has_to_wait = settle_wish(EnrollmentStatus.ENROLLED, is_full=prospect.is_full, others_wait=prospect.others_wait) is not (
        EnrollmentStatus.ENROLLED
    )
    if attends and has_to_wait:
        return None
    if after is EnrollmentStatus.WAITLISTED and not (has_to_wait or prospect.seat):
        return None
    told = [
        check_class(class_id=offer.class_id, class_status=prospect.class_status, before=prospect.before, after=after),
        check_company(
            class_id=offer.class_id,
            class_company_id=prospect.class_company_id,
            user_id=prospect.user_id,
            user_company_id=prospect.company_id,
            before=prospect.before,
            after=after,
        ),
        *check_entrance(before=prospect.before, after=after, offer=offer, rights=prospect.rights, now=now),
        prospect.seat if attends else None,
        prospect.clash if attends else None,
    ]
    return [refusal for refusal in told if refusal is not None]


def _leaving(prospect: Prospect, *, now: int) -> tuple[bool, SelfServiceClosedError | None]:
    if prospect.before is None or not prospect.before.is_active:
        return False, None
    # Who is Enrolled and keeps that status (S2) is in a class that has started, which nobody leaves alone.
    stays = check_leaving_alone(class_id=prospect.offer.class_id, starts_at=prospect.offer.starts_at, now=now)
    return stays is None, stays
