"""Whether a cancellation is late or in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from rollbook.enrollments.cancellation import is_late, settle_late_cancel
from rollbook.enrollments.statuses import EnrollmentStatus

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = EnrollmentStatus
START = 1_772_355_600
DAY = 86_400


def late(
    *, before: EnrollmentStatus = ENROLLED, first_start: int | None = START, late_cancel_days: int = 7, now: int = START - DAY
) -> bool:
    return is_late(before=before, after=CANCELLED, first_start=first_start, late_cancel_days=late_cancel_days, now=now)


def settled(*, stored: bool, before: EnrollmentStatus | None, after: EnrollmentStatus, now: int = START - DAY) -> bool:
    return settle_late_cancel(stored=stored, before=before, after=after, first_start=START, late_cancel_days=7, now=now)


@pytest.mark.parametrize(
    "late_cancel_days, now, expected",
    [
        pytest.param(7, START - 7 * DAY - 1, False, id="a second before the seventh day"),
        pytest.param(7, START - 7 * DAY, True, id="exactly seven days before"),
        pytest.param(7, START - 1, True, id="a second before the start"),
        pytest.param(7, START + 30 * DAY, True, id="long after the start"),
        pytest.param(0, START - 1, False, id="no days, a second before the start"),
        pytest.param(0, START, True, id="no days, at the start"),
    ],
)
def test_it_is_late_from_so_many_days_before_the_start(late_cancel_days: int, now: int, *, expected: bool) -> None:
    assert expected == late(late_cancel_days=late_cancel_days, now=now)


@pytest.mark.parametrize("before", EnrollmentStatus)
def test_only_who_was_promised_a_place_cancels_late(before: EnrollmentStatus) -> None:
    assert (before in {ENROLLED, AUDIT, APPROVED}) == late(before=before)


def test_a_class_without_meetings_has_no_late_cancellation() -> None:
    assert not late(first_start=None, late_cancel_days=3650, now=START)


@pytest.mark.parametrize("after", [status for status in EnrollmentStatus if status is not CANCELLED])
def test_no_other_status_is_a_late_cancellation(after: EnrollmentStatus) -> None:
    assert not settled(stored=False, before=ENROLLED, after=after)


@given(st.integers(0, 3650), st.integers(0, 253_402_300_799), st.integers(0, 253_402_300_799))
def test_once_late_it_stays_late(late_cancel_days: int, now: int, later: int) -> None:
    sooner, later = sorted([now, later])

    assert late(late_cancel_days=late_cancel_days, now=sooner) <= late(late_cancel_days=late_cancel_days, now=later)


@pytest.mark.parametrize(
    "stored, before, after, now, expected",
    [
        pytest.param(False, ENROLLED, CANCELLED, START - DAY, True, id="cancelled late"),
        pytest.param(True, ENROLLED, CANCELLED, START - 8 * DAY, False, id="cancelled in time, whatever stood there before"),
        pytest.param(True, CANCELLED, ENROLLED, START - DAY, False, id="reopened"),
        pytest.param(True, DENIED, REQUESTED, START - DAY, False, id="reopened from Denied"),
        pytest.param(True, CANCELLED, CANCELLED, START - DAY, True, id="another change of a cancelled one"),
        pytest.param(True, CANCELLED, DENIED, START - DAY, True, id="denied after it was cancelled late"),
        pytest.param(False, None, CANCELLED, START - DAY, False, id="a new one"),
        pytest.param(False, None, ENROLLED, START - DAY, False, id="entering"),
        pytest.param(False, WAITLISTED, CANCELLED, START - DAY, False, id="cancelled from the waitlist"),
    ],
)
def test_it_settles_the_late_cancel(
    *, stored: bool, before: EnrollmentStatus | None, after: EnrollmentStatus, now: int, expected: bool
) -> None:
    assert expected == settled(stored=stored, before=before, after=after, now=now)


@given(
    stored=st.booleans(),
    given_value=st.booleans(),
    before=st.none() | st.sampled_from(EnrollmentStatus),
    after=st.sampled_from(EnrollmentStatus),
    now=st.integers(START - 10 * DAY, START + DAY),
)
def test_what_the_caller_gives_wins(
    *, stored: bool, given_value: bool, before: EnrollmentStatus | None, after: EnrollmentStatus, now: int
) -> None:
    assert given_value == settle_late_cancel(
        stored=stored, given=given_value, before=before, after=after, first_start=START, late_cancel_days=7, now=now
    )


def test_nothing_given_is_the_same_as_left_out() -> None:
    assert settle_late_cancel(stored=False, given=UNSET, before=ENROLLED, after=CANCELLED, first_start=START, late_cancel_days=7, now=START)
