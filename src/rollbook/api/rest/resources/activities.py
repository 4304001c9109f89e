"""The activities of courses in the REST API: the tree of a course, and each by itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import LINES, Count, Id, Name, Url
from rollbook.api.rest.words import member_of, word_of
from rollbook.courses.actions import activities as actions
from rollbook.courses.actions.activity_details import ActivityChanges, NewActivity
from rollbook.courses.activity_types import ActivityType, Availability
from rollbook.courses.activity_urls import PLACEHOLDERS
from rollbook.courses.queries.activities import ActivityRow, get_activity, list_activities
from rollbook.courses.queries.courses import get_course
from rollbook.database.transaction import Transaction

TAG: Final = "Course activities"

_FILLED: Final = ", ".join(f"`{{{name}}}`" for name in PLACEHOLDERS)

ActivityTypeWord: TypeAlias = Literal[
    "lab", "section", "video", "document", "external_link", "assessment", "scorm_module", "lti_resource_link", "learn_item"
]
AvailabilityWord: TypeAlias = Literal["everyone", "instructors"]
_Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=8_000, pattern=LINES)]
_Url: TypeAlias = Annotated[Url, Meta(description=f"Where it is; {_FILLED} behind the host become what they are of the user who opens it.")]
_Parent: TypeAlias = Annotated[Id, Meta(description="The activity of the same course that it belongs to.")]
_Position: TypeAlias = Annotated[Count, Meta(description="Its place among those of the same activity; by default behind them.")]


class Activity(Struct, frozen=True, kw_only=True):
    """An activity of a course."""

    id: int
    course_id: int
    parent_id: Annotated[int | None, Meta(description="The activity of the same course that it belongs to.")]
    activity_type: ActivityTypeWord
    name: str
    subtitle: str | None
    description: str | None
    url: Annotated[str | None, Meta(description="Where it is, with its placeholders.")]
    position: Annotated[int, Meta(description="Its place among those of the same activity.")]
    required: Annotated[bool, Meta(description="The course is not complete without it.")]
    allow_retake: bool
    allow_review: bool
    availability: Annotated[AvailabilityWord, Meta(description="Who may open it (V4).")]


class ActivityInTree(Activity, frozen=True, kw_only=True):
    """An activity of a course, with those that belong to it."""

    activities: "list[ActivityInTree]"


class ActivityTree(Struct, frozen=True, kw_only=True):
    """What a course consists of."""

    version: Annotated[int, Meta(description="That of the course, which grows when its activities change.")]
    items: list[ActivityInTree]


class ActivityOutcome(Outcome, frozen=True, kw_only=True):
    """What became of an activity."""

    result: Activity


class ActivityValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating an activity both take."""

    parent_id: _Parent | UnsetType | None = UNSET
    subtitle: Name | UnsetType | None = UNSET
    description: _Text | UnsetType | None = UNSET
    url: _Url | UnsetType | None = UNSET
    position: _Position | UnsetType | None = UNSET
    required: bool | UnsetType = UNSET
    allow_retake: bool | UnsetType = UNSET
    allow_review: bool | UnsetType = UNSET
    availability: AvailabilityWord | UnsetType = UNSET


class CreateActivity(ActivityValues, frozen=True, kw_only=True):
    """An activity to create."""

    name: Name
    activity_type: ActivityTypeWord


class UpdateActivity(ActivityValues, frozen=True, kw_only=True):
    """What to change of an activity."""

    name: Name | UnsetType = UNSET
    activity_type: ActivityTypeWord | UnsetType = UNSET


_VALUES: Final[Mapping[str, Any]] = {
    "subtitle": None,
    "description": None,
    "position": 0,
    "allow_retake": True,
    "allow_review": True,
    "availability": "everyone",
}
_VIDEO: Final[Mapping[str, Any]] = {
    **_VALUES,
    "id": 5,
    "course_id": 7,
    "parent_id": 4,
    "activity_type": "video",
    "name": "Safety",
    "url": "https://videos.example.com/welding?viewer={userId}",
    "required": True,
}
_SECTION: Final[Mapping[str, Any]] = {
    **_VALUES,
    "id": 4,
    "course_id": 7,
    "parent_id": None,
    "activity_type": "section",
    "name": "Before the class",
    "url": None,
    "required": False,
}
EXAMPLE: Final = Activity(**_VIDEO)
_TREE: Final = ActivityTree(version=3, items=[ActivityInTree(**_SECTION, activities=[ActivityInTree(**_VIDEO, activities=[])])])
_TAKEN: Final = CreateActivity(name="Safety", activity_type="video", parent_id=4, url=_VIDEO["url"], required=True)
_CREATED: Final = example_of(ActivityOutcome, EXAMPLE, change("activity", "name", None, "Safety", subject_id=None))
_CHANGED: Final = example_of(ActivityOutcome, EXAMPLE, change("activity", "required", before=False, after=True, subject_id=5))
_DELETION: Final = example_of(Deletion, None, change("activity", "name", "Safety", None, subject_id=5))


async def see_activity(transaction: Transaction, actor: Actor, activity_id: int) -> Activity:
    """Show the activity with an id."""
    return Activity(**_shown(await get_activity(transaction, viewer=actor.viewer, activity_id=activity_id)))


async def see_tree(transaction: Transaction, actor: Actor, course_id: int) -> ActivityTree:
    """Show what the course with an id consists of."""
    course = await get_course(transaction, viewer=actor.viewer, course_id=course_id)
    rows = (await list_activities(transaction, course_ids=[course_id])).get(course_id, [])
    beneath: defaultdict[int | None, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        beneath[row.parent_id].append(row)
    return ActivityTree(version=course.version, items=_branches(None, beneath))


def _branches(parent_id: int | None, beneath: Mapping[int | None, Sequence[ActivityRow]]) -> list[ActivityInTree]:
    return [ActivityInTree(**_shown(row), activities=_branches(row.id, beneath)) for row in beneath.get(parent_id, ())]


def _shown(row: ActivityRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in Activity.__struct_fields__}
    return values | {"activity_type": word_of(row.activity_type), "availability": word_of(row.availability)}


@endpoint("GET", "/courses/{course_id}/activities", tag=TAG, scope=Scope.READ, answers=_TREE)
async def list_course_activities(call: Call, course_id: int) -> ActivityTree:
    """Show what a course consists of: its activities as a tree, in their order."""
    return await call.database.search(see_tree, call.actor, course_id)


@endpoint(
    "POST",
    "/courses/{course_id}/activities",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=_TAKEN,
    answers=_CREATED,
    creates="/activities/{id}",
)
async def create_course_activity(call: Call, course_id: int, body: CreateActivity) -> ActivityOutcome:
    """Create an activity of a course."""
    performed = await create(
        call,
        actions.create_activity,
        see=see_activity,
        id_of=as_id,
        actor=call.actor,
        course_id=course_id,
        activity=NewActivity(**_domain_values(body)),
        course_field=None,
    )
    return performed.told(ActivityOutcome)


@endpoint("GET", "/activities/{activity_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_course_activity(call: Call, activity_id: int) -> Activity:
    """Show an activity."""
    return await call.database.read(see_activity, call.actor, activity_id)


@endpoint(
    "PATCH",
    "/activities/{activity_id}",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=UpdateActivity(required=True),
    answers=_CHANGED,
    versioned=False,
)
async def update_course_activity(call: Call, activity_id: int, body: UpdateActivity) -> ActivityOutcome:
    """
    Change an activity.

    One that comes to belong to another one goes behind its new neighbours, where no position is given.
    """
    performed = await perform(
        call,
        actions.update_activity,
        see=see_activity,
        subject_id=activity_id,
        actor=call.actor,
        activity_id=activity_id,
        changes=ActivityChanges(**_domain_values(body)),
    )
    return performed.told(ActivityOutcome)


@endpoint("DELETE", "/activities/{activity_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION, versioned=False)
async def delete_course_activity(call: Call, activity_id: int) -> Deletion:
    """
    Take an activity out of its course.

    It is refused while others belong to it.
    """
    return await delete(call, actions.delete_activity, see=see_activity, subject_id=activity_id, actor=call.actor, activity_id=activity_id)


def _domain_values(body: ActivityValues) -> dict[str, Any]:
    given = given_in(body)
    for name, kind in (("activity_type", ActivityType), ("availability", Availability)):
        if name in given:
            given[name] = member_of(kind, given[name])
    return given


ENDPOINTS: tuple[Endpoint, ...] = (
    list_course_activities,
    create_course_activity,
    get_course_activity,
    update_course_activity,
    delete_course_activity,
)
