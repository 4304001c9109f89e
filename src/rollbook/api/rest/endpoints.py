"""All endpoints of the REST API."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from rollbook.api.rest.endpoint import Endpoint
from rollbook.api.rest.resources import (
    assignments,
    attendance,
    attendance_of_classes,
    batches,
    class_acts,
    classes,
    classrooms,
    closing,
    companies,
    courses,
    custom_field_values,
    custom_fields,
    enrollment_states,
    enrollments,
    erasing,
    finding_classes,
    finding_enrollments,
    histories,
    key,
    organizations,
    preferences,
    redemptions,
    rosters,
    user_accounts,
    user_rights,
    users,
    waitlists,
)

RESOURCES: Final = (
    organizations,
    preferences,
    key,
    users,
    user_rights,
    user_accounts,
    erasing,
    companies,
    courses,
    assignments,
    classrooms,
    classes,
    enrollments,
    enrollment_states,
    redemptions,
    waitlists,
    attendance,
    attendance_of_classes,
    closing,
    batches,
    class_acts,
    finding_classes,
    finding_enrollments,
    rosters,
    custom_fields,
    custom_field_values,
    histories,
)
ENDPOINTS: Final[Sequence[Endpoint]] = tuple(chain.from_iterable(resource.ENDPOINTS for resource in RESOURCES))
