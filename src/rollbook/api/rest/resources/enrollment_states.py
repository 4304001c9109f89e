"""What becomes of an enrollment in the REST API: each change of its status is a resource of its own."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrolling import OUTCOME, EnrollmentOutcome, enroll
from rollbook.api.rest.values import Description, Id
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.line import move_up_in_line
from rollbook.enrollments.actions.replacing import cancel_with_replacement
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.statuses import EnrollmentStatus

TAG: Final = "Enrollment states"

Reason = Annotated[Description, Meta(description="Why; the history keeps it.")]


class Because(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the status changes."""

    reason: Reason | UnsetType = UNSET


class Cancellation(Because, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an enrollment is cancelled."""

    late_cancel: Annotated[bool, Meta(description="Whether it counts as late; by default as L1 has it.")] | UnsetType = UNSET
    replacement_enrollment_id: (
        Annotated[Id, Meta(description="The enrollment that gets the place, in the same transaction.")] | UnsetType
    ) = UNSET


class MovingUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To which position somebody moves up, and why."""

    position: Annotated[int, Meta(ge=1, le=1_000_000, description="1 is the first of those with the same status.")]
    reason: Reason


async def _become(call: Call, enrollment_id: int, status: EnrollmentStatus, body: Because | None, **details: Any) -> EnrollmentOutcome:
    reason = body.reason if body is not None and body.reason is not UNSET else None
    changes = EnrollmentChanges(status=status, **details)
    return await enroll(
        call, update, subject_id=enrollment_id, caller=call.actor, enrollment_id=enrollment_id, changes=changes, reason=reason
    )


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/request",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Because(reason="asked again"),
    answers=OUTCOME,
    students=True,
)
async def request_enrollment(call: Call, enrollment_id: int, body: Because | None) -> EnrollmentOutcome:
    """Let the student ask for a place: the enrollment becomes Requested."""
    return await _become(call, enrollment_id, EnrollmentStatus.REQUESTED, body)


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/approval",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Because(reason="the manager agreed"),
    answers=OUTCOME,
)
async def approve_enrollment(call: Call, enrollment_id: int, body: Because | None) -> EnrollmentOutcome:
    """
    Approve an enrollment.

    It takes no place yet: an administrator enrolls the student, or the student alone where the class allows self-enrollment.
    """
    return await _become(call, enrollment_id, EnrollmentStatus.APPROVED, body)


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/denial",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Because(reason="no budget"),
    answers=OUTCOME,
)
async def deny_enrollment(call: Call, enrollment_id: int, body: Because | None) -> EnrollmentOutcome:
    """Deny an enrollment."""
    return await _become(call, enrollment_id, EnrollmentStatus.DENIED, body)


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/enrollment",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Because(reason="a place was found"),
    answers=OUTCOME,
    students=True,
)
async def enroll_student(call: Call, enrollment_id: int, body: Because | None) -> EnrollmentOutcome:
    """
    Enroll the student: the enrollment takes a place of the class.

    An administrator may pass the waitlist. A student who does it alone waits where the class is full, or others wait (W6).
    """
    return await _become(call, enrollment_id, EnrollmentStatus.ENROLLED, body)


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/audit",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Because(reason="sits in"),
    answers=OUTCOME,
)
async def audit_enrollment(call: Call, enrollment_id: int, body: Because | None) -> EnrollmentOutcome:
    """Let the student attend without a place: the enrollment becomes Audit."""
    return await _become(call, enrollment_id, EnrollmentStatus.AUDIT, body)


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/waitlisting",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Because(reason="the class is full"),
    answers=OUTCOME,
    students=True,
)
async def waitlist_enrollment(call: Call, enrollment_id: int, body: Because | None) -> EnrollmentOutcome:
    """Let the student wait: the enrollment joins the end of the waitlist."""
    return await _become(call, enrollment_id, EnrollmentStatus.WAITLISTED, body)


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/cancellation",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=Cancellation(reason="fell ill", replacement_enrollment_id=23),
    answers=OUTCOME,
    students=True,
)
async def cancel_enrollment(call: Call, enrollment_id: int, body: Cancellation | None) -> EnrollmentOutcome:
    """
    Cancel an enrollment.

    A late cancellation (L1) is told with the organization's own warning: ask with `dry_run=true` first. The place goes to who waits, as the
    organization's preference says, or to a replacement of your choice.
    """
    if body is None or body.replacement_enrollment_id is UNSET:
        late = {} if body is None or body.late_cancel is UNSET else {"late_cancel": body.late_cancel}
        return await _become(call, enrollment_id, EnrollmentStatus.CANCELLED, body, **late)
    return await enroll(
        call,
        cancel_with_replacement,
        subject_id=enrollment_id,
        actor=call.actor,
        enrollment_id=enrollment_id,
        replacement_enrollment_id=body.replacement_enrollment_id,
        reason=None if body.reason is UNSET else body.reason,
    )


@endpoint(
    "POST",
    "/enrollments/{enrollment_id}/moving-up",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=MovingUp(position=1, reason="needs the certificate this month"),
    answers=OUTCOME,
)
async def move_up_enrollment(call: Call, enrollment_id: int, body: MovingUp) -> EnrollmentOutcome:
    """Move somebody who waits to an earlier position of the line."""
    return await enroll(
        call,
        move_up_in_line,
        subject_id=enrollment_id,
        actor=call.actor,
        enrollment_id=enrollment_id,
        position=body.position,
        reason=body.reason,
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    request_enrollment,
    approve_enrollment,
    deny_enrollment,
    enroll_student,
    audit_enrollment,
    waitlist_enrollment,
    cancel_enrollment,
    move_up_enrollment,
)
