"""What becomes of two accounts of one person."""

from typing import Any

import pytest

from rollbook.accounts.merging import TAKEN_OVER, Duplicate, FrozenDuplicateError, Settled, settle_duplicates, take_over
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

R, C, W, P, D, A, E = (
    EnrollmentStatus.REQUESTED,
    EnrollmentStatus.CANCELLED,
    EnrollmentStatus.WAITLISTED,
    EnrollmentStatus.APPROVED,
    EnrollmentStatus.DENIED,
    EnrollmentStatus.AUDIT,
    EnrollmentStatus.ENROLLED,
)
STAYERS, OTHERS = 1, 2

EMPTY: dict[str, Any] = {name: None for together in TAKEN_OVER for name in together} | {"id": 5}


def duplicate(
    enrollment_id: int, status: EnrollmentStatus, *, completion: CompletionStatus = CompletionStatus.UNKNOWN, is_frozen: bool = False
) -> Duplicate:
    return Duplicate(enrollment_id=enrollment_id, class_id=7, status=status, completion=completion, is_frozen=is_frozen)


@pytest.mark.parametrize(
    "stayers, others, kept",
    [
        # Of two that are alike, that of the one who stays.
        *((status, status, STAYERS) for status in EnrollmentStatus),
        (C, D, STAYERS),
        (D, C, STAYERS),
        # The one that got further.
        (C, R, OTHERS),
        (D, W, OTHERS),
        (C, E, OTHERS),
        (R, C, STAYERS),
        (E, D, STAYERS),
        # Nobody loses a seat for waiting under another name.
        (W, E, OTHERS),
        (R, A, OTHERS),
        (P, A, OTHERS),
        (E, W, STAYERS),
        (A, P, STAYERS),
        # Nor a place for auditing.
        (A, E, OTHERS),
        (E, A, STAYERS),
        # Waiting and being approved are equally far.
        (R, W, STAYERS),
        (W, P, STAYERS),
        (P, R, STAYERS),
    ],
)
def test_of_two_enrollments_in_a_class_the_one_stays_that_got_further(
    stayers: EnrollmentStatus, others: EnrollmentStatus, kept: int
) -> None:
    settled = settle_duplicates(stayers=duplicate(STAYERS, stayers), others=duplicate(OTHERS, others))

    assert isinstance(settled, Settled)
    assert (kept, STAYERS + OTHERS - kept) == (settled.kept.enrollment_id, settled.given_up.enrollment_id)


@pytest.mark.parametrize(
    "stayers, others, kept",
    [
        (CompletionStatus.NO_SHOW, CompletionStatus.COMPLETE, OTHERS),
        (CompletionStatus.COMPLETE, CompletionStatus.NO_SHOW, STAYERS),
        (CompletionStatus.COMPLETE, CompletionStatus.COMPLETE, STAYERS),
        (CompletionStatus.NO_SHOW, CompletionStatus.ATTENDING, STAYERS),
    ],
)
def test_what_is_complete_stays_so(stayers: CompletionStatus, others: CompletionStatus, kept: int) -> None:
    settled = settle_duplicates(stayers=duplicate(STAYERS, E, completion=stayers), others=duplicate(OTHERS, E, completion=others))

    assert isinstance(settled, Settled)
    assert kept == settled.kept.enrollment_id


@pytest.mark.parametrize(
    "stayers, others, refused",
    [
        (duplicate(STAYERS, E, is_frozen=True), duplicate(OTHERS, E, is_frozen=True), True),
        (duplicate(STAYERS, E, is_frozen=True), duplicate(OTHERS, W), False),
        (duplicate(STAYERS, C), duplicate(OTHERS, E, is_frozen=True), False),
        (duplicate(STAYERS, E, is_frozen=True), duplicate(OTHERS, E, completion=CompletionStatus.COMPLETE, is_frozen=True), True),
    ],
)
def test_a_frozen_enrollment_is_never_given_up(stayers: Duplicate, others: Duplicate, refused: bool) -> None:  # noqa: FBT001 - a column of the table
    settled = settle_duplicates(stayers=stayers, others=others)

    assert refused is isinstance(settled, FrozenDuplicateError)


def test_the_refusal_says_what_to_do() -> None:
    refusal = settle_duplicates(stayers=duplicate(1, E, is_frozen=True), others=duplicate(2, E, is_frozen=True))

    assert (
        "both users are in class 7, which has started, and of the enrollments 1 and 2 only one can stay; "
        "set the preference freeze_enrolled_at_start to off and delete one of them" == str(refusal)
    )


def test_what_is_empty_is_taken_over() -> None:
    other = {**EMPTY, "id": 6, "title": "Dr", "phone": "1", "manager_id": 9, "company_id": 4, "external_id": "E", "note": "n"}

    assert {"title": "Dr", "phone": "1", "manager_id": 9, "company_id": 4, "external_id": "E", "note": "n"} == take_over(
        stayer=EMPTY, other=other
    )


def test_what_is_there_stays() -> None:
    stayer = {**EMPTY, "title": "Ms", "external_id": "S"}
    other = {**EMPTY, "title": "Dr", "external_id": "E"}

    assert {} == take_over(stayer=stayer, other=other)


def test_an_address_is_taken_as_a_whole_or_not_at_all() -> None:
    other = {**EMPTY, "address1": "Main St 1", "city": "Ulm", "country_code": "DE"}

    assert {"address1": "Main St 1", "city": "Ulm", "country_code": "DE"} == take_over(stayer=EMPTY, other=other)
    assert {} == take_over(stayer={**EMPTY, "city": "Bonn"}, other=other)


def test_nobody_becomes_their_own_manager() -> None:
    assert {} == take_over(stayer=EMPTY, other={**EMPTY, "id": 6, "manager_id": 5})


def test_names_and_what_opens_the_account_are_never_taken() -> None:
    names = {name for together in TAKEN_OVER for name in together}

    assert set() == names & {"user_name", "email", "first_name", "last_name", "password_hash", "force_password_change", "disabled"}
