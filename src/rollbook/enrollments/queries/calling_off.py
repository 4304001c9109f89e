"""Who is in a class that is called off, by name."""

import msgspec
from sqlalchemy import Integer, bindparam, select

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.people.model import users


class Affected(msgspec.Struct, frozen=True):
    """A student of a class, and how far the student is in."""

    enrollment_id: int
    user_id: int
    first_name: str
    last_name: str
    status: EnrollmentStatus


_ACTIVE = [status.value for status in EnrollmentStatus if status.is_active]
_affected = Query(
    select(enrollments.c.id.label("enrollment_id"), enrollments.c.user_id, users.c.first_name, users.c.last_name, enrollments.c.status)
    .join(users, users.c.id == enrollments.c.user_id)
    .where(enrollments.c.class_id == bindparam("class_id", type_=Integer), enrollments.c.status.in_(_ACTIVE))
    .order_by(enrollments.c.id),
    Affected,
)


async def list_affected(transaction: Transaction, *, class_id: int) -> list[Affected]:
    """Give the active enrollments of a class already in scope, by ascending id, with the students' names."""
    return await transaction.all(_affected, class_id=class_id)
