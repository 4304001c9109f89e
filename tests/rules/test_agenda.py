"""What of a student's training is now, and what is next."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rollbook.classes.schedule import Meeting
from rollbook.enrollments.agenda import Part, meets_today, next_meeting, part_of
from rollbook.enrollments.statuses import EnrollmentStatus

HOUR = 3600
ZONE = "America/New_York"


def at(day: int, hour: int, *, month: int = 11) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=ZoneInfo(ZONE)).timestamp())


def sitting(start: int, *, hours: int = 2) -> Meeting:
    return Meeting(starts_at=start, ends_at=start + hours * HOUR)


@pytest.mark.parametrize(
    "status, part",
    [
        (EnrollmentStatus.WAITLISTED, Part.WAITING),
        (EnrollmentStatus.REQUESTED, Part.REQUESTED),
        (EnrollmentStatus.APPROVED, Part.APPROVED),
        (EnrollmentStatus.ENROLLED, Part.NOW),
        (EnrollmentStatus.AUDIT, Part.NOW),
    ],
)
def test_only_who_attends_has_something_now(status: EnrollmentStatus, part: Part) -> None:
    assert part_of(status, [sitting(at(24, 9))], time_zone=ZONE, now=at(24, 8)) is part


@pytest.mark.parametrize(
    "meetings, part",
    [
        ([], Part.NEXT),
        ([sitting(at(24, 23))], Part.NOW),
        ([sitting(at(25, 0))], Part.NEXT),
        ([sitting(at(20, 9)), sitting(at(30, 9))], Part.NOW),
        ([sitting(at(25, 9)), sitting(at(30, 9))], Part.NEXT),
    ],
)
def test_what_has_begun_or_meets_today_is_now(meetings: list[Meeting], part: Part) -> None:
    assert part_of(EnrollmentStatus.ENROLLED, meetings, time_zone=ZONE, now=at(24, 8)) is part


def test_today_is_a_day_on_the_calendar_of_the_classs_zone() -> None:
    # The clocks go back on the first of November, so that this day has 25 hours.
    assert meets_today([sitting(at(1, 23), hours=1)], time_zone=ZONE, now=at(1, 0))
    assert not meets_today([sitting(at(2, 0))], time_zone=ZONE, now=at(1, 0))
    assert not meets_today([sitting(at(31, 22, month=10))], time_zone=ZONE, now=at(1, 0))
    assert meets_today([sitting(at(1, 21))], time_zone="UTC", now=at(1, 19))
    assert not meets_today([sitting(at(1, 18))], time_zone="Asia/Tokyo", now=at(1, 8))


def test_the_next_meeting_is_the_one_that_is_not_over() -> None:
    first, second = sitting(at(24, 9)), sitting(at(25, 9))

    assert next_meeting([first, second], now=at(24, 8)) is first
    assert next_meeting([first, second], now=at(24, 10)) is first
    assert next_meeting([first, second], now=at(24, 11)) is second
    assert next_meeting([first, second], now=at(25, 11)) is None
