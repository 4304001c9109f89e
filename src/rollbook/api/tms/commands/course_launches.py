"""The commands about opening activities of courses. Opening one is not in the TMS, which tells who did."""

from typing import Annotated

from msgspec.structs import asdict

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.course_records import ACTIVITY_TYPES, EXTERNAL_TYPES, ActivityTypeName, ActivityTypeNumber
from rollbook.api.tms.envelope import Answer, Pages, Record, Total
from rollbook.api.tms.numbers import Id, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.courses.activity_types import ActivityType
from rollbook.courses.queries.launches import LaunchCriteria, LaunchRow, search_launches
from rollbook.enrollments.actions.launching import launch_activity


class LaunchValues(Parameters):
    """Who opens which activity."""

    activity_id: Annotated[int, Id("The activity: a video, a document or a link.", in_path=True)]
    user_id: Annotated[int, Id("The user, who attends or instructs a class of its course, or has it assigned.")]


class LaunchSearch(SearchParameters):
    """Which launches are looked for."""

    sort: Annotated[
        SortOrder,
        Sort(
            {"LaunchTime": "launched", "LastName": "last_name", "CourseName": "course_name", "ActivityName": "activity_name"},
            default="LaunchTime DESC",
        ),
    ]
    user_id: Annotated[int | None, Id("The user.")] = None
    user_external_id: Annotated[str | None, Text("The user's id in the calling system.")] = None
    course_id: Annotated[int | None, Id("The course.")] = None
    activity_type: Annotated[ActivityType | None, Choice(EXTERNAL_TYPES, "What kind of activity it is.")] = None
    launched_after: Annotated[int | None, Time("Opened at this time or later.")] = None
    launched_before: Annotated[int | None, Time("Opened at this time or earlier.")] = None


class CourseExternalActivityLaunchSearchResult(Record):
    """That a user opened an activity."""

    id: int
    user_id: int
    user_external_id: str | None
    first_name: str
    last_name: str
    course_id: int
    course_name: str
    activity_id: int
    activity_name: str
    activity_type_id: ActivityTypeNumber
    activity_type_name: ActivityTypeName
    launch_time: int


class FoundLaunches(Answer):
    """A page of launches."""

    total_count: Total
    total_pages: Pages
    results: list[CourseExternalActivityLaunchSearchResult]


class Launched(Answer):
    """Where the activity is, for this user."""

    url: str | None


@command("LaunchCourseActivity", summary="Open an activity of a course for a user", writes=Scope.ENROLL, ours=True)
async def launch(call: Call, parameters: LaunchValues) -> Launched:
    """Remember that a user opens an activity, and give the address."""
    url = await perform(call, launch_activity, actor=await call.actor(), activity_id=parameters.activity_id, user_id=parameters.user_id)
    return Launched(url=url)


@command("SearchCourseExternalActivityLaunches", summary="Search for launches of external activities")
async def search(call: Call, parameters: LaunchSearch) -> FoundLaunches:
    """Give a page of the launches that meet every given criterion."""
    actor = await call.actor()
    criteria = LaunchCriteria(**{name: getattr(parameters, name) for name in LaunchCriteria.__struct_fields__})
    page = await call.database.search(
        search_launches,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundLaunches(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_show(row) for row in page.rows]
    )


def _show(row: LaunchRow) -> CourseExternalActivityLaunchSearchResult:
    values = asdict(row)
    number = values.pop("activity_type").value
    return CourseExternalActivityLaunchSearchResult(
        launch_time=values.pop("at"), activity_type_id=number, activity_type_name=ACTIVITY_TYPES.names[number], **values
    )


COMMANDS: tuple[Command, ...] = (launch, search)
