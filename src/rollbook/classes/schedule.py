"""
When a class meets, and which meetings it can have (C2).

Times are Unix epoch seconds. A meeting occupies the time from its start up to, not including, its end.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rollbook.errors import ConflictError, InvalidError

MOST_MEETINGS: Final = 1_000


class Meeting(Struct, frozen=True, kw_only=True):
    """One sitting of a class."""

    starts_at: int
    ends_at: int


class StoredMeeting(Meeting, frozen=True, kw_only=True):
    """A meeting that the class has now."""

    id: int
    has_attendance: bool


class MeetingPlan(Struct, frozen=True, kw_only=True):
    """
    What replacing the meetings of a class comes to.

    Attributes:
        kept: Stored meetings that stay as they are.
        changed: Stored meetings with the end that they get.
        added: Meetings to create.
        removed: Stored meetings to delete.
    """

    kept: tuple[StoredMeeting, ...]
    changed: tuple[StoredMeeting, ...]
    added: tuple[Meeting, ...]
    removed: tuple[StoredMeeting, ...]


class TooManyMeetingsError(InvalidError):
    """More meetings are given than a class can have."""

    rule = "C2"
    field = "meetings"

    def __init__(self, given: int) -> None:
        self.given = given
        super().__init__(f"a class has at most {MOST_MEETINGS} meetings, not {given}; split it into several classes")


class MeetingEndsBeforeStartError(InvalidError):
    """A given meeting does not end after it starts."""

    rule = "C2"
    field = "meetings"

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        super().__init__(
            f"the meeting that starts at {meeting.starts_at} ends at {meeting.ends_at}; give an end that is later than the start"
        )


class MeetingsOverlapError(InvalidError):
    """Two of the given meetings overlap."""

    rule = "C2"
    field = "meetings"

    def __init__(self, earlier: Meeting, later: Meeting) -> None:
        self.earlier = earlier
        self.later = later
        super().__init__(
            f"the meeting from {earlier.starts_at} to {earlier.ends_at} overlaps the one that starts at {later.starts_at}; "
            "give meetings that follow each other"
        )


class AttendedMeetingRemovedError(ConflictError):
    """A meeting that has attendance is left out of the new list."""

    rule = "C2"
    field = "meetings"

    def __init__(self, meetings: Sequence[StoredMeeting]) -> None:
        self.meetings = tuple(meetings)
        starts = ", ".join(str(meeting.starts_at) for meeting in self.meetings)
        super().__init__(f"meetings with attendance are left out (start {starts}); keep them, or remove their attendance first")


def first_start(meetings: Iterable[Meeting]) -> int | None:
    """Give the start of the first meeting; None where there are no meetings."""
    return min((meeting.starts_at for meeting in meetings), default=None)


def last_end(meetings: Iterable[Meeting]) -> int | None:
    """Give the end of the last meeting; None where there are no meetings."""
    return max((meeting.ends_at for meeting in meetings), default=None)


def has_started(first_start: int | None, *, now: int) -> bool:
    """Tell whether the class whose first meeting starts then has started; one without meetings never has."""
    return first_start is not None and now >= first_start


def has_ended(last_end: int | None, *, now: int) -> bool:
    """Tell whether the class whose last meeting ends then has ended; one without meetings never has."""
    return last_end is not None and now >= last_end


def overlap(one: Meeting, other: Meeting) -> bool:
    """Tell whether two meetings share a moment."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def check_meetings(meetings: Sequence[Meeting]) -> list[InvalidError]:
    """Give what keeps a list from being the meetings of one class (C2), at most one refusal of each kind; empty where nothing does."""
    refusals: list[InvalidError] = []
    if len(meetings) > MOST_MEETINGS:
        refusals.append(TooManyMeetingsError(len(meetings)))
    backward = [meeting for meeting in meetings if meeting.ends_at <= meeting.starts_at]
    if backward:
        refusals.append(MeetingEndsBeforeStartError(backward[0]))
    forward = [meeting for meeting in meetings if meeting.ends_at > meeting.starts_at]
    for earlier, later in pairwise(sorted(forward, key=attrgetter("starts_at"))):
        if overlap(earlier, later):
            refusals.append(MeetingsOverlapError(earlier, later))
            break
    return refusals


def plan_meetings(stored: Iterable[StoredMeeting], wanted: Iterable[Meeting]) -> MeetingPlan | AttendedMeetingRemovedError:
    """Decide what replacing the stored meetings by the wanted ones comes to (C2); the wanted ones have passed ``check_meetings``."""
    remaining = {meeting.starts_at: meeting for meeting in stored}
    kept: list[StoredMeeting] = []
    changed: list[StoredMeeting] = []
    added: list[Meeting] = []
    for meeting in wanted:
        same_start = remaining.pop(meeting.starts_at, None)
        if same_start is None:
            added.append(meeting)
        elif same_start.ends_at == meeting.ends_at:
            kept.append(same_start)
        else:
            changed.append(replace(same_start, ends_at=meeting.ends_at))
    attended = [meeting for meeting in remaining.values() if meeting.has_attendance]
    if attended:
        return AttendedMeetingRemovedError(attended)
    return MeetingPlan(kept=tuple(kept), changed=tuple(changed), added=tuple(added), removed=tuple(remaining.values()))
