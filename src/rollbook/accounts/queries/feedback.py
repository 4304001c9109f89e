"""What users said of courses."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import select

from rollbook.courses.model import course_feedback, courses
from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction


class GivenFeedback(Struct, frozen=True):
    """
    What a user said of a course, without the words.

    Attributes:
        organization_id: The course's.
    """

    id: int
    course_id: int
    user_id: int
    rating: int
    organization_id: int


_given = Query(
    select(
        course_feedback.c.id, course_feedback.c.course_id, course_feedback.c.user_id, course_feedback.c.rating, courses.c.organization_id
    )
    .join(courses, courses.c.id == course_feedback.c.course_id)
    .where(any_of(course_feedback.c.user_id, "user_ids"))
    .order_by(course_feedback.c.id),
    GivenFeedback,
)


async def list_feedback(transaction: Transaction, *, user_ids: Collection[int]) -> list[GivenFeedback]:
    """List what users, who have been found, said of courses, of whatever organization."""
    return await transaction.all(_given, user_ids=list(user_ids))
