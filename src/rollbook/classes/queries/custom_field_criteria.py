"""Finding classes by what they show of custom fields: their own values, or of cascading fields those of the course."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Boolean, ColumnElement, Integer, Text, and_, bindparam, exists, literal, or_

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.custom_fields.queries.fields import CustomFieldRow, get_custom_field_in_sight
from rollbook.custom_fields.values import SEPARATOR, DataType, Subject
from rollbook.database.expressions import ascii_lower, contains
from rollbook.database.schema import LARGEST_INTEGER, ascii_folded
from rollbook.database.transaction import Transaction
from rollbook.errors import InvalidError

_LARGEST: Final = LARGEST_INTEGER + 1
_TRUTHS: Final = {"true": True, "false": False, "1": True, "0": False}


class CustomFieldCriterion(Struct, frozen=True):
    """
    That the classes of a search show a value of a custom field.

    Attributes:
        value: As it is written: a text or a choice in any case of the letters A to Z, a number, the id of a user, ``true`` or ``false``.
    """

    custom_field_id: int
    value: str


class _Way(StrEnum):
    """How values of a sort are compared."""

    TEXT = "text"
    CHOSEN = "chosen"
    NUMBER = "number"
    TRUTH = "truth"


class ValueNotOfFieldError(InvalidError):
    """Classes are looked for by a value that no class can have."""

    field = "custom_fields"

    def __init__(self, field: CustomFieldRow, value: str, wanted: str) -> None:
        self.custom_field_id = field.id
        self.value = value
        super().__init__(f"{value} is no value of custom field {field.id} ({field.name}); give {wanted}")


class ClassFieldNotFoundError(InvalidError):
    """Classes are looked for by a custom field that is none of classes."""

    field = "custom_fields"

    def __init__(self, custom_field_id: int) -> None:
        self.custom_field_id = custom_field_id
        super().__init__(f"custom field {custom_field_id} is none of classes; give one that they have")


class Asked(Struct, frozen=True):
    """
    Criteria as a statement takes them.

    Attributes:
        names: Which conditions it has.
        values: What they are bound to.
    """

    names: tuple[str, ...]
    values: dict[str, Any]


async def ask_for_custom_fields(transaction: Transaction, *, viewer: Viewer, criteria: Sequence[CustomFieldCriterion]) -> Asked:
    """
    Give what a statement needs to find classes by custom fields.

    Raises:
        CustomFieldNotFoundError: The viewer has no such custom field.
        ClassFieldNotFoundError: A field is none of classes, or is disabled.
        ValueNotOfFieldError: A value is none that the field takes.
    """
    names: list[str] = []
    values: dict[str, Any] = {}
    for place, criterion in enumerate(criteria):
        field = await get_custom_field_in_sight(
            transaction, viewer=viewer, custom_field_id=criterion.custom_field_id, field="custom_fields"
        )
        if not field.is_for(Subject.CLASS) or not field.enabled:
            raise ClassFieldNotFoundError(field.id)
        way, value = _read(field, criterion.value)
        names.append(f"{way}_{place}")
        values |= {f"field_{place}": field.id, f"value_{place}": value}
    return Asked(tuple(names), values)


def conditions_of(names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Give the conditions of these names."""
    return [_condition(name) for name in names]


def _read(field: CustomFieldRow, text: str) -> tuple[_Way, str | int | bool]:
    match field.data_type:
        case DataType.CHECKBOX:
            truth = _TRUTHS.get(text.lower())
            if truth is None:
                raise ValueNotOfFieldError(field, text, "true or false")
            return _Way.TRUTH, truth
        case DataType.NUMBER | DataType.USER_SELECTOR:
            digits = text.removeprefix("-")
            if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10 and -_LARGEST <= int(text) < _LARGEST):
                raise ValueNotOfFieldError(field, text, "a whole number")
            return _Way.NUMBER, int(text)
        case DataType.CHECKBOX_LIST:
            return _Way.CHOSEN, f"{SEPARATOR}{ascii_folded(text)}{SEPARATOR}"
        case _:
            return _Way.TEXT, ascii_folded(text)


@lru_cache(maxsize=256)
def _condition(name: str) -> ColumnElement[bool]:
    way, _, place = name.partition("_")
    field_id = bindparam(f"field_{place}", type_=Integer)
    own, course = custom_field_values.alias(f"own_{place}"), custom_field_values.alias(f"course_{place}")
    fields = custom_fields.alias(f"fields_{place}")
    is_own = and_(own.c.subject_id == classes.c.id, own.c.custom_field_id == field_id, own.c.subject == Subject.CLASS.value)
    is_course = and_(
        course.c.subject_id == classes.c.course_id,
        course.c.custom_field_id == field_id,
        course.c.subject == Subject.COURSE.value,
        fields.c.id == course.c.custom_field_id,
        fields.c.cascades,
    )
    return or_(
        exists().where(is_own, _meets(own.c, _Way(way), f"value_{place}")),
        and_(exists().where(is_course, _meets(course.c, _Way(way), f"value_{place}")), ~exists().where(is_own)),
    )


def _meets(columns: Any, way: _Way, value: str) -> ColumnElement[bool]:
    if way is _Way.TEXT:
        return ascii_lower(columns.text_value) == bindparam(value, type_=Text)
    if way is _Way.CHOSEN:
        tab = literal(SEPARATOR, Text)
        return contains(tab + ascii_lower(columns.text_value) + tab, bindparam(value, type_=Text))
    if way is _Way.NUMBER:
        number: ColumnElement[bool] = columns.integer_value == bindparam(value, type_=Integer)
        return number
    truth: ColumnElement[bool] = columns.boolean_value == bindparam(value, type_=Boolean)
    return truth
