"""Which change of an enrollment's status and completion is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.statuses import (
    ClassOffError,
    CompletionNeedsAttendanceError,
    CompletionStatus,
    EnrollmentFrozenError,
    EnrollmentStatus,
    OutsideCompanyError,
    UserDisabledError,
    becomes_active,
    becomes_attending,
    check_class,
    check_company,
    check_leaving,
    check_user,
    is_frozen,
    settle_completion,
)

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = EnrollmentStatus

ENTERING = [
    pytest.param(None, ENROLLED, id="a new Enrolled one"),
    pytest.param(None, REQUESTED, id="a new Requested one"),
    pytest.param(CANCELLED, WAITLISTED, id="reopened to the waitlist"),
    pytest.param(DENIED, AUDIT, id="reopened as Audit"),
    pytest.param(WAITLISTED, ENROLLED, id="from the waitlist into the class"),
    pytest.param(APPROVED, AUDIT, id="from Approved to Audit"),
]
STAYING = [
    pytest.param(ENROLLED, ENROLLED, id="unchanged"),
    pytest.param(ENROLLED, AUDIT, id="from Enrolled to Audit"),
    pytest.param(AUDIT, WAITLISTED, id="back to the waitlist"),
    pytest.param(REQUESTED, APPROVED, id="approved"),
    pytest.param(ENROLLED, CANCELLED, id="cancelled"),
    pytest.param(CANCELLED, DENIED, id="from Cancelled to Denied"),
    pytest.param(None, CANCELLED, id="a new Cancelled one"),
]


@pytest.mark.parametrize(
    "status, number, active, attending, place",
    [
        (REQUESTED, 0, True, False, False),
        (CANCELLED, 10, False, False, False),
        (WAITLISTED, 20, True, False, False),
        (APPROVED, 30, True, False, False),
        (DENIED, 40, False, False, False),
        (AUDIT, 50, True, True, False),
        (ENROLLED, 60, True, True, True),
    ],
)
def test_every_status_means_what_the_table_says(
    status: EnrollmentStatus, number: int, *, active: bool, attending: bool, place: bool
) -> None:
    assert (number, active, attending, place) == (status, status.is_active, status.is_attending, status.holds_place)


def test_the_completions_have_the_documented_numbers() -> None:
    assert {"UNKNOWN": 0, "ATTENDING": 10, "COMPLETE": 20, "INCOMPLETE": 30, "NO_SHOW": 40, "FAILED": 50} == {
        completion.name: completion.value for completion in CompletionStatus
    }


@pytest.mark.parametrize("before, after", ENTERING)
def test_it_knows_who_enters(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    assert becomes_active(before, after) or becomes_attending(before, after)


@pytest.mark.parametrize("before, after", STAYING)
def test_it_knows_who_does_not_enter(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    assert not becomes_active(before, after)
    assert not becomes_attending(before, after)


@pytest.mark.parametrize(
    "status, class_has_started, preference, frozen",
    [
        pytest.param(ENROLLED, True, True, True, id="Enrolled in a class that has started"),
        pytest.param(ENROLLED, False, True, False, id="before the start"),
        pytest.param(ENROLLED, True, False, False, id="the preference is off"),
        *(pytest.param(status, True, True, False, id=status.name) for status in EnrollmentStatus if status is not ENROLLED),
    ],
)
def test_only_an_enrolled_one_freezes_at_the_start(
    status: EnrollmentStatus, *, class_has_started: bool, preference: bool, frozen: bool
) -> None:
    facts = {"class_has_started": class_has_started, "freeze_enrolled_at_start": preference}

    assert frozen == is_frozen(status, **facts)
    assert frozen == (check_leaving(enrollment_id=5, class_id=10, status=status, **facts) is not None)


def test_a_frozen_one_keeps_its_status() -> None:
    refusal = check_leaving(enrollment_id=5, class_id=10, status=ENROLLED, class_has_started=True, freeze_enrolled_at_start=True)

    assert isinstance(refusal, EnrollmentFrozenError)
    assert ("S2", 5, 10) == (refusal.rule, refusal.enrollment_id, refusal.class_id)
    assert str(refusal).startswith("enrollment 5 is Enrolled in class 10, which has started, and stays so")


@pytest.mark.parametrize("status", EnrollmentStatus)
def test_an_administrator_may_change_any_status_before_the_start(status: EnrollmentStatus) -> None:
    assert check_leaving(enrollment_id=5, class_id=10, status=status, class_has_started=False, freeze_enrolled_at_start=True) is None


@pytest.mark.parametrize("class_status", ClassStatus)
@pytest.mark.parametrize("before, after", ENTERING)
def test_no_one_enters_a_class_that_is_off(class_status: ClassStatus, before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    refusal = check_class(class_id=10, class_status=class_status, before=before, after=after)

    if class_status.is_off:
        assert isinstance(refusal, ClassOffError)
        assert ("S3", 10, class_status) == (refusal.rule, refusal.class_id, refusal.status)
        assert str(refusal).startswith(f"class 10 is {class_status.name.capitalize()}, so no one can enter it")
    else:
        assert refusal is None


@pytest.mark.parametrize("before, after", STAYING)
def test_who_is_in_a_class_that_is_off_may_stay_or_leave(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    assert check_class(class_id=10, class_status=ClassStatus.CANCELLED, before=before, after=after) is None


@pytest.mark.parametrize("before, after", ENTERING)
def test_a_disabled_user_cannot_enter(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    refusal = check_user(user_id=7, user_is_disabled=True, before=before, after=after)

    assert isinstance(refusal, UserDisabledError)
    assert ("S4", "user_id", 7) == (refusal.rule, refusal.field, refusal.user_id)
    assert "user 7 is disabled; enable the user first" == str(refusal)
    assert check_user(user_id=7, user_is_disabled=False, before=before, after=after) is None


@pytest.mark.parametrize("before, after", STAYING)
def test_a_disabled_user_may_stay_or_leave(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    assert check_user(user_id=7, user_is_disabled=True, before=before, after=after) is None


@pytest.mark.parametrize("user_company_id", [None, 3], ids=["no company", "another company"])
@pytest.mark.parametrize("before, after", ENTERING)
def test_a_class_of_a_company_takes_no_one_else(
    user_company_id: int | None, before: EnrollmentStatus | None, after: EnrollmentStatus
) -> None:
    refusal = check_company(class_id=10, class_company_id=2, user_id=7, user_company_id=user_company_id, before=before, after=after)

    assert isinstance(refusal, OutsideCompanyError)
    assert ("S4", "user_id", 10, 2, 7) == (refusal.rule, refusal.field, refusal.class_id, refusal.company_id, refusal.user_id)
    assert str(refusal).startswith("class 10 takes only users of company 2, and user 7 is not one")


@pytest.mark.parametrize(
    "class_company_id, user_company_id", [(None, None), (None, 3), (2, 2)], ids=["no companies", "only the user's", "the same"]
)
def test_a_class_takes_the_users_it_is_for(class_company_id: int | None, user_company_id: int | None) -> None:
    assert (
        check_company(
            class_id=10, class_company_id=class_company_id, user_id=7, user_company_id=user_company_id, before=None, after=ENROLLED
        )
        is None
    )


@pytest.mark.parametrize("before, after", STAYING)
def test_a_user_of_another_company_may_stay_or_leave(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    assert check_company(class_id=10, class_company_id=2, user_id=7, user_company_id=3, before=before, after=after) is None


UNKNOWN, ATTENDING, COMPLETE = CompletionStatus.UNKNOWN, CompletionStatus.ATTENDING, CompletionStatus.COMPLETE


@pytest.mark.parametrize(
    "stored, completion, after, settled",
    [
        pytest.param(UNKNOWN, COMPLETE, ENROLLED, COMPLETE, id="given while Enrolled"),
        pytest.param(UNKNOWN, COMPLETE, AUDIT, COMPLETE, id="given while Audit"),
        pytest.param(COMPLETE, UNKNOWN, ENROLLED, UNKNOWN, id="taken back"),
        pytest.param(COMPLETE, UNSET, ENROLLED, COMPLETE, id="not given while attending"),
        pytest.param(COMPLETE, UNSET, CANCELLED, UNKNOWN, id="attendance ends without one given"),
        pytest.param(COMPLETE, COMPLETE, CANCELLED, UNKNOWN, id="attendance ends and the stored one is repeated"),
        pytest.param(COMPLETE, UNKNOWN, WAITLISTED, UNKNOWN, id="attendance ends and Unknown is given"),
        pytest.param(UNKNOWN, UNKNOWN, REQUESTED, UNKNOWN, id="Unknown without attendance"),
    ],
)
def test_it_settles_the_completion(
    stored: CompletionStatus, completion: CompletionStatus | UnsetType, after: EnrollmentStatus, settled: CompletionStatus
) -> None:
    assert settled is settle_completion(stored=stored, given=completion, after=after)


@pytest.mark.parametrize("stored", [UNKNOWN, ATTENDING])
@pytest.mark.parametrize("after", [status for status in EnrollmentStatus if not status.is_attending])
def test_a_new_completion_needs_attendance(stored: CompletionStatus, after: EnrollmentStatus) -> None:
    refusal = settle_completion(stored=stored, given=COMPLETE, after=after)

    assert isinstance(refusal, CompletionNeedsAttendanceError)
    assert ("S5", "completion", COMPLETE, after) == (refusal.rule, refusal.field, refusal.completion, refusal.status)
    assert f"this one would be {after.name.capitalize()}" in str(refusal)


@given(
    st.lists(st.tuples(st.sampled_from([UNSET, *CompletionStatus]), st.sampled_from(EnrollmentStatus)), max_size=8),
)
def test_whatever_happens_a_known_completion_means_attendance(changes: list[tuple[CompletionStatus | UnsetType, EnrollmentStatus]]) -> None:
    completion, status = UNKNOWN, REQUESTED
    for given_completion, after in changes:
        settled = settle_completion(stored=completion, given=given_completion, after=after)
        if isinstance(settled, CompletionStatus):
            completion, status = settled, after

        assert completion is UNKNOWN or status.is_attending
