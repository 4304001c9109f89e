"""Creating an enrollment, or reopening the one that stands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.entering import Entry, enter, get_entered_class
from rollbook.enrollments.actions.leaving import leave_attendance
from rollbook.enrollments.actions.marking import fill_attendance
from rollbook.enrollments.actions.self_service import settle_new
from rollbook.enrollments.actions.writing import KINDS, PASSED_THE_LINE, WAITING, EnrollmentState
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.reopening import EnrollmentDetails, Passage, carry_over, check_creation
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus, settle_completion
from rollbook.errors import RollbookError, refuse

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class NewEnrollment(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller wants of a new enrollment; what is left out takes its default, or is kept where one is reopened (E2)."""

    class_id: int
    user_id: int
    status: EnrollmentStatus
    completion: CompletionStatus = CompletionStatus.UNKNOWN
    external_id: str | UnsetType | None = UNSET
    late_cancel: bool | UnsetType = UNSET
    retake: bool | UnsetType = UNSET
    location: LocationType | UnsetType | None = UNSET
    classroom_id: int | UnsetType | None = UNSET
    hours_spent: int | UnsetType | None = UNSET
    grade: int | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


async def create(transaction: Transaction, *, actor: Actor, wanted: NewEnrollment, remarks: Mapping[str, Any] = _NONE) -> int:
    """
    Enroll a student in a class, or reopen the Cancelled or Denied enrollment that stands (E2), and give its id.

    A student who acts alone is Wait-Listed instead of Enrolled where the class is full, or others wait (W6). The history keeps the remarks.

    Raises:
        ClassToEnterNotFoundError: The actor has no such class.
        StudentNotFoundError: The actor has no such user.
        EnrollmentExistsError: An active enrollment stands, or one stands and another would be created as Cancelled or Denied (E2).
        ClassFullError: The class has no free place for one more Enrolled student (P1).
        RoomFullError: The room has no free seat for one more attending student (P2).
        ConflictError: Another rule refuses (S3, S4, S5, P5, C1, A2-A5).
        NotAllowedError: A student may not do that alone (A1).
        SeveralRefusalsError: More than one of these.
    """
    if actor.student is not None:
        status = await settle_new(transaction, viewer=actor.viewer, student=actor.student, wanted=wanted)
        wanted = msgspec.structs.replace(wanted, status=status)
    await transaction.lock(entrance.lock_classes, ids=[wanted.class_id])
    entered = await get_entered_class(transaction, viewer=actor.viewer, class_id=wanted.class_id, user_id=wanted.user_id)
    stored = None
    if entered.has_student:
        stored = await sight.find_enrollment(transaction, viewer=actor.viewer, class_id=entered.id, user_id=wanted.user_id)
    placement, refusals = await enter(
        transaction,
        viewer=actor.viewer,
        entered=entered,
        entry=Entry(
            enrollment_id=stored.id if stored else 0,
            user_id=wanted.user_id,
            student_viewer=actor.viewer,
            before=None,
            student_before=None,
            after=wanted.status,
            location=wanted.location,
            classroom_id=wanted.classroom_id,
        ),
    )
    completion = settle_completion(stored=CompletionStatus.UNKNOWN, given=wanted.completion, after=wanted.status)
    refused_creation = check_creation(writing.existing_of(stored) if stored else None, wanted=wanted.status)
    if isinstance(completion, RollbookError):
        refusals.append(completion)
        completion = CompletionStatus.UNKNOWN
    refuse([refused_creation] if refused_creation else refusals)

    kept = carry_over(writing.details_of(stored), passage=Passage.REOPENED_BY_CREATION) if stored else EnrollmentDetails()
    details = writing.with_given(kept, wanted)
    state = EnrollmentState(
        class_id=entered.id,
        user_id=wanted.user_id,
        organization_id=entered.organization_id,
        status=wanted.status,
        completion=completion,
        location=placement.location,
        classroom_id=placement.classroom_id,
        waiting_since=transaction.moment() if wanted.status in WAITING else None,
        passed_over=None,
        **msgspec.structs.asdict(details),
    )
    if state.status.holds_place and entered.has_waiting:
        remarks = {**remarks, **PASSED_THE_LINE}
    if stored is None:
        enrollment_id = await writing.add(transaction, actor=actor, state=state, remarks=remarks)
    else:
        enrollment_id = stored.id
        left_behind = await leave_attendance(transaction, enrollment_id=stored.id)
        await writing.rewrite(
            transaction, actor=actor, stored=stored, state=state, kind=KINDS[state.status], left_behind=left_behind, remarks=remarks
        )
    await fill_attendance(transaction, actor=actor, enrollment_id=enrollment_id, state=state, before=None)
    return enrollment_id
