"""The waitlists of the REST API: who waits, who would get in, and why somebody does not."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrolling import (
    PASSED,
    PLACES,
    PROMOTED,
    ClassEffect,
    PassedOver,
    Promoted,
    told_effect,
    told_promoted,
)
from rollbook.api.rest.enrollment_records import EXAMPLE, Enrollment, see_enrollment, show_enrollment, status_word
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import create
from rollbook.api.rest.words import EnrollmentStatusWord
from rollbook.classes.queries.classes import get_class
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.line import promote_waiting
from rollbook.enrollments.explanation import Verdict
from rollbook.enrollments.queries.effects import Effect, Moved, tell_effect
from rollbook.enrollments.queries.explaining import explain_enrollment, simulate_waitlist
from rollbook.enrollments.queries.records import list_line_records

TAG: Final = "Waitlists"

Number = Annotated[int, Meta(ge=1, le=1_000_000)]


class Waitlist(Struct, frozen=True, kw_only=True):
    """Everybody who waits for a class, in order: first the Wait-Listed ones, then those who asked."""

    class_id: int
    items: list[Enrollment]


class WaitlistPromotion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many are let in."""

    places: Annotated[Number, Meta(description="By default all free places.")] | UnsetType = UNSET


class PromotionOutcome(ClassEffect, frozen=True, kw_only=True):
    """Who was let in from the line."""

    result: Waitlist


class WaitlistSimulation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to imagine."""

    places: Annotated[int, Meta(ge=0, le=1_000_000, description="How many places come free, besides those that are.")]


class SimulatedPromotion(Struct, frozen=True, kw_only=True):
    """Who would be let in, and who would be passed over, and why."""

    class_id: int
    free: Annotated[int | None, Meta(description="How many places are free now; null where there is no limit.")]
    places: Annotated[int | None, Meta(description="How many would be; null where there is no limit.")]
    promoted: list[Promoted]
    passed_over: list[PassedOver]


class RuleVerdict(Struct, frozen=True, kw_only=True):
    """What a rule says."""

    rule: Annotated[str, Meta(pattern="^[A-Z][0-9]$")]
    stands_in_the_way: Annotated[bool, Meta(description="It keeps the student from being Enrolled now.")]
    text: str
    remedy: Annotated[str | None, Meta(description="What would have to change.")]


class EnrollmentExplanation(Struct, frozen=True, kw_only=True):
    """Why an enrollment is where it is, rule by rule."""

    enrollment_id: int
    class_id: int
    status: EnrollmentStatusWord
    position: Annotated[int | None, Meta(description="In the line of those with the same status; null for who does not wait.")]
    could_be_enrolled: Annotated[bool, Meta(description="Nothing keeps an administrator from enrolling the student now.")]
    needed: Annotated[list[str], Meta(description="What would let the student in, all of it.")]
    verdicts: list[RuleVerdict]


@endpoint("GET", "/classes/{class_id}/waitlist", tag=TAG, scope=Scope.READ, answers=Waitlist(class_id=4, items=[EXAMPLE]))
async def get_waitlist(call: Call, class_id: int) -> Waitlist:
    """Show who waits for a class, in order."""
    return await call.database.search(_see_waitlist, call.actor, class_id)


@endpoint(
    "POST",
    "/classes/{class_id}/waitlist/promotion",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=WaitlistPromotion(places=2),
    answers=example_of(
        PromotionOutcome,
        Waitlist(class_id=4, items=[EXAMPLE]),
        change("enrollment", "status", "waitlisted", "enrolled", subject_id=23),
        places=[PLACES],
        promoted=[PROMOTED],
        passed_over=[PASSED],
    ),
    versioned=False,
)
async def promote_from_waitlist(call: Call, class_id: int, body: WaitlistPromotion | None) -> PromotionOutcome:
    """Let in those who wait, in their order, as far as there are free places."""
    effects: list[Effect] = []

    async def act(transaction: Transaction, **given: Any) -> None:
        await promote_waiting(transaction, **given)
        if call.dry_run:
            effects.append(await tell_effect(transaction, recorded=transaction.recorded))

    places = None if body is None or body.places is UNSET else body.places
    performed = await create(call, act, see=_see_waitlist, id_of=lambda _: class_id, actor=call.actor, class_id=class_id, places=places)
    effect = effects[-1] if call.dry_run else await call.database.read(tell_effect, recorded=performed.recorded)
    return performed.told(PromotionOutcome, **told_effect(effect))


@endpoint(
    "POST",
    "/classes/{class_id}/waitlist/simulation",
    tag=TAG,
    scope=Scope.READ,
    takes=WaitlistSimulation(places=2),
    answers=SimulatedPromotion(class_id=4, free=0, places=2, promoted=[PROMOTED], passed_over=[PASSED]),
)
async def simulate_promotion(call: Call, class_id: int, body: WaitlistSimulation) -> SimulatedPromotion:
    """Tell who would be let in if places came free, and who would be passed over, and why; nothing is changed."""
    simulation = await call.database.search(simulate_waitlist, viewer=call.actor.viewer, class_id=class_id, freed=body.places)
    promotion = simulation.promotion
    return SimulatedPromotion(
        class_id=class_id,
        free=simulation.free,
        places=simulation.places,
        promoted=[
            told_promoted(Moved(enrollment_id=each.waiting.enrollment_id, class_id=class_id, user_id=each.waiting.user_id))
            for each in promotion.let_in
        ],
        passed_over=[
            PassedOver(
                enrollment_id=each.waiting.enrollment_id,
                class_id=class_id,
                user_id=each.waiting.user_id,
                rule=each.reason,
                reason=str(each.refusal),
            )
            for each in promotion.passed_over
        ],
    )


@endpoint(
    "GET",
    "/enrollments/{enrollment_id}/explanation",
    tag=TAG,
    scope=Scope.READ,
    answers=EnrollmentExplanation(
        enrollment_id=23,
        class_id=4,
        status="waitlisted",
        position=2,
        could_be_enrolled=False,
        needed=["raise its maximum, or use status Waitlist"],
        verdicts=[
            RuleVerdict(
                rule="P1",
                stands_in_the_way=True,
                text="class 4 is full (12 of 12 places); raise its maximum, or use status Waitlist",
                remedy="raise its maximum, or use status Waitlist",
            ),
            RuleVerdict(rule="C1", stands_in_the_way=False, text="the student's time is free", remedy=None),
        ],
    ),
    students=True,
)
async def explain_enrollment_by_rules(call: Call, enrollment_id: int) -> EnrollmentExplanation:
    """
    Tell why an enrollment is where it is, rule by rule, and what would let the student in.

    Each verdict is what the rule would say if the student were to be enrolled now.
    """
    await call.database.read(see_enrollment, call.actor, enrollment_id)
    explained = await call.database.search(explain_enrollment, viewer=call.actor.viewer, enrollment_id=enrollment_id)
    explanation = explained.explanation
    return EnrollmentExplanation(
        enrollment_id=explained.enrollment.id,
        class_id=explained.enrollment.class_id,
        status=status_word(explained.enrollment.status),
        position=explained.position,
        could_be_enrolled=explanation.could_be_enrolled,
        needed=list(explanation.needed),
        verdicts=[_told(verdict) for verdict in explanation.verdicts],
    )


def _told(verdict: Verdict) -> RuleVerdict:
    return RuleVerdict(rule=verdict.rule, stands_in_the_way=verdict.stands_in_the_way, text=verdict.text, remedy=verdict.remedy)


async def _see_waitlist(transaction: Transaction, actor: Actor, class_id: int) -> Waitlist:
    await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    records = await list_line_records(transaction, class_id=class_id)
    return Waitlist(class_id=class_id, items=[show_enrollment(record, for_student=False) for record in records])


ENDPOINTS: tuple[Endpoint, ...] = (get_waitlist, promote_from_waitlist, simulate_promotion, explain_enrollment_by_rules)
