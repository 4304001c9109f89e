"""The commands about the activities of courses. The TMS shows them with a course, and has no command for them."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.course_records import ACTIVITY_TYPES, AVAILABILITY_TYPES
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done
from rollbook.api.tms.numbers import Boolean, Id, Integer
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.courses.actions.activities import create_activity, delete_activity, update_activity
from rollbook.courses.actions.activity_details import ActivityChanges, NewActivity
from rollbook.courses.activity_types import ActivityType, Availability
from rollbook.courses.activity_urls import PLACEHOLDERS

_LONGEST_DESCRIPTION = 8000
_LONGEST_URL = 2048
_FILLED = ", ".join(f"`{{{name}}}`" for name in PLACEHOLDERS)


class ActivityValues(Parameters):
    """What creating and updating an activity both take."""

    parent_id: Annotated[int | UnsetType | None, Id("The activity of the same course that it belongs to.", name="ParentId")] = UNSET
    subtitle: Annotated[str | UnsetType | None, Text("A second line of the name.", name="Subtitle")] = UNSET
    description: Annotated[
        str | UnsetType | None, Text("A text about it.", name="Description", maximum=_LONGEST_DESCRIPTION, lines=True)
    ] = UNSET
    url: Annotated[
        str | UnsetType | None,
        Text(
            f"Where it is; {_FILLED} behind the host become what they are of the user who opens it.",
            name="Url",
            maximum=_LONGEST_URL,
            example="https://videos.example.com/welding?viewer={userId}",
        ),
    ] = UNSET
    position: Annotated[
        int | UnsetType | None,
        Integer("Its place among those that belong to the same activity; by default behind them.", name="SortOrder", minimum=0),
    ] = UNSET
    required: Annotated[bool | UnsetType, Boolean("The course is not complete without it.", name="Required")] = UNSET
    allow_retake: Annotated[bool | UnsetType, Boolean("It can be done again; by default it can.", name="AllowRetake")] = UNSET
    allow_review: Annotated[bool | UnsetType, Boolean("It can be looked at afterwards; by default it can.", name="AllowReview")] = UNSET
    availability: Annotated[
        Availability | UnsetType, Choice(AVAILABILITY_TYPES, "To whom it is available; by default to everyone.", name="AvailabilityTypeId")
    ] = UNSET


class NewActivityValues(ActivityValues):
    """What creating an activity takes."""

    course_id: Annotated[int, Id("The course.", name="CourseId")]
    activity_type: Annotated[ActivityType, Choice(ACTIVITY_TYPES, "What kind of activity it is.", name="ActivityTypeId")]
    name: Annotated[str, Text("The name.", name="Name")]


class ChangedActivityValues(ActivityValues):
    """What updating an activity takes."""

    id: Annotated[int, Id("The activity.", in_path=True)]
    activity_type: Annotated[ActivityType | UnsetType, Choice(ACTIVITY_TYPES, "What kind of activity it is.", name="ActivityTypeId")] = (
        UNSET
    )
    name: Annotated[str | UnsetType, Text("The name.", name="Name")] = UNSET


class OneActivity(Parameters):
    """Which activity."""

    id: Annotated[int, Id("The activity.", in_path=True)]


class CreatedActivity(Answer):
    """The id of the new activity; null in a dry run."""

    course_activity_id: int | None


@command("CreateCourseActivity", summary="Create an activity of a course", writes=Scope.MANAGE, ours=True)
async def create(call: Call, parameters: NewActivityValues) -> CreatedActivity:
    """Create an activity of a course."""
    activity = said(parameters, NewActivity)
    actor = await call.actor()
    activity_id = await perform(call, create_activity, actor=actor, course_id=parameters.course_id, activity=activity)
    return CreatedActivity(course_activity_id=None if call.dry_run else activity_id)


@command("UpdateCourseActivity", summary="Update an activity of a course by id", writes=Scope.MANAGE, ours=True)
async def update(call: Call, parameters: ChangedActivityValues) -> Done:
    """Change an activity."""
    changes = said(parameters, ActivityChanges)
    await perform(call, update_activity, actor=await call.actor(), activity_id=parameters.id, changes=changes)
    return Done()


@command("DeleteCourseActivity", summary="Delete an activity of a course by id", writes=Scope.MANAGE, ours=True)
async def delete(call: Call, parameters: OneActivity) -> Done:
    """Take an activity out of its course."""
    await perform(call, delete_activity, actor=await call.actor(), activity_id=parameters.id)
    return Done()


COMMANDS: tuple[Command, ...] = (create, update, delete)
