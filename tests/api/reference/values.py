"""How each command of the reference is called with every parameter that is documented."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.class_values import CLASS_VALUES
from tests.api.reference.course_values import ASSIGNMENT_VALUES, COURSE_VALUES, LAB_VALUES
from tests.api.reference.ground import Ground
from tests.api.reference.people_values import PEOPLE_VALUES

VALUES: Final[Mapping[str, Callable[[Ground], dict[str, Any]]]] = {
    **PEOPLE_VALUES,
    **COURSE_VALUES,
    **CLASS_VALUES,
    **ASSIGNMENT_VALUES,
    **LAB_VALUES,
}
"""The values by the command's name."""
