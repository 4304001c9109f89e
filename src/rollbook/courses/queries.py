"""Reading courses: one, some, all."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Text, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import courses
from rollbook.database.expressions import contains, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotFoundError
from rollbook.organizations.model import organizations


class CourseRow(Struct, frozen=True):
    """
    A course.

    Attributes:
        duration: Minutes.
        created_at: Epoch seconds.
        modified_at: Epoch seconds.
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


class CourseCriteria(Struct, frozen=True, kw_only=True):
    """
    What the courses of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the name, in any case.
    """

    name: str | None = None
    external_id: str | None = None
    has_labs: bool | None = None
    available_instructor_led: bool | None = None
    available_self_paced: bool | None = None
    created_after: int | None = None
    created_before: int | None = None
    modified_after: int | None = None
    modified_before: int | None = None
    organization_id: int | None = None
    archived: bool | None = None


class CoursePage(Struct, frozen=True):
    """A page of a search, and how many courses there are on all pages."""

    total: int
    rows: list[CourseRow]


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


class _CountRow(Struct, frozen=True):
    count: int


_PATH = bindparam("path", type_=Text)
_VIEWED = within(organizations.c.path, _PATH)
_COLUMNS = (
    courses.c.id,
    courses.c.organization_id,
    organizations.c.name.label("organization_name"),
    *(courses.c[name] for name in CourseRow.__struct_fields__[3:]),
)
_COURSES = select(*_COLUMNS).join(organizations, courses.c.organization_id == organizations.c.id)

_get_course = Query(_COURSES.where(courses.c.id == bindparam("course_id", type_=Integer), _VIEWED), CourseRow)
_courses_by_external_id = Query(
    _COURSES.where(courses.c.external_id == bindparam("external_id", type_=Text), _VIEWED).order_by(courses.c.id),
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
    _COURSES.where(courses.c.id > bindparam("after_id", type_=Integer), _VIEWED)
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


async def search_courses(
    transaction: Transaction, *, viewer: Viewer, criteria: CourseCriteria, sort: str, descending: bool, offset: int, limit: int
) -> CoursePage:
    """
    Find courses; ties are in the order of their ids.

    *sort* is ``name``, ``created`` or ``modified``.
    """
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    # Rollbook has no labs, so that no course has any.
    if values.pop("has_labs", False):
        return CoursePage(0, [])
    if "name" in values:
        values["name"] = folded(values["name"])
    counting, paging = _search(frozenset(values), sort, descending)
    counted = await transaction.one(counting, path=viewer.path, **values)
    rows = await transaction.all(paging, path=viewer.path, offset=offset, limit=limit, **values) if counted.count > offset else []
    return CoursePage(counted.count, rows)


async def list_courses(transaction: Transaction, *, viewer: Viewer, criteria: CourseCriteria, after_id: int, limit: int) -> list[CourseRow]:
    """Give the courses with an id above *after_id* that meet the criteria, ascending, at most *limit* of them; labs are not asked."""
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    if "name" in values:
        values["name"] = folded(values["name"])
    return await transaction.page(_listing(frozenset(values)), path=viewer.path, after_id=after_id, limit=limit, **values)


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(courses.c.name_folded, bindparam("name", type_=Text)),
    "external_id": courses.c.external_id == bindparam("external_id", type_=Text),
    "available_instructor_led": courses.c.available_instructor_led == bindparam("available_instructor_led", type_=Boolean),
    "available_self_paced": courses.c.available_self_paced == bindparam("available_self_paced", type_=Boolean),
    "created_after": courses.c.created_at >= bindparam("created_after", type_=BigInteger),
    "created_before": courses.c.created_at <= bindparam("created_before", type_=BigInteger),
    "modified_after": courses.c.modified_at >= bindparam("modified_after", type_=BigInteger),
    "modified_before": courses.c.modified_at <= bindparam("modified_before", type_=BigInteger),
    "organization_id": courses.c.organization_id == bindparam("organization_id", type_=Integer),
    "archived": courses.c.archived == bindparam("archived", type_=Boolean),
}
_SORTS: Final[dict[str, ColumnElement[object]]] = {
    "name": courses.c.name_folded,
    "created": courses.c.created_at,
    "modified": courses.c.modified_at,
}


@lru_cache(maxsize=1024)
def _search(asked: frozenset[str], sort: str, descending: bool) -> tuple[Query[_CountRow], Query[CourseRow]]:  # noqa: FBT001 - a cache's key
    viewed = courses.c.organization_id.in_(select(organizations.c.id).where(_VIEWED))
    conditions = [viewed, *(condition for name, condition in _CONDITIONS.items() if name in asked)]
    column = _SORTS[sort]
    return (
        Query(select(func.count().label("count")).select_from(courses).where(*conditions), _CountRow),
        Query(
            _COURSES.where(*conditions)
            .order_by(column.desc() if descending else column.asc(), courses.c.id)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger)),
            CourseRow,
        ),
    )


@lru_cache(maxsize=256)
def _listing(asked: frozenset[str]) -> Query[CourseRow]:
    conditions = (condition for name, condition in _CONDITIONS.items() if name in asked)
    return Query(
        _COURSES.where(courses.c.id > bindparam("after_id", type_=Integer), _VIEWED, *conditions)
        .order_by(courses.c.id)
        .limit(bindparam("limit", type_=Integer)),
        CourseRow,
    )
