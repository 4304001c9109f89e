"""What is wanted by two classes at the same time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.classes.clashes import (
    Clasher,
    ClashWarning,
    OtherMeeting,
    ScheduleWarning,
    StudentConflictError,
    blocked_time_warning,
    check_student_conflict,
    clash_warnings,
    find_clashes,
    minimum_warning,
)
from rollbook.classes.schedule import Meeting, overlap
from rollbook.organizations.preferences import StudentConflicts

NINE = 1_772_355_600  # 2026-03-01 09:00 UTC
HOUR = 3_600


def meeting(starts_at: int, ends_at: int) -> Meeting:
    return Meeting(starts_at=NINE + starts_at * HOUR, ends_at=NINE + ends_at * HOUR)


def other(class_id: int, starts_at: int, ends_at: int, *, is_visible: bool = True) -> OtherMeeting:
    return OtherMeeting(class_id=class_id, starts_at=NINE + starts_at * HOUR, ends_at=NINE + ends_at * HOUR, is_visible=is_visible)


def conflict(
    meetings: list[Meeting], attended: list[OtherMeeting], preference: StudentConflicts = StudentConflicts.REFUSE
) -> StudentConflictError | None:
    return check_student_conflict(user_id=7, class_id=10, meetings=meetings, attended=attended, preference=preference)


@pytest.mark.parametrize(
    "attended",
    [
        pytest.param([], id="no other class"),
        pytest.param([other(12, -2, 0), other(12, 2, 4)], id="just before and just after"),
    ],
)
def test_a_student_may_attend_classes_at_different_times(attended: list[OtherMeeting]) -> None:
    assert conflict([meeting(0, 2)], attended) is None


def test_a_student_may_attend_anything_beside_a_class_without_meetings() -> None:
    assert conflict([], [other(12, 0, 2)]) is None


def test_a_student_cannot_attend_two_classes_at_the_same_time() -> None:
    refusal = conflict([meeting(0, 2), meeting(4, 6)], [other(12, 5, 7)])

    assert refusal is not None
    assert ("C1", 7, 10, meeting(4, 6), 12) == (
        refusal.rule,
        refusal.user_id,
        refusal.class_id,
        refusal.meeting,
        refusal.other_class_id,
    )
    assert (
        "user 7 attends class 12 during the meeting of class 10 from 2026-03-01 13:00 to 2026-03-01 15:00 UTC; "
        "choose a class at another time, or set the preference student_conflicts to allow"
    ) == str(refusal)


def test_a_class_that_the_caller_may_not_see_is_not_named() -> None:
    refusal = conflict([meeting(0, 2)], [other(9_999, 1, 3, is_visible=False)])

    assert refusal is not None
    assert refusal.other_class_id is None
    assert "user 7 attends another class during" in str(refusal)
    assert "9999" not in str(refusal)


def test_of_several_clashes_the_earliest_that_may_be_named_is_told() -> None:
    meetings = [meeting(0, 2), meeting(4, 6), meeting(8, 10)]

    refusal = conflict(meetings, [other(14, 8, 9), other(13, 4, 5), other(12, 0, 1, is_visible=False)])

    assert refusal is not None
    assert (13, meeting(4, 6)) == (refusal.other_class_id, refusal.meeting)


def test_an_organization_may_allow_conflicts() -> None:
    assert conflict([meeting(0, 2)], [other(12, 0, 2)], StudentConflicts.ALLOW) is None


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=10).map(sorted),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=6),
)
def test_it_finds_exactly_the_others_that_overlap(moments: list[int], others: list[tuple[int, int]]) -> None:
    meetings = [meeting(start, end) for start, end in pairwise(moments)][::2]
    candidates = [other(class_id, start, start + length) for class_id, (start, length) in enumerate(others)]

    found = list(find_clashes(reversed(meetings), candidates))

    expected = []
    for candidate in candidates:
        first = next((each for each in meetings if overlap(each, candidate)), None)
        if first is not None:
            expected.append((first, candidate))
    assert expected == found


@pytest.mark.parametrize("who, rule", [(Clasher.CLASSROOM, "C3"), (Clasher.INSTRUCTOR, "C3"), (Clasher.STUDENT, "C4")], ids=str)
def test_it_warns_once_for_each_other_class(who: Clasher, rule: str) -> None:
    others = [other(12, 5, 6), other(12, 0, 1), other(12, 5, 7), other(13, 2, 4)]

    warnings = clash_warnings(who, 5, meetings=[meeting(0, 2), meeting(4, 6)], others=others)

    text = f"class 12 has {who} 5 too, during the meeting from 2026-03-01 09:00 to 2026-03-01 11:00 UTC"
    during = meeting(0, 2)
    assert [ClashWarning(rule=rule, text=text, who=who, who_id=5, class_id=12, meeting=during)] == warnings


def test_it_warns_once_of_all_classes_that_the_caller_may_not_see() -> None:
    others = [other(9_998, 0, 1, is_visible=False), other(9_999, 1, 2, is_visible=False)]

    (warning,) = clash_warnings(Clasher.CLASSROOM, 5, meetings=[meeting(0, 2)], others=others)

    assert warning.text.startswith("another class has classroom 5 too")


def test_it_warns_of_blocked_out_time() -> None:
    warning = blocked_time_warning(
        instructor_id=3, meetings=[meeting(4, 6), meeting(0, 2)], blocked=[meeting(5, 9), meeting(1, 3), meeting(7, 8)]
    )

    text = "instructor 3 has blocked out time during the meeting from 2026-03-01 09:00 to 2026-03-01 11:00 UTC"
    assert ScheduleWarning(rule="C3", text=text) == warning


def test_blocked_out_time_between_meetings_is_no_matter() -> None:
    assert blocked_time_warning(instructor_id=3, meetings=[meeting(0, 2), meeting(4, 6)], blocked=[meeting(2, 4)]) is None


@pytest.mark.parametrize("minimum, maximum", [(None, 5), (6, None), (5, 5), (None, None)])
def test_a_minimum_up_to_the_maximum_is_no_matter(minimum: int | None, maximum: int | None) -> None:
    assert minimum_warning(minimum=minimum, maximum=maximum) is None


def test_it_warns_of_a_minimum_above_the_maximum() -> None:
    assert ScheduleWarning(rule="C3", text="the minimum of 6 students is above the maximum of 5") == minimum_warning(minimum=6, maximum=5)
