"""The commands about classrooms, none of which is in the TMS; they are made in its manner."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.numbers import Id, Integer
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.classrooms.actions import ClassroomChanges, NewClassroom, create_classroom
from rollbook.classrooms.queries import ClassroomCriteria, ClassroomRow, get_classroom, search_classrooms
from rollbook.enrollments.actions.classroom_changes import update_classroom
from rollbook.organizations.limits import LONGEST_DESCRIPTION


class ClassroomValues(Parameters):
    """What creating and updating a classroom both take."""

    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.", name="ExternalId")] = UNSET
    description: Annotated[str | UnsetType | None, Text("A short text.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = (
        UNSET
    )
    administrative_notes: Annotated[
        str | UnsetType | None,
        Text("Notes for those who run the room.", name="AdministrativeNotes", maximum=LONGEST_DESCRIPTION, lines=True),
    ] = UNSET
    organization_id: Annotated[int | UnsetType, Id("The organization that owns it; by default the key's.", name="OrganizationId")] = UNSET
    capacity: Annotated[int | UnsetType | None, Integer("How many students it seats; none is no limit.", name="Capacity", minimum=0)] = (
        UNSET
    )
    address1: Annotated[str | UnsetType | None, Text("The address.", name="Address1", maximum=250, second_is="Address2")] = UNSET
    address2: Annotated[str | UnsetType | None, Text("The address, second line.", name="Address2", maximum=250)] = UNSET
    city: Annotated[str | UnsetType | None, Text("The city.", name="City", maximum=80)] = UNSET
    state: Annotated[str | UnsetType | None, Text("The state.", name="State", maximum=50)] = UNSET
    zip: Annotated[str | UnsetType | None, Text("The postal code.", name="Zip", maximum=20)] = UNSET
    country: Annotated[str | UnsetType | None, Text("The country.", name="Country", maximum=80)] = UNSET


class CreatedClassroomValues(ClassroomValues):
    """What creating a classroom takes."""

    name: Annotated[str, Text("The name.", name="Name")]


class UpdatedClassroomValues(ClassroomValues):
    """What updating a classroom takes."""

    id: Annotated[int, Id("The classroom.", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", name="Name")] = UNSET


class OneClassroom(Parameters):
    """Which classroom."""

    id: Annotated[int, Id("The classroom.", in_path=True)]


_SORTS = {"Name": "name", "Capacity": "capacity", "Created": "created", "LastModified": "modified"}


class ClassroomSearch(SearchParameters):
    """What classrooms are looked for."""

    sort: Annotated[SortOrder, Sort(_SORTS, default="Name")]
    name: Annotated[str | None, Text("A part of the name.")] = None
    external_id: Annotated[str | None, Text("The id in the calling system.")] = None
    organization_id: Annotated[int | None, Id("The organization that owns it.")] = None
    capacity_at_least: Annotated[int | None, Integer("How many students it must seat at least.", minimum=0)] = None


class Classroom(Record):
    """A classroom."""

    id: int
    external_id: str | None
    name: str
    description: str | None
    administrative_notes: str | None
    organization_id: int
    organization_name: str
    capacity: Annotated[int | None, Meta(description="How many students it seats; null is no limit.")]
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None
    created: int
    last_modified: int


class FoundClassroom(Answer):
    """A classroom."""

    classroom: Classroom | None


class FoundClassrooms(Answer):
    """A page of classrooms."""

    total_count: Total
    total_pages: Pages
    results: list[Classroom]


class CreatedClassroom(Answer):
    """The id of the new classroom; null in a dry run."""

    classroom_id: int | None


@command("CreateClassroom", summary="Create a classroom", writes=Scope.MANAGE, ours=True)
async def create_classroom_command(call: Call, parameters: CreatedClassroomValues) -> CreatedClassroom:
    """Create a classroom."""
    actor = await call.actor()
    given = {name: value for name in NewClassroom.__struct_fields__ if (value := getattr(parameters, name)) is not UNSET}
    classroom = NewClassroom(**{"organization_id": actor.viewer.organization_id, **given})
    classroom_id = await perform(call, create_classroom, actor=actor, classroom=classroom)
    return CreatedClassroom(classroom_id=None if call.dry_run else classroom_id)


@command("UpdateClassroom", summary="Update a classroom by id", writes=Scope.MANAGE, ours=True)
async def update_classroom_command(call: Call, parameters: UpdatedClassroomValues) -> Done:
    """Change a classroom; its capacity must hold those who sit in it from now on (P3)."""
    changes = said(parameters, ClassroomChanges)
    await perform(call, update_classroom, actor=await call.actor(), classroom_id=parameters.id, changes=changes)
    return Done()


@command("GetClassroom", summary="Retrieve a classroom by id", ours=True)
async def get_classroom_command(call: Call, parameters: OneClassroom) -> FoundClassroom:
    """Give a classroom."""
    actor = await call.actor()
    row = await call.database.read(get_classroom, viewer=actor.viewer, classroom_id=parameters.id)
    return FoundClassroom(classroom=_record_of(row))


@command("SearchClassrooms", summary="Search for classrooms", ours=True)
async def search_classrooms_command(call: Call, parameters: ClassroomSearch) -> FoundClassrooms:
    """Give a page of the classrooms that meet every given criterion."""
    actor = await call.actor()
    criteria = ClassroomCriteria(
        name=parameters.name,
        external_id=parameters.external_id,
        organization_id=parameters.organization_id,
        capacity_at_least=parameters.capacity_at_least,
    )
    page = await call.database.search(
        search_classrooms,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundClassrooms(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[_record_of(row) for row in page.rows],
    )


def _record_of(row: ClassroomRow) -> Classroom:
    return Classroom(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        description=row.description,
        administrative_notes=row.administrative_notes,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        capacity=row.capacity,
        address1=row.address1,
        address2=row.address2,
        city=row.city,
        state=row.state,
        zip=row.zip,
        country=row.country,
        created=row.created_at,
        last_modified=row.modified_at,
    )


COMMANDS: tuple[Command, ...] = (
    create_classroom_command,
    update_classroom_command,
    get_classroom_command,
    search_classrooms_command,
)
