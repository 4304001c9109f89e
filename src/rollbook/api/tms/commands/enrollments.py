"""The commands about class enrollments."""

from typing import Annotated, Any

from msgspec import UNSET, UnsetType

from rollbook.access.actor import Viewer
from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.enrollment_records import (
    COMPLETION_STATUSES,
    ENROLLMENT_STATUSES,
    LOCATION_TYPES,
    ClassEnrollments,
    CreatedClassEnrollment,
    FoundClassEnrollments,
    record_of,
    search_result_of,
)
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Done
from rollbook.api.tms.numbers import Boolean, Id, Integer, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.search import EnrollmentCriteria, search_enrollments
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError, UnknownHolder, get_enrollment, list_enrollments, see_enrollment
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.limits import LARGEST_NUMBER

_GROUP = "Class enrollments"
FEW = 100
"""Results of a page that is put together at once."""

MOST_AT_ONCE = 1_000
"""Enrollments among which a page is looked for at once."""

_Version = Annotated[
    int | UnsetType,
    Integer("Refuse the call where the enrollment is no longer at this version.", minimum=1, maximum=LARGEST_NUMBER, ours=True),
]


class EnrollmentValues(Parameters):
    """What creating and updating an enrollment both take."""

    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.")] = UNSET
    class_id: Annotated[int, Id("The class.")]
    user_id: Annotated[int, Id("The student.")]
    status: Annotated[EnrollmentStatus, Choice(ENROLLMENT_STATUSES, "The status of the enrollment.", name="enrollmentStatusId")]
    completion: Annotated[CompletionStatus, Choice(COMPLETION_STATUSES, "What became of the student.", name="completionStatusId")]
    late_cancel: Annotated[bool | UnsetType, Boolean("The enrollment was cancelled too late.")] = UNSET
    retake: Annotated[bool | UnsetType, Boolean("The student takes the course again.")] = UNSET
    location: Annotated[
        LocationType | UnsetType | None, Choice(LOCATION_TYPES, "In which way the student takes part.", name="LocationTypeId")
    ] = UNSET
    classroom_id: Annotated[int | UnsetType | None, Id("The room in which the student sits.", name="ClassroomId")] = UNSET
    hours_spent: Annotated[
        int | UnsetType | None, Integer("The hours that the student spent.", name="HoursSpent", minimum=0, maximum=LARGEST_NUMBER)
    ] = UNSET
    grade: Annotated[
        int | UnsetType | None, Integer("The grade that the student received.", name="Grade", minimum=0, maximum=LARGEST_NUMBER)
    ] = UNSET


class UpdatedEnrollmentValues(EnrollmentValues):
    """What updating an enrollment takes."""

    id: Annotated[int, Id("The class enrollment.", in_path=True)]
    if_version: _Version = UNSET


class OneEnrollment(Parameters):
    """Which enrollment."""

    id: Annotated[int, Id("The class enrollment.", in_path=True)]


class DeletedEnrollment(OneEnrollment):
    """Which enrollment to delete."""

    if_version: _Version = UNSET


class ClassAndUser(Parameters):
    """Which class and which student."""

    class_id: Annotated[int, Id("The class.")]
    user_id: Annotated[int, Id("The student.")]


class EnrollmentsExternalId(Parameters):
    """Which external id."""

    external_id: Annotated[str, Text("The id in the calling system.", name="id", in_path=True)]


_SORTS = {
    "Name": "class_name",
    "Program": "class_name",
    "CompanyOrganization": "class_name",
    "Owner": "class_name",
    "Company": "class_name",
    "Starts": "starts",
    "Expires": "class_name",
    "Size": "class_name",
    "Used": "class_name",
    "Created": "created",
    "LastModified": "last_modified",
}


class EnrollmentSearch(SearchParameters):
    """What enrollments are looked for."""

    sort: Annotated[SortOrder, Sort(_SORTS, default="Name")]
    class_name: Annotated[str | None, Text("A part of the class's name.")] = None
    class_id: Annotated[int | None, Id("The class.")] = None
    student_id: Annotated[int | None, Id("The student.")] = None
    status: Annotated[EnrollmentStatus | None, Choice(ENROLLMENT_STATUSES, "The status.", name="enrollmentStatusId")] = None
    created_after: Annotated[int | None, Time("Created at this time or later.")] = None
    created_before: Annotated[int | None, Time("Created at this time or earlier.")] = None


@command("CreateClassEnrollment", summary="Create a class enrollment", group=_GROUP, lower_case=True, writes=Scope.ENROLL)
async def create_class_enrollment(call: Call, parameters: EnrollmentValues) -> CreatedClassEnrollment:
    """Enroll a student in a class; a Cancelled or Denied enrollment that stands is opened again under its id."""
    wanted = said(parameters, NewEnrollment)
    enrollment_id = await perform(call, create, actor=await call.actor(), wanted=wanted)
    return CreatedClassEnrollment(class_enrollment_id=None if call.dry_run else enrollment_id)


@command("UpdateClassEnrollment", summary="Update a class enrollment by id", group=_GROUP, lower_case=True, writes=Scope.ENROLL)
async def update_class_enrollment(call: Call, parameters: UpdatedEnrollmentValues) -> Done:
    """Change an enrollment: its values, its status, its class (which moves it), its user (who takes its place)."""
    changes = EnrollmentChanges(
        class_id=parameters.class_id,
        user_id=parameters.user_id,
        status=parameters.status,
        completion=parameters.completion,
        external_id=parameters.external_id,
        late_cancel=parameters.late_cancel,
        retake=parameters.retake,
        location=parameters.location,
        classroom_id=parameters.classroom_id,
        hours_spent=parameters.hours_spent,
        grade=parameters.grade,
    )
    holder = UnknownHolder(call.key_hash, call.needed)
    version = None if parameters.if_version is UNSET else parameters.if_version
    try:
        await perform(call, update, caller=holder, enrollment_id=parameters.id, changes=changes, if_version=version)
    finally:
        _log_as(call, holder)
    return Done()


@command("DeleteClassEnrollment", summary="Delete a class enrollment by id", group=_GROUP, writes=Scope.ENROLL)
async def delete_class_enrollment(call: Call, parameters: DeletedEnrollment) -> Done:
    """Delete an enrollment; its history stays."""
    holder = UnknownHolder(call.key_hash, call.needed)
    version = None if parameters.if_version is UNSET else parameters.if_version
    try:
        await perform(call, delete, caller=holder, enrollment_id=parameters.id, if_version=version)
    finally:
        _log_as(call, holder)
    return Done()


@command("GetClassEnrollment", summary="Retrieve a class enrollment by id", group=_GROUP)
async def get_class_enrollment(call: Call, parameters: OneEnrollment) -> ClassEnrollments:
    """Give an enrollment."""
    holder = UnknownHolder(call.key_hash, call.needed)
    try:
        _, row = await call.database.read(see_enrollment, caller=holder, enrollment_id=parameters.id)
    finally:
        _log_as(call, holder)
    return ClassEnrollments(results=[record_of(row)])


@command("GetClassEnrollmentByClassAndUser", summary="Retrieve a class enrollment by its class and its user", group=_GROUP)
async def get_class_enrollment_by_class_and_user(call: Call, parameters: ClassAndUser) -> ClassEnrollments:
    """Give the enrollment of a student in a class."""
    actor = await call.actor()
    row = await call.database.read(get_enrollment, viewer=actor.viewer, class_id=parameters.class_id, user_id=parameters.user_id)
    return ClassEnrollments(results=[record_of(row)])


@command("GetClassEnrollmentByExternalId", summary="Retrieve class enrollments by their external id", group=_GROUP)
async def get_class_enrollment_by_external_id(call: Call, parameters: EnrollmentsExternalId) -> ClassEnrollments:
    """Give every enrollment with an external id, by ascending id: any number may share one."""
    actor = await call.actor()
    rows = await call.database.search(list_enrollments, viewer=actor.viewer, external_id=parameters.external_id)
    if not rows:
        raise EnrollmentNotFoundError
    return ClassEnrollments(results=[record_of(row) for row in rows])


@command("SearchClassEnrollments", summary="Search for class enrollments", group=_GROUP)
async def search_class_enrollments(call: Call, parameters: EnrollmentSearch) -> FoundClassEnrollments:
    """Give a page of the enrollments that meet every given criterion."""
    actor = await call.actor()
    criteria = EnrollmentCriteria(
        class_name=parameters.class_name,
        class_id=parameters.class_id,
        user_id=parameters.student_id,
        status=parameters.status,
        created_after=parameters.created_after,
        created_before=parameters.created_before,
    )
    asked: dict[str, Any] = {
        "viewer": actor.viewer,
        "criteria": criteria,
        "sort": parameters.sort,
        "page_index": parameters.page_index,
        "page_size": parameters.page_size,
    }
    # Those of a class or of a student are few: handing them to a thread would cost more than it saves the others.
    if not (parameters.class_id is None and parameters.student_id is None) and parameters.page_size <= FEW:
        answer: FoundClassEnrollments | None = await call.database.snapshot(_found, most=MOST_AT_ONCE, **asked)
        if answer is not None:
            return answer
    found: FoundClassEnrollments = await call.database.search(_found, most=None, **asked)
    return found


async def _found(
    transaction: Transaction,
    *,
    viewer: Viewer,
    criteria: EnrollmentCriteria,
    sort: SortOrder,
    page_index: int,
    page_size: int,
    most: int | None,
) -> FoundClassEnrollments | None:
    """Search and put the page into the documented form, which for a thousand rows is work to be kept from the loop like the search itself."""
    page = await search_enrollments(
        transaction,
        viewer=viewer,
        criteria=criteria,
        sort=sort.key,
        descending=sort.descending,
        page_index=page_index,
        page_size=page_size,
        most=most,
    )
    if page is None:
        return None
    results = [search_result_of(row) for row in page.rows]
    return FoundClassEnrollments(total_count=page.total, total_pages=-(-page.total // page_size), results=results)


def _log_as(call: Call, holder: UnknownHolder) -> None:
    if holder.actor:
        call.log_as(holder.actor.name)


COMMANDS: tuple[Command, ...] = (
    create_class_enrollment,
    update_class_enrollment,
    delete_class_enrollment,
    get_class_enrollment,
    get_class_enrollment_by_class_and_user,
    get_class_enrollment_by_external_id,
    search_class_enrollments,
)
