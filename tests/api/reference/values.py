"""How each command of the reference is called with every parameter that is documented."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.class_values import CLASS_VALUES
from tests.api.reference.course_values import ASSIGNMENT_VALUES, COURSE_VALUES, LAB_VALUES
from tests.api.reference.ground import Ground
from tests.api.reference.people_values import PEOPLE_VALUES
from tests.api.reference.subscription_values import SUBSCRIPTION_VALUES

Values = dict[str, Any]

VALUES: Final[Mapping[str, Callable[[Ground], Values | list[Values]]]] = {
    **PEOPLE_VALUES,
    **COURSE_VALUES,
    **CLASS_VALUES,
    **ASSIGNMENT_VALUES,
    **SUBSCRIPTION_VALUES,
    **LAB_VALUES,
}
"""The values by the command's name."""


def calls_of(name: str, ground: Ground) -> list[Values]:
    """Give the values of each call of a command; several where no single one can give every parameter a value."""
    values = VALUES[name](ground)
    return values if isinstance(values, list) else [values]
