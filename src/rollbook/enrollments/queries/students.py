"""The names of students, by their enrollments."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import select

from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.people.model import users


class StudentName(Struct, frozen=True):
    """Whose enrollment it is."""

    enrollment_id: int
    user_id: int
    first_name: str
    last_name: str


_names = Query(
    select(enrollments.c.id.label("enrollment_id"), enrollments.c.user_id, users.c.first_name, users.c.last_name)
    .join(users, users.c.id == enrollments.c.user_id)
    .where(any_of(enrollments.c.id, "enrollment_ids"))
    .order_by(enrollments.c.id),
    StudentName,
)


async def list_names(transaction: Transaction, *, enrollment_ids: Sequence[int]) -> list[StudentName]:
    """Give whose enrollments these are, by ascending id; asked for enrollments already in scope."""
    return await transaction.all(_names, enrollment_ids=enrollment_ids)
