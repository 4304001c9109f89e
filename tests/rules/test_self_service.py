"""What a student may do alone."""

from itertools import product
from typing import Any

import pytest

from rollbook.enrollments.self_service import (
    AdministratorNeededError,
    ApprovalNeededError,
    ClassEndedError,
    NotOfferedError,
    NotOneselfError,
    Offer,
    RoleMissingError,
    SelfEnrollmentNotAllowedError,
    SelfServiceClosedError,
    StudentsRights,
    check_choice,
    check_entrance,
    check_leaving_alone,
    check_redemption,
    settle_wish,
)
from rollbook.enrollments.statuses import EnrollmentStatus

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = EnrollmentStatus
START = 1_000_000
HOUR = 3600

CHOICES = {
    None: {REQUESTED, WAITLISTED, ENROLLED},
    REQUESTED: {REQUESTED, WAITLISTED, ENROLLED, CANCELLED},
    CANCELLED: {CANCELLED, REQUESTED, WAITLISTED, ENROLLED},
    WAITLISTED: {WAITLISTED, ENROLLED, CANCELLED},
    APPROVED: {APPROVED, WAITLISTED, ENROLLED, CANCELLED},
    DENIED: {DENIED},
    AUDIT: {AUDIT, CANCELLED},
    ENROLLED: {ENROLLED, CANCELLED},
}


def offer(**values: Any) -> Offer:
    return Offer(
        **{
            "class_id": 10,
            "is_offered": True,
            "allow_self_enrollment": True,
            "requires_approval": False,
            "starts_at": None,
            "closes_hours": 0,
            **values,
        }
    )


def rights(*, may_ask: bool = True, may_enroll_oneself: bool = True) -> StudentsRights:
    return StudentsRights(may_ask=may_ask, may_enroll_oneself=may_enroll_oneself)


def refused(
    after: EnrollmentStatus, *, before: EnrollmentStatus | None = None, held: StudentsRights | None = None, now: int = 0, **values: Any
) -> list[type]:
    """Give the kinds of what keeps a student from entering."""
    return [type(each) for each in check_entrance(before=before, after=after, offer=offer(**values), rights=held or rights(), now=now)]


@pytest.mark.parametrize("before", CHOICES)
def test_what_a_student_may_make_of_an_enrollment(before: EnrollmentStatus | None) -> None:
    assert CHOICES[before] == {after for after in EnrollmentStatus if check_choice(before=before, after=after) is None}


def test_a_student_is_told_what_only_an_administrator_does() -> None:
    refusals = [check_choice(before=before, after=after) for before, after in ((None, AUDIT), (DENIED, REQUESTED))]

    assert [AdministratorNeededError, AdministratorNeededError] == [type(refusal) for refusal in refusals]
    assert [
        "a student does not become Audit alone where they have no enrollment; ask an administrator",
        "a student does not become Requested alone where they are Denied; ask an administrator",
    ] == [str(refusal) for refusal in refusals]


@pytest.mark.parametrize("after", [REQUESTED, WAITLISTED, ENROLLED])
def test_an_open_class_is_entered_by_whose_role_allows_it(after: EnrollmentStatus) -> None:
    assert [] == refused(after)


@pytest.mark.parametrize("after", [REQUESTED, WAITLISTED, ENROLLED])
def test_a_class_that_is_not_offered_is_entered_by_nobody_alone(after: EnrollmentStatus) -> None:
    assert [NotOfferedError] == refused(after, is_offered=False)


@pytest.mark.parametrize("after", [REQUESTED, WAITLISTED, ENROLLED])
@pytest.mark.parametrize(
    "closes_hours, now, is_open",
    [(0, START - 1, True), (0, START, False), (2, START - 2 * HOUR - 1, True), (2, START - 2 * HOUR, False), (2, START + 1, False)],
)
def test_a_class_is_entered_until_the_hours_before_its_start(
    after: EnrollmentStatus, closes_hours: int, now: int, *, is_open: bool
) -> None:
    assert ([] if is_open else [SelfServiceClosedError]) == refused(after, starts_at=START, closes_hours=closes_hours, now=now)


def test_a_class_without_meetings_never_closes() -> None:
    assert [] == refused(ENROLLED, closes_hours=48, now=START)


def test_who_may_ask_asks_whatever_else_the_class_and_the_role_allow() -> None:
    held = rights(may_enroll_oneself=False)

    assert [] == refused(REQUESTED, held=held, allow_self_enrollment=False, requires_approval=True)
    assert [RoleMissingError] == refused(REQUESTED, held=rights(may_ask=False))


@pytest.mark.parametrize("after", [WAITLISTED, ENROLLED])
@pytest.mark.parametrize("class_allows, role_allows", list(product([True, False], repeat=2)))
def test_class_and_role_both_allow_self_enrollment(after: EnrollmentStatus, *, class_allows: bool, role_allows: bool) -> None:
    held = rights(may_enroll_oneself=role_allows)
    refusals = check_entrance(before=None, after=after, offer=offer(allow_self_enrollment=class_allows), rights=held, now=0)

    assert {SelfEnrollmentNotAllowedError} >= {type(refusal) for refusal in refusals}
    assert [by_role for by_role, allows in ((False, class_allows), (True, role_allows)) if not allows] == [
        refusal.by_role for refusal in refusals if isinstance(refusal, SelfEnrollmentNotAllowedError)
    ]


@pytest.mark.parametrize("after", [WAITLISTED, ENROLLED])
@pytest.mark.parametrize("before", [None, REQUESTED, CANCELLED, WAITLISTED, APPROVED])
def test_where_somebody_approves_who_is_approved_enters(after: EnrollmentStatus, before: EnrollmentStatus | None) -> None:
    expected = [] if before in {APPROVED, WAITLISTED} else [ApprovalNeededError]

    assert expected == refused(after, before=before, requires_approval=True)


def test_all_that_keeps_a_student_out_is_told_at_once() -> None:
    held = rights(may_enroll_oneself=False)

    assert [
        NotOfferedError,
        SelfServiceClosedError,
        SelfEnrollmentNotAllowedError,
        SelfEnrollmentNotAllowedError,
        ApprovalNeededError,
    ] == refused(ENROLLED, held=held, is_offered=False, starts_at=0, allow_self_enrollment=False, requires_approval=True)


@pytest.mark.parametrize("starts_at, now, may_leave", [(None, START, True), (START, START - 1, True), (START, START, False)])
def test_a_class_is_left_until_it_starts(starts_at: int | None, now: int, *, may_leave: bool) -> None:
    assert may_leave == (check_leaving_alone(class_id=10, starts_at=starts_at, now=now) is None)


@pytest.mark.parametrize("is_full, others_wait", list(product([False, True], repeat=2)))
def test_who_would_enroll_waits_where_the_class_is_full_or_others_came_before(*, is_full: bool, others_wait: bool) -> None:
    expected = WAITLISTED if is_full or others_wait else ENROLLED

    assert expected == settle_wish(ENROLLED, is_full=is_full, others_wait=others_wait)
    assert [REQUESTED, WAITLISTED] == [settle_wish(each, is_full=is_full, others_wait=others_wait) for each in (REQUESTED, WAITLISTED)]


def test_each_refusal_says_what_to_do() -> None:
    leaving = check_leaving_alone(class_id=10, starts_at=0, now=0)
    told = [
        NotOneselfError(student_id=5, user_id=6),
        RoleMissingError(),
        SelfEnrollmentNotAllowedError(class_id=10, by_role=False),
        SelfEnrollmentNotAllowedError(class_id=10, by_role=True),
        ApprovalNeededError(10),
        SelfServiceClosedError(class_id=10, leaves=False),
        leaving,
        NotOfferedError(10),
    ]

    assert [
        ("A1", "the call is made for user 5, who acts for no one else; leave the user out, or give 5"),
        ("A1", "none of the student's roles allows to ask for a place; give the student a role that does"),
        ("A2", "class 10 does not allow self-enrollment; ask for a place instead, or let the class allow it"),
        ("A2", "none of the student's roles allows self-enrollment; ask for a place instead, or give the student such a role"),
        ("A3", "class 10 requires an approval; ask for a place, and enroll once the enrollment is Approved"),
        ("A4", "class 10 can no longer be entered by the student alone; ask an administrator"),
        ("A4", "class 10 can no longer be left by the student alone; ask an administrator"),
        ("A5", "class 10 is not offered to the student; choose another class, or make it available to the student's organization"),
    ] == [(refusal.rule, str(refusal)) for refusal in told if refusal is not None]


@pytest.mark.parametrize("requires_approval", [True, False])
@pytest.mark.parametrize("before", [None, REQUESTED, CANCELLED, WAITLISTED, APPROVED])
def test_a_training_key_lets_in_until_the_class_ends_whom_an_approval_does_not_hold_up(
    before: EnrollmentStatus | None, *, requires_approval: bool
) -> None:
    held_up = [ApprovalNeededError] if requires_approval and before not in {APPROVED, WAITLISTED} else []

    for now, ends_at, ended in ((START, None, []), (START - 1, START, []), (START, START, [ClassEndedError])):
        refusals = check_redemption(class_id=4, before=before, requires_approval=requires_approval, ends_at=ends_at, now=now)
        assert [*ended, *held_up] == [type(refusal) for refusal in refusals]
