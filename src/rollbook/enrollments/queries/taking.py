"""What a user has to do with a course."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam, exists, or_, select

from rollbook.assignments.model import assignments
from rollbook.classes.model import class_instructors, classes
from rollbook.classes.statuses import OFF
from rollbook.courses.activity_access import Taking
from rollbook.courses.model import courses
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import ATTENDING

_COURSE_ID, _USER_ID = bindparam("course_id", type_=Integer), bindparam("user_id", type_=Integer)
_a_class = (classes.c.course_id == _COURSE_ID, classes.c.status.not_in([status.value for status in OFF]))
_its_assignment = (assignments.c.user_id == _USER_ID, assignments.c.course_id == _COURSE_ID)

_facts: list[ColumnElement[Any]] = [
    exists()
    .where(enrollments.c.user_id == _USER_ID, enrollments.c.status.in_([status.value for status in ATTENDING]))
    .where(classes.c.id == enrollments.c.class_id, *_a_class)
    .label("attends"),
    exists().where(*_its_assignment).label("was_assigned"),
    exists()
    .where(*_its_assignment)
    .where(or_(assignments.c.expires_at.is_(None), assignments.c.expires_at > bindparam("now", type_=BigInteger)))
    .label("is_assigned"),
    exists()
    .where(class_instructors.c.user_id == _USER_ID)
    .where(classes.c.id == class_instructors.c.class_id, *_a_class)
    .label("instructs"),
]
_taking = Query(select(*_facts).where(courses.c.id == _COURSE_ID), Taking)


async def get_taking(transaction: Transaction, *, user_id: int, course_id: int) -> Taking:
    """Give what a user has to do with a course; the caller has found both."""
    return await transaction.one(_taking, user_id=user_id, course_id=course_id, now=transaction.now)
