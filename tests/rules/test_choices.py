"""What a student can make of a class alone."""

from itertools import product
from typing import Any

import pytest

from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.choices import Choices, Prospect, list_choices
from rollbook.enrollments.seats import ClassFullError
from rollbook.enrollments.self_service import Offer, StudentsRights, check_choice
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import RollbookError

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = EnrollmentStatus
START = 1_000_000
EVERYTHING = StudentsRights(may_ask=True, may_enroll_oneself=True)
REFUSAL = ClassFullError(class_id=1, enrolled=1, maximum=1)


def offer(**values: Any) -> Offer:
    given = {"is_offered": True, "allow_self_enrollment": True, "requires_approval": False, "starts_at": START, "closes_hours": 0}
    return Offer(class_id=4, **given | values)


def choose(*, now: int = START - 1, **values: Any) -> Choices:
    given: dict[str, Any] = {
        "user_id": 3,
        "company_id": None,
        "before": None,
        "offer": offer(),
        "rights": EVERYTHING,
        "class_status": ClassStatus.SCHEDULED,
        "class_company_id": None,
        "is_full": False,
        "others_wait": False,
    }
    return list_choices(Prospect(**given | values), now=now)


def rules_of(choices: Choices) -> list[str]:
    return [getattr(refusal, "rule", "") for refusal in choices.refusals]


@pytest.mark.parametrize(
    "values, entrance",
    [
        ({}, ENROLLED),
        ({"is_full": True}, WAITLISTED),
        ({"others_wait": True}, WAITLISTED),
        ({"seat": REFUSAL}, WAITLISTED),
        ({"clash": REFUSAL}, REQUESTED),
        ({"offer": offer(requires_approval=True)}, REQUESTED),
        ({"offer": offer(requires_approval=True), "is_full": True}, REQUESTED),
        ({"offer": offer(allow_self_enrollment=False)}, REQUESTED),
        ({"rights": StudentsRights(may_ask=True, may_enroll_oneself=False)}, REQUESTED),
        ({"before": CANCELLED}, ENROLLED),
        ({"before": REQUESTED}, ENROLLED),
        ({"before": REQUESTED, "is_full": True}, WAITLISTED),
        ({"before": APPROVED, "offer": offer(requires_approval=True)}, ENROLLED),
        ({"before": WAITLISTED}, ENROLLED),
    ],
)
def test_a_student_is_offered_what_brings_them_furthest(values: dict[str, Any], entrance: EnrollmentStatus) -> None:
    choices = choose(**values)

    assert choices.entrance is entrance
    assert choices.refusals == ()


@pytest.mark.parametrize(
    "values, rules",
    [
        ({"offer": offer(is_offered=False)}, ["A5"]),
        ({"now": START}, ["A4"]),
        ({"rights": StudentsRights(may_ask=False, may_enroll_oneself=False)}, ["A1"]),
        ({"class_status": ClassStatus.CANCELLED}, ["S3"]),
        ({"class_company_id": 7, "company_id": 8}, ["S4"]),
        ({"before": REQUESTED, "offer": offer(requires_approval=True)}, ["A3"]),
        ({"before": APPROVED, "offer": offer(allow_self_enrollment=False)}, ["A2"]),
        ({"before": APPROVED, "clash": REFUSAL}, ["P1"]),
        ({"before": WAITLISTED, "is_full": True}, []),
        ({"before": WAITLISTED, "others_wait": True}, []),
        ({"before": WAITLISTED, "seat": REFUSAL}, ["P1"]),
        ({"before": DENIED}, []),
        ({"before": AUDIT}, []),
        ({"before": ENROLLED}, []),
    ],
)
def test_where_there_is_no_entrance_a_student_learns_why(values: dict[str, Any], rules: list[str]) -> None:
    choices = choose(**values)

    assert choices.entrance is None
    assert rules_of(choices) == rules


@pytest.mark.parametrize("before", [None, *EnrollmentStatus])
def test_a_student_can_leave_what_is_active_until_the_class_starts(before: EnrollmentStatus | None) -> None:
    early, late, never = choose(before=before), choose(before=before, now=START), choose(before=before, offer=offer(starts_at=None))
    is_in_it = before is not None and before.is_active

    assert (early.may_leave, late.may_leave, never.may_leave) == (is_in_it, False, is_in_it)
    assert early.stays is None
    assert (late.stays is not None) is is_in_it


def test_nothing_is_offered_that_a_student_cannot_choose() -> None:
    for before, is_full, others_wait, seat in product([None, *EnrollmentStatus], [False, True], [False, True], [None, REFUSAL]):
        entrance = choose(before=before, is_full=is_full, others_wait=others_wait, seat=seat).entrance
        if entrance is not None:
            assert entrance is not before
            assert check_choice(before=before, after=entrance) is None


def test_a_refusal_is_an_error_that_says_what_would_help() -> None:
    (refusal,) = choose(now=START).refusals

    assert isinstance(refusal, RollbookError)
    assert "ask an administrator" in str(refusal)
