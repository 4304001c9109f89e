"""The commands about courses. Creating and updating them is not in the TMS."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.course_records import Course, CourseSearchResult, show_course, show_result
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Total
from rollbook.api.tms.lists import Ids
from rollbook.api.tms.numbers import Boolean, Id, Integer, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.courses.actions.course_details import CourseChanges, NewCourse
from rollbook.courses.actions.courses import create_course, update_course
from rollbook.courses.queries.complete import get_complete_course, get_complete_course_by_external_id, search_complete_courses
from rollbook.courses.queries.search import CourseCriteria
from rollbook.organizations.limits import LONGEST_DESCRIPTION, LONGEST_HTML_DESCRIPTION

Nothing = Annotated[list[int], Meta(max_length=0, description="Always empty.")]


class CourseValues(Parameters):
    """What creating and updating a course both take."""

    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.", name="ExternalId")] = UNSET
    description: Annotated[str | UnsetType | None, Text("A short text.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = (
        UNSET
    )
    html_description: Annotated[
        str | UnsetType | None,
        Text("A text with markup.", name="HtmlDescription", aliases=("HtlmDescription",), maximum=LONGEST_HTML_DESCRIPTION, lines=True),
    ] = UNSET
    organization_id: Annotated[int | UnsetType, Id("The organization that owns it; by default the key's.", name="OrganizationId")] = UNSET
    available_instructor_led: Annotated[
        bool | UnsetType, Boolean("Classes can be made of it; by default they can.", name="AvailableInstructorLed")
    ] = UNSET
    available_self_paced: Annotated[bool | UnsetType, Boolean("It can be assigned to be taken alone.", name="AvailableSelfPaced")] = UNSET
    content_provider_id: Annotated[int | UnsetType | None, Id("Whose content it is.", name="ContentProviderId")] = UNSET
    content_provider_name: Annotated[str | UnsetType | None, Text("Whose content it is.", name="ContentProviderName")] = UNSET
    duration: Annotated[int | UnsetType | None, Integer("How many minutes it takes.", name="Duration", minimum=0)] = UNSET
    archived: Annotated[bool | UnsetType, Boolean("No new class can be made of it.", name="Archived")] = UNSET
    tag_ids: Annotated[tuple[int, ...] | UnsetType | None, Ids("Its tags, instead of those that it has.", name="TagIds")] = UNSET


class CreatedCourseValues(CourseValues):
    """What creating a course takes."""

    name: Annotated[str, Text("The name.", name="Name")]


class UpdatedCourseValues(CourseValues):
    """What updating a course takes."""

    id: Annotated[int, Id("The course.", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", name="Name")] = UNSET


class OneCourse(Parameters):
    """Which course."""

    id: Annotated[int, Id("The course.", in_path=True)]


class CourseExternalId(Parameters):
    """Which external id."""

    id: Annotated[str, Text("The id in the calling system.", in_path=True)]


class CourseSearch(SearchParameters):
    """What courses are looked for."""

    sort: Annotated[SortOrder, Sort({"Name": "name", "Created": "created", "LastModified": "modified"}, default="Name")]
    name: Annotated[str | None, Text("A part of the name.")] = None
    external_id: Annotated[str | None, Text("The id in the calling system.")] = None
    has_labs: Annotated[bool | None, Boolean("Whether one of its activities is a lab.")] = None
    created_after: Annotated[int | None, Time("Created at this time or later.")] = None
    created_before: Annotated[int | None, Time("Created at this time or earlier.")] = None
    last_modified_after: Annotated[int | None, Time("Changed last at this time or later.")] = None
    last_modified_before: Annotated[int | None, Time("Changed last at this time or earlier.")] = None
    available_instructor_led: Annotated[bool | None, Boolean("Whether classes can be made of it.")] = None
    available_self_paced: Annotated[bool | None, Boolean("Whether it can be assigned to be taken alone.")] = None
    tag_id: Annotated[int | None, Id("One of its tags.", ours=True)] = None


class FoundCourse(Answer):
    """A course."""

    course: Course | None


class FoundCourses(Answer):
    """A page of courses."""

    total_count: Total
    total_pages: Pages
    results: list[CourseSearchResult]


class CreatedCourse(Answer):
    """The id of the new course; null in a dry run."""

    course_id: int | None


@command("CreateCourse", summary="Create a course", writes=Scope.MANAGE, ours=True)
async def create_course_command(call: Call, parameters: CreatedCourseValues) -> CreatedCourse:
    """Create a course."""
    actor = await call.actor()
    given = {name: value for name in NewCourse.__struct_fields__ if (value := getattr(parameters, name)) is not UNSET}
    course = NewCourse(**{"organization_id": actor.viewer.organization_id, **given})
    course_id = await perform(call, create_course, actor=actor, course=course)
    return CreatedCourse(course_id=None if call.dry_run else course_id)


@command("UpdateCourse", summary="Update a course by id", writes=Scope.MANAGE, ours=True)
async def update_course_command(call: Call, parameters: UpdatedCourseValues) -> Done:
    """Change a course; its classes stay as they are."""
    changes = said(parameters, CourseChanges)
    await perform(call, update_course, actor=await call.actor(), course_id=parameters.id, changes=changes)
    return Done()


@command("GetCourse", summary="Retrieve a course by id")
async def get_course_command(call: Call, parameters: OneCourse) -> FoundCourse:
    """Give a course."""
    actor = await call.actor()
    course = await call.database.snapshot(get_complete_course, viewer=actor.viewer, course_id=parameters.id)
    return FoundCourse(course=show_course(course))


@command("GetCourseByExternalId", summary="Retrieve a course by its external id")
async def get_course_by_external_id_command(call: Call, parameters: CourseExternalId) -> FoundCourse:
    """Give the course that has an external id."""
    actor = await call.actor()
    course = await call.database.snapshot(get_complete_course_by_external_id, viewer=actor.viewer, external_id=parameters.id)
    return FoundCourse(course=show_course(course))


@command("SearchCourses", summary="Search for courses")
async def search_courses_command(call: Call, parameters: CourseSearch) -> FoundCourses:
    """Give a page of the courses that meet every given criterion."""
    actor = await call.actor()
    criteria = CourseCriteria(
        name=parameters.name,
        external_id=parameters.external_id,
        has_labs=parameters.has_labs,
        available_instructor_led=parameters.available_instructor_led,
        available_self_paced=parameters.available_self_paced,
        created_after=parameters.created_after,
        created_before=parameters.created_before,
        modified_after=parameters.last_modified_after,
        modified_before=parameters.last_modified_before,
        tag_id=parameters.tag_id,
    )
    page = await call.database.search(
        search_complete_courses,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundCourses(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[show_result(course) for course in page.courses],
    )


COMMANDS: tuple[Command, ...] = (
    create_course_command,
    update_course_command,
    get_course_command,
    get_course_by_external_id_command,
    search_courses_command,
)
