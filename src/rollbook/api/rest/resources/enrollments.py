"""The enrollments of the REST API: creating, showing, changing and deleting single ones."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrolling import OUTCOME, PLACES, PROMOTED, ClassEffect, EnrollmentOutcome, enroll, told_effect
from rollbook.api.rest.enrollment_records import EXAMPLE, Enrollment, see_enrollment
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import given_in, perform
from rollbook.api.rest.refused import RefusedError
from rollbook.api.rest.values import Count, Id, Name, Note
from rollbook.api.rest.words import CompletionWord, EnrollmentStatusWord, LocationWord, member_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.effects import Effect, tell_effect
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

TAG: Final = "Enrollments"

_Status = Annotated[EnrollmentStatusWord, Meta(description="By default enrolled.")]
_Completion = Annotated[CompletionWord, Meta(description="Other than unknown only for who attends (S5).")]
_Location = Annotated[LocationWord, Meta(description="By default what the class has (P4, P5).")]


class CreateEnrollment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An enrollment to create, or to open again where a cancelled or denied one stands."""

    class_id: Id
    user_id: Annotated[Id, Meta(description="The student; where the call is made for a student, that one.")] | UnsetType = UNSET
    status: _Status | UnsetType = UNSET
    completion: _Completion | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    late_cancel: bool | UnsetType = UNSET
    retake: bool | UnsetType = UNSET
    location: _Location | UnsetType | None = UNSET
    classroom_id: Id | UnsetType | None = UNSET
    hours_spent: Count | UnsetType | None = UNSET
    grade: Count | UnsetType | None = UNSET
    note: Note | UnsetType | None = UNSET


class UpdateEnrollment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of an enrollment; another class moves it (M1), another user takes its place (M2)."""

    class_id: Id | UnsetType = UNSET
    user_id: Id | UnsetType = UNSET
    status: EnrollmentStatusWord | UnsetType = UNSET
    completion: _Completion | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    late_cancel: bool | UnsetType = UNSET
    retake: bool | UnsetType = UNSET
    location: LocationWord | UnsetType | None = UNSET
    classroom_id: Id | UnsetType | None = UNSET
    hours_spent: Count | UnsetType | None = UNSET
    grade: Count | UnsetType | None = UNSET
    note: Note | UnsetType | None = UNSET


class DeletedEnrollment(ClassEffect, frozen=True, kw_only=True):
    """What the deletion of an enrollment did."""

    result: None


class _Gone(Struct, frozen=True):
    """What is left to see of a deleted enrollment."""

    version: int


def student_to_enroll(call: Call, given: int | UnsetType) -> int:
    """
    Give who is to be enrolled: the user who is given, else the one for whom the call is made.

    Raises:
        RefusedError: Neither is said.
    """
    if given is not UNSET:
        return given
    if call.actor.student is not None:
        return call.actor.student.user_id
    text = "it is not said whom to enroll; give user_id, or make the call for a student"
    raise RefusedError(422, "student_missing", text, field="$.user_id")


@endpoint(
    "POST",
    "/enrollments",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=CreateEnrollment(class_id=4, user_id=3, status="enrolled"),
    answers=OUTCOME,
    creates="/enrollments/{id}",
    students=True,
)
async def create_enrollment(call: Call, body: CreateEnrollment) -> EnrollmentOutcome:
    """
    Enroll a student in a class, or let the student ask or wait.

    A cancelled or denied enrollment that stands is opened again under its id. A student who enrolls alone waits where the class is full, or others
    wait (W6).
    """
    given = _domain_values(given_in(body))
    given.setdefault("status", EnrollmentStatus.ENROLLED)
    given["user_id"] = student_to_enroll(call, body.user_id)
    return await enroll(call, create, actor=call.actor, wanted=NewEnrollment(**given))


@endpoint("GET", "/enrollments/{enrollment_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE, students=True)
async def get_enrollment(call: Call, enrollment_id: int) -> Enrollment:
    """Show an enrollment."""
    return await call.database.read(see_enrollment, call.actor, enrollment_id)


@endpoint(
    "PATCH",
    "/enrollments/{enrollment_id}",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=UpdateEnrollment(completion="complete", grade=92, hours_spent=16),
    answers=OUTCOME,
)
async def update_enrollment(call: Call, enrollment_id: int, body: UpdateEnrollment) -> EnrollmentOutcome:
    """
    Change an enrollment.

    Another class moves it, another user takes its place. A place that comes free may go to who waits, as the organization's preference says.
    """
    changes = EnrollmentChanges(**_domain_values(given_in(body)))
    return await enroll(call, update, subject_id=enrollment_id, caller=call.actor, enrollment_id=enrollment_id, changes=changes)


@endpoint(
    "DELETE",
    "/enrollments/{enrollment_id}",
    tag=TAG,
    scope=Scope.ENROLL,
    answers=example_of(
        DeletedEnrollment,
        None,
        change("enrollment", "status", "enrolled", None, subject_id=19),
        places=[PLACES],
        promoted=[PROMOTED],
        passed_over=[],
    ),
)
async def delete_enrollment(call: Call, enrollment_id: int) -> DeletedEnrollment:
    """
    Delete an enrollment.

    Its id is not found from then on; its history stays, and is still found.
    """
    effects: list[Effect] = []

    async def act(transaction: Transaction, **given: Any) -> None:
        await delete(transaction, **given)
        if call.dry_run:
            effects.append(await tell_effect(transaction, recorded=transaction.recorded))

    performed = await perform(call, act, see=_see_gone, subject_id=enrollment_id, caller=call.actor, enrollment_id=enrollment_id)
    effect = effects[-1] if call.dry_run else await call.database.read(tell_effect, recorded=performed.recorded)
    return performed.told(DeletedEnrollment, result=None, **told_effect(effect))


async def _see_gone(transaction: Transaction, actor: Actor, enrollment_id: int) -> Enrollment | _Gone:
    """Show the enrollment as long as it is there: for whoever asks for a version of it."""
    try:
        return await see_enrollment(transaction, actor, enrollment_id)
    except EnrollmentNotFoundError:
        return _Gone(0)


def _domain_values(given: dict[str, Any]) -> dict[str, Any]:
    """Give what a body says in the domain's words."""
    kinds = {"status": EnrollmentStatus, "completion": CompletionStatus, "location": LocationType}
    return {name: member_of(kinds[name], value) if name in kinds and value is not None else value for name, value in given.items()}


ENDPOINTS: tuple[Endpoint, ...] = (create_enrollment, get_enrollment, update_enrollment, delete_enrollment)
