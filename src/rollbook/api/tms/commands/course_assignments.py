"""The commands about course assignments: courses that students take alone."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Choices, Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.numbers import Date, Id, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.assignments.actions.assignments import (
    AssignmentChanges,
    NewAssignment,
    create_assignment,
    delete_assignment,
    update_assignment,
)
from rollbook.assignments.progress import Payment, Progress
from rollbook.assignments.queries.assignments import AssignmentRow, get_assignment, list_assignments_by_external_id
from rollbook.assignments.queries.finding import AssignmentCriteria, search_assignments

OptionalDay = int | UnsetType | None

_COMPLETION = Choices(
    "a completion status",
    {
        0: ("Not Started", frozenset({Progress.NOT_STARTED})),
        10: ("Incomplete", frozenset({Progress.INCOMPLETE})),
        20: ("Not Started Or Incomplete", frozenset({Progress.NOT_STARTED, Progress.INCOMPLETE})),
        30: ("Complete", frozenset({Progress.COMPLETE})),
    },
)
_PAYMENTS = {Payment.SUBSCRIPTION: "Subscription", Payment.TRAINING_KEY: "Training Key"}
_SORTS = {
    "Created": "created",
    "LastModified": "modified",
    "UserId": "user",
    "ExternalUserId": "user_external_id",
    "LastName": "last_name",
    "CourseId": "course",
    "CourseName": "course_name",
    "Expires": "expires",
    "TargetCompletion": "target_completion",
    "Started": "started",
    "Completed": "completed",
}


class AssignmentValues(Parameters):
    """What creating and updating a course assignment both take."""

    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.", name="ExternalId")] = UNSET
    subscription_id: Annotated[
        int | UnsetType | None,
        Id("The subscription that the course is taken through: one of the user's, which holds the course.", name="ClubMembershipId"),
    ] = UNSET
    expires_at: Annotated[OptionalDay, Date("The day on which it expires.", name="Expires")] = UNSET
    target_completion_at: Annotated[OptionalDay, Date("The day by which it is to be completed.", name="TargetCompletionDate")] = UNSET


class NewAssignmentValues(AssignmentValues):
    """What creating a course assignment takes."""

    course_id: Annotated[int, Id("The course, which is to be available self-paced.", name="CourseId")]
    user_id: Annotated[int, Id("The student.", name="UserId")]


class ChangedAssignmentValues(AssignmentValues):
    """What updating a course assignment takes."""

    id: Annotated[int, Id("The course assignment.", name="CourseAssignmentId", aliases=("id",), in_path=True)]
    course_id: Annotated[int | UnsetType, Id("Another course, as long as it has not been started.", name="CourseId")] = UNSET
    user_id: Annotated[int | UnsetType, Id("Another student, as long as it has not been started.", name="UserId")] = UNSET
    started_at: Annotated[OptionalDay, Date("The day on which it was started; by default that of its completion.", name="Started")] = UNSET
    completed_at: Annotated[OptionalDay, Date("The day on which it was completed.", name="Completed")] = UNSET


class OneAssignment(Parameters):
    """Which course assignment."""

    id: Annotated[int, Id("The course assignment.", in_path=True)]


class AssignmentsExternalId(Parameters):
    """Which external id."""

    external_id: Annotated[str, Text("The id in the calling system.", name="id", in_path=True)]


class AssignmentSearch(SearchParameters):
    """What course assignments are looked for."""

    sort: Annotated[SortOrder, Sort(_SORTS, default="Created")]
    user_id: Annotated[int | None, Id("The student.")] = None
    user_external_id: Annotated[str | None, Text("The student's id in the calling system.")] = None
    course_id: Annotated[int | None, Id("The course.")] = None
    progress: Annotated[frozenset[Progress] | None, Choice(_COMPLETION, "How far the student has come.", name="completionStatus")] = None
    created_after: Annotated[int | None, Time("Created at this time or later.")] = None
    created_before: Annotated[int | None, Time("Created at this time or earlier.")] = None
    expires_after: Annotated[int | None, Time("Expires at this time or later.")] = None
    expires_before: Annotated[int | None, Time("Expires at this time or earlier.")] = None
    started_after: Annotated[int | None, Time("Started at this time or later.")] = None
    started_before: Annotated[int | None, Time("Started at this time or earlier.")] = None
    completed_after: Annotated[int | None, Time("Completed at this time or later.")] = None
    completed_before: Annotated[int | None, Time("Completed at this time or earlier.")] = None


_Moment = Annotated[int | None, Meta(description="Unix epoch seconds.")]


class CourseAssignment(Record):
    """A course assignment."""

    id: int
    external_id: str | None
    course_id: int
    user_id: int
    club_membership_id: int | None
    expire: _Moment
    target_completion: _Moment
    start: _Moment
    complete: _Moment


class CourseAssignmentSearchResult(CourseAssignment):
    """A course assignment in a list."""

    payment_type: Annotated[
        str | None,
        Meta(description="`Subscription`; `Training Key` where that subscription came of one; null where there is no subscription."),
    ]
    course_name: Annotated[str, Meta(description="Not part of the TMS.")]
    first_name: Annotated[str, Meta(description="Not part of the TMS.")]
    last_name: Annotated[str, Meta(description="Not part of the TMS.")]
    created: Annotated[int, Meta(description="Not part of the TMS.")]
    last_modified: Annotated[int, Meta(description="Not part of the TMS.")]


class CourseAssignments(Answer):
    """Course assignments: one, or those that share an external id."""

    results: list[CourseAssignment]


class FoundCourseAssignments(Answer):
    """A page of course assignments."""

    total_count: Total
    total_pages: Pages
    results: list[CourseAssignmentSearchResult]


class CreatedCourseAssignment(Answer):
    """The id of the new course assignment; null in a dry run."""

    course_assignment_id: int | None


@command("CreateCourseAssignment", summary="Create a course assignment", lower_case=True, writes=Scope.ENROLL)
async def create_course_assignment(call: Call, parameters: NewAssignmentValues) -> CreatedCourseAssignment:
    """Assign a course to a student, to be taken alone."""
    assignment = said(parameters, NewAssignment)
    assignment_id = await perform(call, create_assignment, actor=await call.actor(), assignment=assignment)
    return CreatedCourseAssignment(course_assignment_id=None if call.dry_run else assignment_id)


@command("UpdateCourseAssignment", summary="Update a course assignment by id", writes=Scope.ENROLL)
async def update_course_assignment(call: Call, parameters: ChangedAssignmentValues) -> Done:
    """Change a course assignment, and tell what the student has started and completed."""
    changes = said(parameters, AssignmentChanges)
    await perform(call, update_assignment, actor=await call.actor(), assignment_id=parameters.id, changes=changes)
    return Done()


@command("DeleteCourseAssignment", summary="Delete a course assignment by id", writes=Scope.ENROLL)
async def delete_course_assignment(call: Call, parameters: OneAssignment) -> Done:
    """Delete a course assignment that has not been completed; its history stays."""
    await perform(call, delete_assignment, actor=await call.actor(), assignment_id=parameters.id)
    return Done()


@command("GetCourseAssignment", summary="Retrieve a course assignment by id")
async def get_course_assignment(call: Call, parameters: OneAssignment) -> CourseAssignments:
    """Give a course assignment."""
    actor = await call.actor()
    row = await call.database.read(get_assignment, viewer=actor.viewer, assignment_id=parameters.id)
    return CourseAssignments(results=[CourseAssignment(**_values(row))])


@command("GetCourseAssignmentByExternalId", summary="Retrieve course assignments by their external id")
async def get_course_assignment_by_external_id(call: Call, parameters: AssignmentsExternalId) -> CourseAssignments:
    """Give every course assignment with an external id, by ascending id: any number may share one."""
    actor = await call.actor()
    rows = await call.database.search(list_assignments_by_external_id, viewer=actor.viewer, external_id=parameters.external_id)
    return CourseAssignments(results=[CourseAssignment(**_values(row)) for row in rows])


@command(
    "SearchCourseAssignments",
    summary="Search for course assignments",
    description="Those without a value to sort by come last, in either direction.",
)
async def search_course_assignments(call: Call, parameters: AssignmentSearch) -> FoundCourseAssignments:
    """Give a page of the course assignments that meet every given criterion."""
    actor = await call.actor()
    page = await call.database.search(
        search_assignments,
        viewer=actor.viewer,
        criteria=said(parameters, AssignmentCriteria),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundCourseAssignments(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[_result_of(row) for row in page.rows],
    )


def _result_of(row: AssignmentRow) -> CourseAssignmentSearchResult:
    return CourseAssignmentSearchResult(
        **_values(row),
        payment_type=None if row.payment is None else _PAYMENTS[row.payment],
        course_name=row.course_name,
        first_name=row.first_name,
        last_name=row.last_name,
        created=row.created_at,
        last_modified=row.modified_at,
    )


def _values(row: AssignmentRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "external_id": row.external_id,
        "course_id": row.course_id,
        "user_id": row.user_id,
        "club_membership_id": row.subscription_id,
        "expire": row.expires_at,
        "target_completion": row.target_completion_at,
        "start": row.started_at,
        "complete": row.completed_at,
    }


COMMANDS: tuple[Command, ...] = (
    create_course_assignment,
    update_course_assignment,
    delete_course_assignment,
    get_course_assignment,
    get_course_assignment_by_external_id,
    search_course_assignments,
)
