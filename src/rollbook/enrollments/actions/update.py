"""Changing an enrollment: its values, its status, its class, its student."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from rollbook.access.actor import EVERYTHING, ActingStudent, Actor, Viewer
from rollbook.classes.schedule import has_started
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.aims import (
    Aim,
    EnrollmentChanges,
    aim_of,
    kind_of,
    settle_completion_of,
    settle_details,
    takes_nothing,
    waiting_since,
)
from rollbook.enrollments.actions.entering import Entry, Refusals, enter, get_entered_class
from rollbook.enrollments.actions.leaving import leave_attendance
from rollbook.enrollments.actions.marking import fill_attendance
from rollbook.enrollments.actions.promoting import Foreseen, carry_out, foresee, hold
from rollbook.enrollments.actions.self_service import settle_changed
from rollbook.enrollments.actions.writing import PASSED_THE_LINE, EnrollmentState
from rollbook.enrollments.placement import UNPLACED, Placement
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.queries.entrance import EnteredClass
from rollbook.enrollments.queries.promotions import Opening
from rollbook.enrollments.queries.sight import Caller, EnrollmentInClass
from rollbook.enrollments.queries.waiting import get_position
from rollbook.enrollments.reopening import check_destination, check_move
from rollbook.enrollments.statuses import (
    EnrollmentStatus,
    check_leaving,
)
from rollbook.enrollments.waitlist import is_triggered
from rollbook.errors import RollbookError, refuse
from rollbook.history.versions import check_version
from rollbook.organizations.preferences import Preferences
from rollbook.organizations.queries.preferences import preferences_for

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


async def update(
    transaction: Transaction,
    *,
    caller: Caller,
    enrollment_id: int,
    changes: EnrollmentChanges,
    if_version: int | None = None,
    reason: str | None = None,
    place_is_spoken_for: bool = False,
    turn: int | None = None,
    remarks: Mapping[str, Any] = _NONE,
) -> bool:
    """
    Change an enrollment and tell whether anything changed; another class moves it (M1), another user takes its place (M2).

    A place that comes free may go to who waits (W2), unless it is spoken for. A student who acts alone is Wait-Listed instead of Enrolled where
    the class is full, or others wait (W6). The history keeps the reason, and the remarks. ``turn`` is since when who waits again waited before, in epoch
    microseconds, where that turn is given back (U3).

    Raises:
        InvalidKeyError: The caller's key is not valid.
        EnrollmentNotFoundError: The caller has no such enrollment.
        VersionChangedError: It is not at the version asked for.
        EnrollmentFrozenError: The class has started and the student is Enrolled (S2).
        ClassFullError: The class has no free place for one more Enrolled student (P1).
        ConflictError: Another rule refuses (S3-S5, P2, P5, C1, M1-M3, A2-A5).
        NotAllowedError: A student may not do that alone (A1).
        SeveralRefusalsError: More than one of these.
    """
    actor, stored = await sight.see_enrollment(transaction, caller=caller, enrollment_id=enrollment_id)
    check_version(noun="enrollment", subject_id=stored.id, version=stored.version, wanted=if_version)
    if actor.student is not None:
        changes = await _obey(transaction, viewer=actor.viewer, student=actor.student, stored=stored, changes=changes)
    aim = aim_of(stored, changes)
    preferences = await _preferences_of_leaving(transaction, stored=stored, aim=aim)
    promotions: list[Foreseen] = []
    if preferences and not place_is_spoken_for and _lets_others_in(stored, aim, preferences, by_the_student=actor.student is not None):
        await transaction.lock(entrance.lock_classes, ids=sorted({stored.class_id, aim.class_id}))
        attending_id = aim.user_id if aim.status.is_attending else None
        opening = Opening(class_id=stored.class_id, freed=1, leaving_id=stored.id, attending_id=attending_id)
        promotions = [await foresee(transaction, opening)]
    remarked = {**remarks} if reason is None else {**remarks, "reason": reason}
    if takes_nothing(stored, changes, aim):
        placement = Placement(stored.location, stored.classroom_id)
        organization_id = stored.organization_id
        refusals: Refusals = []
        if promotions:
            await hold(transaction, promotions, enrollment_ids=[stored.id])
            await _check_unchanged(transaction, actor=actor, stored=stored)
    else:
        entered, placement, refusals = await _enter(
            transaction, actor=actor, stored=stored, changes=changes, aim=aim, promotions=promotions
        )
        organization_id = entered.organization_id
        if await _passes_the_line(transaction, stored, aim, entered):
            remarked |= PASSED_THE_LINE
    completion = settle_completion_of(stored, changes, aim)
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
        waiting_since=waiting_since(transaction, stored=stored, aim=aim, turn=turn),
        passed_over=stored.passed_over if aim.stays and aim.status is stored.status else None,
        **msgspec.structs.asdict(settle_details(stored, changes, aim, preferences, now=transaction.now)),
    )
    left_behind = {} if aim.stays else await leave_attendance(transaction, enrollment_id=stored.id)
    before = stored.completion if aim.stays else None
    await fill_attendance(transaction, actor=actor, enrollment_id=stored.id, state=state, before=before)
    changed = await writing.rewrite(
        transaction, actor=actor, stored=stored, state=state, kind=kind_of(stored, aim), left_behind=left_behind, remarks=remarked
    )
    for promotion in promotions:
        await carry_out(transaction, promotion)
    return changed


async def _obey(
    transaction: Transaction, *, viewer: Viewer, student: ActingStudent, stored: EnrollmentInClass, changes: EnrollmentChanges
) -> EnrollmentChanges:
    """Give what becomes of a student's own wishes; the enrollments of others do not exist for a student."""
    if stored.user_id != student.user_id:
        raise sight.EnrollmentNotFoundError
    status = await settle_changed(transaction, viewer=viewer, student=student, stored=stored, changes=changes)
    return EnrollmentChanges(status=status)


def _lets_others_in(stored: EnrollmentInClass, aim: Aim, preferences: Preferences, *, by_the_student: bool) -> bool:
    """Tell whether a change frees a place that goes to who waits (W2)."""
    frees_a_place = stored.status.holds_place and (aim.moves or not aim.status.holds_place)
    return frees_a_place and is_triggered(preferences.waitlist_promotion, by_the_student=by_the_student)


async def _passes_the_line(transaction: Transaction, stored: EnrollmentInClass, aim: Aim, entered: EnteredClass) -> bool:
    """Tell whether the student gets a place that others wait for, who came before (W6)."""
    takes_a_place = aim.status.holds_place and (aim.moves or not stored.status.holds_place)
    if not (takes_a_place and entered.has_waiting):
        return False
    in_line = not aim.moves and stored.status is EnrollmentStatus.WAITLISTED
    return not in_line or await get_position(transaction, enrollment=stored) != 1


async def _check_unchanged(transaction: Transaction, *, actor: Actor, stored: EnrollmentInClass) -> None:
    """Start again where the enrollment, which is locked now, is no longer what was read before."""
    _, locked = await sight.see_enrollment(transaction, caller=actor, enrollment_id=stored.id)
    if locked != stored:
        raise StartAgainError


async def _enter(
    transaction: Transaction,
    *,
    actor: Actor,
    stored: EnrollmentInClass,
    changes: EnrollmentChanges,
    aim: Aim,
    promotions: list[Foreseen],
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
        along=promotions,
    )
    await _check_unchanged(transaction, actor=actor, stored=stored)
    if aim.moves:
        refusals.append(check_move(aim.status))
    if entered.has_student:
        other = await entrance.find_existing(transaction, class_id=aim.class_id, user_id=aim.user_id, excluded_id=stored.id)
        refusals.append(check_destination(other))
    return entered, placement, refusals


async def _preferences_of_leaving(transaction: Transaction, *, stored: EnrollmentInClass, aim: Aim) -> Preferences | None:
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
