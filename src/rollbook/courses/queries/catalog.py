"""The catalog: the courses that a user's organization offers."""

from functools import cache

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, exists, false, func, or_, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import course_tags, courses, tags_of_courses
from rollbook.courses.queries.complete import CompleteCoursePage, complete
from rollbook.courses.queries.courses import COURSES, VIEWED, CourseRow
from rollbook.database.expressions import ascii_lower, contains, within
from rollbook.database.query import Query
from rollbook.database.schema import ascii_folded, folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.people.queries.users import get_user


class _CountRow(Struct, frozen=True):
    count: int


_home = organizations.alias("home")
_HOME_PATH = (
    select(_home.c.path)
    .join(users, users.c.organization_id == _home.c.id)
    .where(users.c.id == bindparam("user_id", type_=Integer))
    .scalar_subquery()
)
_OFFERED = (within(_HOME_PATH, organizations.c.path), courses.c.archived == false())
_MATCHING = or_(
    contains(courses.c.name_folded, bindparam("folded_text", type_=Text)),
    contains(ascii_lower(courses.c.description), bindparam("text", type_=Text)),
    exists()
    .where(tags_of_courses.c.course_id == courses.c.id)
    .where(course_tags.c.id == tags_of_courses.c.tag_id)
    .where(contains(course_tags.c.name_folded, bindparam("folded_text", type_=Text))),
)


async def search_catalog(
    transaction: Transaction, *, viewer: Viewer, user_id: int, text: str | None, offset: int, limit: int
) -> CompleteCoursePage:
    """
    Find the courses, by their names, that the organization of a user or one above it has, and are not archived.

    *text* is a part of the name, the description or the name of a tag, in any case; of a description the case of A to Z alone is
    disregarded.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    await get_user(transaction, viewer=viewer, user_id=user_id, field="user_id")
    values = {} if text is None else {"folded_text": folded(text), "text": ascii_folded(text)}
    counting, paging = _search(matching=text is not None)
    total = (await transaction.one(counting, path=viewer.path, user_id=user_id, **values)).count
    if total <= offset:
        return CompleteCoursePage(total, [])
    rows = await transaction.all(paging, path=viewer.path, user_id=user_id, offset=offset, limit=limit, **values)
    return CompleteCoursePage(total, await complete(transaction, rows, viewer=viewer))


@cache
def _search(*, matching: bool) -> tuple[Query[_CountRow], Query[CourseRow]]:
    conditions = [VIEWED, *_OFFERED, _MATCHING] if matching else [VIEWED, *_OFFERED]
    return (
        Query(
            select(func.count().label("count"))
            .select_from(courses)
            .join(organizations, organizations.c.id == courses.c.organization_id)
            .where(*conditions),
            _CountRow,
        ),
        Query(
            COURSES.where(*conditions)
            .order_by(courses.c.name_folded, courses.c.id)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger)),
            CourseRow,
        ),
    )
