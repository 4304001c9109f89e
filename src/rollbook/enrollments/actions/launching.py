"""Opening an activity of a course: a trace, not a change, so that the history knows nothing of it."""

from sqlalchemy import BigInteger, Integer, bindparam, insert

from rollbook.access.actor import Actor
from rollbook.courses.activity_access import refuse_opening
from rollbook.courses.activity_urls import fill_url
from rollbook.courses.model import activity_launches
from rollbook.courses.queries.activities import get_activity
from rollbook.courses.queries.courses import lock_course
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.taking import get_taking
from rollbook.enrollments.self_service import check_oneself
from rollbook.errors import refuse
from rollbook.people.queries.users import get_user

_note = Command(
    insert(activity_launches).values(
        user_id=bindparam("user_id", type_=Integer),
        activity_id=bindparam("activity_id", type_=Integer),
        at=bindparam("at", type_=BigInteger),
    )
)


async def launch_activity(transaction: Transaction, *, actor: Actor, activity_id: int, user_id: int) -> str:
    """
    Note that a user opens an activity, and give the address at which it is.

    Raises:
        NotOneselfError: The actor acts for another student (A1).
        ActivityNotFoundError: The actor has no such activity.
        UserNotFoundError: The actor has no such user.
        ActivityNotExternalError: Rollbook cannot open activities of its type.
        CourseNotTakenError: The user does not take its course.
        ActivityForInstructorsError: It is for instructors, and the user is none of its course.
    """
    refuse([check_oneself(student_id=actor.student.user_id if actor.student else None, user_id=user_id)])
    found = await get_activity(transaction, viewer=actor.viewer, activity_id=activity_id)
    # An activity is removed under this lock, which asks whether anybody opened it.
    await lock_course(transaction, found.course_id)
    activity = await get_activity(transaction, viewer=actor.viewer, activity_id=activity_id)
    user = await get_user(transaction, viewer=actor.viewer, user_id=user_id, field="user_id")
    taking = await get_taking(transaction, user_id=user_id, course_id=activity.course_id)
    refuse(
        refuse_opening(
            activity_id=activity_id,
            course_id=activity.course_id,
            user_id=user_id,
            activity_type=activity.activity_type,
            availability=activity.availability,
            taking=taking,
        )
    )
    assert activity.url is not None  # noqa: S101 - what is opened at an address has one (V3)
    await transaction.run(_note, user_id=user_id, activity_id=activity_id, at=transaction.now)
    values = {"userId": str(user.id), "email": user.email, "firstName": user.first_name, "lastName": user.last_name}
    return fill_url(activity.url, values)
