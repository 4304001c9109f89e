"""Custom fields and their values, as the tests make and read them."""

from typing import Any

from rollbook.access.actor import Actor
from rollbook.classes.actions.custom_field_values import update_class_custom_field_value
from rollbook.classes.queries.custom_field_values import list_class_custom_field_values
from rollbook.courses.actions.custom_field_values import update_course_custom_field_value
from rollbook.courses.queries.custom_field_values import list_course_custom_field_values
from rollbook.custom_fields.actions.fields import NewCustomField, create_custom_field
from rollbook.custom_fields.values import DataType, GivenValue, Subject
from rollbook.database.transaction import Database
from rollbook.people.actions.custom_field_values import NewValue, update_user_custom_field_value
from rollbook.people.queries.custom_field_values import list_user_custom_field_values
from tests.cast import TESTS, Cast


async def add_field(database: Database, cast: Cast, **values: Any) -> int:
    """Create a custom field of the training organization's classes, a text."""
    new = NewCustomField(
        **{
            "organization_id": cast.organization_id,
            "subject": Subject.CLASS,
            "name": "Order",
            "data_type": DataType.TEXTBOX,
            **values,
        }
    )
    return await database.write(create_custom_field, actor=TESTS, new=new)


async def give(
    database: Database,
    subject: Subject,
    subject_id: int,
    field_id: int,
    *,
    actor: Actor = TESTS,
    if_version: int | None = None,
    **given: Any,
) -> None:
    """Give something a value."""
    new = NewValue(field_id, GivenValue(**given))
    if subject is Subject.CLASS:
        await database.write(update_class_custom_field_value, actor=actor, class_id=subject_id, new=new, if_version=if_version)
    elif subject is Subject.COURSE:
        await database.write(update_course_custom_field_value, actor=actor, course_id=subject_id, new=new, if_version=if_version)
    else:
        await database.write(update_user_custom_field_value, actor=actor, user_id=subject_id, new=new, if_version=if_version)


async def shown(database: Database, subject: Subject, subject_id: int, *, actor: Actor = TESTS) -> list[tuple[str, Any, bool]]:
    """Give what something shows: the names of the fields, the values, and whether they are the course's."""
    if subject is Subject.CLASS:
        values = await database.search(list_class_custom_field_values, viewer=actor.viewer, class_id=subject_id)
    elif subject is Subject.COURSE:
        values = await database.search(list_course_custom_field_values, viewer=actor.viewer, course_id=subject_id)
    else:
        values = await database.search(list_user_custom_field_values, viewer=actor.viewer, user_id=subject_id)
    return [(each.name, each.value.told(), each.is_inherited) for each in values]
