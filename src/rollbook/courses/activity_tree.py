"""Where an activity may stand in the tree of its course's activities (V2)."""

from collections.abc import Mapping
from typing import Final

from rollbook.errors import ConflictError, NotFoundError, RollbookError

MOST_LEVELS: Final = 10
"""How deep activities may lie, those at the top of a course being on the first level."""


class ParentActivityNotFoundError(NotFoundError):
    """The course has no such activity that another one could belong to."""

    field = "parent_id"

    def __init__(self, parent_id: int, course_id: int) -> None:
        self.parent_id = parent_id
        super().__init__(f"course {course_id} has no activity {parent_id}; give the id of one of its activities")


class ActivityCircleError(ConflictError):
    """An activity would belong to itself, be it by way of others (V2)."""

    rule = "V2"
    field = "parent_id"

    def __init__(self, activity_id: int, parent_id: int) -> None:
        self.parent_id = parent_id
        super().__init__(f"activity {parent_id} is activity {activity_id} or lies beneath it; give another parent")


class ActivityTooDeepError(ConflictError):
    """An activity would lie deeper in its course than activities may (V2)."""

    rule = "V2"
    field = "parent_id"

    def __init__(self, levels: int) -> None:
        self.levels = levels
        super().__init__(
            f"the course's activities would be {levels} levels deep, and at most {MOST_LEVELS} are kept; give a parent further up"
        )


def refuse_parent(*, course_id: int, activity_id: int | None, parent_id: int, parents: Mapping[int, int | None]) -> RollbookError | None:
    """
    Refuse a parent that an activity cannot have.

    ``parents`` gives the parent of each of the course's activities; ``activity_id`` is None for an activity that is to be made.
    """
    if parent_id not in parents:
        return ParentActivityNotFoundError(parent_id, course_id)
    ancestors = _way_up(parent_id, parents)
    if activity_id in ancestors:
        return ActivityCircleError(ancestors[ancestors.index(activity_id)], parent_id)
    levels = len(ancestors) + _height(activity_id, parents)
    return ActivityTooDeepError(levels) if levels > MOST_LEVELS else None


def _way_up(activity_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """Give an activity and all above it, from below."""
    way: list[int] = []
    above: int | None = activity_id
    while above is not None:
        way.append(above)
        above = parents[above]
    return way


def _height(activity_id: int | None, parents: Mapping[int, int | None]) -> int:
    """Count the levels of an activity and all beneath it; one that is to be made stands alone."""
    if activity_id is None:
        return 1
    ways = (_way_up(each, parents) for each in parents)
    return max(way.index(activity_id) + 1 for way in ways if activity_id in way)
