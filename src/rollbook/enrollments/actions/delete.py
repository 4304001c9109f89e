"""Deleting an enrollment."""

from rollbook.classes.schedule import has_started
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.leaving import leave_attendance
from rollbook.enrollments.queries import sight
from rollbook.enrollments.queries.sight import Caller
from rollbook.enrollments.statuses import check_leaving
from rollbook.errors import refuse
from rollbook.history.versions import check_version
from rollbook.organizations.queries.preferences import preferences_for


async def delete(transaction: Transaction, *, caller: Caller, enrollment_id: int, if_version: int | None = None) -> None:
    """
    Delete an enrollment (L4): its id is not found from then on, its history stays.

    Raises:
        InvalidKeyError: The caller's key is not valid.
        EnrollmentNotFoundError: The caller has no such enrollment.
        VersionChangedError: It is not at the version asked for.
        EnrollmentFrozenError: The class has started and the student is Enrolled (S2).
    """
    actor, stored = await sight.see_enrollment(transaction, caller=caller, enrollment_id=enrollment_id)
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
    left_behind = await leave_attendance(transaction, enrollment_id=stored.id)
    await writing.remove(transaction, actor=actor, stored=stored, left_behind=left_behind)
