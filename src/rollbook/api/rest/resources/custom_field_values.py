"""What classes, courses and users have of custom fields, in the REST API."""

from collections.abc import Iterable
from typing import Annotated, Final, TypeAlias, cast

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import Outcome, given_in, perform
from rollbook.api.rest.resources.custom_fields import TAG, Choices, DataTypeWord
from rollbook.api.rest.values import LINES
from rollbook.api.rest.words import word_of
from rollbook.classes.actions.custom_field_values import update_class_custom_field_value
from rollbook.classes.queries.classes import get_class
from rollbook.classes.queries.custom_field_values import show_class
from rollbook.courses.actions.custom_field_values import update_course_custom_field_value
from rollbook.courses.queries.courses import get_course
from rollbook.courses.queries.custom_field_values import list_course_custom_field_values
from rollbook.custom_fields.queries.values import ShownValue
from rollbook.custom_fields.values import LONGEST_TEXT, SEPARATOR, GivenValue
from rollbook.database.transaction import Transaction
from rollbook.organizations.limits import LARGEST_NUMBER
from rollbook.people.actions.custom_field_values import NewValue, update_user_custom_field_value
from rollbook.people.queries.custom_field_values import show_user
from rollbook.people.queries.users import get_user

Words: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=LINES, description="Of a textbox, or the choice of a dropdown list.")
]
Number: TypeAlias = Annotated[
    int, Meta(ge=-LARGEST_NUMBER - 1, le=LARGEST_NUMBER, description="Of a number, or the id of the user of a user selector.")
]


class CustomFieldValue(Struct, frozen=True, kw_only=True):
    """A value of a custom field: the one that its data type has."""

    custom_field_id: int
    name: str
    data_type: DataTypeWord
    text_value: str | None
    numeric_value: int | None
    boolean_value: bool | None
    separated_list_values: Annotated[list[str] | None, Meta(description="The choices of a checkbox list.")]
    inherited: Annotated[bool, Meta(description="It is the course's, since the class has none of its own.")]


class HeldValues(Struct, frozen=True, kw_only=True):
    """What something has of custom fields."""

    version: Annotated[int, Meta(description="That of what has the values.")]
    items: list[CustomFieldValue]


class HeldOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a value."""

    result: HeldValues


class GiveValue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The value to give: the one that the field's data type takes; null clears it."""

    text_value: Words | UnsetType | None = UNSET
    numeric_value: Number | UnsetType | None = UNSET
    boolean_value: bool | UnsetType | None = UNSET
    separated_list_values: Choices | UnsetType | None = UNSET


EXAMPLE: Final = HeldValues(
    version=2,
    items=[
        CustomFieldValue(
            custom_field_id=1,
            name="Catering",
            data_type="dropdown_list",
            text_value="Coffee",
            numeric_value=None,
            boolean_value=None,
            separated_list_values=None,
            inherited=False,
        )
    ],
)
_GIVEN: Final = GiveValue(text_value="Coffee")


def _outcome(subject: str) -> HeldOutcome:
    return example_of(HeldOutcome, EXAMPLE, change(subject, "custom_fields", {"1": None}, {"1": "Coffee"}))


async def see_values_of_class(transaction: Transaction, actor: Actor, class_id: int) -> HeldValues:
    """Show what the class with an id shows of custom fields."""
    found = await show_class(transaction, get_class, viewer=actor.viewer, class_id=class_id)
    return _held(found.row.version, found.custom_fields)


async def see_values_of_course(transaction: Transaction, actor: Actor, course_id: int) -> HeldValues:
    """Show what the course with an id has of custom fields."""
    row = await get_course(transaction, viewer=actor.viewer, course_id=course_id)
    return _held(row.version, await list_course_custom_field_values(transaction, viewer=actor.viewer, course_id=course_id))


async def see_values_of_user(transaction: Transaction, actor: Actor, user_id: int) -> HeldValues:
    """Show what the user with an id has of custom fields."""
    row, values = await show_user(transaction, get_user, viewer=actor.viewer, user_id=user_id)
    return _held(row.version, values)


def _held(version: int, values: Iterable[ShownValue]) -> HeldValues:
    return HeldValues(version=version, items=[_show(each) for each in values])


def _show(shown: ShownValue) -> CustomFieldValue:
    return CustomFieldValue(
        custom_field_id=shown.custom_field_id,
        name=shown.name,
        data_type=cast("DataTypeWord", word_of(shown.data_type)),
        text_value=shown.text,
        numeric_value=shown.value.integer_value,
        boolean_value=shown.value.boolean_value,
        separated_list_values=None if shown.chosen is None else shown.chosen.split(SEPARATOR),
        inherited=shown.is_inherited,
    )


@endpoint("GET", "/classes/{class_id}/custom-fields", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_values_of_class(call: Call, class_id: int) -> HeldValues:
    """Show what a class has of custom fields: its own values, and those of its course where it has none."""
    return await call.database.search(see_values_of_class, call.actor, class_id)


@endpoint(
    "PUT", "/classes/{class_id}/custom-fields/{custom_field_id}", tag=TAG, scope=Scope.MANAGE, takes=_GIVEN, answers=_outcome("class")
)
async def give_value_to_class(call: Call, class_id: int, custom_field_id: int, body: GiveValue) -> HeldOutcome:
    """
    Give a class a value of a custom field.

    Where its own is cleared, it shows its course's again.
    """
    new = _new(custom_field_id, body)
    performed = await perform(
        call,
        update_class_custom_field_value,
        see=see_values_of_class,
        subject_id=class_id,
        actor=call.actor,
        class_id=class_id,
        new=new,
    )
    return performed.told(HeldOutcome)


@endpoint("GET", "/courses/{course_id}/custom-fields", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_values_of_course(call: Call, course_id: int) -> HeldValues:
    """Show what a course has of custom fields."""
    return await call.database.search(see_values_of_course, call.actor, course_id)


@endpoint(
    "PUT", "/courses/{course_id}/custom-fields/{custom_field_id}", tag=TAG, scope=Scope.MANAGE, takes=_GIVEN, answers=_outcome("course")
)
async def give_value_to_course(call: Call, course_id: int, custom_field_id: int, body: GiveValue) -> HeldOutcome:
    """Give a course a value of a custom field."""
    new = _new(custom_field_id, body)
    performed = await perform(
        call,
        update_course_custom_field_value,
        see=see_values_of_course,
        subject_id=course_id,
        actor=call.actor,
        course_id=course_id,
        new=new,
    )
    return performed.told(HeldOutcome)


@endpoint("GET", "/users/{user_id}/custom-fields", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_values_of_user(call: Call, user_id: int) -> HeldValues:
    """Show what a user has of custom fields."""
    return await call.database.search(see_values_of_user, call.actor, user_id)


@endpoint("PUT", "/users/{user_id}/custom-fields/{custom_field_id}", tag=TAG, scope=Scope.MANAGE, takes=_GIVEN, answers=_outcome("user"))
async def give_value_to_user(call: Call, user_id: int, custom_field_id: int, body: GiveValue) -> HeldOutcome:
    """Give a user a value of a custom field."""
    new = _new(custom_field_id, body)
    performed = await perform(
        call, update_user_custom_field_value, see=see_values_of_user, subject_id=user_id, actor=call.actor, user_id=user_id, new=new
    )
    return performed.told(HeldOutcome)


def _new(custom_field_id: int, body: GiveValue) -> NewValue:
    return NewValue(custom_field_id, GivenValue(**given_in(body)))


ENDPOINTS: tuple[Endpoint, ...] = (
    list_values_of_class,
    give_value_to_class,
    list_values_of_course,
    give_value_to_course,
    list_values_of_user,
    give_value_to_user,
)
