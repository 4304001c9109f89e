"""What students take alone: courses for it, subscriptions that hold them, and their assignments."""

from typing import Any

from rollbook.assignments.actions.assignments import AssignmentChanges, NewAssignment, create_assignment, update_assignment
from rollbook.assignments.queries.assignments import AssignmentRow, get_assignment
from rollbook.database.transaction import Database
from rollbook.subscriptions.actions.redeeming import redeem_training_key
from tests.cast import TESTS, Cast, add_course
from tests.subscribing import add_keys, add_profile, add_subscription

LONG_AGO = 1_700_006_400
"""00:00 UTC of 2023-11-15."""


async def add_self_paced_course(database: Database, cast: Cast, **values: Any) -> int:
    """Create a course to be taken alone."""
    return await add_course(database, cast, **{"available_self_paced": True, **values})


async def subscribe(database: Database, cast: Cast, *, user_id: int, course_id: int, by_key: bool = False, **profile: Any) -> int:
    """Give a user a subscription of a profile of its own that holds a course, by a training key or without."""
    profile_id = await add_profile(database, cast, course_ids=(course_id,), **profile)
    if not by_key:
        return await add_subscription(database, profile_id=profile_id, user_id=user_id)
    (key,) = await add_keys(database, cast, profile_id=profile_id)
    return await database.write(redeem_training_key, actor=TESTS, user_id=user_id, training_key=key.training_key)


async def assign(database: Database, **values: Any) -> int:
    """Assign a course to a student."""
    return await database.write(create_assignment, actor=TESTS, assignment=NewAssignment(**values))


async def change_assignment(database: Database, assignment_id: int, **changes: Any) -> None:
    """Change an assignment."""
    await database.write(update_assignment, actor=TESTS, assignment_id=assignment_id, changes=AssignmentChanges(**changes))


async def assignment_of(database: Database, assignment_id: int) -> AssignmentRow:
    """Give an assignment as it is now."""
    return await database.read(get_assignment, viewer=TESTS.viewer, assignment_id=assignment_id)
