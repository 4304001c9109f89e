"""What a class that is made after another one says: the same, at other times."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict, replace

from rollbook.classes.details import ClassChanges, ClassDetails, settle
from rollbook.classes.schedule import Meeting, first_start
from rollbook.classes.statuses import ClassStatus
from rollbook.errors import ConflictError, InvalidError, RollbookError
from rollbook.organizations.limits import LATEST_TIME

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OF_THE_DATES: Final = ("starts_at", "meetings")


class ClonedClass(Struct, frozen=True, kw_only=True):
    """
    What a class made after another one has of its own; what is left out is the other one's.

    Attributes:
        starts_at: The start of its first meeting, by which all of the other one's meetings are moved.
        meetings: Its meetings, instead of that. With neither, it has none.
    """

    starts_at: int | UnsetType = UNSET
    meetings: tuple[Meeting, ...] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    maximum: int | UnsetType | None = UNSET
    primary_instructor_id: int | UnsetType | None = UNSET
    instructor_ids: tuple[int, ...] | UnsetType | None = UNSET
    primary_classroom_id: int | UnsetType | None = UNSET
    classroom_ids: tuple[int, ...] | UnsetType | None = UNSET


class DatesGivenTwiceError(InvalidError):
    """A new first start and new meetings are both given."""

    field = "meetings"

    def __init__(self) -> None:
        super().__init__("the first start and the meetings are both given; give one of the two")


class NothingToShiftError(ConflictError):
    """A new first start is given for a class without meetings."""

    field = "starts_at"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(f"class {class_id} has no meetings that could be moved to a new first start; give the meetings instead")


class ShiftedTooFarError(InvalidError):
    """A meeting would be moved to a time that cannot be told."""

    rule = "N1"
    field = "starts_at"

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        super().__init__(f"the meeting that starts at {meeting.starts_at} would be moved beyond the year 9999; give an earlier first start")


def clone(class_id: int, details: ClassDetails, wanted: ClonedClass) -> ClassDetails | RollbookError:
    """Give what a class says that is made after another one: Scheduled, without the external id, the note and the training key of that one."""
    meetings = _meetings(class_id, details, wanted)
    if isinstance(meetings, RollbookError):
        return meetings
    given = {name: value for name, value in asdict(wanted).items() if name not in _OF_THE_DATES}
    bare = replace(details, status=ClassStatus.SCHEDULED, external_id=None, note=None, training_key=None)
    return settle(bare, ClassChanges(**given, meetings=meetings))


def _meetings(class_id: int, details: ClassDetails, wanted: ClonedClass) -> tuple[Meeting, ...] | RollbookError:
    if wanted.starts_at is UNSET:
        return () if wanted.meetings is UNSET else wanted.meetings
    if wanted.meetings is not UNSET:
        return DatesGivenTwiceError()
    if not details.meetings:
        return NothingToShiftError(class_id)
    return shift(details.meetings, starts_at=wanted.starts_at, time_zone=details.time_zone_iana)


def shift(meetings: tuple[Meeting, ...], *, starts_at: int, time_zone: str) -> tuple[Meeting, ...] | ShiftedTooFarError:
    """
    Move meetings so that the first of them starts at a given time, and the others are as many days and hours later by the clock on the wall.

    A meeting at nine stays one at nine, also where the clocks are changed in between. Where the clock shows a time twice, it is the first; a time
    that it skips is as much later as it skips. A meeting that would not end after its start by that keeps its length.
    """
    zone = ZoneInfo(time_zone)
    ordered = tuple(sorted(meetings, key=lambda meeting: meeting.starts_at))
    first = first_start(ordered)
    if first is None:
        return ()
    shifted: list[Meeting] = []
    for meeting in ordered:
        try:
            by = _on_the_wall(starts_at, zone) - _on_the_wall(first, zone)
            start = starts_at if meeting.starts_at == first else _moment(_on_the_wall(meeting.starts_at, zone) + by, zone)
            end = _moment(_on_the_wall(meeting.ends_at, zone) + by, zone)
        except OverflowError:
            return ShiftedTooFarError(meeting)
        end = end if end > start else start + meeting.ends_at - meeting.starts_at
        if end > LATEST_TIME:
            return ShiftedTooFarError(meeting)
        shifted.append(Meeting(starts_at=start, ends_at=end))
    return tuple(shifted)


def _on_the_wall(moment: int, zone: ZoneInfo) -> datetime:
    """Give what the clocks of a time zone show at a moment in epoch seconds."""
    return (_EPOCH + timedelta(seconds=moment)).astimezone(zone).replace(tzinfo=None)


def _moment(shown: datetime, zone: ZoneInfo) -> int:
    """Give the first moment in epoch seconds at which the clocks of a time zone show a time."""
    return (shown.replace(tzinfo=zone) - _EPOCH) // timedelta(seconds=1)
