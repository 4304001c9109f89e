"""All endpoints of the REST API."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from rollbook.api.rest.endpoint import Endpoint
from rollbook.api.rest.resources import (
    attendance,
    attendance_of_classes,
    batches,
    closing,
    courses,
    enrollment_states,
    enrollments,
    waitlists,
)

RESOURCES: Final = (courses, enrollments, enrollment_states, waitlists, attendance, attendance_of_classes, closing, batches)
ENDPOINTS: Final[Sequence[Endpoint]] = tuple(chain.from_iterable(resource.ENDPOINTS for resource in RESOURCES))
