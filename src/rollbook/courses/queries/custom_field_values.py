"""Reading the values that courses have of custom fields."""

from rollbook.access.actor import Viewer
from rollbook.courses.queries.courses import get_course
from rollbook.custom_fields.queries.holders import Holder, get_shown_value
from rollbook.custom_fields.queries.values import ShownValue, list_values
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Transaction


async def get_course_custom_field_value(transaction: Transaction, *, viewer: Viewer, course_id: int, custom_field_id: int) -> ShownValue:
    """
    Give the value that a course has of one custom field, which may be none.

    Raises:
        CourseNotFoundError: The viewer has no such course.
        CustomFieldNotFoundError: The viewer has no such custom field.
        CustomFieldNotOfSubjectError: It is none of the course.
        CustomFieldDisabledError: It is disabled.
    """
    row = await get_course(transaction, viewer=viewer, course_id=course_id)
    holder = Holder(Subject.COURSE, course_id, row.organization_id)
    return await get_shown_value(transaction, viewer=viewer, holder=holder, custom_field_id=custom_field_id)


async def list_course_custom_field_values(transaction: Transaction, *, viewer: Viewer, course_id: int) -> list[ShownValue]:
    """
    Give what a course shows of custom fields.

    Raises:
        CourseNotFoundError: The viewer has no such course.
    """
    await get_course(transaction, viewer=viewer, course_id=course_id)
    return (await list_values(transaction, viewer=viewer, subject=Subject.COURSE, subject_ids=[course_id])).get(course_id, [])
