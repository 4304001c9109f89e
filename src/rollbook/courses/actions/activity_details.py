"""What can be said of an activity: of a new one, and of one that is to change."""

from msgspec import UNSET, Struct, UnsetType

from rollbook.courses.activity_types import ActivityType, Availability


class NewActivity(Struct, frozen=True, kw_only=True):
    """
    An activity to create.

    Attributes:
        parent_id: The activity of the same course that it belongs to.
        position: Its place among those that belong to the same one; None for behind them all.
    """

    activity_type: ActivityType
    name: str
    parent_id: int | None = None
    subtitle: str | None = None
    description: str | None = None
    url: str | None = None
    position: int | None = None
    required: bool = False
    allow_retake: bool = True
    allow_review: bool = True
    availability: Availability = Availability.EVERYONE


class ActivityChanges(Struct, frozen=True, kw_only=True):
    """
    What to change of an activity: UNSET is left as it is, None is cleared.

    Attributes:
        parent_id: None for the top of the course.
        position: None for behind its neighbours.
    """

    activity_type: ActivityType | UnsetType = UNSET
    name: str | UnsetType = UNSET
    parent_id: int | UnsetType | None = UNSET
    subtitle: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    position: int | UnsetType | None = UNSET
    required: bool | UnsetType = UNSET
    allow_retake: bool | UnsetType = UNSET
    allow_review: bool | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
