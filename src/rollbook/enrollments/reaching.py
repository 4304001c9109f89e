"""Which statuses an enrollment can get as things stand, and what keeps it from the others (S1-S4, P1, P2, C1)."""

from collections.abc import Iterable

from msgspec import Struct

from rollbook.classes.clashes import check_student_conflict
from rollbook.enrollments.explanation import Circumstances
from rollbook.enrollments.seats import claim_place, claim_seat
from rollbook.enrollments.statuses import EnrollmentStatus, becomes_attending, check_class, check_company, check_leaving, check_user
from rollbook.errors import RollbookError


class Reach(Struct, frozen=True):
    """
    A status, and what keeps an enrollment from it.

    Attributes:
        refusals: All that does; empty where it has the status already, or can get it.
    """

    status: EnrollmentStatus
    refusals: tuple[RollbookError, ...]


def reaches(known: Circumstances) -> tuple[Reach, ...]:
    """Give every status, each with what keeps the enrollment from it if an administrator were to give it now, to the student's own place."""
    return tuple(Reach(status, tuple(each for each in _refusals(known, status) if each is not None)) for status in EnrollmentStatus)


def _refusals(known: Circumstances, after: EnrollmentStatus) -> Iterable[RollbookError | None]:
    applicant, awaited = known.applicant, known.awaited
    before = applicant.status
    if after is before:
        return
    yield check_leaving(
        enrollment_id=applicant.enrollment_id,
        class_id=awaited.id,
        status=before,
        class_has_started=awaited.has_started,
        freeze_enrolled_at_start=known.freezes,
    )
    yield check_class(class_id=awaited.id, class_status=awaited.status, before=before, after=after)
    yield check_user(user_id=applicant.user_id, user_is_disabled=applicant.user_is_disabled, before=before, after=after)
    yield check_company(
        class_id=awaited.id,
        class_company_id=awaited.company_id,
        user_id=applicant.user_id,
        user_company_id=applicant.company_id,
        before=before,
        after=after,
    )
    if after.holds_place:
        yield claim_place(class_id=awaited.id, enrolled=awaited.enrolled, maximum=awaited.maximum)
    if not becomes_attending(before, after):
        return
    if known.occupancy is not None:
        yield claim_seat(
            room=known.occupancy.room,
            meetings=awaited.meetings,
            sittings=known.occupancy.sittings,
            classmates=known.occupancy.classmates,
        )
    yield check_student_conflict(
        user_id=applicant.user_id,
        class_id=awaited.id,
        meetings=awaited.meetings,
        attended=known.attended,
        preference=awaited.student_conflicts,
    )
