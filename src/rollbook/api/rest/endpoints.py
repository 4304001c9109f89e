"""All endpoints of the REST API."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from rollbook.api.rest.endpoint import Endpoint
from rollbook.api.rest.resources import courses

RESOURCES: Final = (courses,)
ENDPOINTS: Final[Sequence[Endpoint]] = tuple(chain.from_iterable(resource.ENDPOINTS for resource in RESOURCES))
