"""What students take alone: courses for it, subscriptions that hold them, and their assignments."""

from typing import Any

from sqlalchemy import insert

from rollbook.assignments.actions.assignments import AssignmentChanges, NewAssignment, create_assignment, update_assignment
from rollbook.assignments.queries.assignments import AssignmentRow, get_assignment
from rollbook.database.query import Command
from rollbook.database.schema import folded
from rollbook.database.transaction import Database, Transaction
from rollbook.subscriptions.model import courses_of_profiles, subscription_profiles, subscription_training_keys, subscriptions
from tests.cast import TESTS, Cast, add_course

LONG_AGO = 1_700_006_400
"""00:00 UTC of 2023-11-15."""


async def add_self_paced_course(database: Database, cast: Cast, **values: Any) -> int:
    """Create a course to be taken alone."""
    return await add_course(database, cast, **{"available_self_paced": True, **values})


async def subscribe(
    database: Database, subscription_id: int, *, user_id: int, course_id: int, organization_id: int, by_key: bool = False
) -> int:
    """Give a user a subscription of that id, of a profile of its own that holds a course."""
    times = {"created_at": 1, "modified_at": 1}
    profile = {"id": subscription_id, "organization_id": organization_id, "name": "All", "name_folded": folded("All"), **times}
    key = {"id": subscription_id, "organization_id": organization_id, "profile_id": subscription_id, "training_key": f"K{subscription_id}"}
    subscription = {"id": subscription_id, "profile_id": subscription_id, "user_id": user_id, "starts_at": 1, **times}

    async def write(transaction: Transaction) -> None:
        await transaction.run(Command(insert(subscription_profiles).values(profile)))
        await transaction.run(Command(insert(courses_of_profiles).values(profile_id=subscription_id, course_id=course_id)))
        if by_key:
            await transaction.run(Command(insert(subscription_training_keys).values({**key, "expires_at": 1, **times})))
        await transaction.run(
            Command(insert(subscriptions).values({**subscription, "training_key_id": subscription_id if by_key else None}))
        )

    await database.write(write)
    return subscription_id


async def assign(database: Database, **values: Any) -> int:
    """Assign a course to a student."""
    return await database.write(create_assignment, actor=TESTS, assignment=NewAssignment(**values))


async def change_assignment(database: Database, assignment_id: int, **changes: Any) -> None:
    """Change an assignment."""
    await database.write(update_assignment, actor=TESTS, assignment_id=assignment_id, changes=AssignmentChanges(**changes))


async def assignment_of(database: Database, assignment_id: int) -> AssignmentRow:
    """Give an assignment as it is now."""
    return await database.read(get_assignment, viewer=TESTS.viewer, assignment_id=assignment_id)
