"""Creating, changing and removing the activities of courses. Whoever does locks the course first, so that its tree stays a tree."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Integer, bindparam, delete, insert, null, update

from rollbook.access.actor import Actor
from rollbook.courses.actions.activity_details import ActivityChanges, NewActivity
from rollbook.courses.actions.courses import touch_course
from rollbook.courses.activity_tree import refuse_parent
from rollbook.courses.activity_urls import refuse_url
from rollbook.courses.model import course_activities
from rollbook.courses.queries.activities import ActivityRow, PlacedActivity, get_activity, is_launched, list_activities
from rollbook.courses.queries.courses import get_course, lock_course
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.organizations.limits import LARGEST_NUMBER


class ActivityHasActivitiesError(ConflictError):
    """An activity that is to be removed has others beneath it."""

    def __init__(self, activity_id: int, beneath: int) -> None:
        self.activity_id = activity_id
        super().__init__(f"activity {activity_id} has others beneath it, such as {beneath}; move or remove those first")


_FIELDS: Final = NewActivity.__struct_fields__
_values = {name: bindparam(name, type_=course_activities.c[name].type) for name in _FIELDS}
_one_activity = course_activities.c.id == bindparam("activity_id", type_=Integer)

_create = recorded(
    insert(course_activities).values(**_values, course_id=bindparam("course_id", type_=Integer)), identity=course_activities.c.id
)
_update = recorded(update(course_activities).where(_one_activity).values(**_values), identity=course_activities.c.id)
_delete = recorded(delete(course_activities).where(_one_activity), identity=course_activities.c.id)
# What it belonged to may be deleted later.
_remove = recorded(
    update(course_activities).where(_one_activity).values(removed_at=bindparam("at", type_=BigInteger), parent_id=null()),
    identity=course_activities.c.id,
)


async def create_activity(
    transaction: Transaction, *, actor: Actor, course_id: int, activity: NewActivity, course_field: str | None = "course_id"
) -> int:
    """
    Create an activity of a course and give its id; *course_field* is the name of the caller's value that holds the course, if any.

    Raises:
        CourseNotFoundError: The actor has no such course.
        ParentActivityNotFoundError: The course has no such activity that it could belong to.
        ActivityTooDeepError: It would lie too deep.
        ActivityUrlMissingError: One of its type has an address.
        ActivityUrlInvalidError: Its address is none.
        UnknownPlaceholderError: Its address holds a placeholder that stands for nothing.
    """
    await lock_course(transaction, course_id)
    course = await get_course(transaction, viewer=actor.viewer, course_id=course_id, field=course_field)
    others = (await list_activities(transaction, course_ids=[course_id])).get(course_id, [])
    wanted = asdict(activity)
    _check(course_id, None, wanted=wanted, others=others)
    if activity.position is None:
        wanted["position"] = _behind(others, parent_id=activity.parent_id)
    record = entry(
        transaction,
        actor=actor,
        organization_id=course.organization_id,
        kind="activity.created",
        after={"course_id": course_id, **{name: value for name, value in wanted.items() if value is not None}},
    )
    activity_id = await transaction.change(_create, {**wanted, "course_id": course_id}, record)
    assert activity_id is not None  # noqa: S101 - an insert meets its row
    await touch_course(transaction, course_id)
    return activity_id


async def update_activity(transaction: Transaction, *, actor: Actor, activity_id: int, changes: ActivityChanges) -> None:
    """
    Change an activity. One that comes to belong to another one goes behind its new neighbours, where no place is given.

    Raises:
        ActivityNotFoundError: The actor has no such activity.
        ParentActivityNotFoundError: The course has no such activity that it could belong to.
        ActivityCircleError: It would belong to itself.
        ActivityTooDeepError: It, or what lies beneath it, would lie too deep.
        ActivityUrlMissingError: One of its type has an address.
        ActivityUrlInvalidError: Its address is none.
        UnknownPlaceholderError: Its address holds a placeholder that stands for nothing.
    """
    stored = await _lock(transaction, actor=actor, activity_id=activity_id)
    others = (await list_activities(transaction, course_ids=[stored.course_id]))[stored.course_id]
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    moves = given.get("parent_id", stored.parent_id) != stored.parent_id
    if given.get("position", None if moves else stored.position) is None:
        neighbours = [other for other in others if other.id != activity_id]
        given["position"] = _behind(neighbours, parent_id=given.get("parent_id", stored.parent_id))
    before, after = differences(asdict(stored), given)
    if not after:
        return
    wanted = {name: getattr(stored, name) for name in _FIELDS} | after
    _check(stored.course_id, activity_id, wanted=wanted, others=others, is_moved=moves)
    record = entry(transaction, actor=actor, organization_id=stored.organization_id, kind="activity.updated", before=before, after=after)
    await transaction.change(_update, {**wanted, "activity_id": activity_id}, record)
    await touch_course(transaction, stored.course_id)


async def delete_activity(transaction: Transaction, *, actor: Actor, activity_id: int) -> None:
    """
    Take an activity out of its course. Of one that was ever launched the row stays, for the launches that name it.

    Raises:
        ActivityNotFoundError: The actor has no such activity.
        ActivityHasActivitiesError: Others lie beneath it.
    """
    stored = await _lock(transaction, actor=actor, activity_id=activity_id)
    others = (await list_activities(transaction, course_ids=[stored.course_id]))[stored.course_id]
    beneath = [other.id for other in others if other.parent_id == activity_id]
    if beneath:
        raise ActivityHasActivitiesError(activity_id, beneath[0])
    before = {name: value for name, value in asdict(stored).items() if value is not None and name not in {"id", "organization_id"}}
    record = entry(transaction, actor=actor, organization_id=stored.organization_id, kind="activity.deleted", before=before)
    if await is_launched(transaction, activity_id):
        await transaction.change(_remove, {"activity_id": activity_id, "at": transaction.now}, record)
    else:
        await transaction.change(_delete, {"activity_id": activity_id}, record)
    await touch_course(transaction, stored.course_id)


async def _lock(transaction: Transaction, *, actor: Actor, activity_id: int) -> PlacedActivity:
    """Lock the course of an activity, and give the activity as it is from then on."""
    found = await get_activity(transaction, viewer=actor.viewer, activity_id=activity_id)
    await lock_course(transaction, found.course_id)
    return await get_activity(transaction, viewer=actor.viewer, activity_id=activity_id)


def _check(
    course_id: int, activity_id: int | None, *, wanted: Mapping[str, Any], others: Sequence[ActivityRow], is_moved: bool = True
) -> None:
    refusals = [refuse_url(activity_type=wanted["activity_type"], url=wanted["url"])]
    if is_moved and wanted["parent_id"] is not None:
        parents = {other.id: other.parent_id for other in others}
        refusals.append(refuse_parent(course_id=course_id, activity_id=activity_id, parent_id=wanted["parent_id"], parents=parents))
    refuse(refusals)


def _behind(neighbours: Sequence[ActivityRow], *, parent_id: int | None) -> int:
    """Give the place behind all that belong to the same activity."""
    places = [each.position for each in neighbours if each.parent_id == parent_id]
    return min(max(places, default=-1) + 1, LARGEST_NUMBER)
