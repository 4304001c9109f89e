"""What a custom field can be, and which values it takes."""

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from rollbook.errors import ConflictError, InvalidError, RollbookError

LONGEST_TEXT: Final = 8_000
"""Characters of a value, and of all choices that are one value together."""

SEPARATOR: Final = "\t"
"""What stands between several chosen values."""

_MOST_LISTED: Final = 10


class Subject(StrEnum):
    """What has values of custom fields, by the word that the history has for it."""

    CLASS = "class"
    COURSE = "course"
    USER = "user"


class DataType(IntEnum):
    """What the values of a custom field are, by the number of the TMS."""

    TEXTBOX = 0
    DROPDOWN_LIST = 10
    CHECKBOX = 20
    NUMBER = 30
    USER_SELECTOR = 60
    CHECKBOX_LIST = 70


LISTS: Final = frozenset({DataType.DROPDOWN_LIST, DataType.CHECKBOX_LIST})
"""What has choices."""

_CHECKED: Final = frozenset({DataType.CHECKBOX, DataType.CHECKBOX_LIST})
_TAKES: Final = {
    DataType.TEXTBOX: ("text_value", "a text"),
    DataType.DROPDOWN_LIST: ("text_value", "a text that is one of its choices"),
    DataType.CHECKBOX: ("boolean_value", "true or false"),
    DataType.NUMBER: ("numeric_value", "a whole number"),
    DataType.USER_SELECTOR: ("numeric_value", "the id of a user"),
    DataType.CHECKBOX_LIST: ("separated_list_values", "a list of its choices"),
}


class FieldValue(Struct, frozen=True, kw_only=True):
    """
    A value of a custom field, which has one of these at most.

    Attributes:
        text_value: Of a list of checkboxes the chosen ones, with tabs between them.
        integer_value: Of a user selector the user's id.
    """

    text_value: str | None = None
    integer_value: int | None = None
    boolean_value: bool | None = None

    def told(self) -> str | int | bool | None:
        """Give what there is of it."""
        values = (self.text_value, self.integer_value, self.boolean_value)
        return next((value for value in values if value is not None), None)


NO_VALUE: Final = FieldValue()


class GivenValue(Struct, frozen=True, kw_only=True):
    """What a caller gives for a value: the one that the field takes; UNSET is left as it is, None is cleared."""

    text_value: str | UnsetType | None = UNSET
    numeric_value: int | UnsetType | None = UNSET
    boolean_value: bool | UnsetType | None = UNSET
    separated_list_values: tuple[str, ...] | UnsetType | None = UNSET


class FieldKind(Struct, frozen=True):
    """What a custom field takes."""

    id: int
    name: str
    data_type: DataType
    choices: Sequence[str]
    required: bool

    @property
    def takes(self) -> str:
        """The name of the one value among those given that the field takes."""
        return _TAKES[self.data_type][0]


class FieldPlan(Struct, frozen=True, kw_only=True):
    """What is to be true of a custom field."""

    subject: Subject
    data_type: DataType
    choices: Sequence[str]
    required: bool
    is_unique: bool
    cascades: bool


class WrongKindOfValueError(InvalidError):
    """A value is given that is not of the field's kind."""

    def __init__(self, field: FieldKind, given: str) -> None:
        self.custom_field_id = field.id
        self.field = given
        super().__init__(f"custom field {field.id} ({field.name}) takes {_TAKES[field.data_type][1]}; give that instead of this")


class NoSuchChoiceError(InvalidError):
    """What is chosen is none of the field's choices."""

    def __init__(self, field: FieldKind, chosen: str) -> None:
        self.custom_field_id = field.id
        self.field = field.takes
        listed = ", ".join(field.choices[:_MOST_LISTED]) + (", ..." if len(field.choices) > _MOST_LISTED else "")
        super().__init__(f"{chosen} is not a choice of custom field {field.id} ({field.name}); give one of {listed}")


class CustomFieldRequiredError(ConflictError):
    """The value of a required field would be cleared."""

    def __init__(self, field: FieldKind) -> None:
        self.custom_field_id = field.id
        self.field = field.takes
        super().__init__(f"custom field {field.id} ({field.name}) is required; give another value instead of none")


class ChoicesMissingError(InvalidError):
    """A list has nothing to choose from."""

    field = "choices"

    def __init__(self) -> None:
        super().__init__("a list to choose from has no choices; give at least one")


class ChoicesOfNoListError(InvalidError):
    """A field that is no list has choices."""

    field = "choices"

    def __init__(self) -> None:
        super().__init__("only a dropdown list and a checkbox list have choices; leave them out")


class ChoicesTooLongError(InvalidError):
    """All choices together are longer than a value can be."""

    field = "choices"

    def __init__(self) -> None:
        super().__init__(f"the choices are longer than {LONGEST_TEXT} characters together; give fewer or shorter ones")


class CheckedFieldError(InvalidError):
    """A field with checkboxes would be required or unique."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("a checkbox and a checkbox list are neither required nor unique; leave this out")


class CascadesFromCoursesOnlyError(InvalidError):
    """A field that is not one of courses would cascade."""

    field = "cascades"

    def __init__(self) -> None:
        super().__init__("only the fields of courses cascade, to the classes of the course; leave this out")


def refusals_of(plan: FieldPlan) -> list[RollbookError]:
    """Give what a custom field cannot be."""
    refusals: list[RollbookError] = []
    if plan.data_type in LISTS and not plan.choices:
        refusals.append(ChoicesMissingError())
    if plan.data_type not in LISTS and plan.choices:
        refusals.append(ChoicesOfNoListError())
    if len(SEPARATOR.join(plan.choices)) > LONGEST_TEXT:
        refusals.append(ChoicesTooLongError())
    if plan.data_type in _CHECKED:
        refusals.extend(CheckedFieldError(name) for name in ("required", "is_unique") if getattr(plan, name))
    if plan.cascades and plan.subject is not Subject.COURSE:
        refusals.append(CascadesFromCoursesOnlyError())
    return refusals


def settle(field: FieldKind, given: GivenValue, stored: FieldValue) -> FieldValue | RollbookError:
    """
    Give the value that is to be; one that is as it is stored is not looked at.

    Of what the field does not take nothing may be given; to clear it changes nothing.
    """
    for name in GivenValue.__struct_fields__:
        if name != field.takes and getattr(given, name) not in {UNSET, None}:
            return WrongKindOfValueError(field, name)
    value = getattr(given, field.takes)
    if value is UNSET:
        return stored
    wanted = _value(field, value)
    if wanted == stored:
        return stored
    if wanted == NO_VALUE:
        return CustomFieldRequiredError(field) if field.required else wanted
    if field.data_type in LISTS:
        chosen = value if isinstance(value, tuple) else (value,)
        unknown = next((each for each in chosen if each not in field.choices), None)
        if unknown is not None:
            return NoSuchChoiceError(field, unknown)
    return wanted


def _value(field: FieldKind, value: str | int | bool | tuple[str, ...] | None) -> FieldValue:  # noqa: FBT001 - a value, not a switch
    if value is None or value == ():
        return NO_VALUE
    if isinstance(value, tuple):
        # The same choices are the same value in whatever order they are given.
        order = {choice: place for place, choice in enumerate(field.choices)}
        return FieldValue(text_value=SEPARATOR.join(sorted(set(value), key=lambda each: (order.get(each, len(order)), each))))
    if isinstance(value, bool):
        return FieldValue(boolean_value=value)
    if isinstance(value, int):
        return FieldValue(integer_value=value)
    return FieldValue(text_value=value)
