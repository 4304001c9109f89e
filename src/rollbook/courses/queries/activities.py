"""Reading the activities of courses; those that were removed are no longer among them."""

from collections import defaultdict
from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Integer, Text, bindparam, exists, select

from rollbook.access.actor import Viewer
from rollbook.courses.activity_types import ActivityType, Availability
from rollbook.courses.model import activity_launches, course_activities, courses
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations


class ActivityRow(Struct, frozen=True):
    """
    An activity of a course.

    Attributes:
        parent_id: The activity of the same course that it belongs to.
        url: Where it is opened, perhaps with placeholders.
        position: Its place among those that belong to the same one.
        required: The course is not complete without it.
    """

    id: int
    course_id: int
    parent_id: int | None
    activity_type: ActivityType
    name: str
    subtitle: str | None
    description: str | None
    url: str | None
    position: int
    required: bool
    allow_retake: bool
    allow_review: bool
    availability: Availability


class PlacedActivity(ActivityRow, frozen=True):
    """An activity, and the organization of its course."""

    organization_id: int


class ActivityNotFoundError(NotFoundError):
    """The viewer has no such activity, or it was removed from its course."""

    def __init__(self, activity_id: int) -> None:
        self.activity_id = activity_id
        super().__init__(f"there is no activity {activity_id}; give the id of one of a course of your organization or of one beneath it")


class _LaunchedRow(Struct, frozen=True):
    is_launched: bool


_COLUMNS = tuple(course_activities.c[name] for name in ActivityRow.__struct_fields__)
_ACTIVITY_ID = bindparam("activity_id", type_=Integer)

_list_activities = Query(
    select(*_COLUMNS)
    .where(any_of(course_activities.c.course_id, "course_ids"), course_activities.c.removed_at.is_(None))
    .order_by(course_activities.c.course_id, course_activities.c.position, course_activities.c.id),
    ActivityRow,
)
_get_activity = Query(
    select(*_COLUMNS, courses.c.organization_id)
    .join(courses, courses.c.id == course_activities.c.course_id)
    .join(organizations, organizations.c.id == courses.c.organization_id)
    .where(
        course_activities.c.id == _ACTIVITY_ID,
        course_activities.c.removed_at.is_(None),
        within(organizations.c.path, bindparam("path", type_=Text)),
    ),
    PlacedActivity,
)
_is_launched = Query(
    select(exists().where(activity_launches.c.activity_id == _ACTIVITY_ID).label("is_launched")),
    _LaunchedRow,
)


async def get_activity(transaction: Transaction, *, viewer: Viewer, activity_id: int) -> PlacedActivity:
    """
    Give an activity by its id.

    Raises:
        ActivityNotFoundError: The viewer has no such activity.
    """
    row = await transaction.find(_get_activity, activity_id=activity_id, path=viewer.path)
    if row is None:
        raise ActivityNotFoundError(activity_id)
    return row


async def list_activities(transaction: Transaction, *, course_ids: Collection[int]) -> dict[int, list[ActivityRow]]:
    """Give the activities of courses that the caller has found, by course, in their order."""
    listed: defaultdict[int, list[ActivityRow]] = defaultdict(list)
    for row in await transaction.all(_list_activities, course_ids=list(course_ids)):
        listed[row.course_id].append(row)
    return listed


async def is_launched(transaction: Transaction, activity_id: int) -> bool:
    """Tell whether anybody ever launched an activity that the caller has found."""
    return (await transaction.one(_is_launched, activity_id=activity_id)).is_launched
