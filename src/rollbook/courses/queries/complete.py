"""Courses with all that belongs to them."""

from collections.abc import Sequence

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.courses.queries.activities import ActivityRow, list_activities
from rollbook.courses.queries.courses import CourseRow, get_course, get_course_by_external_id
from rollbook.courses.queries.search import CourseCriteria, search_courses
from rollbook.courses.queries.tags import list_tags
from rollbook.courses.tagging import Tag
from rollbook.custom_fields.queries.values import ShownValue, list_values
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Transaction


class CompleteCourse(Struct, frozen=True):
    """A course, its activities in their order, those of its tags that the viewer sees, by their groups and names, and its custom fields."""

    row: CourseRow
    activities: Sequence[ActivityRow]
    tags: Sequence[Tag]
    custom_fields: Sequence[ShownValue]


class CompleteCoursePage(Struct, frozen=True):
    """A page of a search, and how many courses there are on all pages."""

    total: int
    courses: list[CompleteCourse]


async def get_complete_course(transaction: Transaction, *, viewer: Viewer, course_id: int) -> CompleteCourse:
    """
    Give a course by its id.

    Raises:
        CourseNotFoundError: The viewer has no such course.
    """
    row = await get_course(transaction, viewer=viewer, course_id=course_id)
    return (await complete(transaction, [row], viewer=viewer))[0]


async def get_complete_course_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> CompleteCourse:
    """
    Give a course by the id that another system gave it.

    Raises:
        CourseNotFoundError: The viewer has none with it.
        SeveralCoursesError: Courses of several organizations have it.
    """
    row = await get_course_by_external_id(transaction, viewer=viewer, external_id=external_id)
    return (await complete(transaction, [row], viewer=viewer))[0]


async def search_complete_courses(
    transaction: Transaction, *, viewer: Viewer, criteria: CourseCriteria, sort: str, descending: bool, offset: int, limit: int
) -> CompleteCoursePage:
    """Find courses as ``search_courses`` does."""
    page = await search_courses(transaction, viewer=viewer, criteria=criteria, sort=sort, descending=descending, offset=offset, limit=limit)
    return CompleteCoursePage(page.total, await complete(transaction, page.rows, viewer=viewer))


async def complete(transaction: Transaction, rows: Sequence[CourseRow], *, viewer: Viewer) -> list[CompleteCourse]:
    """Give courses that the viewer was found to see with all that belongs to them; three statements, however many they are."""
    if not rows:
        return []
    activities = await list_activities(transaction, course_ids=[row.id for row in rows])
    tag_ids = {tag_id for row in rows for tag_id in row.tag_ids}
    tags = await list_tags(transaction, viewer=viewer, tag_ids=tag_ids) if tag_ids else []
    values = await list_values(transaction, viewer=viewer, subject=Subject.COURSE, subject_ids=[row.id for row in rows])
    return [
        CompleteCourse(row, activities.get(row.id, []), [tag for tag in tags if tag.id in row.tag_ids], values.get(row.id, []))
        for row in rows
    ]
