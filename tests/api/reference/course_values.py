"""A sensible value for every documented parameter of the commands about courses and what is assigned of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.ground import NOW, Ground

COURSE_VALUES: Final[Mapping[str, Callable[[Ground], dict[str, Any]]]] = {
    "GetCourse": lambda ground: {"id": ground.estate.course_id},
    "GetCourseByExternalId": lambda ground: {"id": ground.estate.mark},
    "SearchCourses": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Created DESC",
        "name": "weld",
        "externalId": ground.estate.mark,
        "hasLabs": False,
        "createdAfter": NOW,
        "createdBefore": NOW,
        "lastModifiedAfter": NOW,
        "lastModifiedBefore": NOW,
        "availableInstructorLed": True,
        "availableSelfPaced": False,
    },
}
