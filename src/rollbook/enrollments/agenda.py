"""What of a student's training is now, what is next, and for what they wait."""

import enum
from collections.abc import Sequence
from datetime import timedelta

from rollbook.classes.schedule import Meeting
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.time_zones import on_the_wall, zone_of


class Part(enum.Enum):
    """A part of a student's training, in the order in which it matters to them."""

    NOW = "now"
    NEXT = "next"
    WAITING = "waiting"
    REQUESTED = "requested"
    APPROVED = "approved"


_PARTS = {EnrollmentStatus.WAITLISTED: Part.WAITING, EnrollmentStatus.REQUESTED: Part.REQUESTED, EnrollmentStatus.APPROVED: Part.APPROVED}


def part_of(status: EnrollmentStatus, meetings: Sequence[Meeting], *, time_zone: str, now: int) -> Part:
    """
    Tell to which part an active enrollment belongs whose class has not ended.

    Now is what has begun, and what meets today on the calendar of the class's zone, an IANA name.
    """
    if not status.is_attending:
        return _PARTS[status]
    begun = any(meeting.starts_at <= now for meeting in meetings)
    return Part.NOW if begun or meets_today(meetings, time_zone=time_zone, now=now) else Part.NEXT


def meets_today(meetings: Sequence[Meeting], *, time_zone: str, now: int) -> bool:
    """Tell whether a class meets on the day that it is on the calendar of its zone, an IANA name."""
    zone = zone_of(time_zone)
    midnight = on_the_wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    # The calendar's next day, which is not always 24 hours away.
    tomorrow = midnight + timedelta(days=1)
    return any(meeting.starts_at < tomorrow.timestamp() and meeting.ends_at > midnight.timestamp() for meeting in meetings)


def next_meeting(meetings: Sequence[Meeting], *, now: int) -> Meeting | None:
    """Give the meeting that is held now, or else the next one; None where none is left. They are by their starts."""
    return next((meeting for meeting in meetings if meeting.ends_at > now), None)
