"""Reading who opened which activity. Whoever sees a course sees who opened what of it."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.courses.activity_types import ActivityType
from rollbook.courses.model import activity_launches, course_activities, courses
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class LaunchRow(Struct, frozen=True):
    """
    That a user opened an activity.

    Attributes:
        at: Epoch seconds.
    """

    id: int
    at: int
    user_id: int
    user_external_id: str | None
    first_name: str
    last_name: str
    activity_id: int
    activity_name: str
    activity_type: ActivityType
    course_id: int
    course_name: str


class LaunchCriteria(Struct, frozen=True, kw_only=True):
    """What the launches of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive."""

    user_id: int | None = None
    user_external_id: str | None = None
    course_id: int | None = None
    activity_type: ActivityType | None = None
    launched_after: int | None = None
    launched_before: int | None = None


class LaunchPage(Struct, frozen=True):
    """A page of a search, and how many launches there are on all pages."""

    total: int
    rows: list[LaunchRow]


_VIEWED = courses.c.organization_id.in_(select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text))))
_FROM = (
    activity_launches.join(course_activities, course_activities.c.id == activity_launches.c.activity_id)
    .join(courses, courses.c.id == course_activities.c.course_id)
    .join(users, users.c.id == activity_launches.c.user_id)
)
_COLUMNS = (
    activity_launches.c.id,
    activity_launches.c.at,
    activity_launches.c.user_id,
    users.c.external_id.label("user_external_id"),
    users.c.first_name,
    users.c.last_name,
    activity_launches.c.activity_id,
    course_activities.c.name.label("activity_name"),
    course_activities.c.activity_type,
    course_activities.c.course_id,
    courses.c.name.label("course_name"),
)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "user_id": activity_launches.c.user_id == bindparam("user_id", type_=Integer),
    "user_external_id": users.c.external_id == bindparam("user_external_id", type_=Text),
    "course_id": course_activities.c.course_id == bindparam("course_id", type_=Integer),
    "activity_type": course_activities.c.activity_type == bindparam("activity_type", type_=Integer),
    "launched_after": activity_launches.c.at >= bindparam("launched_after", type_=BigInteger),
    "launched_before": activity_launches.c.at <= bindparam("launched_before", type_=BigInteger),
}
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "launched": activity_launches.c.at,
    "last_name": ascii_lower(users.c.last_name),
    "course_name": courses.c.name_folded,
    "activity_name": ascii_lower(course_activities.c.name),
}


_SEARCH: Final = Search(
    select(*_COLUMNS).select_from(_FROM).where(_VIEWED), LaunchRow, identity=activity_launches.c.id, conditions=_CONDITIONS, sorts=_SORTS
)


async def search_launches(
    transaction: Transaction, *, viewer: Viewer, criteria: LaunchCriteria, sort: str, descending: bool, offset: int, limit: int
) -> LaunchPage:
    """
    Find who opened which activity; ties are in the order of their ids.

    *sort* is ``launched``, ``last_name``, ``course_name`` or ``activity_name``.
    """
    values = asked_of(criteria)
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return LaunchPage(*found)
