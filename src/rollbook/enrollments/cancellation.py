"""Whether a cancellation is late or in time (L1, L2)."""

from typing import Final

from msgspec import UNSET, UnsetType

from rollbook.enrollments.statuses import EnrollmentStatus, becomes_active

SECONDS_PER_DAY: Final = 86_400

_CAN_CANCEL_LATE = frozenset({EnrollmentStatus.ENROLLED, EnrollmentStatus.AUDIT, EnrollmentStatus.APPROVED})


def is_late(*, before: EnrollmentStatus | None, after: EnrollmentStatus, first_start: int | None, late_cancel_days: int, now: int) -> bool:
    """
    Tell whether this change of status is a late cancellation (L1).

    It is late from *late_cancel_days* days of 86,400 seconds before the class's first meeting starts, that moment included; with 0 days from the
    start itself. A class without meetings has no late cancellation.
    """
    if after is not EnrollmentStatus.CANCELLED or before not in _CAN_CANCEL_LATE or first_start is None:
        return False
    return now >= first_start - late_cancel_days * SECONDS_PER_DAY


def settle_late_cancel(
    *,
    stored: bool,
    given: bool | UnsetType = UNSET,
    before: EnrollmentStatus | None,
    after: EnrollmentStatus,
    first_start: int | None,
    late_cancel_days: int,
    now: int,
) -> bool:
    """
    Decide the late cancel to store (L1, L2): what the caller gives; else computed on cancelling, reset on reopening, and kept otherwise.

    *before* is None where the enrollment is new, moved or had another user: that is never late. Not to be asked where calling off
    the class cancels the enrollment (L3): that keeps what is stored.
    """
    if given is not UNSET:
        return given
    if becomes_active(before, after):
        return False
    if after is EnrollmentStatus.CANCELLED and before is not None and before.is_active:
        return is_late(before=before, after=after, first_start=first_start, late_cancel_days=late_cancel_days, now=now)
    return stored
