"""When a class meets, and which meetings it can have."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.classes.schedule import (
    AttendedMeetingRemovedError,
    Meeting,
    MeetingEndsBeforeStartError,
    MeetingPlan,
    MeetingsOverlapError,
    StoredMeeting,
    TooManyMeetingsError,
    check_meetings,
    first_start,
    has_ended,
    has_started,
    last_end,
    overlap,
    plan_meetings,
)


def meeting(starts_at: int, ends_at: int) -> Meeting:
    return Meeting(starts_at=starts_at, ends_at=ends_at)


def stored(identity: int, starts_at: int, ends_at: int, *, has_attendance: bool = False) -> StoredMeeting:
    return StoredMeeting(id=identity, starts_at=starts_at, ends_at=ends_at, has_attendance=has_attendance)


any_meeting = st.builds(Meeting, starts_at=st.integers(0, 20), ends_at=st.integers(0, 20))


@st.composite
def class_meetings(draw: st.DrawFn) -> list[Meeting]:
    moments = sorted(draw(st.lists(st.integers(0, 40), unique=True, max_size=12)))
    meetings = [meeting(start, end) for start, end in zip(moments[::2], moments[1::2], strict=False)]
    return list(draw(st.permutations(meetings)))


@pytest.mark.parametrize(
    "one, other, expected",
    [
        pytest.param((10, 20), (20, 30), False, id="one begins when the other ends"),
        pytest.param((10, 20), (19, 30), True, id="they share a second"),
        pytest.param((10, 20), (12, 15), True, id="one is inside the other"),
        pytest.param((10, 20), (10, 20), True, id="they are the same"),
        pytest.param((10, 20), (30, 40), False, id="there is a gap"),
    ],
)
def test_meetings_overlap_when_they_share_a_moment(one: tuple[int, int], other: tuple[int, int], *, expected: bool) -> None:
    assert expected == overlap(meeting(*one), meeting(*other))
    assert expected == overlap(meeting(*other), meeting(*one))


@pytest.mark.parametrize(
    "now, started, ended", [(9, False, False), (10, True, False), (39, True, False), (40, True, True), (41, True, True)]
)
def test_a_class_has_started_and_ended_by_its_first_and_last_meeting(now: int, *, started: bool, ended: bool) -> None:
    meetings = [meeting(30, 40), meeting(10, 20)]

    assert started == has_started(first_start(meetings), now=now)
    assert ended == has_ended(last_end(meetings), now=now)


def test_a_class_without_meetings_never_starts_and_never_ends() -> None:
    assert first_start([]) is None
    assert last_end([]) is None
    assert not has_started(None, now=253_402_300_799)
    assert not has_ended(None, now=253_402_300_799)


@pytest.mark.parametrize(
    "meetings",
    [
        pytest.param([], id="none"),
        pytest.param([(10, 20)], id="one"),
        pytest.param([(20, 30), (10, 20)], id="each begins when another ends, in any order"),
        pytest.param([(second, second + 1) for second in range(1_000)], id="a thousand"),
    ],
)
def test_it_takes_meetings_that_follow_each_other(meetings: list[tuple[int, int]]) -> None:
    assert [] == check_meetings([meeting(*times) for times in meetings])


@pytest.mark.parametrize("ends_at", [10, 9], ids=["at once", "earlier"])
def test_it_refuses_a_meeting_that_does_not_end_after_it_starts(ends_at: int) -> None:
    (refusal,) = check_meetings([meeting(1, 5), meeting(10, ends_at)])

    assert isinstance(refusal, MeetingEndsBeforeStartError)
    assert meeting(10, ends_at) == refusal.meeting
    assert ("C2", "meetings") == (refusal.rule, refusal.field)
    assert f"the meeting that starts at 10 ends at {ends_at}; give an end that is later than the start" == str(refusal)


def test_it_refuses_meetings_that_overlap() -> None:
    (refusal,) = check_meetings([meeting(15, 25), meeting(10, 16), meeting(30, 40)])

    assert isinstance(refusal, MeetingsOverlapError)
    assert (meeting(10, 16), meeting(15, 25)) == (refusal.earlier, refusal.later)
    assert "the meeting from 10 to 16 overlaps the one that starts at 15; give meetings that follow each other" == str(refusal)


def test_it_refuses_more_than_a_thousand() -> None:
    (refusal,) = check_meetings([meeting(second, second + 1) for second in range(1_001)])

    assert isinstance(refusal, TooManyMeetingsError)
    assert "a class has at most 1000 meetings, not 1001; split it into several classes" == str(refusal)


def test_it_tells_every_kind_of_fault_at_once() -> None:
    refusals = check_meetings([meeting(10, 5), meeting(1, 4), meeting(3, 6)])

    assert [MeetingEndsBeforeStartError, MeetingsOverlapError] == [type(refusal) for refusal in refusals]


@given(st.lists(any_meeting, max_size=6))
def test_it_takes_a_list_exactly_when_no_two_overlap_and_all_end_later(meetings: list[Meeting]) -> None:
    sound = all(one.ends_at > one.starts_at for one in meetings) and not any(overlap(*pair) for pair in combinations(meetings, 2))

    assert sound == (check_meetings(meetings) == [])


def test_replacing_keeps_what_starts_at_the_same_time() -> None:
    monday, tuesday, wednesday = stored(1, 10, 20, has_attendance=True), stored(2, 30, 40, has_attendance=True), stored(3, 50, 60)

    plan = plan_meetings([monday, tuesday, wednesday], [meeting(70, 80), meeting(30, 45), meeting(10, 20)])

    assert (
        MeetingPlan(
            kept=(monday,),
            changed=(stored(2, 30, 45, has_attendance=True),),
            added=(meeting(70, 80),),
            removed=(wednesday,),
        )
        == plan
    )


def test_replacing_never_removes_attendance() -> None:
    monday, tuesday = stored(1, 10, 20, has_attendance=True), stored(2, 30, 40, has_attendance=True)

    refusal = plan_meetings([monday, tuesday, stored(3, 50, 60)], [meeting(11, 20)])

    assert isinstance(refusal, AttendedMeetingRemovedError)
    assert (monday, tuesday) == refusal.meetings
    assert ("C2", "meetings") == (refusal.rule, refusal.field)
    assert "meetings with attendance are left out (start 10, 30); keep them, or remove their attendance first" == str(refusal)


@given(before=class_meetings(), wanted=class_meetings(), has_attendance=st.booleans())
def test_a_plan_leads_from_the_stored_meetings_to_the_wanted_ones(
    *, before: list[Meeting], wanted: list[Meeting], has_attendance: bool
) -> None:
    now_stored = [
        stored(identity, each.starts_at, each.ends_at, has_attendance=has_attendance) for identity, each in enumerate(before, start=1)
    ]

    plan = plan_meetings(now_stored, wanted)

    if isinstance(plan, AttendedMeetingRemovedError):
        assert {each.starts_at for each in plan.meetings}.isdisjoint(each.starts_at for each in wanted)
        return
    after = {each.starts_at: each.ends_at for each in (*plan.kept, *plan.changed, *plan.added)}
    assert {each.starts_at: each.ends_at for each in wanted} == after
    identities = [each.id for each in (*plan.kept, *plan.changed, *plan.removed)]
    assert sorted(identities) == [each.id for each in now_stored]
    assert not any(each.has_attendance for each in plan.removed)
