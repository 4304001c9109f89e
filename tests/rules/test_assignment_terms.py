"""To whom which course can be assigned, and what can become of the assignment (T1 to T5)."""

from typing import Any

import pytest

from rollbook.assignments.progress import Payment, Progress, payment_of, progress_of
from rollbook.assignments.terms import (
    AssignedCourseArchivedError,
    AssigneeDisabledError,
    AssignmentCompletedError,
    AssignmentStartedError,
    CompletedBeforeStartError,
    CompletedWithoutStartError,
    CourseNotInSubscriptionError,
    CourseNotSelfPacedError,
    SubscriptionOfAnotherUserError,
    check_course,
    check_deletion,
    check_happened,
    check_kept,
    check_order,
    check_student,
    check_subscription,
    with_start,
)

DAY = 86_400
NOON = 20_000 * DAY + DAY // 2


@pytest.mark.parametrize(
    "available, archived, refusal",
    [(True, False, None), (False, False, CourseNotSelfPacedError), (True, True, AssignedCourseArchivedError)],
)
def test_a_course_is_assigned_that_can_be_taken_alone_now(*, available: bool, archived: bool, refusal: type[Exception] | None) -> None:
    found = check_course(course_id=7, available_self_paced=available, archived=archived)

    assert refusal is (None if found is None else type(found))


def test_a_disabled_user_is_assigned_nothing() -> None:
    assert check_student(user_id=3, disabled=False) is None
    assert isinstance(check_student(user_id=3, disabled=True), AssigneeDisabledError)


@pytest.mark.parametrize(
    "subscriber_id, holds_course, refusal",
    [(3, True, None), (4, True, SubscriptionOfAnotherUserError), (3, False, CourseNotInSubscriptionError)],
)
def test_a_subscription_is_the_user_s_and_holds_the_course(
    *, subscriber_id: int, holds_course: bool, refusal: type[Exception] | None
) -> None:
    found = check_subscription(subscription_id=1, subscriber_id=subscriber_id, holds_course=holds_course, user_id=3, course_id=7)

    assert refusal is (None if found is None else type(found))


@pytest.mark.parametrize(
    "started_at, completed_at, refusal",
    [
        pytest.param(None, None, None, id="nothing has happened"),
        pytest.param(NOON, None, None, id="started"),
        pytest.param(NOON, NOON, None, id="done at once"),
        pytest.param(NOON, NOON - DAY // 2, None, id="done on the same day, of which only the day is known"),
        pytest.param(NOON, NOON - DAY // 2 - 1, CompletedBeforeStartError, id="done the day before"),
        pytest.param(None, NOON, CompletedWithoutStartError, id="done but never started"),
    ],
)
def test_what_is_completed_was_started_by_then(started_at: int | None, completed_at: int | None, refusal: type[Exception] | None) -> None:
    found = check_order(started_at=started_at, completed_at=completed_at)

    assert refusal is (None if found is None else type(found))


@pytest.mark.parametrize(
    "changed, fields",
    [
        ({}, []),
        ({"started_at": None, "completed_at": None}, []),
        ({"started_at": NOON + DAY, "completed_at": NOON + DAY}, []),
        ({"started_at": NOON + DAY + 1, "completed_at": NOON + DAY + 1}, ["started_at", "completed_at"]),
        ({"expires_at": NOON + 9 * DAY}, []),
    ],
)
def test_what_has_happened_lies_no_more_than_a_day_ahead(changed: dict[str, Any], fields: list[str]) -> None:
    assert fields == [refusal.field for refusal in check_happened(changed, now=NOON)]


@pytest.mark.parametrize(
    "given, started_at, expected",
    [
        pytest.param({"completed_at": 5}, None, {"completed_at": 5, "started_at": 5}, id="a completion without a start is both"),
        pytest.param({"completed_at": 5}, 3, {"completed_at": 5}, id="it has been started"),
        pytest.param({"completed_at": 5, "started_at": 4}, None, {"completed_at": 5, "started_at": 4}, id="both are given"),
        pytest.param({"completed_at": 5, "started_at": None}, None, {"completed_at": 5, "started_at": None}, id="no start is wanted"),
        pytest.param({"completed_at": None}, None, {"completed_at": None}, id="it is cleared"),
        pytest.param({"expires_at": 5}, None, {"expires_at": 5}, id="nothing has happened"),
    ],
)
def test_a_completion_alone_is_the_start_too(given: dict[str, Any], started_at: int | None, expected: dict[str, Any]) -> None:
    assert expected == with_start(given, started_at=started_at)


@pytest.mark.parametrize(
    "was_started, is_started, changed, fields",
    [
        (True, True, {"course_id": 8, "user_id": 4}, ["course_id", "user_id"]),
        (True, True, {"expires_at": 8}, []),
        (True, False, {"course_id": 8, "started_at": None}, []),
        (False, True, {"user_id": 4, "started_at": 8}, []),
    ],
)
def test_what_has_been_started_keeps_course_and_user(
    *, was_started: bool, is_started: bool, changed: dict[str, Any], fields: list[str]
) -> None:
    refusals = check_kept(assignment_id=1, was_started=was_started, is_started=is_started, changed=changed)

    assert fields == [refusal.field for refusal in refusals]
    assert all(isinstance(refusal, AssignmentStartedError) for refusal in refusals)


def test_what_has_been_completed_is_not_deleted() -> None:
    assert check_deletion(assignment_id=1, completed_at=None) is None
    assert isinstance(check_deletion(assignment_id=1, completed_at=5), AssignmentCompletedError)


def test_progress_and_payment_follow_from_what_is_kept() -> None:
    assert [Progress.NOT_STARTED, Progress.INCOMPLETE, Progress.COMPLETE] == [
        progress_of(started_at=started_at, completed_at=completed_at) for started_at, completed_at in ((None, None), (5, None), (5, 6))
    ]
    assert [None, Payment.SUBSCRIPTION, Payment.TRAINING_KEY] == [
        payment_of(subscription_id=subscription_id, training_key_id=key_id) for subscription_id, key_id in ((None, None), (1, None), (1, 2))
    ]
