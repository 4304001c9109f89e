"""Whether there is a place in the class and a seat in the room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.classes.schedule import Meeting
from rollbook.enrollments.seats import (
    CapacityBelowFullestMomentError,
    ClassFullError,
    MaximumBelowEnrolledError,
    Room,
    RoomFullError,
    RoomTooSmallError,
    Sitting,
    check_capacity,
    check_maximum,
    check_room,
    claim_place,
    claim_seat,
    fullest_moment,
)

HORIZON = 16


def room(capacity: int | None) -> Room:
    return Room(id=5, name="Blue", capacity=capacity)


def meeting(starts_at: int, ends_at: int) -> Meeting:
    return Meeting(starts_at=starts_at, ends_at=ends_at)


def sitting(starts_at: int, ends_at: int, students: int) -> Sitting:
    return Sitting(starts_at=starts_at, ends_at=ends_at, students=students)


@st.composite
def periods(draw: st.DrawFn) -> tuple[int, int]:
    starts_at = draw(st.integers(0, HORIZON - 1))
    return starts_at, draw(st.integers(starts_at + 1, HORIZON))


any_sittings = st.lists(
    st.builds(lambda period, students: sitting(period[0], period[1], students), periods(), st.integers(0, 4)), max_size=6
)
any_meetings = st.lists(periods().map(lambda period: meeting(*period)), max_size=4)


def seated_at(sittings: list[Sitting], moment: int) -> int:
    return sum(each.students for each in sittings if each.starts_at <= moment < each.ends_at)


def moments_of(meetings: list[Meeting]) -> set[int]:
    return {moment for each in meetings for moment in range(each.starts_at, each.ends_at)}


@pytest.mark.parametrize(
    "enrolled, maximum, is_free",
    [
        pytest.param(29, 30, True, id="the last place"),
        pytest.param(30, 30, False, id="full"),
        pytest.param(31, 30, False, id="over full"),
        pytest.param(0, 0, False, id="no places at all"),
        pytest.param(1_000_000, None, True, id="no limit"),
    ],
)
def test_a_place_is_free_under_the_maximum(enrolled: int, maximum: int | None, *, is_free: bool) -> None:
    assert is_free == (claim_place(class_id=10, enrolled=enrolled, maximum=maximum) is None)


def test_a_full_class_says_how_full() -> None:
    refusal = claim_place(class_id=10, enrolled=30, maximum=30)

    assert isinstance(refusal, ClassFullError)
    assert ("P1", 10, 30, 30) == (refusal.rule, refusal.class_id, refusal.enrolled, refusal.maximum)
    assert "class 10 is full (30 of 30 places); raise its maximum, or use status Waitlist" == str(refusal)


@given(st.integers(0, 40), st.integers(0, 40))
def test_claims_stop_exactly_at_the_maximum(maximum: int, claimants: int) -> None:
    enrolled = 0
    for _ in range(claimants):
        enrolled += claim_place(class_id=10, enrolled=enrolled, maximum=maximum) is None

    assert min(maximum, claimants) == enrolled


@pytest.mark.parametrize("maximum", [None, 31, 30])
def test_the_maximum_may_be_set_down_to_the_enrolled(maximum: int | None) -> None:
    assert check_maximum(class_id=10, enrolled=30, maximum=maximum) is None


def test_the_maximum_cannot_be_set_under_the_enrolled() -> None:
    refusal = check_maximum(class_id=10, enrolled=30, maximum=29)

    assert isinstance(refusal, MaximumBelowEnrolledError)
    assert ("P3", "maximum", 10, 30, 29) == (refusal.rule, refusal.field, refusal.class_id, refusal.enrolled, refusal.maximum)
    assert str(refusal).startswith("class 10 has 30 Enrolled students, more than a maximum of 29")


@pytest.mark.parametrize(
    "sittings, during, expected",
    [
        pytest.param([], [(0, 10)], 0, id="nobody"),
        pytest.param([(0, 5, 3), (5, 10, 4)], [(0, 10)], 4, id="one leaves when the other comes"),
        pytest.param([(0, 6, 3), (5, 10, 4)], [(0, 10)], 7, id="they share a moment"),
        pytest.param([(0, 6, 3), (5, 10, 4)], [(0, 5)], 3, id="they share a moment outside"),
        pytest.param([(0, 6, 3), (5, 10, 4)], [(0, 5), (6, 9)], 4, id="they share a moment in the gap"),
        pytest.param([(0, 20, 3)], [(5, 6)], 3, id="one goes on all the time"),
        pytest.param([(0, 20, 3)], [], 0, id="no time is looked at"),
    ],
)
def test_it_finds_the_fullest_moment(sittings: list[tuple[int, int, int]], during: list[tuple[int, int]], expected: int) -> None:
    assert expected == fullest_moment([sitting(*each) for each in sittings], during=[meeting(*each) for each in during])


@given(any_sittings, any_meetings)
def test_the_fullest_moment_is_the_one_found_by_counting_every_moment(sittings: list[Sitting], during: list[Meeting]) -> None:
    expected = max((seated_at(sittings, moment) for moment in moments_of(during)), default=0)

    assert expected == fullest_moment(sittings, during=during)


@given(any_sittings, any_meetings, st.integers(0, 12))
def test_a_claim_never_lets_any_moment_pass_the_capacity(others: list[Sitting], meetings: list[Meeting], capacity: int) -> None:
    refusal = claim_seat(room=room(capacity), meetings=meetings, sittings=others, classmates=0)

    would_fit = all(seated_at(others, moment) + 1 <= capacity for moment in moments_of(meetings)) and capacity >= 1
    assert would_fit == (refusal is None)


@given(any_meetings.filter(bool), any_sittings, st.integers(0, 6))
def test_claims_fill_the_room_to_its_capacity_and_no_further(meetings: list[Meeting], others: list[Sitting], capacity: int) -> None:
    # Meetings of one class do not overlap each other, so one of them stands for the class.
    own = meetings[0]
    classmates = 0
    while (
        claim_seat(
            room=room(capacity),
            meetings=[own],
            sittings=[*others, sitting(own.starts_at, own.ends_at, classmates)],
            classmates=classmates,
        )
        is None
    ):
        classmates += 1

    fullest = max(seated_at(others, moment) for moment in moments_of([own]))
    assert max(0, capacity - fullest) == classmates


def test_a_full_room_names_itself_and_the_remedy() -> None:
    refusal = claim_seat(room=room(12), meetings=[meeting(0, 5)], sittings=[sitting(0, 5, 4), sitting(4, 9, 8)], classmates=4)

    assert isinstance(refusal, RoomFullError)
    assert ("P2", room(12), 12, 12) == (refusal.rule, refusal.room, refusal.taken, refusal.capacity)
    assert "room 5 (Blue) is full (12 of 12 seats); raise its capacity, choose another room, or move another student" == str(refusal)


def test_a_room_without_a_capacity_has_no_limit() -> None:
    crowd = [sitting(0, 5, 1_000_000)]

    assert claim_seat(room=room(None), meetings=[meeting(0, 5)], sittings=crowd, classmates=1_000_000) is None
    assert check_room(room=room(None), meetings=[meeting(0, 5)], sittings=crowd, classmates=1_000_000) is None
    assert check_capacity(room=room(9), capacity=None, sittings=crowd, classmates=0, now=0) is None


@pytest.mark.parametrize("classmates, is_free", [(1, True), (2, False)])
def test_in_a_class_without_meetings_only_its_own_students_count(classmates: int, *, is_free: bool) -> None:
    refusal = claim_seat(room=room(2), meetings=[], sittings=[sitting(0, 5, 2)], classmates=classmates)

    assert is_free == (refusal is None)


@pytest.mark.parametrize(
    "meetings, classmates, students",
    [
        pytest.param([(0, 5)], 2, None, id="beside nobody"),
        pytest.param([(5, 9)], 2, 7, id="beside the other class"),
        pytest.param([], 5, 5, id="without meetings, by its own students"),
        pytest.param([], 4, None, id="without meetings, exactly filling it"),
    ],
)
def test_a_changed_class_must_still_fit_its_room(meetings: list[tuple[int, int]], classmates: int, students: int | None) -> None:
    sittings = [sitting(5, 9, 5), *(sitting(*each, classmates) for each in meetings)]

    refusal = check_room(room=room(4), meetings=[meeting(*each) for each in meetings], sittings=sittings, classmates=classmates)

    if students is None:
        assert refusal is None
    else:
        assert isinstance(refusal, RoomTooSmallError)
        assert ("P2", room(4), students, 4) == (refusal.rule, refusal.room, refusal.students, refusal.capacity)
        assert str(refusal).startswith(f"room 5 (Blue) has 4 seats, and {students} students would sit in it at once")


@pytest.mark.parametrize(
    "capacity, now, is_allowed",
    [
        pytest.param(7, 0, True, id="down to the fullest moment"),
        pytest.param(6, 0, False, id="under the fullest moment"),
        pytest.param(6, 5, False, id="while that moment lasts"),
        pytest.param(6, 6, True, id="when that moment is over"),
        pytest.param(4, 6, True, id="down to who sits there now"),
        pytest.param(3, 6, False, id="under who sits there now"),
        pytest.param(2, 10, True, id="when all is over, down to a class without meetings"),
        pytest.param(1, 10, False, id="under a class without meetings"),
    ],
)
def test_the_capacity_cannot_be_set_under_the_fullest_moment_from_now_on(capacity: int, now: int, *, is_allowed: bool) -> None:
    refusal = check_capacity(room=room(9), capacity=capacity, sittings=[sitting(0, 6, 3), sitting(5, 10, 4)], classmates=2, now=now)

    assert is_allowed == (refusal is None)


def test_a_refused_capacity_says_what_is_needed() -> None:
    refusal = check_capacity(room=room(9), capacity=6, sittings=[sitting(0, 6, 3), sitting(5, 10, 4)], classmates=0, now=0)

    assert isinstance(refusal, CapacityBelowFullestMomentError)
    assert ("P3", "capacity", room(9), 7, 6) == (refusal.rule, refusal.field, refusal.room, refusal.students, refusal.capacity)
    assert "7 students sit in room 5 (Blue) at once, more than a capacity of 6; give at least 7, or move some" == str(refusal)
