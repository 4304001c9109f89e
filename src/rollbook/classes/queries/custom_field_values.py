"""Reading classes with the values that they show of custom fields."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from msgspec.structs import replace

from rollbook.access.actor import Viewer
from rollbook.classes.queries.classes import TrainingClass, get_class
from rollbook.custom_fields.queries.fields import CustomFieldRow, list_custom_fields_for
from rollbook.custom_fields.queries.holders import Holder, get_shown_value
from rollbook.custom_fields.queries.values import ShownValue, list_values_of_classes
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Transaction
from rollbook.organizations.queries.organizations import get_organization

FindClass = Callable[..., Awaitable[TrainingClass]]


async def with_custom_fields(transaction: Transaction, *, viewer: Viewer, found: Sequence[TrainingClass]) -> list[TrainingClass]:
    """Give classes, which the viewer has found, with what they show of custom fields."""
    course_ids = {each.row.id: each.row.course_id for each in found}
    values = await list_values_of_classes(transaction, viewer=viewer, course_ids=course_ids)
    return [replace(each, custom_fields=tuple(values.get(each.row.id, ()))) for each in found]


async def show_class(transaction: Transaction, find: FindClass, /, *, viewer: Viewer, **asked: Any) -> TrainingClass:
    """
    Give the class that a query such as ``get_class`` finds, with what it shows of custom fields; *asked* is what the query takes.

    Raises:
        NotFoundError: The viewer has no such class.
        ConflictError: The viewer has several.
    """
    (shown,) = await with_custom_fields(transaction, viewer=viewer, found=[await find(transaction, viewer=viewer, **asked)])
    return shown


async def get_class_custom_field_value(transaction: Transaction, *, viewer: Viewer, class_id: int, custom_field_id: int) -> ShownValue:
    """
    Give the value of one custom field that a class shows, which may be none.

    Raises:
        ClassNotFoundError: The viewer has no such class.
        CustomFieldNotFoundError: The viewer has no such custom field.
        CustomFieldNotOfSubjectError: It is none of the class.
        CustomFieldDisabledError: It is disabled.
    """
    row = (await get_class(transaction, viewer=viewer, class_id=class_id)).row
    holder = Holder(Subject.CLASS, class_id, row.organization_id)
    return await get_shown_value(transaction, viewer=viewer, holder=holder, custom_field_id=custom_field_id, course_id=row.course_id)


async def list_class_custom_field_values(transaction: Transaction, *, viewer: Viewer, class_id: int) -> list[ShownValue]:
    """
    Give what a class shows of custom fields.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    return list((await show_class(transaction, get_class, viewer=viewer, class_id=class_id)).custom_fields)


async def list_custom_fields_of_class(
    transaction: Transaction, *, viewer: Viewer, class_id: int
) -> tuple[TrainingClass, list[CustomFieldRow]]:
    """
    Give a class with what it shows of custom fields, and the fields of which it has values or could have some, in the order they are shown in.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await show_class(transaction, get_class, viewer=viewer, class_id=class_id)
    organization = await get_organization(transaction, viewer=viewer, organization_id=found.row.organization_id)
    fields = await list_custom_fields_for(transaction, viewer=viewer, subject=Subject.CLASS)
    return found, [field for field in fields if organization.path.startswith(field.path)]
