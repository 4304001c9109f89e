"""Values of custom fields, each with every other value blank, as a form sends them."""

from collections.abc import Iterator
from typing import Any, Final

from tests.api.reference.ground import Fields

NO_VALUE: Final = {"textValue": "", "booleanValue": "", "separatedListValues": ""}


def given_values(fields: Fields) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each custom field with what it takes."""
    yield fields.textbox, {"textValue": "many words & more"}
    yield fields.checkbox, {"booleanValue": True}
    yield fields.number, {"numericValue": 5}
    yield fields.checkbox_list, {"separatedListValues": "Red\tBlue"}
