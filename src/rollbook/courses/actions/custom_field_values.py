"""The values that courses have of custom fields."""

from sqlalchemy import BigInteger, Integer, bindparam, literal_column, update

from rollbook.access.actor import Actor
from rollbook.courses.model import courses
from rollbook.courses.queries.courses import get_course, lock_course
from rollbook.custom_fields.queries.holders import Holder
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Transaction
from rollbook.history.recording import recorded
from rollbook.history.versions import check_version
from rollbook.people.actions.custom_field_values import NewValue, give_value, value_entry

_touch = recorded(
    update(courses)
    .where(courses.c.id == bindparam("course_id", type_=Integer))
    .values(modified_at=bindparam("modified_at", type_=BigInteger), version=courses.c.version + literal_column("1", Integer())),
    identity=courses.c.id,
)


async def update_course_custom_field_value(
    transaction: Transaction, *, actor: Actor, course_id: int, new: NewValue, if_version: int | None = None
) -> None:
    """
    Change a course's value of a custom field; of one that cascades, its classes without a value of their own show it too.

    Raises:
        CourseNotFoundError: The actor has no such course.
        VersionChangedError: It is not at the version asked for.
        RollbookError: The field is not one of courses, or does not take the value, as ``write_value`` tells.
    """
    await lock_course(transaction, course_id)
    row = await get_course(transaction, viewer=actor.viewer, course_id=course_id)
    check_version(noun="course", subject_id=course_id, version=row.version, wanted=if_version)
    holder = Holder(Subject.COURSE, course_id, row.organization_id)
    change = await give_value(transaction, actor=actor, holder=holder, new=new)
    if change is not None:
        record = value_entry(transaction, actor=actor, holder=holder, change=change)
        await transaction.settle(_touch, {"course_id": course_id, "modified_at": transaction.now}, record)
