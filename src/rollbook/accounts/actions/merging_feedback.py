"""Letting one user have said of courses what another said who is the same person."""

from typing import Final

from sqlalchemy import BigInteger, Integer, bindparam, delete, update

from rollbook.access.actor import Actor
from rollbook.accounts.queries.feedback import list_feedback
from rollbook.courses.model import course_feedback
from rollbook.database.transaction import Transaction
from rollbook.history.recording import entry, recorded

_the_feedback = course_feedback.c.id == bindparam("feedback_id", type_=Integer())
_GIVE: Final = recorded(
    update(course_feedback)
    .where(_the_feedback)
    .values(user_id=bindparam("user_id", type_=Integer()), modified_at=bindparam("now", type_=BigInteger())),
    identity=course_feedback.c.id,
)
_DELETE: Final = recorded(delete(course_feedback).where(_the_feedback), identity=course_feedback.c.id)


async def move_feedback(transaction: Transaction, *, actor: Actor, user_id: int, merged_id: int) -> None:
    """Give a user another one's feedback; of two on one course that of the one who stays remains."""
    given = await list_feedback(transaction, user_ids=[user_id, merged_id])
    rated_ids = {each.course_id for each in given if each.user_id == user_id}
    for each in given:
        if each.user_id == user_id:
            continue
        if each.course_id in rated_ids:
            before = {"course_id": each.course_id, "user_id": merged_id, "rating": each.rating}
            record = entry(transaction, actor=actor, organization_id=each.organization_id, kind="feedback.deleted", before=before)
            await transaction.change(_DELETE, {"feedback_id": each.id}, record)
        else:
            record = entry(
                transaction,
                actor=actor,
                organization_id=each.organization_id,
                kind="feedback.updated",
                before={"user_id": merged_id},
                after={"user_id": user_id},
            )
            await transaction.change(_GIVE, {"feedback_id": each.id, "user_id": user_id, "now": transaction.now}, record)
