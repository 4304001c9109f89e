"""Reading what students say of courses. Whoever sees a course sees all of it."""

from functools import cache
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import course_feedback, courses
from rollbook.courses.queries.courses import get_course
from rollbook.database.expressions import contains, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class FeedbackRow(Struct, frozen=True):
    """
    What a student says of a course.

    Attributes:
        rating: 1 to 5, of which 5 is the best.
        created_at: Epoch seconds.
        modified_at: Epoch seconds.
    """

    id: int
    course_id: int
    course_name: str
    user_id: int
    first_name: str
    last_name: str
    rating: int
    comment: str | None
    created_at: int
    modified_at: int


class GivenFeedback(Struct, frozen=True):
    """What a user said of a course before."""

    id: int
    rating: int
    comment: str | None


class FeedbackCriteria(Struct, frozen=True, kw_only=True):
    """
    What the feedback of a search has in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the course's name, in any case.
    """

    course_id: int | None = None
    name: str | None = None
    created_after: int | None = None
    created_before: int | None = None


class FeedbackPage(Struct, frozen=True):
    """A page of a search, and how much feedback there is on all pages."""

    total: int
    rows: list[FeedbackRow]


class _CountRow(Struct, frozen=True):
    count: int


_VIEWED = courses.c.organization_id.in_(select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text))))
_FEEDBACK = (
    select(
        course_feedback.c.id,
        course_feedback.c.course_id,
        courses.c.name.label("course_name"),
        course_feedback.c.user_id,
        users.c.first_name,
        users.c.last_name,
        course_feedback.c.rating,
        course_feedback.c.comment,
        course_feedback.c.created_at,
        course_feedback.c.modified_at,
    )
    .select_from(course_feedback)
    .join(courses, courses.c.id == course_feedback.c.course_id)
    .join(users, users.c.id == course_feedback.c.user_id)
)
_find_feedback = Query(
    select(course_feedback.c.id, course_feedback.c.rating, course_feedback.c.comment).where(
        course_feedback.c.user_id == bindparam("user_id", type_=Integer),
        course_feedback.c.course_id == bindparam("course_id", type_=Integer),
    ),
    GivenFeedback,
)
_get_feedback = Query(_FEEDBACK.where(course_feedback.c.id == bindparam("feedback_id", type_=Integer), _VIEWED), FeedbackRow)
_list_feedback = Query(
    _FEEDBACK.where(
        course_feedback.c.course_id == bindparam("course_id", type_=Integer),
        course_feedback.c.id > bindparam("after_id", type_=Integer),
        _VIEWED,
    )
    .order_by(course_feedback.c.id)
    .limit(bindparam("limit", type_=Integer)),
    FeedbackRow,
)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "course_id": course_feedback.c.course_id == bindparam("course_id", type_=Integer),
    "name": contains(courses.c.name_folded, bindparam("name", type_=Text)),
    "created_after": course_feedback.c.created_at >= bindparam("created_after", type_=BigInteger),
    "created_before": course_feedback.c.created_at <= bindparam("created_before", type_=BigInteger),
}
_SORTS: Final[dict[str, ColumnElement[object]]] = {
    "created": course_feedback.c.created_at,
    "modified": course_feedback.c.modified_at,
    "course_name": courses.c.name_folded,
    "rating": course_feedback.c.rating,
}


async def find_feedback(transaction: Transaction, *, user_id: int, course_id: int) -> GivenFeedback | None:
    """Give what a user said of a course, both of which the caller has found, or None."""
    return await transaction.find(_find_feedback, user_id=user_id, course_id=course_id)


async def get_feedback(transaction: Transaction, *, viewer: Viewer, feedback_id: int) -> FeedbackRow:
    """Give the feedback with an id, which the caller has found."""
    return await transaction.one(_get_feedback, feedback_id=feedback_id, path=viewer.path)


async def list_feedback(transaction: Transaction, *, viewer: Viewer, course_id: int, after_id: int, limit: int) -> list[FeedbackRow]:
    """
    Give the feedback about a course with an id above *after_id*, ascending, at most *limit* of it.

    Raises:
        CourseNotFoundError: The viewer has no such course.
    """
    await get_course(transaction, viewer=viewer, course_id=course_id)
    return await transaction.page(_list_feedback, path=viewer.path, course_id=course_id, after_id=after_id, limit=limit)


async def search_feedback(
    transaction: Transaction, *, viewer: Viewer, criteria: FeedbackCriteria, sort: str, descending: bool, offset: int, limit: int
) -> FeedbackPage:
    """
    Find what students say of courses; ties are in the order of their ids.

    *sort* is ``created``, ``modified``, ``course_name`` or ``rating``.
    """
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    if "name" in values:
        values["name"] = folded(values["name"])
    counting, paging = _search(frozenset(values), sort, descending=descending)
    total = (await transaction.one(counting, path=viewer.path, **values)).count
    rows = await transaction.all(paging, path=viewer.path, offset=offset, limit=limit, **values) if total > offset else []
    return FeedbackPage(total, rows)


@cache
def _search(asked: frozenset[str], sort: str, *, descending: bool) -> tuple[Query[_CountRow], Query[FeedbackRow]]:
    conditions = [_VIEWED, *(_CONDITIONS[name] for name in sorted(asked))]
    column = _SORTS[sort]
    return (
        Query(
            select(func.count().label("count"))
            .select_from(course_feedback)
            .join(courses, courses.c.id == course_feedback.c.course_id)
            .where(*conditions),
            _CountRow,
        ),
        Query(
            _FEEDBACK.where(*conditions)
            .order_by(column.desc() if descending else column.asc(), course_feedback.c.id)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger)),
            FeedbackRow,
        ),
    )
