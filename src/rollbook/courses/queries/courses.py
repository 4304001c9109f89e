"""Reading courses: one, and all in turn."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import course_tag_groups, course_tags, courses, tags_of_courses
from rollbook.database.expressions import numbers_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotFoundError
from rollbook.organizations.model import organizations


class CourseRow(Struct, frozen=True):
    """
    A course.

    Attributes:
        duration: Minutes.
        created_at: Epoch seconds.
        modified_at: Epoch seconds; also of the last change of its activities.
        tag_ids: Those that the viewer sees, in no order.
    """

    id: int
    organization_id: int
    organization_name: str
    external_id: str | None
    name: str
    description: str | None
    html_description: str | None
    available_instructor_led: bool
    available_self_paced: bool
    content_provider_id: int | None
    content_provider_name: str | None
    duration: int | None
    archived: bool
    created_at: int
    modified_at: int
    version: int
    tag_ids: list[int]


class CourseNotFoundError(NotFoundError):
    """The viewer has no such course."""

    def __init__(self, course: int | str, *, field: str | None = None) -> None:
        self.course = course
        self.field = field
        super().__init__(f"there is no course {course}; give the id of a course of your organization or of one beneath it")


class SeveralCoursesError(ConflictError):
    """An external id stands for several courses of the viewer's tree."""

    def __init__(self, external_id: str, course_ids: Sequence[int]) -> None:
        self.external_id = external_id
        self.course_ids = tuple(course_ids)
        ids = ", ".join(str(course_id) for course_id in course_ids)
        super().__init__(f"several courses have the external id {external_id} ({ids}); ask for one of them by its id")


class _IdRow(Struct, frozen=True):
    id: int


_PATH = bindparam("path", type_=Text)
VIEWED = within(organizations.c.path, _PATH)
_tagging = organizations.alias("tagging")
_TAG_IDS = (
    select(numbers_of(tags_of_courses.c.tag_id))
    .join(course_tags, course_tags.c.id == tags_of_courses.c.tag_id)
    .join(course_tag_groups, course_tag_groups.c.id == course_tags.c.group_id)
    .join(_tagging, _tagging.c.id == course_tag_groups.c.organization_id)
    .where(tags_of_courses.c.course_id == courses.c.id, within(_tagging.c.path, _PATH))
    .scalar_subquery()
)
_COLUMNS = (
    courses.c.id,
    courses.c.organization_id,
    organizations.c.name.label("organization_name"),
    *(courses.c[name] for name in CourseRow.__struct_fields__[3:-1]),
    _TAG_IDS.label("tag_ids"),
)
COURSES = select(*_COLUMNS).join(organizations, courses.c.organization_id == organizations.c.id)

_get_course = Query(COURSES.where(courses.c.id == bindparam("course_id", type_=Integer), VIEWED), CourseRow)
_courses_by_external_id = Query(
    COURSES.where(courses.c.external_id == bindparam("external_id", type_=Text), VIEWED).order_by(courses.c.id),
    CourseRow,
)
_id_of_external_id = Query(
    select(courses.c.id).where(
        courses.c.organization_id == bindparam("organization_id", type_=Integer),
        courses.c.external_id == bindparam("external_id", type_=Text),
    ),
    _IdRow,
)
_lock_course = Query(
    select(courses.c.id).where(courses.c.id == bindparam("course_id", type_=Integer)).with_for_update(key_share=True, of=courses), _IdRow
)
_page_courses = Query(
    COURSES.where(courses.c.id > bindparam("after_id", type_=Integer), VIEWED)
    .order_by(courses.c.id)
    .limit(bindparam("limit", type_=Integer)),
    # SQLite's compiler would bind an offset of its own that nobody gives a value for.
    CourseRow,
)


async def get_course(transaction: Transaction, *, viewer: Viewer, course_id: int, field: str | None = None) -> CourseRow:
    """
    Give a course by its id; *field* is the name of the caller's value that holds it, where the call is not about the course itself.

    Raises:
        CourseNotFoundError: The viewer has no such course.
    """
    row = await find_course(transaction, viewer=viewer, course_id=course_id)
    if row is None:
        raise CourseNotFoundError(course_id, field=field)
    return row


async def find_course(transaction: Transaction, *, viewer: Viewer, course_id: int) -> CourseRow | None:
    """Give a course by its id, or None where the viewer has no such one."""
    return await transaction.find(_get_course, course_id=course_id, path=viewer.path)


async def get_course_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> CourseRow:
    """
    Give a course by the id that another system gave it.

    Raises:
        CourseNotFoundError: The viewer has none with it.
        SeveralCoursesError: Courses of several organizations have it.
    """
    rows = await transaction.all(_courses_by_external_id, external_id=external_id, path=viewer.path)
    if not rows:
        raise CourseNotFoundError(external_id)
    if len(rows) > 1:
        raise SeveralCoursesError(external_id, [row.id for row in rows])
    return rows[0]


async def find_course_with_external_id(transaction: Transaction, *, organization_id: int, external_id: str) -> int | None:
    """Give the id of an organization's course with that external id; the caller has found the organization, which is scope enough."""
    row = await transaction.find(_id_of_external_id, organization_id=organization_id, external_id=external_id)
    return None if row is None else row.id


async def lock_course(transaction: Transaction, course_id: int) -> None:
    """Lock a course until the end of the transaction."""
    await transaction.lock(_lock_course, course_id=course_id)


async def page_courses(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[CourseRow]:
    """Give the courses with an id above *after_id*, ascending, at most *limit* of them."""
    return await transaction.all(_page_courses, path=viewer.path, after_id=after_id, limit=limit)
