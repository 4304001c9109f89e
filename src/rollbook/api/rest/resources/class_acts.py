"""What is done to a whole class: making another one after it, and calling it off."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.class_records import EXAMPLE, Class, see_class
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrolling import PLACES, ClassEffect, told_effect
from rollbook.api.rest.examples import LATER_TIME, SOME_TIME, change, example_of
from rollbook.api.rest.performing import create, given_in, perform
from rollbook.api.rest.resources.classes import ClassOutcome, GivenMeeting, Ids
from rollbook.api.rest.values import Count, GivenTime, Id, Name, Time, moment_of, seconds_of
from rollbook.api.rest.words import EnrollmentStatusWord, word_of
from rollbook.classes.actions.clone import clone_class as clone_class_action
from rollbook.classes.actions.create import CreatedClass
from rollbook.classes.cloning import ClonedClass
from rollbook.classes.schedule import MOST_MEETINGS, Meeting
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.calling_off import CallingOff, call_off
from rollbook.enrollments.queries.calling_off import Affected
from rollbook.enrollments.queries.effects import Effect, tell_effect

TAG: Final = "Classes"


class CloneClass(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the new class has of its own."""

    starts_at: (
        Annotated[GivenTime, Meta(description="When its first meeting starts; the others keep their days and their time by the clock.")]
        | UnsetType
    ) = UNSET
    meetings: (
        Annotated[tuple[GivenMeeting, ...], Meta(max_length=MOST_MEETINGS, description="Its meetings, instead of that.")] | UnsetType
    ) = UNSET
    name: Name | UnsetType = UNSET
    maximum: Count | UnsetType | None = UNSET
    primary_instructor_id: Id | UnsetType | None = UNSET
    instructor_ids: Ids | UnsetType = UNSET
    primary_classroom_id: Id | UnsetType | None = UNSET
    classroom_ids: Ids | UnsetType = UNSET


class CancelClass(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a class is called off."""

    reason: Annotated[Name, Meta(description="The history keeps it.")] | UnsetType = UNSET


class AffectedStudent(Struct, frozen=True, kw_only=True):
    """A student of a class that is called off."""

    enrollment_id: int
    user_id: int
    first_name: str
    last_name: str
    status: Annotated[EnrollmentStatusWord, Meta(description="What the enrollment was before.")]


class FreedMeeting(Struct, frozen=True, kw_only=True):
    """A time at which rooms and instructors are free again."""

    starts_at: Time
    ends_at: Time


class CancellationOutcome(ClassEffect, frozen=True, kw_only=True):
    """What calling off a class does."""

    result: Class
    cancelled: Annotated[list[AffectedStudent], Meta(description="Whose enrollments are cancelled (L3).")]
    frozen: Annotated[list[AffectedStudent], Meta(description="Whose enrollments stay, as the class has started (S2).")]
    freed_meetings: Annotated[list[FreedMeeting], Meta(description="The meetings to come, which do not happen.")]
    freed_classroom_ids: Annotated[list[int], Meta(description="The rooms that are free during these.")]
    freed_instructor_ids: Annotated[list[int], Meta(description="The instructors who are free during these.")]


@endpoint(
    "POST",
    "/classes/{class_id}/clones",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CloneClass(starts_at=SOME_TIME, name="Welding, December"),
    answers=example_of(
        ClassOutcome, EXAMPLE, change("class", "name", None, "Welding", subject_id=None), places=[], promoted=[], passed_over=[]
    ),
    creates="/classes/{id}",
)
async def clone_class(call: Call, class_id: int, body: CloneClass) -> ClassOutcome:
    """
    Make a class after another one, at other times.

    It is scheduled, without the other one's students, external id and note; without `starts_at` and `meetings` it has no meetings. A clash of its
    schedule is a warning (C3).
    """
    performed = await create(
        call, clone_class_action, see=see_class, id_of=_id_of, actor=call.actor, class_id=class_id, wanted=ClonedClass(**_given(body))
    )
    return performed.told(ClassOutcome, warnings=performed.result.warnings, places=[], promoted=[], passed_over=[])


@endpoint(
    "POST",
    "/classes/{class_id}/cancellation",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CancelClass(reason="The roof leaks."),
    answers=example_of(
        CancellationOutcome,
        EXAMPLE,
        change("class", "status", "scheduled", "cancelled"),
        places=[PLACES],
        promoted=[],
        passed_over=[],
        cancelled=[AffectedStudent(enrollment_id=19, user_id=3, first_name="Sam", last_name="Example", status="enrolled")],
        frozen=[],
        freed_meetings=[FreedMeeting(starts_at=SOME_TIME, ends_at=LATER_TIME)],
        freed_classroom_ids=[1],
        freed_instructor_ids=[2],
    ),
)
async def cancel_class(call: Call, class_id: int, body: CancelClass | None) -> CancellationOutcome:
    """
    Call a class off.

    The answer lists everything that this does; with `dry_run=true`, that it would do.
    """
    effects: list[Effect] = []

    async def act(transaction: Transaction, **values: Any) -> CallingOff:
        told = await call_off(transaction, **values)
        if call.dry_run:
            effects.append(await tell_effect(transaction, recorded=transaction.recorded))
        return told

    reason = None if body is None or body.reason is UNSET else body.reason
    performed = await perform(call, act, see=see_class, subject_id=class_id, actor=call.actor, class_id=class_id, reason=reason)
    effect = effects[-1] if call.dry_run else await call.database.search(tell_effect, recorded=performed.recorded)
    done = performed.result
    return performed.told(
        CancellationOutcome,
        warnings=done.warnings,
        **told_effect(effect),
        cancelled=_told(done.cancelled),
        frozen=_told(done.frozen),
        freed_meetings=[FreedMeeting(starts_at=moment_of(each.starts_at), ends_at=moment_of(each.ends_at)) for each in done.freed_meetings],
        freed_classroom_ids=list(done.freed_classroom_ids),
        freed_instructor_ids=list(done.freed_instructor_ids),
    )


def _given(body: CloneClass) -> dict[str, Any]:
    given = given_in(body)
    if "starts_at" in given:
        given["starts_at"] = seconds_of(given["starts_at"])
    if "meetings" in given:
        given["meetings"] = tuple(
            Meeting(starts_at=seconds_of(each.starts_at), ends_at=seconds_of(each.ends_at)) for each in given["meetings"]
        )
    return given


def _id_of(created: CreatedClass) -> int:
    return created.id


def _told(affected: Iterable[Affected]) -> list[AffectedStudent]:
    values: list[dict[str, Any]] = [
        {
            "enrollment_id": each.enrollment_id,
            "user_id": each.user_id,
            "first_name": each.first_name,
            "last_name": each.last_name,
            "status": word_of(each.status),
        }
        for each in affected
    ]
    return [AffectedStudent(**each) for each in values]


ENDPOINTS: tuple[Endpoint, ...] = (clone_class, cancel_class)
