"""The commands about custom fields; what a class, a course or a user has of them is in ``custom_field_values``."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.custom_field_records import DATA_TYPES, SUBJECTS, CustomField, field_of
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Total
from rollbook.api.tms.lists import Texts
from rollbook.api.tms.numbers import Boolean, Id, Integer
from rollbook.api.tms.parsing import NoParameters, Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.custom_fields.actions.fields import (
    CustomFieldChanges,
    NewCustomField,
    create_custom_field,
    delete_custom_field,
    update_custom_field,
)
from rollbook.custom_fields.queries.fields import (
    CustomFieldCriteria,
    get_custom_field,
    list_custom_fields_for,
    search_custom_fields,
)
from rollbook.custom_fields.values import SEPARATOR, DataType, Subject
from rollbook.organizations.limits import LONGEST_DESCRIPTION


class CustomFieldValues(Parameters):
    """What creating and updating a custom field both take."""

    description: Annotated[str | UnsetType | None, Text("What it is for.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = (
        UNSET
    )
    choices: Annotated[
        tuple[str, ...] | UnsetType,
        Texts(
            "What there is to choose from, of a list: the name repeated, or tabs between the choices.", separator=SEPARATOR, name="Choices"
        ),
    ] = UNSET
    required: Annotated[bool | UnsetType, Boolean("A value is never cleared.", name="Required")] = UNSET
    is_unique: Annotated[bool | UnsetType, Boolean("No two have the same value.", name="Unique")] = UNSET
    enabled: Annotated[bool | UnsetType, Boolean("Its values are shown and can be given; by default they are.", name="Enabled")] = UNSET
    cascades: Annotated[
        bool | UnsetType, Boolean("Of a field of courses: classes have their course's value until they have their own.", name="Cascades")
    ] = UNSET
    position: Annotated[int | UnsetType, Integer("Where it stands among others.", name="Position", minimum=0)] = UNSET


class NewCustomFieldValues(CustomFieldValues):
    """What creating a custom field takes."""

    name: Annotated[str, Text("The name.", name="Name")]
    subject: Annotated[Subject, Choice(SUBJECTS, "What has values of it.", name="SubjectTypeId")]
    data_type: Annotated[DataType, Choice(DATA_TYPES, "What its values are.", name="DataTypeId")]
    organization_id: Annotated[
        int | UnsetType, Id("The organization that has it, with everything beneath; by default the key's.", name="OrganizationId")
    ] = UNSET


class ChangedCustomFieldValues(CustomFieldValues):
    """What updating a custom field takes."""

    id: Annotated[int, Id("The custom field.", name="Id", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", name="Name")] = UNSET


class OneCustomField(Parameters):
    """Which custom field."""

    id: Annotated[int, Id("The custom field.", in_path=True)]


class CustomFieldSearch(SearchParameters):
    """What custom fields are looked for."""

    sort: Annotated[SortOrder, Sort({"Position": "position", "Name": "name"}, default="Position")]
    subject: Annotated[Subject | None, Choice(SUBJECTS, "What has values of it.", name="subjectTypeId")] = None
    name: Annotated[str | None, Text("A part of the name.")] = None
    organization_id: Annotated[int | None, Id("The organization that it belongs to, not those beneath.")] = None
    data_type: Annotated[DataType | None, Choice(DATA_TYPES, "What its values are.", name="dataTypeId")] = None
    enabled: Annotated[bool | None, Boolean("Whether its values are shown.")] = None


class FoundCustomField(Answer):
    """A custom field."""

    custom_field: CustomField | None


class FoundCustomFields(Answer):
    """A page of custom fields."""

    total_count: Total
    total_pages: Pages
    results: list[CustomField]


class CustomFieldsOfSubject(Answer):
    """Every custom field that there is for a sort of things."""

    results: list[CustomField]


class CreatedCustomField(Answer):
    """The id of the new custom field; null in a dry run."""

    custom_field_id: int | None


@command("CreateCustomField", summary="Create a custom field", writes=Scope.MANAGE, ours=True)
async def create(call: Call, parameters: NewCustomFieldValues) -> CreatedCustomField:
    """Create a custom field."""
    actor = await call.actor()
    default = {"organization_id": actor.viewer.organization_id} if parameters.organization_id is UNSET else {}
    custom_field_id = await perform(call, create_custom_field, actor=actor, new=said(parameters, NewCustomField, **default))
    return CreatedCustomField(custom_field_id=None if call.dry_run else custom_field_id)


@command("UpdateCustomField", summary="Update a custom field by id", writes=Scope.MANAGE, ours=True)
async def update(call: Call, parameters: ChangedCustomFieldValues) -> Done:
    """Change a custom field; its values stay as they are."""
    changes = said(parameters, CustomFieldChanges)
    await perform(call, update_custom_field, actor=await call.actor(), custom_field_id=parameters.id, changes=changes)
    return Done()


@command("DeleteCustomField", summary="Delete a custom field without values by id", writes=Scope.MANAGE, ours=True)
async def delete(call: Call, parameters: OneCustomField) -> Done:
    """Delete a custom field that has no values."""
    await perform(call, delete_custom_field, actor=await call.actor(), custom_field_id=parameters.id)
    return Done()


@command("GetCustomField", summary="Get a custom field by id", ours=True)
async def get(call: Call, parameters: OneCustomField) -> FoundCustomField:
    """Show a custom field of an organization of the key."""
    actor = await call.actor()
    row = await call.database.read(get_custom_field, viewer=actor.viewer, custom_field_id=parameters.id)
    return FoundCustomField(custom_field=field_of(row, actor.viewer))


@command("SearchCustomFields", summary="Search for custom fields", ours=True)
async def search(call: Call, parameters: CustomFieldSearch) -> FoundCustomFields:
    """Give a page of the custom fields of the key's organizations that meet every given criterion."""
    actor = await call.actor()
    page = await call.database.search(
        search_custom_fields,
        viewer=actor.viewer,
        criteria=CustomFieldCriteria(**{name: getattr(parameters, name) for name in CustomFieldCriteria.__struct_fields__}),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundCustomFields(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[field_of(row, actor.viewer) for row in page.rows],
    )


@command("GetClassCustomFields", summary="Get the custom fields of classes", group="Classes")
async def list_for_classes(call: Call, parameters: NoParameters) -> CustomFieldsOfSubject:  # noqa: ARG001 - it takes nothing
    """Give the enabled custom fields that classes of the key can have values of, those of courses that cascade among them."""
    return await _list_for(call, Subject.CLASS)


@command("GetCourseCustomFields", summary="Get the custom fields of courses", group="Courses", ours=True)
async def list_for_courses(call: Call, parameters: NoParameters) -> CustomFieldsOfSubject:  # noqa: ARG001 - it takes nothing
    """Give the enabled custom fields that courses of the key can have values of."""
    return await _list_for(call, Subject.COURSE)


@command("GetUserCustomFields", summary="Get the custom fields of users", group="Users", ours=True)
async def list_for_users(call: Call, parameters: NoParameters) -> CustomFieldsOfSubject:  # noqa: ARG001 - it takes nothing
    """Give the enabled custom fields that users of the key can have values of."""
    return await _list_for(call, Subject.USER)


async def _list_for(call: Call, subject: Subject) -> CustomFieldsOfSubject:
    actor = await call.actor()
    rows = await call.database.read(list_custom_fields_for, viewer=actor.viewer, subject=subject)
    return CustomFieldsOfSubject(results=[field_of(row, actor.viewer) for row in rows])


COMMANDS: tuple[Command, ...] = (create, update, delete, get, search, list_for_classes, list_for_courses, list_for_users)
