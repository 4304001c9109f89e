"""Which classes a student may look at."""

import msgspec
from sqlalchemy import Integer, bindparam, exists, or_, select

from rollbook.access.actor import ActingStudent
from rollbook.classes.model import classes
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.offers import IS_OFFERED
from rollbook.organizations.model import organizations


class _IdRow(msgspec.Struct, frozen=True):
    id: int


_IS_IN_IT = exists().where(enrollments.c.class_id == classes.c.id, enrollments.c.user_id == bindparam("user_id", type_=Integer))
_shown = Query(
    select(classes.c.id)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == bindparam("class_id", type_=Integer), or_(IS_OFFERED, _IS_IN_IT)),
    _IdRow,
)


async def is_shown_to_student(transaction: Transaction, *, student: ActingStudent, class_id: int) -> bool:
    """Tell whether a student may look at a class, which the caller has found: it is offered to them (A5), or they are or were in it."""
    found = await transaction.find(_shown, class_id=class_id, user_id=student.user_id, students_path=student.path)
    return found is not None
