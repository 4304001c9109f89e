"""Closing a class: when it can be, and what becomes of its students."""

import pytest

from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.closing import (
    ClassNotOverError,
    Closing,
    ClosingOfClassOffError,
    Reason,
    check_closing,
    close,
)
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.organizations.time_zones import zone_of

UNKNOWN, ATTENDING, COMPLETE, INCOMPLETE, NO_SHOW, FAILED = CompletionStatus
BERLIN = zone_of("Europe/Berlin")


@pytest.mark.parametrize(
    "last_end, now, refused", [(1_000, 999, True), (1_000, 1_000, False), (1_000, 1_001, False), (None, 0, False), (0, 0, False)]
)
@pytest.mark.parametrize("status", ClassStatus)
def test_a_class_is_closed_once_it_is_over_unless_it_is_off(status: ClassStatus, last_end: int | None, now: int, *, refused: bool) -> None:
    refusal = check_closing(class_id=3, class_status=status, last_end=last_end, zone=BERLIN, now=now)

    if status in {ClassStatus.CANCELLED, ClassStatus.DENIED}:
        assert isinstance(refusal, ClosingOfClassOffError)
        assert f"class 3 is {status.name.capitalize()} and is not closed; set its status back first" == str(refusal)
    elif refused:
        assert isinstance(refusal, ClassNotOverError)
        assert "the last meeting of class 3 ends on 1970-01-01 01:16 (Europe/Berlin); close the class after that" == str(refusal)
    else:
        assert refusal is None
    assert refusal is None or "B5" == refusal.rule


@pytest.mark.parametrize("attended", [0, 1, 5])
@pytest.mark.parametrize("completion", CompletionStatus)
def test_who_attended_becomes_complete_and_who_did_not_no_show(completion: CompletionStatus, attended: int) -> None:
    closed = close(completion=completion, attended=attended)

    if completion not in {UNKNOWN, ATTENDING}:
        assert Closing(completion, Reason.DECIDED) == closed
    elif attended or completion is ATTENDING:
        assert Closing(COMPLETE, Reason.ATTENDED) == closed
    else:
        assert Closing(NO_SHOW, Reason.NEVER_ATTENDED) == closed
    assert closed.completion == close(completion=closed.completion, attended=attended).completion


@pytest.mark.parametrize("completion, expected", [(UNKNOWN, NO_SHOW), (ATTENDING, COMPLETE), (FAILED, FAILED)])
def test_where_no_attendance_is_kept_the_completion_tells_who_was_there(completion: CompletionStatus, expected: CompletionStatus) -> None:
    assert expected is close(completion=completion, attended=0).completion
