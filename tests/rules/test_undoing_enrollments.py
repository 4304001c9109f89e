from typing import Any

import pytest

from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.enrollments.undoing import (
    ChangedSinceError,
    NotUndoableError,
    NotYourChangeError,
    Opposite,
    RecordedChange,
    UndoRefusal,
    UnrecoverableAttendanceError,
    check_last,
    oppose,
)
from tests.roster import CANCELLED, ENROLLED

STORED: dict[str, Any] = {
    "class_id": 4,
    "user_id": 3,
    "organization_id": 2,
    "external_id": None,
    "status": 60,
    "completion": 20,
    "late_cancel": False,
    "retake": False,
    "location": 10,
    "classroom_id": 7,
    "hours_spent": None,
    "grade": None,
    "waiting_since": None,
    "passed_over": None,
    "note": None,
}


def undone(
    before: dict[str, Any] | None, after: dict[str, Any], *, kind: str = "enrollment.updated", by: int = 1
) -> Opposite | UndoRefusal:
    """Tell what undoes a change of user 1 to what is stored now."""
    change = RecordedChange(enrollment_id=9, actor_kind="user", actor_id=1, actor_name="Ada", kind=kind, before=before, after=after)
    return oppose(
        change, stored={**STORED, **{name: value for name, value in after.items() if name in STORED}}, actor_kind="user", actor_id=by
    )


def test_a_result_is_put_back_alone() -> None:
    assert Opposite(values={"completion": CompletionStatus.UNKNOWN, "grade": None}) == undone(
        {"completion": 0, "grade": None}, {"completion": 20, "grade": 90}
    )


def test_a_status_is_put_back_with_all_that_follows_from_one() -> None:
    assert Opposite(
        values={
            "status": ENROLLED,
            "completion": CompletionStatus.COMPLETE,
            "late_cancel": False,
            "location": LocationType.CLASSROOM,
            "classroom_id": 7,
        }
    ) == undone({"status": 60, "completion": 20}, {"status": 10, "completion": 0}, kind="enrollment.cancelled")


def test_a_room_is_put_back_with_the_location() -> None:
    assert Opposite(values={"location": LocationType.CLASSROOM, "classroom_id": 6}) == undone({"classroom_id": 6}, {"classroom_id": 7})


def test_a_turn_in_the_line_is_given_back() -> None:
    opposite = undone({"status": 20, "waiting_since": 123}, {"status": 10, "waiting_since": None}, kind="enrollment.cancelled")

    assert isinstance(opposite, Opposite)
    assert 123 == opposite.turn


@pytest.mark.parametrize("kind", ["enrollment.enrolled", "enrollment.waitlisted"])
def test_an_addition_is_deleted(kind: str) -> None:
    assert Opposite(deletes=True) == undone(None, dict(STORED), kind=kind)


def test_remarks_do_not_matter() -> None:
    assert isinstance(undone({"grade": 1}, {"grade": 2, "reason": "A slip", "together": "x"}), Opposite)


def test_only_who_made_a_change_can_undo_it() -> None:
    refusal = undone({"grade": 1}, {"grade": 2}, by=5)

    assert isinstance(refusal, NotYourChangeError)
    assert "changed by Ada" in str(refusal)


@pytest.mark.parametrize(
    "kind, instead",
    [
        ("enrollment.moved", "move the enrollment back"),
        ("enrollment.replaced", "give the place back"),
        ("enrollment.moved_up", "move the others up"),
        ("enrollment.checked_in", "undo the check-in"),
        ("enrollment.merged", "change the enrollment"),
    ],
)
def test_what_no_change_takes_back_says_what_to_do_instead(kind: str, instead: str) -> None:
    refusal = undone({"status": 10}, {"status": 60}, kind=kind)

    assert isinstance(refusal, NotUndoableError)
    assert instead in str(refusal)


def test_a_field_that_nobody_can_give_back_is_not_undone() -> None:
    assert isinstance(undone({"user_id": 3}, {"user_id": 4}), NotUndoableError)


def test_attendance_that_was_lost_is_told() -> None:
    refusal = undone({"status": 10, "attendance": {"5": True}}, {"status": 60}, kind="enrollment.enrolled")

    assert isinstance(refusal, UnrecoverableAttendanceError)


def test_what_is_no_longer_as_the_change_left_it_was_changed_since() -> None:
    change = RecordedChange(
        enrollment_id=9, actor_kind="key", actor_id=1, actor_name="Ada", kind="enrollment.updated", before={"grade": 1}, after={"grade": 2}
    )

    assert isinstance(oppose(change, stored={**STORED, "grade": 3}, actor_kind="key", actor_id=1), ChangedSinceError)


def test_only_the_last_change_can_be_undone() -> None:
    assert None is check_last(9, change_id=5, last_id=5)
    assert isinstance(check_last(9, change_id=5, last_id=6), ChangedSinceError)


def test_a_status_that_is_put_back_is_a_status() -> None:
    opposite = undone({"status": 10}, {"status": 60}, kind="enrollment.enrolled")

    assert isinstance(opposite, Opposite)
    assert CANCELLED is opposite.values["status"]
