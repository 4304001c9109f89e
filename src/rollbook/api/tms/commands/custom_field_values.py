"""The commands about what a class, a course or a user has of custom fields."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.custom_field_records import CustomFieldValue, value_of
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer
from rollbook.api.tms.lists import Texts
from rollbook.api.tms.numbers import Boolean, Id, Integer
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.classes.actions.custom_field_values import update_class_custom_field_value
from rollbook.classes.queries.custom_field_values import get_class_custom_field_value
from rollbook.courses.actions.custom_field_values import update_course_custom_field_value
from rollbook.courses.queries.custom_field_values import get_course_custom_field_value
from rollbook.custom_fields.values import LONGEST_TEXT, SEPARATOR, GivenValue
from rollbook.people.actions.custom_field_values import NewValue, update_user_custom_field_value
from rollbook.people.queries.custom_field_values import get_user_custom_field_value

_NUMBER = "The value of a number, or the id of the user of a user selector."


class GivenCustomFieldValue(Parameters):
    """Which custom field, and the value that is given to it: the one that its data type takes."""

    custom_field_id: Annotated[int, Id("The custom field.")]
    text_value: Annotated[
        str | UnsetType | None, Text("The value of a textbox, or the choice of a dropdown list.", maximum=LONGEST_TEXT, lines=True)
    ] = UNSET
    boolean_value: Annotated[bool | UnsetType | None, Boolean("The value of a checkbox.")] = UNSET
    separated_list_values: Annotated[
        tuple[str, ...] | UnsetType | None, Texts("The choices of a checkbox list, with tabs between them.", separator=SEPARATOR)
    ] = UNSET


class ClassValue(Parameters):
    """Which value of which class."""

    custom_field_id: Annotated[int, Id("The custom field.")]
    class_id: Annotated[int, Id("The class.", in_path=True)]


class GivenClassValue(GivenCustomFieldValue):
    """A value that is given to a class."""

    class_id: Annotated[int, Id("The class.", in_path=True)]
    numeric_value: Annotated[int | UnsetType | None, Integer(_NUMBER)] = UNSET


class GivenCourseValue(GivenCustomFieldValue):
    """A value that is given to a course."""

    course_id: Annotated[int, Id("The course.", in_path=True)]
    numeric_value: Annotated[int | UnsetType | None, Integer(_NUMBER)] = UNSET


class GivenUserValue(GivenCustomFieldValue):
    """A value that is given to a user."""

    user_id: Annotated[int, Id("The user.", in_path=True)]
    numeric_value: Annotated[int | UnsetType | None, Integer(_NUMBER, ours=True)] = UNSET


class FoundCustomFieldValue(Answer):
    """The value of a custom field; null in a dry run."""

    custom_field_value: CustomFieldValue | None


@command("GetClassCustomFieldValue", summary="Get a class's value of a custom field", group="Classes")
async def get_of_class(call: Call, parameters: ClassValue) -> FoundCustomFieldValue:
    """Give the value that a class shows of a custom field: its own, or that of its course; without any, all its values are null."""
    actor = await call.actor()
    asked = {"class_id": parameters.class_id, "custom_field_id": parameters.custom_field_id}
    shown = await call.database.snapshot(get_class_custom_field_value, viewer=actor.viewer, **asked)
    return FoundCustomFieldValue(custom_field_value=value_of(shown))


@command("UpdateClassCustomFieldValue", summary="Give a class a value of a custom field", group="Classes", writes=Scope.MANAGE)
async def give_to_class(call: Call, parameters: GivenClassValue) -> FoundCustomFieldValue:
    """Change the value that a class has of a custom field, and give what it shows since."""
    actor = await call.actor()
    await perform(call, update_class_custom_field_value, actor=actor, class_id=parameters.class_id, new=_new(parameters))
    if call.dry_run:
        return FoundCustomFieldValue(custom_field_value=None)
    asked = {"class_id": parameters.class_id, "custom_field_id": parameters.custom_field_id}
    shown = await call.database.snapshot(get_class_custom_field_value, viewer=actor.viewer, **asked)
    return FoundCustomFieldValue(custom_field_value=value_of(shown))


@command("UpdateCourseCustomFieldValue", summary="Give a course a value of a custom field", group="Courses", writes=Scope.MANAGE, ours=True)
async def give_to_course(call: Call, parameters: GivenCourseValue) -> FoundCustomFieldValue:
    """Change the value that a course has of a custom field, and give it."""
    actor = await call.actor()
    await perform(call, update_course_custom_field_value, actor=actor, course_id=parameters.course_id, new=_new(parameters))
    if call.dry_run:
        return FoundCustomFieldValue(custom_field_value=None)
    asked = {"course_id": parameters.course_id, "custom_field_id": parameters.custom_field_id}
    shown = await call.database.snapshot(get_course_custom_field_value, viewer=actor.viewer, **asked)
    return FoundCustomFieldValue(custom_field_value=value_of(shown))


@command("UpdateUserCustomFieldValue", summary="Give a user a value of a custom field", group="Users", writes=Scope.MANAGE)
async def give_to_user(call: Call, parameters: GivenUserValue) -> FoundCustomFieldValue:
    """Change the value that a user has of a custom field, and give it."""
    actor = await call.actor()
    await perform(call, update_user_custom_field_value, actor=actor, user_id=parameters.user_id, new=_new(parameters))
    if call.dry_run:
        return FoundCustomFieldValue(custom_field_value=None)
    asked = {"user_id": parameters.user_id, "custom_field_id": parameters.custom_field_id}
    shown = await call.database.snapshot(get_user_custom_field_value, viewer=actor.viewer, **asked)
    return FoundCustomFieldValue(custom_field_value=value_of(shown))


def _new(parameters: GivenCustomFieldValue) -> NewValue:
    return NewValue(parameters.custom_field_id, said(parameters, GivenValue))


COMMANDS: tuple[Command, ...] = (get_of_class, give_to_class, give_to_course, give_to_user)
