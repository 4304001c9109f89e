"""Who was there: which meeting a check-in counts for, what it changes, and what undoing it brings back."""

from datetime import datetime
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.enrollments.attendance import (
    Attendance,
    CheckIn,
    CheckInToClassOffError,
    HeldMeeting,
    NoMeetingTodayError,
    NotAttendingError,
    NotCheckedInError,
    NotInClassroomError,
    Undoing,
    check_attending,
    check_check_in,
    check_in,
    find_check_in,
    find_meeting,
    mark,
    meeting_to_fill,
    undo,
)
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.time_zones import zone_of

UNKNOWN, ATTENDING, COMPLETE, INCOMPLETE, NO_SHOW, FAILED = CompletionStatus
NEW_YORK = "America/New_York"
PRESENT, ABSENT = True, False


def at(zone: str, text: str, *, fold: int = 0) -> int:
    """Give the moment at which a clock in a zone shows that."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone_of(zone), fold=fold).timestamp())


def held(identity: int, starts_at: int, ends_at: int) -> HeldMeeting:
    return HeldMeeting(id=identity, starts_at=starts_at, ends_at=ends_at)


def days(zone: str, *times: tuple[str, str]) -> list[HeldMeeting]:
    return [held(number, at(zone, start), at(zone, end)) for number, (start, end) in enumerate(times, start=1)]


@pytest.mark.parametrize("status", EnrollmentStatus)
def test_attendance_belongs_to_who_is_enrolled_or_audit(status: EnrollmentStatus) -> None:
    refusal = check_attending(enrollment_id=7, status=status)

    assert isinstance(refusal, NotAttendingError) == (status not in {EnrollmentStatus.ENROLLED, EnrollmentStatus.AUDIT})
    if refusal:
        assert ("B1", 7, status) == (refusal.rule, refusal.enrollment_id, refusal.status)
        assert f"enrollment 7 is {status.name.capitalize()}, and only who is" in str(refusal)


@pytest.mark.parametrize(
    "delivery, checked_in",
    [
        (Delivery.PHYSICAL, tuple(LocationType)),
        (Delivery.MIXED, (LocationType.CLASSROOM, LocationType.REMOTE_CLASSROOM)),
        (Delivery.VIRTUAL, ()),
    ],
)
@pytest.mark.parametrize("location", LocationType)
def test_checked_in_is_who_comes_to_a_classroom(delivery: Delivery, checked_in: tuple[LocationType, ...], location: LocationType) -> None:
    refusals = check_check_in(
        enrollment_id=7,
        status=EnrollmentStatus.AUDIT,
        location=location,
        class_id=3,
        class_status=ClassStatus.SCHEDULED,
        delivery=delivery,
    )

    assert ([] if location in checked_in else [NotInClassroomError]) == [type(refusal) for refusal in refusals]
    for refusal in refusals:
        assert "B1" == refusal.rule
        assert location.label in str(refusal)


@pytest.mark.parametrize("class_status", ClassStatus)
def test_nobody_is_checked_in_to_a_class_that_is_off(class_status: ClassStatus) -> None:
    refusals = check_check_in(
        enrollment_id=7,
        status=EnrollmentStatus.CANCELLED,
        location=LocationType.CLASSROOM,
        class_id=3,
        class_status=class_status,
        delivery=Delivery.VIRTUAL,
    )

    off = [CheckInToClassOffError] if class_status in {ClassStatus.CANCELLED, ClassStatus.DENIED} else []
    assert [*off, NotAttendingError] == [type(refusal) for refusal in refusals]


TWO_DAYS = (("2026-11-23T09:00", "2026-11-23T12:00"), ("2026-11-23T13:00", "2026-11-23T17:00"), ("2026-11-24T09:00", "2026-11-24T12:00"))
TOUCHING = (("2026-11-23T09:00", "2026-11-23T12:00"), ("2026-11-23T12:00", "2026-11-23T15:00"))
AT_NIGHT = (("2026-11-23T22:00", "2026-11-24T02:00"), ("2026-11-24T22:00", "2026-11-25T02:00"))
SPRING = (("2026-03-08T00:30", "2026-03-08T01:30"), ("2026-03-08T23:30", "2026-03-09T01:00"))
AUTUMN = (("2026-11-01T00:15", "2026-11-01T00:45"), ("2026-11-01T23:30", "2026-11-02T00:30"))
SKIPPED = (("2011-12-29T09:00", "2011-12-29T10:00"), ("2011-12-31T09:00", "2011-12-31T10:00"))


@pytest.mark.parametrize(
    "zone, times, now, expected",
    [
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-23T00:00", 1, id="the day begins"),
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-22T23:59", None, id="a minute before the day"),
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-23T09:00", 1, id="it begins"),
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-23T12:00", 2, id="it is over, the next one is to come"),
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-23T16:59", 2, id="the second one is in progress"),
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-23T17:00", None, id="the day's last one is over"),
        pytest.param(NEW_YORK, TWO_DAYS, "2026-11-24T08:00", 3, id="the next day"),
        pytest.param(NEW_YORK, TOUCHING, "2026-11-23T11:59", 1, id="before they touch"),
        pytest.param(NEW_YORK, TOUCHING, "2026-11-23T12:00", 2, id="where they touch, it is the later one"),
        pytest.param(NEW_YORK, AT_NIGHT, "2026-11-24T01:00", 1, id="in progress over midnight"),
        pytest.param(NEW_YORK, AT_NIGHT, "2026-11-24T02:00", 2, id="after it, the same day's next one"),
        pytest.param(NEW_YORK, AT_NIGHT, "2026-11-25T02:00", None, id="after the last one"),
        pytest.param(NEW_YORK, SPRING, "2026-03-08T01:45", 2, id="the day that lasts 23 hours"),
        pytest.param(NEW_YORK, SPRING, "2026-03-07T23:45", None, id="the day before it"),
        pytest.param(NEW_YORK, AUTUMN, "2026-11-01T00:50", 2, id="the day that lasts 25 hours, 24 hours ahead"),
        pytest.param(NEW_YORK, AUTUMN, "2026-10-31T23:50", None, id="the day before it, half an hour ahead"),
        pytest.param("Pacific/Apia", SKIPPED, "2011-12-29T11:00", None, id="the day after is left out there"),
        pytest.param("Pacific/Apia", SKIPPED, "2011-12-31T00:00", 2, id="the day after the one left out"),
        pytest.param(NEW_YORK, (), "2026-11-23T09:00", None, id="it never meets"),
    ],
)
def test_it_counts_for_the_meeting_in_progress_or_the_next_one_of_the_day(
    zone: str, times: tuple[tuple[str, str], ...], now: str, expected: int | None
) -> None:
    for meetings in permutations(days(zone, *times)):
        found = find_meeting(class_id=3, meetings=meetings, zone=zone_of(zone), now=at(zone, now))
        assert expected == (None if isinstance(found, NoMeetingTodayError) else found.id)


def test_the_day_is_that_of_the_class() -> None:
    meetings = days("Asia/Tokyo", ("2026-11-24T00:30", "2026-11-24T02:00"))
    now = at("Asia/Tokyo", "2026-11-23T23:50")

    assert isinstance(find_meeting(class_id=3, meetings=meetings, zone=zone_of("Asia/Tokyo"), now=now), NoMeetingTodayError)
    assert meetings[0] == find_meeting(class_id=3, meetings=meetings, zone=zone_of(NEW_YORK), now=now)


def test_the_hour_that_comes_twice_has_two_meetings() -> None:
    first, second = at(NEW_YORK, "2026-11-01T01:00"), at(NEW_YORK, "2026-11-01T01:00", fold=1)
    meetings = [held(1, first, second), held(2, second, second + 3600)]

    found = [find_meeting(class_id=3, meetings=meetings, zone=zone_of(NEW_YORK), now=now) for now in (first, second - 1, second)]
    assert [meetings[0], meetings[0], meetings[1]] == found


@pytest.mark.parametrize(
    "now, following, told",
    [
        ("2026-11-23T17:00", "2026-11-24T09:00", "the next one starts on 2026-11-24 09:00 (America/New_York)"),
        ("2026-11-24T12:00", None, "there is none to come"),
    ],
)
def test_it_says_when_the_class_meets_next(now: str, following: str | None, told: str) -> None:
    refusal = find_meeting(class_id=3, meetings=days(NEW_YORK, *TWO_DAYS), zone=zone_of(NEW_YORK), now=at(NEW_YORK, now))

    assert isinstance(refusal, NoMeetingTodayError)
    assert ("B2", 3, following and at(NEW_YORK, following)) == (refusal.rule, refusal.class_id, refusal.next_start)
    assert told in str(refusal)


moments = st.integers(1_700_000_000, 1_900_000_000)


# A zone is read from its file the first time.
@settings(deadline=None)
@given(
    bounds=st.lists(moments, unique=True, max_size=12),
    now=moments,
    zone=st.sampled_from([NEW_YORK, "Asia/Tokyo", "Pacific/Apia", "Australia/Lord_Howe", "Etc/UTC"]),
)
def test_one_in_progress_always_counts_and_no_other_is_passed_over(bounds: list[int], now: int, zone: str) -> None:
    ordered = sorted(bounds)
    meetings = [held(number, start, end) for number, (start, end) in enumerate(zip(ordered[::2], ordered[1::2], strict=False))]

    found = find_meeting(class_id=3, meetings=meetings, zone=zone_of(zone), now=now)

    to_come = [meeting for meeting in meetings if meeting.ends_at > now]
    if isinstance(found, NoMeetingTodayError):
        assert [meeting.starts_at for meeting in to_come[:1]] == ([] if found.next_start is None else [found.next_start])
        assert all(meeting.starts_at > now for meeting in to_come)
    else:
        assert found == to_come[0]
        assert found.starts_at - now <= 25 * 3600


@pytest.mark.parametrize(
    "completion, after, before",
    [
        (UNKNOWN, ATTENDING, UNKNOWN),
        (NO_SHOW, ATTENDING, NO_SHOW),
        (ATTENDING, ATTENDING, None),
        (COMPLETE, COMPLETE, None),
        (INCOMPLETE, INCOMPLETE, None),
        (FAILED, FAILED, None),
    ],
)
def test_a_check_in_turns_only_unknown_and_no_show(completion: CompletionStatus, after: CompletionStatus, before: CompletionStatus) -> None:
    assert CheckIn(Attendance(4, PRESENT, 100, None, before), after) == check_in(None, meeting_id=4, completion=completion, now=100)


def test_a_check_in_keeps_what_was_marked() -> None:
    stored = Attendance(4, attended=False, version=3)

    assert CheckIn(Attendance(4, PRESENT, 100, ABSENT, None, 4), ATTENDING) == check_in(stored, meeting_id=4, completion=ATTENDING, now=100)


def test_a_check_in_sent_twice_counts_once() -> None:
    first = check_in(None, meeting_id=4, completion=UNKNOWN, now=100)
    assert first is not None

    assert check_in(first.attendance, meeting_id=4, completion=first.completion, now=200) is None


def test_a_check_in_counts_again_where_somebody_denied_it() -> None:
    denied = mark(Attendance(4, PRESENT, 100, None, UNKNOWN), meeting_id=4, attended=False)

    again = check_in(denied, meeting_id=4, completion=ATTENDING, now=200)

    assert CheckIn(Attendance(4, PRESENT, 200, ABSENT, UNKNOWN, 4), ATTENDING) == again


def test_a_mark_keeps_the_check_in() -> None:
    checked_in = Attendance(4, PRESENT, 100, None, UNKNOWN)

    assert Attendance(4, PRESENT) == mark(None, meeting_id=4, attended=True)
    assert checked_in is mark(checked_in, meeting_id=4, attended=True)
    assert Attendance(4, ABSENT, 100, None, UNKNOWN, 3) == mark(checked_in, meeting_id=4, attended=False)


@pytest.mark.parametrize(
    "undone, completion, expected",
    [
        pytest.param(Attendance(4, PRESENT, 100, None, UNKNOWN), ATTENDING, Undoing(None, UNKNOWN), id="nothing was there before"),
        pytest.param(
            Attendance(4, PRESENT, 100, ABSENT, NO_SHOW), ATTENDING, Undoing(Attendance(4, ABSENT, version=3), NO_SHOW), id="a mark was"
        ),
        pytest.param(
            Attendance(4, PRESENT, 100, PRESENT, None),
            ATTENDING,
            Undoing(Attendance(4, PRESENT, version=3), ATTENDING),
            id="it changed none",
        ),
        pytest.param(
            Attendance(4, PRESENT, 100, None, UNKNOWN), COMPLETE, Undoing(None, COMPLETE), id="somebody completed the student since"
        ),
        pytest.param(
            Attendance(4, ABSENT, 100, None, UNKNOWN),
            ATTENDING,
            Undoing(Attendance(4, ABSENT, version=3), UNKNOWN),
            id="somebody denied it",
        ),
    ],
)
def test_undoing_brings_back_what_was_before(undone: Attendance, completion: CompletionStatus, expected: Undoing) -> None:
    assert expected == undo(undone, others=[], completion=completion)


def test_it_undoes_the_check_in_named_or_the_last_one() -> None:
    first, last, marked = Attendance(4, PRESENT, 100), Attendance(3, PRESENT, 200), Attendance(9, attended=True)

    assert last == find_check_in([first, last, marked], meeting_id=None)
    assert first == find_check_in([first, last, marked], meeting_id=4)
    assert find_check_in([first, last, marked], meeting_id=9) is None
    assert find_check_in([marked], meeting_id=None) is None


@pytest.mark.parametrize("meeting_id, told", [(4, "meeting 4"), (None, "any meeting")])
def test_it_says_where_there_is_nothing_to_undo(meeting_id: int | None, told: str) -> None:
    refusal = NotCheckedInError(enrollment_id=7, meeting_id=meeting_id)

    assert f"enrollment 7 is not checked in to {told}; there is nothing to undo" == str(refusal)
    assert ("B3", 7, meeting_id) == (refusal.rule, refusal.enrollment_id, refusal.meeting_id)


@given(
    begin=st.sampled_from(CompletionStatus),
    interlude=st.sampled_from([None, NO_SHOW, UNKNOWN]),
    order=st.permutations([1, 2, 3]),
)
def test_undoing_all_in_any_order_leads_back_to_the_beginning(
    begin: CompletionStatus, interlude: CompletionStatus | None, order: list[int]
) -> None:
    stored: dict[int, Attendance] = {}
    completion = begin
    for meeting_id in (1, 2, 3):
        made = check_in(None, meeting_id=meeting_id, completion=completion, now=100 * meeting_id)
        assert made is not None
        stored[meeting_id], completion = made.attendance, made.completion
        if meeting_id == 1 and completion is ATTENDING:
            completion = interlude or completion

    for meeting_id in order:
        undone = stored.pop(meeting_id)
        brought = undo(undone, others=stored.values(), completion=completion)
        completion = brought.completion
        assert brought.attendance is None
        if stored and interlude is None and begin in {UNKNOWN, NO_SHOW}:
            assert ATTENDING is completion
        if brought.heir:
            stored[brought.heir.meeting_id] = brought.heir

    ended_between = interlude is not None and begin in {UNKNOWN, NO_SHOW, ATTENDING}
    if not ended_between:
        assert begin is completion


@pytest.mark.parametrize("number, expected", [(0, None), (1, 0), (2, None)])
def test_attending_fills_the_attendance_of_an_only_meeting(number: int, expected: int | None) -> None:
    meetings = [held(each, each * 100, each * 100 + 50) for each in range(number)]

    found = meeting_to_fill(meetings)

    assert expected == (found.id if found else None)
