"""Everything that is documented of the commands."""

from collections.abc import Mapping
from typing import Final

from tests.api.reference.class_facts import CLASS_FACTS, ENROLLMENT_FACTS
from tests.api.reference.course_facts import ASSIGNMENT_FACTS, COURSE_FACTS, LAB_FACTS
from tests.api.reference.fact import Fact
from tests.api.reference.people_facts import COMPANY_FACTS, ORGANIZATION_FACTS, USER_FACTS
from tests.api.reference.subscription_facts import SUBSCRIPTION_FACTS, TRAINING_KEY_FACTS

FACTS: Final[Mapping[str, Fact]] = {
    **USER_FACTS,
    **ORGANIZATION_FACTS,
    **COMPANY_FACTS,
    **COURSE_FACTS,
    **CLASS_FACTS,
    **ENROLLMENT_FACTS,
    **ASSIGNMENT_FACTS,
    **SUBSCRIPTION_FACTS,
    **TRAINING_KEY_FACTS,
    **LAB_FACTS,
}
"""What is documented of each command."""

NOT_HERE: Final[Mapping[str, str]] = {}
"""Why a command is not here."""
