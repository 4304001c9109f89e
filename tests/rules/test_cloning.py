from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.classes.cloning import (
    ClonedClass,
    DatesGivenTwiceError,
    NothingToShiftError,
    ShiftedTooFarError,
    clone,
    shift,
)
from rollbook.classes.details import ClassDetails
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600
LATEST_TIME = 253_402_300_799


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def wall(moment: int, zone: ZoneInfo = BERLIN) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def meeting(starts: str, ends: str) -> Meeting:
    return Meeting(starts_at=at(starts), ends_at=at(ends))


def details(**values: Any) -> ClassDetails:
    told: dict[str, Any] = {
        "organization_id": 1,
        "course_id": 2,
        "name": "Welding",
        "time_zone": "W. Europe Standard Time",
        "time_zone_iana": "Europe/Berlin",
        **values,
    }
    return ClassDetails(**told)


@pytest.mark.parametrize(
    "stored, first_start, expected",
    [
        pytest.param(
            [("2026-03-02 09:00", "2026-03-02 17:00"), ("2026-03-09 10:00", "2026-03-09 12:00")],
            "2026-05-04 09:00",
            [("2026-05-04 09:00", "2026-05-04 17:00"), ("2026-05-11 10:00", "2026-05-11 12:00")],
            id="from winter to summer",
        ),
        pytest.param(
            [("2026-03-27 09:00", "2026-03-27 17:00"), ("2026-03-30 09:00", "2026-03-30 17:00")],
            "2026-06-05 09:00",
            [("2026-06-05 09:00", "2026-06-05 17:00"), ("2026-06-08 09:00", "2026-06-08 17:00")],
            id="from over the change to after it",
        ),
        pytest.param(
            [("2026-06-05 09:00", "2026-06-05 17:00"), ("2026-06-08 09:00", "2026-06-08 17:00")],
            "2026-10-23 13:00",
            [("2026-10-23 13:00", "2026-10-23 21:00"), ("2026-10-26 13:00", "2026-10-26 21:00")],
            id="over the change, four hours later in the day",
        ),
        pytest.param(
            [("2026-06-05 22:00", "2026-06-06 06:00")],
            "2026-10-24 22:00",
            [("2026-10-24 22:00", "2026-10-25 06:00")],
            id="through the night of the change",
        ),
        pytest.param(
            [("2026-06-06 01:00", "2026-06-06 01:30"), ("2026-06-06 02:30", "2026-06-06 02:45")],
            "2026-03-29 01:00",
            [("2026-03-29 01:00", "2026-03-29 01:30"), ("2026-03-29 03:30", "2026-03-29 03:45")],
            id="at times that the clock skips",
        ),
        pytest.param(
            [("2026-06-06 02:30", "2026-06-06 03:00")],
            "2026-03-29 03:30",
            [("2026-03-29 03:30", "2026-03-29 04:00")],
            id="at a time after those that the clock skips",
        ),
        pytest.param(
            [("2026-06-06 01:30", "2026-06-06 01:45"), ("2026-06-06 02:30", "2026-06-06 03:00")],
            "2026-03-29 01:30",
            [("2026-03-29 01:30", "2026-03-29 01:45"), ("2026-03-29 03:30", "2026-03-29 04:00")],
            id="where the end would come before the start, it keeps its length",
        ),
    ],
)
def test_meetings_keep_their_time_on_the_wall(stored: list[tuple[str, str]], first_start: str, expected: list[tuple[str, str]]) -> None:
    shifted = shift(tuple(meeting(*each) for each in stored), starts_at=at(first_start), time_zone="Europe/Berlin")

    assert not isinstance(shifted, ShiftedTooFarError)
    assert expected == [(wall(each.starts_at), wall(each.ends_at)) for each in shifted]


def test_nothing_is_shifted_where_there_is_nothing() -> None:
    assert () == shift((), starts_at=at("2026-05-04 09:00"), time_zone="Europe/Berlin")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Etc/GMT+12", "Pacific/Kiritimati"])
@pytest.mark.parametrize("before_the_end", [0, 5 * HOUR, 20 * HOUR])
def test_it_tells_what_would_be_moved_beyond_all_times(zone: str, before_the_end: int) -> None:
    long_one = Meeting(starts_at=1000, ends_at=1000 + 30 * HOUR)

    assert isinstance(shift((long_one,), starts_at=LATEST_TIME - before_the_end, time_zone=zone), ShiftedTooFarError)


@given(
    starts=st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True),
    first=st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)),  # noqa: DTZ001 - what a clock on the wall shows
    moved_to=st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)),  # noqa: DTZ001 - what a clock on the wall shows
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]),
)
def test_meetings_stay_apart_as_they_were(starts: list[int], first: datetime, moved_to: datetime, zone: str) -> None:
    there = ZoneInfo(zone)

    def moment(shown: datetime) -> int:
        return int(shown.replace(tzinfo=there, microsecond=0).timestamp())

    days = [first + timedelta(days=day) for day in starts]
    stored = tuple(Meeting(starts_at=moment(day), ends_at=moment(day) + HOUR) for day in sorted(days))
    shifted = shift(stored, starts_at=moment(moved_to), time_zone=zone)

    assert not isinstance(shifted, ShiftedTooFarError)
    assert len(stored) == len(shifted)
    assert moment(moved_to) == shifted[0].starts_at
    for before, after in zip(stored, shifted, strict=True):
        assert after.starts_at < after.ends_at <= after.starts_at + 2 * HOUR
        days_before = (before.starts_at - stored[0].starts_at) / (24 * HOUR)
        # However often the clocks are changed, they are off by two hours and a half at most.
        assert abs((after.starts_at - shifted[0].starts_at) / (24 * HOUR) - days_before) <= 2.5 / 24


@given(by=st.integers(0, 10**9))
def test_a_shift_in_a_zone_without_changes_moves_all_alike(by: int) -> None:
    stored = (Meeting(starts_at=1000, ends_at=2000), Meeting(starts_at=90_000, ends_at=99_000))

    shifted = tuple(Meeting(starts_at=each.starts_at + by, ends_at=each.ends_at + by) for each in stored)
    assert shifted == shift(stored, starts_at=1000 + by, time_zone="UTC")


def test_a_clone_is_scheduled_and_bears_no_marks_of_its_own() -> None:
    source = details(external_id="X", note="secret", status=ClassStatus.CANCELLED, maximum=5, meetings=(Meeting(starts_at=1, ends_at=2),))

    assert details(maximum=5) == clone(7, source, ClonedClass())


def test_what_is_given_of_a_clone_wins() -> None:
    source = details(maximum=5, instructor_ids=(1, 2), primary_instructor_id=1, classroom_ids=(8,), primary_classroom_id=8)
    meetings = (Meeting(starts_at=1, ends_at=2),)

    cloned = clone(7, source, ClonedClass(name="Again", maximum=None, instructor_ids=(3,), primary_classroom_id=9, meetings=meetings))

    expected = details(
        name="Again", instructor_ids=(3,), primary_instructor_id=3, classroom_ids=(8, 9), primary_classroom_id=9, meetings=meetings
    )
    assert expected == cloned


def test_a_clone_can_begin_at_another_time() -> None:
    cloned = clone(7, details(meetings=(Meeting(starts_at=1000, ends_at=2000),)), ClonedClass(starts_at=90_000))

    assert details(meetings=(Meeting(starts_at=90_000, ends_at=91_000),)) == cloned


@pytest.mark.parametrize(
    "meetings, wanted, expected",
    [
        ((), ClonedClass(starts_at=5), NothingToShiftError),
        ((Meeting(starts_at=1, ends_at=2),), ClonedClass(starts_at=5, meetings=()), DatesGivenTwiceError),
        ((Meeting(starts_at=1, ends_at=2),), ClonedClass(starts_at=LATEST_TIME), ShiftedTooFarError),
    ],
)
def test_it_tells_which_dates_cannot_be(meetings: tuple[Meeting, ...], wanted: ClonedClass, expected: type[Exception]) -> None:
    assert isinstance(clone(7, details(meetings=meetings), wanted), expected)
