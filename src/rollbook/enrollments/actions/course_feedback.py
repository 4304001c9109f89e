"""
Saying something of a course.

The history knows who rated what and how; the words are kept beside the rating alone, so that they can be taken back.
"""

from sqlalchemy import BigInteger, Integer, Text, bindparam, insert, update

from rollbook.access.actor import Actor
from rollbook.courses.activity_access import refuse_feedback
from rollbook.courses.model import course_feedback
from rollbook.courses.queries.courses import get_course
from rollbook.courses.queries.feedback import find_feedback
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.taking import get_taking
from rollbook.enrollments.self_service import check_oneself
from rollbook.errors import refuse
from rollbook.history.recording import entry, recorded
from rollbook.people.queries.users import get_user, lock_users

_said = {"rating": bindparam("rating", type_=Integer), "comment": bindparam("comment", type_=Text)}
_AT = bindparam("at", type_=BigInteger)
_give = recorded(
    insert(course_feedback).values(
        **_said,
        course_id=bindparam("course_id", type_=Integer),
        user_id=bindparam("user_id", type_=Integer),
        created_at=_AT,
        modified_at=_AT,
    ),
    identity=course_feedback.c.id,
)
_replace = recorded(
    update(course_feedback).where(course_feedback.c.id == bindparam("feedback_id", type_=Integer)).values(**_said, modified_at=_AT),
    identity=course_feedback.c.id,
)


async def give_feedback(
    transaction: Transaction,
    *,
    actor: Actor,
    course_id: int,
    user_id: int,
    rating: int,
    comment: str | None,
    course_field: str | None = "course_id",
) -> int:
    """
    Keep what a user says of a course, instead of what the user said of it before, and give the id.

    ``rating`` is 1 to 5, of which 5 is the best; *course_field* is the name of the caller's value that holds the course, if any.

    Raises:
        NotOneselfError: The actor acts for another student (A1).
        CourseNotFoundError: The actor has no such course.
        UserNotFoundError: The actor has no such user.
        CourseNotTakenError: The user does not take the course.
    """
    refuse([check_oneself(student_id=actor.student.user_id if actor.student else None, user_id=user_id)])
    course = await get_course(transaction, viewer=actor.viewer, course_id=course_id, field=course_field)
    await lock_users(transaction, user_ids=[user_id])
    await get_user(transaction, viewer=actor.viewer, user_id=user_id, field="user_id")
    taking = await get_taking(transaction, user_id=user_id, course_id=course_id)
    refuse([refuse_feedback(course_id=course_id, user_id=user_id, taking=taking)])
    said = {"rating": rating, "comment": comment}
    given = await find_feedback(transaction, user_id=user_id, course_id=course_id)
    if given is None:
        after = {"course_id": course_id, "user_id": user_id, "rating": rating, "has_comment": comment is not None}
        record = entry(transaction, actor=actor, organization_id=course.organization_id, kind="feedback.given", after=after)
        values = {**said, "course_id": course_id, "user_id": user_id, "at": transaction.now}
        return await transaction.settle(_give, values, record)
    if (given.rating, given.comment) != (rating, comment):
        before = {"rating": given.rating, "has_comment": given.comment is not None}
        after = {"rating": rating, "has_comment": comment is not None}
        record = entry(
            transaction, actor=actor, organization_id=course.organization_id, kind="feedback.replaced", before=before, after=after
        )
        await transaction.settle(_replace, {**said, "feedback_id": given.id, "at": transaction.now}, record)
    return given.id
