"""Changing an enrollment: its values, its status, its class, its student."""

import msgspec
from msgspec import UNSET, UnsetType

from rollbook.access.actor import EVERYTHING, Actor
from rollbook.classes.schedule import has_started
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.entering import Entry, Refusals, enter, get_entered_class
from rollbook.enrollments.actions.leaving import leave_attendance
from rollbook.enrollments.actions.writing import KINDS, MOVED, REPLACED, UPDATED, WAITING, EnrollmentState
from rollbook.enrollments.cancellation import settle_late_cancel
from rollbook.enrollments.placement import UNPLACED, LocationType, Placement
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.queries.entrance import EnteredClass
from rollbook.enrollments.queries.sight import Caller, EnrollmentInClass
from rollbook.enrollments.reopening import EnrollmentDetails, Passage, carry_over, check_destination, check_move
from rollbook.enrollments.statuses import (
    CompletionNeedsAttendanceError,
    CompletionStatus,
    EnrollmentStatus,
    becomes_active,
    becomes_attending,
    check_leaving,
    settle_completion,
)
from rollbook.errors import RollbookError, refuse
from rollbook.history.versions import check_version
from rollbook.organizations.preferences import Preferences
from rollbook.organizations.queries.preferences import preferences_for


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


class _Aim(msgspec.Struct, frozen=True, kw_only=True):
    """Which class, student and status a change asks for."""

    class_id: int
    user_id: int
    status: EnrollmentStatus
    moves: bool
    replaces: bool

    @property
    def stays(self) -> bool:
        return not (self.moves or self.replaces)


async def update(
    transaction: Transaction, *, caller: Caller, enrollment_id: int, changes: EnrollmentChanges, if_version: int | None = None
) -> bool:
    """
    Change an enrollment and tell whether anything changed; another class moves it (M1), another user takes its place (M2).

    Raises:
        InvalidKeyError: The caller's key is not valid.
        EnrollmentNotFoundError: The caller has no such enrollment.
        VersionChangedError: It is not at the version asked for.
        EnrollmentFrozenError: The class has started and the student is Enrolled (S2).
        ClassFullError: The class has no free place for one more Enrolled student (P1).
        ConflictError: Another rule refuses (S3-S5, P2, P5, C1, M1-M3).
        SeveralRefusalsError: More than one of these.
    """
    actor, stored = await sight.see_enrollment(transaction, caller=caller, enrollment_id=enrollment_id)
    check_version(noun="enrollment", subject_id=stored.id, version=stored.version, wanted=if_version)
    aim = _aim(stored, changes)
    if _takes_nothing(stored, changes, aim):
        placement = Placement(stored.location, stored.classroom_id)
        organization_id = stored.organization_id
        refusals: Refusals = []
    else:
        entered, placement, refusals = await _enter(transaction, actor=actor, stored=stored, changes=changes, aim=aim)
        organization_id = entered.organization_id
    preferences = await _preferences_of_leaving(transaction, stored=stored, aim=aim)
    completion = _completion(stored, changes, aim)
    if isinstance(completion, RollbookError):
        refusals.append(completion)
        completion = stored.completion
    refuse([_refused_leaving(stored, preferences, now=transaction.now), *refusals])

    state = EnrollmentState(
        class_id=aim.class_id,
        user_id=aim.user_id,
        organization_id=organization_id,
        status=aim.status,
        completion=completion,
        location=placement.location,
        classroom_id=placement.classroom_id,
        waiting_since=_waiting_since(transaction, stored, aim),
        passed_over=stored.passed_over if aim.stays and aim.status is stored.status else None,
        **msgspec.structs.asdict(_details(stored, changes, aim, preferences, now=transaction.now)),
    )
    left_behind = {} if aim.stays else await leave_attendance(transaction, enrollment_id=stored.id)
    return await writing.rewrite(transaction, actor=actor, stored=stored, state=state, kind=_kind(stored, aim), left_behind=left_behind)


def _aim(stored: EnrollmentInClass, changes: EnrollmentChanges) -> _Aim:
    class_id = stored.class_id if changes.class_id is UNSET else changes.class_id
    user_id = stored.user_id if changes.user_id is UNSET else changes.user_id
    return _Aim(
        class_id=class_id,
        user_id=user_id,
        status=stored.status if changes.status is UNSET else changes.status,
        moves=class_id != stored.class_id,
        replaces=user_id != stored.user_id,
    )


def _takes_nothing(stored: EnrollmentInClass, changes: EnrollmentChanges, aim: _Aim) -> bool:
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


async def _enter(
    transaction: Transaction, *, actor: Actor, stored: EnrollmentInClass, changes: EnrollmentChanges, aim: _Aim
) -> tuple[EnteredClass, Placement, Refusals]:
    """Lock and ask what the change takes; whatever was read of the enrollment before its lock must still be so."""
    await transaction.lock(entrance.lock_classes, ids=sorted({stored.class_id, aim.class_id}))
    entered = await get_entered_class(transaction, viewer=actor.viewer, class_id=aim.class_id, user_id=aim.user_id, excluded_id=stored.id)
    placement, refusals = await enter(
        transaction,
        viewer=actor.viewer,
        entered=entered,
        entry=Entry(
            enrollment_id=stored.id,
            user_id=aim.user_id,
            student_viewer=actor.viewer if aim.replaces else EVERYTHING,
            before=None if aim.moves else stored.status,
            student_before=stored.status if aim.stays else None,
            after=aim.status,
            stored=UNPLACED if aim.moves else Placement(stored.location, stored.classroom_id),
            location=changes.location,
            classroom_id=changes.classroom_id,
        ),
    )
    _, locked = await sight.see_enrollment(transaction, caller=actor, enrollment_id=stored.id)
    if locked != stored:
        raise StartAgainError
    if aim.moves:
        refusals.append(check_move(aim.status))
    if entered.has_student:
        other = await entrance.find_existing(transaction, class_id=aim.class_id, user_id=aim.user_id, excluded_id=stored.id)
        refusals.append(check_destination(other))
    return entered, placement, refusals


async def _preferences_of_leaving(transaction: Transaction, *, stored: EnrollmentInClass, aim: _Aim) -> Preferences | None:
    """Give the preferences of the class that the enrollment is in, where they have a say: in leaving and in a change of status."""
    if aim.stays and aim.status is stored.status:
        return None
    return await preferences_for(transaction, organization_id=stored.organization_id)


def _refused_leaving(stored: EnrollmentInClass, preferences: Preferences | None, *, now: int) -> RollbookError | None:
    if preferences is None:
        return None
    return check_leaving(
        enrollment_id=stored.id,
        class_id=stored.class_id,
        status=stored.status,
        class_has_started=has_started(stored.class_starts_at, now=now),
        freeze_enrolled_at_start=preferences.freeze_enrolled_at_start,
    )


def _completion(stored: EnrollmentInClass, changes: EnrollmentChanges, aim: _Aim) -> CompletionStatus | CompletionNeedsAttendanceError:
    """Settle the completion (S5), which belongs to one student and one class: elsewhere, or for another, it begins as Unknown."""
    given = changes.completion
    if given is UNSET and not aim.stays:
        given = CompletionStatus.UNKNOWN
    return settle_completion(stored=stored.completion, given=given, after=aim.status)


def _waiting_since(transaction: Transaction, stored: EnrollmentInClass, aim: _Aim) -> int | None:
    if aim.status not in WAITING:
        return None
    return stored.waiting_since if aim.stays and aim.status is stored.status else transaction.moment()


def _details(
    stored: EnrollmentInClass, changes: EnrollmentChanges, aim: _Aim, preferences: Preferences | None, *, now: int
) -> EnrollmentDetails:
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


def _kind(stored: EnrollmentInClass, aim: _Aim) -> str:
    if aim.moves:
        return MOVED
    if aim.replaces:
        return REPLACED
    return UPDATED if aim.status is stored.status else KINDS[aim.status]
