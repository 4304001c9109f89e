"""The parameter by which classes are looked for by what they show of custom fields."""

from typing import Any, Final

from rollbook.api.tms.json_text import InvalidJsonError, read_json_text
from rollbook.api.tms.kinds import BlankValueError, InvalidValueError, Kind, Members, Reader, Schema
from rollbook.api.tms.numbers import Id
from rollbook.api.tms.texts import Text
from rollbook.classes.queries.custom_field_criteria import CustomFieldCriterion
from rollbook.custom_fields.values import LONGEST_TEXT

MOST_CRITERIA: Final = 10

_EXAMPLE: Final = '[{"CustomFieldId":1,"Value":"x"}]'
_read_id = Id("").reader()
_read_text = Text("", maximum=LONGEST_TEXT, lines=True).reader()


class CustomFieldFilter(Kind):
    """Values of custom fields as JSON text, ``[{"CustomFieldId":1,"Value":"x"}]``; its value is a tuple of CustomFieldCriterion."""

    def reader(self) -> Reader:
        """Give the function that reads a given text."""

        def read(text: str) -> tuple[CustomFieldCriterion, ...]:
            try:
                value = read_json_text(text)
            except InvalidJsonError as error:
                raise InvalidValueError(f"is not JSON: {error}") from None
            return read_criteria(value)

        return read

    def read_json(self, read: Reader, value: object) -> object:
        """
        Turn a JSON list, or a JSON text within the JSON body, into the criteria.

        Raises:
            InvalidValueError: It is not a list of values of custom fields.
        """
        return read(value) if isinstance(value, str) else read_criteria(value)

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        criterion: dict[str, Any] = {
            "type": "object",
            "properties": {"CustomFieldId": Id("").schema(), "Value": {"type": "string"}},
            "required": ["CustomFieldId", "Value"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": criterion, "maxItems": MOST_CRITERIA}


def read_criteria(value: object) -> tuple[CustomFieldCriterion, ...]:
    """
    Give the criteria that a decoded JSON value describes.

    Raises:
        InvalidValueError: It is not a list of objects that each have a CustomFieldId and a Value.
    """
    if not isinstance(value, list) or isinstance(value, Members):
        raise InvalidValueError(f"is not a list of values of custom fields such as {_EXAMPLE}")
    if len(value) > MOST_CRITERIA:
        raise InvalidValueError(f"holds {len(value)} values; give at most {MOST_CRITERIA}")
    return tuple(_read_criterion(member, number) for number, member in enumerate(value, start=1))


def _read_criterion(value: object, number: int) -> CustomFieldCriterion:
    members = [(name.lower(), member) for name, member in value] if isinstance(value, Members) else []
    if sorted(name for name, _ in members) != ["customfieldid", "value"]:
        raise InvalidValueError(f"value {number} does not have exactly a CustomFieldId and a Value")
    found = dict(members)
    field_id, wanted = found["customfieldid"], found["value"]
    if isinstance(wanted, bool):
        wanted = "true" if wanted else "false"
    if not isinstance(field_id, str) or not isinstance(wanted, str):
        raise InvalidValueError(f"the CustomFieldId of value {number} is no id, or its Value no text, number or truth")
    try:
        return CustomFieldCriterion(int(str(_read_id(field_id))), str(_read_text(wanted)))
    except BlankValueError:
        raise InvalidValueError(f"value {number} is blank; leave it out") from None
    except InvalidValueError as error:
        raise InvalidValueError(f"value {number}: {error}") from None
