"""What becomes of the one enrollment that a class and a student have."""

import pytest

from rollbook.enrollments.reopening import (
    EnrollmentDetails,
    EnrollmentExistsError,
    ExistingEnrollment,
    MoveEndsInactiveError,
    OtherEnrollmentExistsError,
    Passage,
    carry_over,
    check_creation,
    check_destination,
    check_move,
)
from rollbook.enrollments.statuses import EnrollmentStatus

ACTIVE = [status for status in EnrollmentStatus if status.is_active]
INACTIVE = [EnrollmentStatus.CANCELLED, EnrollmentStatus.DENIED]
FULL = EnrollmentDetails(external_id="x-1", retake=True, late_cancel=True, hours_spent=8, grade=90)


def existing(status: EnrollmentStatus) -> ExistingEnrollment:
    return ExistingEnrollment(id=5, class_id=10, user_id=7, status=status)


@pytest.mark.parametrize("wanted", EnrollmentStatus)
def test_the_first_one_may_be_created_in_any_status(wanted: EnrollmentStatus) -> None:
    assert check_creation(None, wanted=wanted) is None


@pytest.mark.parametrize("stands", INACTIVE)
@pytest.mark.parametrize("wanted", ACTIVE)
def test_creating_an_active_one_reopens_an_inactive_one(stands: EnrollmentStatus, wanted: EnrollmentStatus) -> None:
    assert check_creation(existing(stands), wanted=wanted) is None


@pytest.mark.parametrize(
    "stands, wanted",
    [
        *((stands, wanted) for stands in ACTIVE for wanted in EnrollmentStatus),
        *((stands, wanted) for stands in INACTIVE for wanted in INACTIVE),
    ],
)
def test_creating_any_other_is_refused_naming_the_one_that_stands(stands: EnrollmentStatus, wanted: EnrollmentStatus) -> None:
    refusal = check_creation(existing(stands), wanted=wanted)

    assert isinstance(refusal, EnrollmentExistsError)
    assert ("E2", existing(stands)) == (refusal.rule, refusal.existing)
    assert f"user 7 has enrollment 5 in class 10 already ({stands.name.capitalize()}); update that one instead of creating another" == str(
        refusal
    )


def test_an_enrollment_may_come_where_none_is() -> None:
    assert check_destination(None) is None


@pytest.mark.parametrize("stands", EnrollmentStatus)
def test_an_enrollment_never_comes_where_another_is(stands: EnrollmentStatus) -> None:
    refusal = check_destination(existing(stands))

    assert isinstance(refusal, OtherEnrollmentExistsError)
    assert ("M3", existing(stands)) == (refusal.rule, refusal.existing)
    assert str(refusal).startswith("user 7 has enrollment 5 in class 10 already")
    assert str(refusal).endswith("cancel this one and reopen that one") == (stands in INACTIVE)


@pytest.mark.parametrize("after", EnrollmentStatus)
def test_a_move_ends_active(after: EnrollmentStatus) -> None:
    refusal = check_move(after)

    if after.is_active:
        assert refusal is None
    else:
        assert isinstance(refusal, MoveEndsInactiveError)
        assert ("M1", "status", after) == (refusal.rule, refusal.field, refusal.status)
        assert f"cannot become {after.name.capitalize()} there" in str(refusal)


@pytest.mark.parametrize(
    "passage, kept",
    [
        (Passage.REOPENED_BY_CREATION, EnrollmentDetails(external_id="x-1")),
        (Passage.REOPENED_BY_UPDATE, EnrollmentDetails(external_id="x-1", retake=True, hours_spent=8, grade=90)),
        (Passage.MOVED, EnrollmentDetails(external_id="x-1", retake=True)),
        (Passage.REPLACED, EnrollmentDetails()),
    ],
    ids=lambda value: value.name if isinstance(value, Passage) else "",
)
def test_it_carries_over_what_the_passage_keeps(passage: Passage, kept: EnrollmentDetails) -> None:
    assert kept == carry_over(FULL, passage=passage)
