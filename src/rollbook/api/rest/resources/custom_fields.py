"""The custom fields of the REST API; what classes, courses and users have of them is in ``custom_field_values``."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import Count, Description, Id, Name, Time, moment_of
from rollbook.api.rest.words import member_of, word_of
from rollbook.custom_fields.actions import fields as actions
from rollbook.custom_fields.actions.fields import CustomFieldChanges, NewCustomField
from rollbook.custom_fields.queries import fields as queries
from rollbook.custom_fields.queries.fields import CustomFieldCriteria, CustomFieldRow
from rollbook.custom_fields.values import DataType, Subject
from rollbook.database.transaction import Transaction

TAG: Final = "Custom fields"

SubjectWord: TypeAlias = Literal["class", "course", "user"]
DataTypeWord: TypeAlias = Literal["textbox", "dropdown_list", "checkbox", "number", "user_selector", "checkbox_list"]
Choices: TypeAlias = Annotated[tuple[Name, ...], Meta(max_length=1_000, description="What there is to choose from, of a list.")]


class CustomField(Struct, frozen=True, kw_only=True):
    """A custom field."""

    id: int
    version: int
    organization_id: Annotated[int, Meta(description="It has the field, with everything beneath it.")]
    subject: Annotated[SubjectWord, Meta(description="What has values of it.")]
    name: str
    description: str | None
    data_type: DataTypeWord
    choices: Annotated[list[str], Meta(description="What there is to choose from, of a list.")]
    required: Annotated[bool, Meta(description="A value is never cleared.")]
    is_unique: Annotated[bool, Meta(description="No two have the same value.")]
    enabled: Annotated[bool, Meta(description="Its values are shown, and can be given.")]
    cascades: Annotated[bool, Meta(description="Of courses: classes have their course's value until they have their own.")]
    position: Annotated[int, Meta(description="Where it stands among others.")]
    created_at: Time
    modified_at: Time


class CustomFields(Page, frozen=True, kw_only=True):
    """A page of custom fields."""

    items: list[CustomField]


class CustomFieldOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a custom field."""

    result: CustomField


class CustomFieldValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a custom field both take."""

    description: Description | UnsetType | None = UNSET
    choices: Choices | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    is_unique: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    cascades: bool | UnsetType = UNSET
    position: Count | UnsetType = UNSET


class CreateCustomField(CustomFieldValues, frozen=True, kw_only=True):
    """A custom field to create."""

    name: Name
    subject: SubjectWord
    data_type: DataTypeWord
    organization_id: Annotated[Id, Meta(description="The organization that has it; by default the key's.")] | UnsetType = UNSET


class UpdateCustomField(CustomFieldValues, frozen=True, kw_only=True):
    """What to change of a custom field."""

    name: Name | UnsetType = UNSET


class CustomFieldQuery(ListQuery, frozen=True, kw_only=True):
    """Which custom fields are listed."""

    subject: SubjectWord | None = None
    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    organization_id: Annotated[Id, Meta(description="The organization that it belongs to, not those beneath.")] | None = None
    data_type: DataTypeWord | None = None
    enabled: bool | None = None


EXAMPLE: Final = CustomField(
    id=1,
    version=1,
    organization_id=1,
    subject="class",
    name="Catering",
    description=None,
    data_type="dropdown_list",
    choices=["None", "Coffee", "Lunch"],
    required=False,
    is_unique=False,
    enabled=True,
    cascades=False,
    position=0,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(CustomFieldOutcome, EXAMPLE, change("custom_field", "position", 1, 0))
_DELETION: Final = example_of(Deletion, None, change("custom_field", "name", "Catering", None))


async def see_custom_field(transaction: Transaction, actor: Actor, custom_field_id: int) -> CustomField:
    """Show the custom field with an id."""
    return show(await queries.get_custom_field(transaction, viewer=actor.viewer, custom_field_id=custom_field_id))


def show(row: CustomFieldRow) -> CustomField:
    """Show a custom field."""
    values: dict[str, Any] = {name: value for name, value in asdict(row).items() if name != "path"}
    told = {"subject": row.subject.value, "data_type": word_of(row.data_type)}
    return CustomField(**values | told | {"created_at": moment_of(row.created_at), "modified_at": moment_of(row.modified_at)})


@endpoint("GET", "/custom-fields", tag=TAG, scope=Scope.READ, answers=CustomFields(items=[EXAMPLE], next="n.1"))
async def list_custom_fields(call: Call, query: CustomFieldQuery) -> CustomFields:
    """List custom fields, in the order of their ids."""
    criteria = CustomFieldCriteria(
        subject=None if query.subject is None else Subject(query.subject),
        name=query.name,
        organization_id=query.organization_id,
        data_type=None if query.data_type is None else member_of(DataType, query.data_type),
        enabled=query.enabled,
    )
    rows = await call.database.search(
        queries.list_custom_fields, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(CustomFields, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/custom-fields",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateCustomField(name="Catering", subject="class", data_type="dropdown_list", choices=("None", "Coffee", "Lunch")),
    answers=_OUTCOME,
    creates="/custom-fields/{id}",
)
async def create_custom_field(call: Call, body: CreateCustomField) -> CustomFieldOutcome:
    """Create a custom field."""
    given = {"organization_id": call.actor.viewer.organization_id, **_told(body)}
    given |= {"subject": Subject(body.subject), "data_type": member_of(DataType, body.data_type)}
    performed = await create(
        call, actions.create_custom_field, see=see_custom_field, id_of=as_id, actor=call.actor, new=NewCustomField(**given)
    )
    return performed.told(CustomFieldOutcome)


@endpoint("GET", "/custom-fields/{custom_field_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_custom_field(call: Call, custom_field_id: int) -> CustomField:
    """Show a custom field."""
    return await call.database.read(see_custom_field, call.actor, custom_field_id)


@endpoint("PATCH", "/custom-fields/{custom_field_id}", tag=TAG, scope=Scope.MANAGE, takes=UpdateCustomField(position=0), answers=_OUTCOME)
async def update_custom_field(call: Call, custom_field_id: int, body: UpdateCustomField) -> CustomFieldOutcome:
    """
    Change a custom field.

    Its values stay as they are.
    """
    performed = await perform(
        call,
        actions.update_custom_field,
        see=see_custom_field,
        subject_id=custom_field_id,
        actor=call.actor,
        custom_field_id=custom_field_id,
        changes=CustomFieldChanges(**_told(body)),
    )
    return performed.told(CustomFieldOutcome)


@endpoint("DELETE", "/custom-fields/{custom_field_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION)
async def delete_custom_field(call: Call, custom_field_id: int) -> Deletion:
    """
    Delete a custom field.

    It is refused while there are values of it.
    """
    return await delete(
        call,
        actions.delete_custom_field,
        see=see_custom_field,
        subject_id=custom_field_id,
        actor=call.actor,
        custom_field_id=custom_field_id,
    )


def _told(body: CustomFieldValues) -> dict[str, Any]:
    """Give what a body says, each choice once."""
    given = given_in(body)
    if "choices" in given:
        given["choices"] = tuple(dict.fromkeys(given["choices"]))
    return given


ENDPOINTS: tuple[Endpoint, ...] = (list_custom_fields, create_custom_field, get_custom_field, update_custom_field, delete_custom_field)
