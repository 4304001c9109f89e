"""Looking up what an assignment names, and refusing what it cannot name."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.assignments.queries.assignments import find_usable_subscription
from rollbook.assignments.terms import check_course, check_student, check_subscription
from rollbook.courses.queries.courses import CourseNotFoundError, find_course
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError, RollbookError
from rollbook.people.queries.users import UserNotFoundError, find_user
from rollbook.subscriptions.queries.subscriptions import SubscriptionNotFoundError


class Named(Struct, frozen=True):
    """
    What was found of what an assignment names.

    Attributes:
        organization_id: The organization of a user who was named anew and found; 0 otherwise.
        refusals: What refuses it.
    """

    organization_id: int
    refusals: list[RollbookError]


async def check_named(transaction: Transaction, *, actor: Actor, wanted: Mapping[str, Any], changed: Collection[str]) -> Named:
    """Look up what the changed values name, after the lock on the user, and tell what refuses the wanted state (T1, T2, T3)."""
    organization_id = 0
    refusals: list[RollbookError | None] = []
    if "user_id" in changed:
        user = await find_user(transaction, viewer=actor.viewer, user_id=wanted["user_id"])
        if user is None:
            refusals.append(UserNotFoundError(wanted["user_id"], field="user_id"))
        else:
            organization_id = user.organization_id
            refusals.append(check_student(user_id=user.id, disabled=user.disabled))
    if "course_id" in changed:
        refusals.append(await _refusal_of_course(transaction, actor=actor, course_id=wanted["course_id"]))
    if wanted["subscription_id"] is not None and not {"subscription_id", "user_id", "course_id"}.isdisjoint(changed):
        is_there = not any(isinstance(refusal, NotFoundError) for refusal in refusals)
        refusals.append(await _refusal_of_subscription(transaction, actor=actor, wanted=wanted, compared=is_there))
    return Named(organization_id, [refusal for refusal in refusals if refusal is not None])


async def _refusal_of_course(transaction: Transaction, *, actor: Actor, course_id: int) -> RollbookError | None:
    course = await find_course(transaction, viewer=actor.viewer, course_id=course_id)
    if course is None:
        return CourseNotFoundError(course_id, field="course_id")
    return check_course(course_id=course.id, available_self_paced=course.available_self_paced, archived=course.archived)


async def _refusal_of_subscription(
    transaction: Transaction, *, actor: Actor, wanted: Mapping[str, Any], compared: bool
) -> RollbookError | None:
    """Refuse a subscription that is not there, or, where user and course are there to be compared with, does not go with them."""
    found = await find_usable_subscription(
        transaction, viewer=actor.viewer, subscription_id=wanted["subscription_id"], course_id=wanted["course_id"]
    )
    if found is None:
        return SubscriptionNotFoundError(wanted["subscription_id"], field="subscription_id")
    if not compared:
        return None
    return check_subscription(
        subscription_id=found.id,
        subscriber_id=found.user_id,
        holds_course=found.holds_course,
        user_id=wanted["user_id"],
        course_id=wanted["course_id"],
    )
