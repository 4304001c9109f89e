"""Finding courses by what they have in common."""

from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Text, bindparam, exists, literal_column

from rollbook.access.actor import Viewer
from rollbook.courses.activity_types import ActivityType
from rollbook.courses.model import course_activities, courses, tags_of_courses
from rollbook.courses.queries.courses import COURSES, VIEWED, CourseRow
from rollbook.database.expressions import contains
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction


class CourseCriteria(Struct, frozen=True, kw_only=True):
    """
    What the courses of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the name, in any case.
        tag_id: One of its tags.
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
    tag_id: int | None = None


class CoursePage(Struct, frozen=True):
    """A page of a search, and how many courses there are on all pages."""

    total: int
    rows: list[CourseRow]


_HAS_LABS = exists().where(
    course_activities.c.course_id == courses.c.id,
    course_activities.c.activity_type == literal_column(str(ActivityType.LAB.value)),
    course_activities.c.removed_at.is_(None),
)
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
    "tag_id": exists().where(tags_of_courses.c.course_id == courses.c.id, tags_of_courses.c.tag_id == bindparam("tag_id", type_=Integer)),
    "with_labs": _HAS_LABS,
    "without_labs": ~_HAS_LABS,
}
_SORTS: Final[dict[str, ColumnElement[object]]] = {
    "name": courses.c.name_folded,
    "created": courses.c.created_at,
    "modified": courses.c.modified_at,
}
_SEARCH: Final = Search(COURSES.where(VIEWED), CourseRow, identity=courses.c.id, conditions=_CONDITIONS, sorts=_SORTS)


async def search_courses(
    transaction: Transaction, *, viewer: Viewer, criteria: CourseCriteria, sort: str, descending: bool, offset: int, limit: int
) -> CoursePage:
    """
    Find courses; ties are in the order of their ids.

    *sort* is ``name``, ``created`` or ``modified``.
    """
    values = asked_of(criteria, "name")
    has_labs = values.pop("has_labs", None)
    facts = () if has_labs is None else ("with_labs",) if has_labs else ("without_labs",)
    found = await _SEARCH.find(
        transaction, path=viewer.path, values=values, facts=facts, sort=sort, descending=descending, offset=offset, limit=limit
    )
    return CoursePage(*found)


async def list_courses(transaction: Transaction, *, viewer: Viewer, criteria: CourseCriteria, after_id: int, limit: int) -> list[CourseRow]:
    """Give the courses with an id above *after_id* that meet the criteria, ascending, at most *limit* of them; labs are not asked."""
    values = asked_of(criteria, "name")
    return await _SEARCH.list(transaction, path=viewer.path, values=values, after_id=after_id, limit=limit)
