"""Of which custom fields a class, a course or a user has values, and which value it shows of one of them."""

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.custom_fields.queries.fields import CustomFieldRow, get_custom_field_in_sight
from rollbook.custom_fields.queries.values import ShownValue, find_value
from rollbook.custom_fields.values import NO_VALUE, Subject
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, InvalidError
from rollbook.organizations.queries.organizations import get_organization


class Holder(Struct, frozen=True):
    """What has values of custom fields: a class, a course or a user, and to which organization it belongs."""

    subject: Subject
    id: int
    organization_id: int


class CustomFieldNotOfSubjectError(InvalidError):
    """A custom field is not one of what is to have a value of it."""

    field = "custom_field_id"

    def __init__(self, field: CustomFieldRow, holder: Holder) -> None:
        self.custom_field_id = field.id
        super().__init__(
            f"custom field {field.id} is none of {holder.subject.value} {holder.id}; give one that its organization has for it"
        )


class CustomFieldDisabledError(ConflictError):
    """A value of a disabled field is asked for."""

    field = "custom_field_id"

    def __init__(self, field: CustomFieldRow) -> None:
        self.custom_field_id = field.id
        super().__init__(f"custom field {field.id} ({field.name}) is disabled; enable it first")


async def find_field_of(transaction: Transaction, *, viewer: Viewer, holder: Holder, custom_field_id: int) -> CustomFieldRow:
    """
    Give the custom field of which something that the viewer has found has a value, or could have one.

    Raises:
        CustomFieldNotFoundError: The viewer has no such custom field.
        CustomFieldNotOfSubjectError: It is none of what it is asked for.
        CustomFieldDisabledError: It is disabled.
    """
    field = await get_custom_field_in_sight(transaction, viewer=viewer, custom_field_id=custom_field_id, field="custom_field_id")
    organization = await get_organization(transaction, viewer=viewer, organization_id=holder.organization_id)
    if not field.is_for(holder.subject) or not organization.path.startswith(field.path):
        raise CustomFieldNotOfSubjectError(field, holder)
    if not field.enabled:
        raise CustomFieldDisabledError(field)
    return field


async def get_shown_value(
    transaction: Transaction, *, viewer: Viewer, holder: Holder, custom_field_id: int, course_id: int | None = None
) -> ShownValue:
    """
    Give the value of one custom field that something shows, which may be none; *course_id* is the course of a class.

    Raises:
        CustomFieldNotFoundError: The viewer has no such custom field.
        CustomFieldNotOfSubjectError: It is none of what it is asked for.
        CustomFieldDisabledError: It is disabled.
    """
    field = await find_field_of(transaction, viewer=viewer, holder=holder, custom_field_id=custom_field_id)
    value = await find_value(transaction, subject=holder.subject, subject_id=holder.id, custom_field_id=field.id)
    is_inherited = value == NO_VALUE and course_id is not None and field.subject is Subject.COURSE
    if is_inherited and course_id is not None:
        value = await find_value(transaction, subject=Subject.COURSE, subject_id=course_id, custom_field_id=field.id)
    return ShownValue(
        custom_field_id=field.id,
        name=field.name,
        data_type=field.data_type,
        value=value,
        is_inherited=is_inherited and value != NO_VALUE,
    )
