"""What a change of an enrollment asks for, and what it comes to."""

import msgspec
from msgspec import UNSET, UnsetType

from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.writing import KINDS, MOVED, REPLACED, UPDATED, WAITING
from rollbook.enrollments.cancellation import settle_late_cancel
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import EnrollmentInClass
from rollbook.enrollments.reopening import EnrollmentDetails, Passage, carry_over
from rollbook.enrollments.statuses import (
    CompletionNeedsAttendanceError,
    CompletionStatus,
    EnrollmentStatus,
    becomes_active,
    becomes_attending,
    settle_completion,
)
from rollbook.organizations.preferences import Preferences


class EnrollmentChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller wants an enrollment to be; what is left out stays, None clears."""

    class_id: int | UnsetType = UNSET
    user_id: int | UnsetType = UNSET
    status: EnrollmentStatus | UnsetType = UNSET
    completion: CompletionStatus | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    late_cancel: bool | UnsetType = UNSET
    retake: bool | UnsetType = UNSET
    location: LocationType | UnsetType | None = UNSET
    classroom_id: int | UnsetType | None = UNSET
    hours_spent: int | UnsetType | None = UNSET
    grade: int | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """Which class, student and status a change asks for."""

    class_id: int
    user_id: int
    status: EnrollmentStatus
    moves: bool
    replaces: bool

    @property
    def stays(self) -> bool:
        """The student stays in the class."""
        return not (self.moves or self.replaces)


def aim_of(stored: EnrollmentInClass, changes: EnrollmentChanges) -> Aim:
    """Give what a change asks for, what it leaves out being as it is."""
    class_id = stored.class_id if changes.class_id is UNSET else changes.class_id
    user_id = stored.user_id if changes.user_id is UNSET else changes.user_id
    return Aim(
        class_id=class_id,
        user_id=user_id,
        status=stored.status if changes.status is UNSET else changes.status,
        moves=class_id != stored.class_id,
        replaces=user_id != stored.user_id,
    )


def takes_nothing(stored: EnrollmentInClass, changes: EnrollmentChanges, aim: Aim) -> bool:
    """
    Tell whether a change takes no place, no seat and no turn in the waitlist.

    Then nothing but the enrollment itself can stand against it, and its version guards that: no lock is needed.
    """
    return (
        aim.stays
        and not becomes_active(stored.status, aim.status)
        and not becomes_attending(stored.status, aim.status)
        and stored.status.holds_place >= aim.status.holds_place
        and (aim.status is stored.status or aim.status not in WAITING)
        and (changes.location is UNSET or changes.location == stored.location)
        and (changes.classroom_id is UNSET or changes.classroom_id == stored.classroom_id)
    )


def settle_completion_of(
    stored: EnrollmentInClass, changes: EnrollmentChanges, aim: Aim
) -> CompletionStatus | CompletionNeedsAttendanceError:
    """Settle the completion (S5), which belongs to one student and one class: elsewhere, or for another, it begins as Unknown."""
    given = changes.completion
    if given is UNSET and not aim.stays:
        given = CompletionStatus.UNKNOWN
    return settle_completion(stored=stored.completion, given=given, after=aim.status)


def waiting_since(transaction: Transaction, *, stored: EnrollmentInClass, aim: Aim, turn: int | None = None) -> int | None:
    """
    Give the moment since when the student waits, which is now for who joins the line (W1); None for who does not wait.

    ``turn`` is that moment for who gets a turn back (U3).
    """
    if aim.status not in WAITING:
        return None
    if aim.stays and aim.status is stored.status:
        return stored.waiting_since
    return transaction.moment() if turn is None else turn


def settle_details(
    stored: EnrollmentInClass, changes: EnrollmentChanges, aim: Aim, preferences: Preferences | None, *, now: int
) -> EnrollmentDetails:
    """Settle what the enrollment keeps beside its status, completion and place (E2, M1, M2, L1, L2)."""
    details = writing.details_of(stored)
    if aim.replaces:
        details = carry_over(details, passage=Passage.REPLACED)
    elif aim.moves:
        details = carry_over(details, passage=Passage.MOVED)
    elif becomes_active(stored.status, aim.status):
        details = carry_over(details, passage=Passage.REOPENED_BY_UPDATE)
    details = writing.with_given(details, changes)
    if preferences is None:
        return details
    late_cancel = settle_late_cancel(
        stored=details.late_cancel,
        given=changes.late_cancel,
        before=stored.status if aim.stays else None,
        after=aim.status,
        first_start=stored.class_starts_at,
        late_cancel_days=preferences.late_cancel_days,
        now=now,
    )
    return msgspec.structs.replace(details, late_cancel=late_cancel)


def kind_of(stored: EnrollmentInClass, aim: Aim) -> str:
    """Give the kind under which the history keeps the change."""
    if aim.moves:
        return MOVED
    if aim.replaces:
        return REPLACED
    return UPDATED if aim.status is stored.status else KINDS[aim.status]
