"""Deleting an enrollment."""

from rollbook.classes.schedule import has_started
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.leaving import leave_attendance
from rollbook.enrollments.actions.promoting import carry_out, foresee, hold
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.queries.promotions import Opening
from rollbook.enrollments.queries.sight import Caller
from rollbook.enrollments.self_service import AdministratorNeededError
from rollbook.enrollments.statuses import check_leaving
from rollbook.enrollments.waitlist import is_triggered
from rollbook.errors import refuse
from rollbook.history.versions import check_version
from rollbook.organizations.queries.preferences import preferences_for


async def delete(transaction: Transaction, *, caller: Caller, enrollment_id: int, if_version: int | None = None) -> None:
    """
    Delete an enrollment (L4): its id is not found from then on, its history stays; its place may go to who waits (W2).

    Raises:
        InvalidKeyError: The caller's key is not valid.
        EnrollmentNotFoundError: The caller has no such enrollment.
        AdministratorNeededError: The caller acts for a student (A1).
        VersionChangedError: It is not at the version asked for.
        EnrollmentFrozenError: The class has started and the student is Enrolled (S2).
    """
    actor, stored = await sight.see_enrollment(transaction, caller=caller, enrollment_id=enrollment_id)
    if actor.student is not None:
        raise AdministratorNeededError("delete enrollments")
    check_version(noun="enrollment", subject_id=stored.id, version=stored.version, wanted=if_version)
    preferences = await preferences_for(transaction, organization_id=stored.organization_id)
    refuse(
        [
            check_leaving(
                enrollment_id=stored.id,
                class_id=stored.class_id,
                status=stored.status,
                class_has_started=has_started(stored.class_starts_at, now=transaction.now),
                freeze_enrolled_at_start=preferences.freeze_enrolled_at_start,
            )
        ]
    )
    promotion = None
    if stored.status.holds_place and is_triggered(preferences.waitlist_promotion, by_the_student=False):
        await transaction.lock(entrance.lock_classes, ids=[stored.class_id])
        promotion = await foresee(transaction, Opening(class_id=stored.class_id, freed=1, leaving_id=stored.id))
        await hold(transaction, [promotion], enrollment_ids=[stored.id])
    left_behind = await leave_attendance(transaction, enrollment_id=stored.id)
    await writing.remove(transaction, actor=actor, stored=stored, left_behind=left_behind)
    if promotion is not None:
        await carry_out(transaction, promotion)
