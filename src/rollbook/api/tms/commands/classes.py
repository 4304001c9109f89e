"""The commands about classes."""

from typing import Annotated, Any

from msgspec import UNSET, UnsetType

from rollbook.access.scopes import Scope
from rollbook.access.training_keys import LONGEST_TRAINING_KEY
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.class_records import (
    CONFIRMATION_STATUSES,
    DELIVERY_TYPES,
    Classes,
    CreatedClassId,
    FoundClasses,
    record_of,
    search_result_of,
)
from rollbook.api.tms.commands.custom_field_filter import CustomFieldFilter
from rollbook.api.tms.envelope import Done
from rollbook.api.tms.lists import Ids, Meetings, MeetingTimes
from rollbook.api.tms.numbers import Boolean, Id, Integer, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.classes.actions.create import NewClass, create_class
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.classes import get_class, get_class_by_external_id
from rollbook.classes.queries.custom_field_criteria import CustomFieldCriterion
from rollbook.classes.queries.custom_field_values import show_class
from rollbook.classes.queries.search import ClassCriteria
from rollbook.classes.queries.training_keys import get_class_by_training_key
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.queries.class_facts import search_classes_with_enrolled
from rollbook.organizations.limits import LONGEST_DESCRIPTION, LONGEST_HTML_DESCRIPTION
from rollbook.organizations.time_zones import TimeZone, find_time_zone

_OptionalId = int | UnsetType | None
_OptionalIds = tuple[int, ...] | UnsetType | None


class ClassValues(Parameters):
    """What creating and updating a class both take."""

    course_id: Annotated[int, Id("The course that is taught.", name="CourseId")]
    name: Annotated[str | UnsetType, Text("The name; by default the course's.", name="Name")] = UNSET
    description: Annotated[str | UnsetType | None, Text("A short text.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = (
        UNSET
    )
    html_description: Annotated[
        str | UnsetType | None,
        Text("A text with markup.", name="HtmlDescription", aliases=("HtlmDescription",), maximum=LONGEST_HTML_DESCRIPTION, lines=True),
    ] = UNSET
    status: Annotated[
        ClassStatus | UnsetType,
        Choice(CONFIRMATION_STATUSES, "How firmly the class is going to happen; by default Scheduled.", name="ConfirmationStatusId"),
    ] = UNSET
    organization_id: Annotated[
        int | UnsetType, Id("The organization that runs the class; by default the key's.", name="OrganizationId")
    ] = UNSET
    company_id: Annotated[_OptionalId, Id("The company that the class is dedicated to.", name="CompanyId")] = UNSET
    delivery: Annotated[
        Delivery | UnsetType,
        Choice(
            DELIVERY_TYPES,
            "Where the students are; by default Physical, or Virtual or Mixed for a new class with a place to meet online, "
            "which a Physical class drops.",
            name="DeliveryTypeId",
        ),
    ] = UNSET
    virtual_meeting_host_id: Annotated[_OptionalId, Id("Who hosts the class online.", name="VirtualMeetingHostId")] = UNSET
    custom_virtual_classroom_url: Annotated[
        str | UnsetType | None, Text("Where the class meets online.", name="CustomVirtualClassroomUrl", maximum=2048)
    ] = UNSET
    primary_instructor_id: Annotated[_OptionalId, Id("The instructor in charge; by default the first.", name="PrimaryInstructorId")] = UNSET
    instructor_ids: Annotated[_OptionalIds, Ids("All the instructors.", name="InstructorIds")] = UNSET
    primary_classroom_id: Annotated[_OptionalId, Id("The main classroom; by default the first.", name="PrimaryClassroomId")] = UNSET
    classroom_ids: Annotated[_OptionalIds, Ids("All the classrooms.", name="ClassroomIds", ours=True)] = UNSET
    time_zone: Annotated[
        TimeZone | UnsetType,
        Text(
            "The time zone, by its Windows id or its IANA name; by default the organization's. Meetings do not move with it.",
            name="TimeZoneId",
            maximum=100,
            convert=find_time_zone,
        ),
    ] = UNSET
    minimum: Annotated[int | UnsetType | None, Integer("The fewest students it should have.", name="MinStudents", minimum=0)] = UNSET
    maximum: Annotated[
        int | UnsetType | None,
        Integer("The most students that can be Enrolled; `null` is no limit.", name="MaxStudents", minimum=0),
    ] = UNSET
    allow_self_enrollment: Annotated[bool | UnsetType, Boolean("Students may enroll themselves.", name="AllowSelfEnrollment")] = UNSET
    is_public: Annotated[bool | UnsetType, Boolean("The class is on the public schedule.", name="IsPublic")] = UNSET
    requires_approval: Annotated[
        bool | UnsetType, Boolean("Students need an approval to enter the class.", name="RequiresApproval", ours=True)
    ] = UNSET
    disable_labs: Annotated[bool | UnsetType, Boolean("The class has no access to labs.", name="DisableLabs")] = UNSET
    survey_id: Annotated[_OptionalId, Id("The students' survey.", name="SurveyId")] = UNSET
    student_survey_availability_start_type_id: Annotated[
        int | UnsetType | None,
        Integer("From what on students see the survey.", name="StudentSurveyAvailabilityStartTypeId", minimum=0),
    ] = UNSET
    survey_availability_start_hours: Annotated[
        int | UnsetType | None, Integer("How many hours before the end.", name="SurveyAvailabilityStartHours", minimum=0)
    ] = UNSET
    survey_availability_end_days: Annotated[
        int | UnsetType | None, Integer("How many days after the end.", name="SurveyAvailabilityEndDays", minimum=0)
    ] = UNSET
    instructor_survey_id: Annotated[_OptionalId, Id("The instructors' survey.", name="InstructorSurveyId")] = UNSET
    organization_survey_id: Annotated[_OptionalId, Id("The organization's survey.", name="OrganizationSurveyId")] = UNSET
    enable_training_key: Annotated[
        bool | UnsetType,
        Boolean("The class training key opens the class; one is made where it has none.", name="EnableClassTrainingKey", ours=True),
    ] = UNSET
    training_key: Annotated[
        str | UnsetType | None,
        Text(
            "What students redeem, of one class only on the whole server; `null` takes it away, so that a new one is made where it is enabled.",
            name="ClassTrainingKey",
            maximum=LONGEST_TRAINING_KEY,
            ours=True,
        ),
    ] = UNSET
    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.", name="ExternalId")] = UNSET
    meetings: Annotated[
        tuple[MeetingTimes, ...] | UnsetType | None,
        Meetings("When the class meets: all of its meetings, in place of those that it has.", name="ClassMeetings"),
    ] = UNSET
    available_to_organization_ids: Annotated[
        _OptionalIds, Ids("The organizations that the class is offered to.", name="AvailableToOrganizationIds")
    ] = UNSET


class UpdatedClassValues(ClassValues):
    """What updating a class takes."""

    id: Annotated[int, Id("The class.", in_path=True)]


class OneClass(Parameters):
    """Which class."""

    id: Annotated[int, Id("The class.", in_path=True)]


class ClassExternalId(Parameters):
    """Which external id."""

    id: Annotated[str, Text("The id in the calling system.", in_path=True)]


class ClassTrainingKey(Parameters):
    """Which class training key."""

    id: Annotated[str, Text("The class training key; capitals count.", maximum=LONGEST_TRAINING_KEY, in_path=True)]


CLASS_SORTS = {
    "Name": "name",
    "Course": "course",
    "ConfirmationStatus": "status",
    "Start": "starts",
    "End": "ends",
    "Organization": "organization",
}
"""The documented keys that classes are sorted by."""


class ClassSearch(SearchParameters):
    """What classes are looked for."""

    sort: Annotated[SortOrder, Sort(CLASS_SORTS, default="Start")]
    name: Annotated[str | None, Text("A part of the name.")] = None
    course_id: Annotated[int | None, Id("The course.")] = None
    starts_after: Annotated[int | None, Time("The first meeting starts at this time or later.")] = None
    starts_before: Annotated[int | None, Time("The first meeting starts at this time or earlier.")] = None
    ends_after: Annotated[int | None, Time("The last meeting ends at this time or later.")] = None
    ends_before: Annotated[int | None, Time("The last meeting ends at this time or earlier.")] = None
    has_labs: Annotated[bool | None, Boolean("Whether its course has a lab, and the class does not disable labs.")] = None
    available_online: Annotated[bool | None, Boolean("Whether it is Virtual or Mixed.")] = None
    custom_fields: Annotated[
        tuple[CustomFieldCriterion, ...] | None,
        CustomFieldFilter("What it shows of custom fields, as JSON; all of it.", name="CustomFieldSearchFilter", ours=True),
    ] = None


@command("CreateClass", summary="Create a class", writes=Scope.MANAGE)
async def create_class_command(call: Call, parameters: ClassValues) -> CreatedClassId:
    """Create a class; a clash of its schedule is a warning."""
    actor = await call.actor()
    given = _given(parameters)
    if given["organization_id"] is UNSET:
        given["organization_id"] = actor.viewer.organization_id
    created = await perform(call, create_class, actor=actor, new=NewClass(**given))
    _warn(call, created.warnings)
    return CreatedClassId(class_id=None if call.dry_run else created.id)


@command("UpdateClass", summary="Update a class by id", writes=Scope.MANAGE)
async def update_class_command(call: Call, parameters: UpdatedClassValues) -> Done:
    """Change a class; cancelling or denying it cancels its enrollments, except those that are frozen."""
    changes = ClassChanges(**_given(parameters))
    _warn(call, await perform(call, update_class, actor=await call.actor(), class_id=parameters.id, changes=changes))
    return Done()


@command("GetClass", summary="Retrieve a class by id")
async def get_class_command(call: Call, parameters: OneClass) -> Classes:
    """Give a class."""
    actor = await call.actor()
    found = await call.database.snapshot(show_class, get_class, viewer=actor.viewer, class_id=parameters.id)
    return Classes(results=[record_of(found)])


@command("GetClassByExternalId", summary="Retrieve a class by its external id")
async def get_class_by_external_id_command(call: Call, parameters: ClassExternalId) -> Classes:
    """Give the class that has an external id."""
    actor = await call.actor()
    found = await call.database.snapshot(show_class, get_class_by_external_id, viewer=actor.viewer, external_id=parameters.id)
    return Classes(results=[record_of(found)])


@command("GetClassByClassTrainingKey", summary="Retrieve a class by its training key")
async def get_class_by_training_key_command(call: Call, parameters: ClassTrainingKey) -> Classes:
    """Give the class that a training key opens."""
    actor = await call.actor()
    found = await call.database.snapshot(show_class, get_class_by_training_key, viewer=actor.viewer, training_key=parameters.id)
    return Classes(results=[record_of(found)])


@command("SearchClasses", summary="Search for classes")
async def search_classes_command(call: Call, parameters: ClassSearch) -> FoundClasses:
    """Give a page of the classes that meet every given criterion; those without meetings come last by time."""
    actor = await call.actor()
    page, enrolled = await call.database.search(
        search_classes_with_enrolled,
        viewer=actor.viewer,
        criteria=ClassCriteria(**{name: getattr(parameters, name) for name in ClassCriteria.__struct_fields__}),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundClasses(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[search_result_of(found, enrolled=enrolled.get(found.row.id, 0)) for found in page.classes],
    )


def _given(parameters: ClassValues) -> dict[str, Any]:
    given: dict[str, Any] = {name: getattr(parameters, name, UNSET) for name in ClassChanges.__struct_fields__}
    if isinstance(parameters.meetings, tuple):
        given["meetings"] = tuple(Meeting(starts_at=times.start, ends_at=times.end) for times in parameters.meetings)
    return given


def _warn(call: Call, warnings: list[ScheduleWarning]) -> None:
    call.warnings.extend(f"{warning.rule}: {warning.text}" for warning in warnings)


COMMANDS: tuple[Command, ...] = (
    create_class_command,
    update_class_command,
    get_class_command,
    get_class_by_external_id_command,
    get_class_by_training_key_command,
    search_classes_command,
)
