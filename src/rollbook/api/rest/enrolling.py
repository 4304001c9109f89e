"""Performing what changes enrollments, and telling the whole effect: the enrollment, the places of classes, who is let in and who is passed over."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.api.rest.call import Call
from rollbook.api.rest.enrollment_records import EXAMPLE, Enrollment, see_enrollment
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import Change, Outcome, Performed, create, perform
from rollbook.classes.clashes import ScheduleWarning
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.effects import Effect, Moved, find_late_warning, tell_effect

_NO_EFFECT: Final = Effect(places=(), promoted=(), passed_over=())


class Places(Struct, frozen=True, kw_only=True):
    """How full a class is after a change."""

    class_id: int
    minimum: int | None
    maximum: Annotated[int | None, Meta(description="Null is no limit.")]
    enrolled: int
    free: Annotated[int | None, Meta(description="Null where there is no limit.")]
    waiting: Annotated[int, Meta(description="How many are Wait-Listed.")]


class Promoted(Struct, frozen=True, kw_only=True):
    """Somebody who waited, and is let in."""

    enrollment_id: int
    class_id: int
    user_id: int


class PassedOver(Promoted, frozen=True, kw_only=True):
    """Somebody who waits and could not take the place, for a reason that is new."""

    rule: Annotated[str, Meta(description="The number of the rule.")]
    reason: str


class ClassEffect(Outcome, frozen=True, kw_only=True):
    """What a write did to classes and to those who wait for them."""

    places: Annotated[list[Places], Meta(description="The classes that were touched, as they are afterwards.")]
    promoted: Annotated[list[Promoted], Meta(description="Who was let in from the line; empty for students.")]
    passed_over: Annotated[list[PassedOver], Meta(description="Who was passed over for a new reason; empty for students.")]


class EnrollmentOutcome(ClassEffect, frozen=True, kw_only=True):
    """What became of an enrollment."""

    result: Enrollment


PLACES: Final = Places(class_id=4, minimum=4, maximum=12, enrolled=12, free=0, waiting=3)
PROMOTED: Final = Promoted(enrollment_id=23, class_id=4, user_id=9)
PASSED: Final = PassedOver(enrollment_id=21, class_id=4, user_id=8, rule="S4", reason="user 8 is disabled; enable the user first")
OUTCOME: Final = example_of(
    EnrollmentOutcome,
    EXAMPLE,
    change("enrollment", "status", "requested", "enrolled", subject_id=19),
    places=[PLACES],
    promoted=[],
    passed_over=[],
)
"""An outcome for the OpenAPI document."""


async def enroll(call: Call, action: Callable[..., Awaitable[Any]], *, subject_id: int | None = None, **values: Any) -> EnrollmentOutcome:
    """
    Run an action that changes the enrollment with an id, or creates one, or rehearse it, and tell the whole effect.

    Raises:
        StaleError: The enrollment is at another version than was asked for.
    """
    seen: list[Effect] = []

    async def act(transaction: Transaction, **given: Any) -> Any:
        result = await action(transaction, **given)
        if call.dry_run:
            seen.append(await tell_effect(transaction, recorded=transaction.recorded))
        return result

    if subject_id is None:
        performed: Performed[Any, Enrollment] = await create(call, act, see=see_enrollment, id_of=int, **values)
    else:
        performed = await perform(call, act, see=see_enrollment, subject_id=subject_id, **values)
    effect = seen[-1] if call.dry_run else await call.database.read(tell_effect, recorded=performed.recorded)
    outcome = performed.told(
        EnrollmentOutcome, warnings=await _warnings(call, performed.seen), **told_effect(effect, for_student=call.for_student)
    )
    return replace(outcome, changes=_visible(call.actor, outcome.changes, performed.seen))


def told_effect(effect: Effect, *, for_student: bool = False) -> dict[str, list[Any]]:
    """Give the parts of an outcome that tell an effect; a student is not told of others."""
    shown = _NO_EFFECT if for_student else effect
    return {
        "places": [
            Places(
                class_id=each.class_id,
                minimum=each.minimum,
                maximum=each.maximum,
                enrolled=each.enrolled,
                free=each.free,
                waiting=each.waiting,
            )
            for each in effect.places
        ],
        "promoted": [told_promoted(each) for each in shown.promoted],
        "passed_over": [told_passed_over(each) for each in shown.passed_over],
    }


def told_promoted(moved: Moved) -> Promoted:
    """Tell of somebody who is let in."""
    return Promoted(enrollment_id=moved.enrollment_id, class_id=moved.class_id, user_id=moved.user_id)


def told_passed_over(moved: Moved) -> PassedOver:
    """Tell of somebody who is passed over."""
    return PassedOver(
        enrollment_id=moved.enrollment_id,
        class_id=moved.class_id,
        user_id=moved.user_id,
        rule=moved.rule or "",
        reason=moved.reason or "",
    )


async def _warnings(call: Call, seen: Enrollment) -> list[ScheduleWarning]:
    """Give what a caller should tell the student: that a cancellation is late (L1), that the student waits (W6)."""
    if seen.status == "cancelled" and seen.late_cancel:
        own = await call.database.read(find_late_warning, organization_id=seen.organization_id)
        return [ScheduleWarning(rule="L1", text=own or "this cancellation is late")]
    if call.for_student and seen.status == "waitlisted":
        return [ScheduleWarning(rule="W6", text=f"the student waits, at position {seen.position} of the line")]
    return []


def _visible(actor: Actor, changes: Sequence[Change], seen: Enrollment) -> list[Change]:
    """Give the changes that the caller may know of: a student's own ones."""
    if actor.student is None:
        return list(changes)
    return [each for each in changes if each.id in {None, seen.id}]
