"""Custom fields and their values as this API shows them: their numbers, names and objects."""

from collections.abc import Iterable
from typing import Annotated, Final

from msgspec import Meta

from rollbook.access.actor import Viewer
from rollbook.api.tms.choices import Choices
from rollbook.api.tms.envelope import Record
from rollbook.custom_fields.queries.fields import CustomFieldRow
from rollbook.custom_fields.queries.values import ShownValue
from rollbook.custom_fields.values import DataType, Subject

DATA_TYPES: Final = Choices(
    "a data type of custom fields",
    {
        0: ("Textbox", DataType.TEXTBOX),
        10: ("Dropdown list", DataType.DROPDOWN_LIST),
        20: ("Checkbox", DataType.CHECKBOX),
        30: ("Number", DataType.NUMBER),
        60: ("User selector", DataType.USER_SELECTOR),
        70: ("Checkbox list", DataType.CHECKBOX_LIST),
    },
)
SUBJECTS: Final = Choices(
    "a sort of things that have custom fields", {0: ("Class", Subject.CLASS), 10: ("Course", Subject.COURSE), 20: ("User", Subject.USER)}
)

_OURS = "Not part of the TMS."
_DataTypeId = Annotated[int, Meta(description="0 Textbox, 10 Dropdown list, 20 Checkbox, 30 Number, 60 User selector or 70 Checkbox list.")]


class CustomField(Record):
    """A custom field."""

    id: int
    name: str
    data_type_id: _DataTypeId
    organization_id: Annotated[int | None, Meta(description=f"The organization that it belongs to; null for one above the key's. {_OURS}")]
    subject_type_id: Annotated[int, Meta(description=f"What has values of it: 0 Class, 10 Course or 20 User. {_OURS}")]
    description: Annotated[str | None, Meta(description=_OURS)]
    choices: Annotated[list[str], Meta(description=f"What there is to choose from. {_OURS}")]
    required: Annotated[bool, Meta(description=f"A value is never cleared. {_OURS}")]
    unique: Annotated[bool, Meta(description=f"No two have the same value. {_OURS}")]
    enabled: Annotated[bool, Meta(description=_OURS)]
    cascades: Annotated[bool, Meta(description=f"Classes have their course's value until they have their own. {_OURS}")]
    position: Annotated[int, Meta(description=f"Where it stands among others. {_OURS}")]


class CustomFieldValue(Record):
    """A value of a custom field."""

    id: Annotated[int, Meta(description="The custom field.")]
    name: str
    data_type_id: _DataTypeId
    text_value: Annotated[str | None, Meta(description="Of a textbox, or the choice of a dropdown list.")]
    integer_value: Annotated[int | None, Meta(description="Of a number, or the id of the user of a user selector.")]
    boolean_value: Annotated[bool | None, Meta(description="Of a checkbox.")]
    separated_list_values: Annotated[str | None, Meta(description="The choices of a checkbox list, with tabs between them.")]
    inherited: Annotated[bool, Meta(description=f"It is the course's, since the class has none of its own. {_OURS}")]


def field_of(row: CustomFieldRow, viewer: Viewer) -> CustomField:
    """Show a custom field to a viewer who has it."""
    return CustomField(
        id=row.id,
        name=row.name,
        data_type_id=row.data_type.value,
        organization_id=row.organization_id if row.path.startswith(viewer.path) else None,
        subject_type_id=SUBJECTS.numbers[row.subject],
        description=row.description,
        choices=row.choices,
        required=row.required,
        unique=row.is_unique,
        enabled=row.enabled,
        cascades=row.cascades,
        position=row.position,
    )


def value_of(shown: ShownValue) -> CustomFieldValue:
    """Show a value."""
    return CustomFieldValue(
        id=shown.custom_field_id,
        name=shown.name,
        data_type_id=shown.data_type.value,
        text_value=shown.text,
        integer_value=shown.value.integer_value,
        boolean_value=shown.value.boolean_value,
        separated_list_values=shown.chosen,
        inherited=shown.is_inherited,
    )


def values_of(shown: Iterable[ShownValue]) -> list[CustomFieldValue]:
    """Show values."""
    return [value_of(each) for each in shown]
