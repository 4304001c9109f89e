from typing import Any

import pytest
from msgspec.structs import asdict

from rollbook.custom_fields.values import (
    NO_VALUE,
    CascadesFromCoursesOnlyError,
    CheckedFieldError,
    ChoicesMissingError,
    ChoicesOfNoListError,
    ChoicesTooLongError,
    CustomFieldRequiredError,
    DataType,
    FieldKind,
    FieldPlan,
    FieldValue,
    GivenValue,
    NoSuchChoiceError,
    Subject,
    WrongKindOfValueError,
    refusals_of,
    settle,
)

COLOURS = ("red", "green", "blue")


def field(data_type: DataType, *, choices: tuple[str, ...] = COLOURS, required: bool = False) -> FieldKind:
    return FieldKind(3, "Colour", data_type, choices, required)


def plan(**values: Any) -> FieldPlan:
    defaults = {
        "subject": Subject.COURSE,
        "data_type": DataType.TEXTBOX,
        "choices": (),
        "required": False,
        "is_unique": False,
        "cascades": False,
    }
    return FieldPlan(**{**defaults, **values})


@pytest.mark.parametrize(
    "data_type,given,wanted",
    [
        (DataType.TEXTBOX, GivenValue(text_value="x"), FieldValue(text_value="x")),
        (DataType.DROPDOWN_LIST, GivenValue(text_value="red"), FieldValue(text_value="red")),
        (DataType.CHECKBOX, GivenValue(boolean_value=False), FieldValue(boolean_value=False)),
        (DataType.NUMBER, GivenValue(numeric_value=0), FieldValue(integer_value=0)),
        (DataType.USER_SELECTOR, GivenValue(numeric_value=7), FieldValue(integer_value=7)),
        (DataType.CHECKBOX_LIST, GivenValue(separated_list_values=("blue", "red")), FieldValue(text_value="red\tblue")),
    ],
)
def test_each_type_takes_its_own_kind_of_value_and_no_other(data_type: DataType, given: GivenValue, wanted: FieldValue) -> None:
    assert wanted == settle(field(data_type), given, NO_VALUE)
    assert wanted == settle(field(data_type), GivenValue(), wanted)
    assert NO_VALUE == settle(field(data_type), GivenValue(**dict.fromkeys(asdict(given), None)), wanted)
    others: dict[str, Any] = {"text_value": "red", "numeric_value": 1, "boolean_value": True, "separated_list_values": ("red",)}
    for name, value in others.items():
        if name != field(data_type).takes:
            refused = settle(field(data_type), GivenValue(**{name: value}), NO_VALUE)
            assert isinstance(refused, WrongKindOfValueError)
            assert name == refused.field


def test_an_empty_list_is_no_value() -> None:
    assert NO_VALUE == settle(field(DataType.CHECKBOX_LIST), GivenValue(separated_list_values=()), FieldValue(text_value="red"))


def test_what_is_no_choice_is_refused_unless_it_is_stored() -> None:
    for data_type, given in (
        (DataType.DROPDOWN_LIST, GivenValue(text_value="pink")),
        (DataType.CHECKBOX_LIST, GivenValue(separated_list_values=("red", "pink"))),
    ):
        refused = settle(field(data_type), given, NO_VALUE)
        assert isinstance(refused, NoSuchChoiceError)
        assert "pink is not a choice of custom field 3 (Colour); give one of red, green, blue" == str(refused)
        stored = FieldValue(text_value="pink" if data_type is DataType.DROPDOWN_LIST else "red\tpink")
        assert stored == settle(field(data_type), given, stored)


def test_of_many_choices_ten_are_told() -> None:
    many = field(DataType.DROPDOWN_LIST, choices=tuple(str(number) for number in range(11)))

    refused = settle(many, GivenValue(text_value="x"), NO_VALUE)

    assert str(refused).endswith("give one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...")


def test_a_required_value_is_changed_but_never_cleared() -> None:
    required = field(DataType.TEXTBOX, required=True)

    assert isinstance(settle(required, GivenValue(text_value=None), FieldValue(text_value="x")), CustomFieldRequiredError)
    assert FieldValue(text_value="y") == settle(required, GivenValue(text_value="y"), FieldValue(text_value="x"))
    assert NO_VALUE == settle(required, GivenValue(text_value=None), NO_VALUE)


@pytest.mark.parametrize(
    "values,expected",
    [
        ({}, []),
        ({"required": True, "is_unique": True, "cascades": True}, []),
        ({"data_type": DataType.DROPDOWN_LIST, "choices": COLOURS, "required": True}, []),
        ({"data_type": DataType.CHECKBOX_LIST, "choices": ("x" * 4_000, "y" * 3_999)}, []),
        ({"data_type": DataType.CHECKBOX_LIST, "choices": ("x" * 4_000, "y" * 4_000)}, [ChoicesTooLongError]),
        ({"data_type": DataType.DROPDOWN_LIST}, [ChoicesMissingError]),
        ({"data_type": DataType.NUMBER, "choices": COLOURS}, [ChoicesOfNoListError]),
        ({"data_type": DataType.CHECKBOX, "required": True, "is_unique": True}, [CheckedFieldError, CheckedFieldError]),
        ({"data_type": DataType.CHECKBOX_LIST, "choices": COLOURS, "is_unique": True}, [CheckedFieldError]),
        ({"subject": Subject.CLASS, "cascades": True}, [CascadesFromCoursesOnlyError]),
        ({"subject": Subject.USER, "cascades": True}, [CascadesFromCoursesOnlyError]),
    ],
)
def test_what_a_field_can_be(values: dict[str, Any], expected: list[type]) -> None:
    assert expected == [type(refusal) for refusal in refusals_of(plan(**values))]
