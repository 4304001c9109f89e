"""Reading groups of tags."""

from functools import cache
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import course_tag_groups, course_tags, tags_of_courses
from rollbook.courses.queries.tags import TagUses, list_tags_of_groups
from rollbook.courses.tagging import Tag
from rollbook.database.expressions import any_of, contains, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations


class TagGroupRow(Struct, frozen=True):
    """
    A group of tags.

    Attributes:
        enabled: Its tags can be given to courses.
        expanded: A list of groups shows its tags without being asked.
        mutually_exclusive: A course has at most one tag of it.
        created_at: Epoch seconds.
        modified_at: Epoch seconds; also of the last change of its tags.
    """

    id: int
    organization_id: int
    organization_name: str
    name: str
    enabled: bool
    expanded: bool
    mutually_exclusive: bool
    created_at: int
    modified_at: int
    version: int


class TagGroup(Struct, frozen=True):
    """A group, and its tags by their names."""

    row: TagGroupRow
    tags: list[Tag]


class TagGroupPage(Struct, frozen=True):
    """A page of a search, and how many groups there are on all pages."""

    total: int
    groups: list[TagGroup]


class TagGroupNotFoundError(NotFoundError):
    """The viewer has no such group of tags."""

    def __init__(self, group_id: int, *, field: str | None = None) -> None:
        self.group_id = group_id
        self.field = field
        super().__init__(f"there is no group of tags {group_id}; give the id of one in the tree of the key's organization")


class _IdRow(Struct, frozen=True):
    id: int


class _CountRow(Struct, frozen=True):
    count: int


_VIEWED = within(organizations.c.path, bindparam("path", type_=Text))
_GROUPS = select(
    course_tag_groups.c.id,
    course_tag_groups.c.organization_id,
    organizations.c.name.label("organization_name"),
    *(course_tag_groups.c[name] for name in TagGroupRow.__struct_fields__[3:]),
).join(organizations, organizations.c.id == course_tag_groups.c.organization_id)
_GROUP_ID = bindparam("group_id", type_=Integer)

_get_group = Query(_GROUPS.where(course_tag_groups.c.id == _GROUP_ID, _VIEWED), TagGroupRow)
_lock_groups = Query(
    select(course_tag_groups.c.id)
    .where(any_of(course_tag_groups.c.id, "group_ids"))
    .order_by(course_tag_groups.c.id)
    .with_for_update(key_share=True, of=course_tag_groups),
    _IdRow,
)
_id_of_name = Query(
    select(course_tag_groups.c.id).where(
        course_tag_groups.c.organization_id == bindparam("organization_id", type_=Integer),
        course_tag_groups.c.name_folded == bindparam("name", type_=Text),
    ),
    _IdRow,
)
_uses_of_group: list[ColumnElement[Any]] = [
    func.count(tags_of_courses.c.course_id.distinct()).label("courses"),
    func.min(tags_of_courses.c.course_id).label("course_id"),
]
_uses = Query(
    select(*_uses_of_group).join(course_tags, course_tags.c.id == tags_of_courses.c.tag_id).where(course_tags.c.group_id == _GROUP_ID),
    TagUses,
)
_with_several = (
    select(tags_of_courses.c.course_id)
    .join(course_tags, course_tags.c.id == tags_of_courses.c.tag_id)
    .where(course_tags.c.group_id == _GROUP_ID)
    .group_by(tags_of_courses.c.course_id)
    .having(func.count() > bindparam("one", type_=Integer))
    .subquery()
)
_uses_twice: list[ColumnElement[Any]] = [func.count().label("courses"), func.min(_with_several.c.course_id).label("course_id")]
_courses_with_several = Query(select(*_uses_twice).select_from(_with_several), TagUses)
_SORTS: Final[dict[str, ColumnElement[object]]] = {
    "name": course_tag_groups.c.name_folded,
    "created": course_tag_groups.c.created_at,
    "modified": course_tag_groups.c.modified_at,
}


async def get_tag_group(transaction: Transaction, *, viewer: Viewer, group_id: int, field: str | None = None) -> TagGroupRow:
    """
    Give a group of tags; ``field`` names the caller's value where the group is not what the caller asks about.

    Raises:
        TagGroupNotFoundError: The viewer has no such group.
    """
    row = await transaction.find(_get_group, group_id=group_id, path=viewer.path)
    if row is None:
        raise TagGroupNotFoundError(group_id, field=field)
    return row


async def lock_tag_groups(transaction: Transaction, *group_ids: int) -> None:
    """Lock groups, so that what is decided of them and of their tags still holds when it is written."""
    await transaction.lock(_lock_groups, group_ids=list(group_ids))


async def find_group_with_name(transaction: Transaction, *, organization_id: int, name: str) -> int | None:
    """Give the id of the group of an organization that has a name, in any case; the caller has found the organization."""
    row = await transaction.find(_id_of_name, organization_id=organization_id, name=folded(name))
    return None if row is None else row.id


async def uses_of_group(transaction: Transaction, group_id: int) -> TagUses:
    """Count the courses that have a tag of a group, which the caller has found."""
    return await transaction.one(_uses, group_id=group_id)


async def courses_with_several_of(transaction: Transaction, group_id: int) -> TagUses:
    """Count the courses that have more than one tag of a group, which the caller has found."""
    return await transaction.one(_courses_with_several, group_id=group_id, one=1)


async def search_tag_groups(
    transaction: Transaction, *, viewer: Viewer, name: str | None, sort: str, descending: bool, offset: int, limit: int
) -> TagGroupPage:
    """
    Find groups by a part of their name, in any case; ties are in the order of their ids.

    *sort* is ``name``, ``created`` or ``modified``.
    """
    given = {} if name is None else {"name": folded(name)}
    counting, paging = _search(sort, named=name is not None, descending=descending)
    total = (await transaction.one(counting, path=viewer.path, **given)).count
    rows = await transaction.all(paging, path=viewer.path, offset=offset, limit=limit, **given) if total > offset else []
    tags = await list_tags_of_groups(transaction, group_ids=[row.id for row in rows]) if rows else []
    return TagGroupPage(total, [TagGroup(row, [tag for tag in tags if tag.group_id == row.id]) for row in rows])


async def list_tag_groups(transaction: Transaction, *, viewer: Viewer, name: str | None, after_id: int, limit: int) -> list[TagGroupRow]:
    """Give the groups with an id above *after_id* whose name has that part, in any case, ascending, at most *limit* of them."""
    given = {} if name is None else {"name": folded(name)}
    return await transaction.page(_listing(named=name is not None), path=viewer.path, after_id=after_id, limit=limit, **given)


@cache
def _listing(*, named: bool) -> Query[TagGroupRow]:
    return Query(
        _GROUPS.where(course_tag_groups.c.id > bindparam("after_id", type_=Integer), *_conditions(named=named))
        .order_by(course_tag_groups.c.id)
        .limit(bindparam("limit", type_=Integer)),
        TagGroupRow,
    )


def _conditions(*, named: bool) -> list[ColumnElement[bool]]:
    return [_VIEWED, contains(course_tag_groups.c.name_folded, bindparam("name", type_=Text))] if named else [_VIEWED]


@cache
def _search(sort: str, *, named: bool, descending: bool) -> tuple[Query[_CountRow], Query[TagGroupRow]]:
    conditions = _conditions(named=named)
    column = _SORTS[sort]
    return (
        Query(
            select(func.count().label("count"))
            .select_from(course_tag_groups)
            .join(organizations, organizations.c.id == course_tag_groups.c.organization_id)
            .where(*conditions),
            _CountRow,
        ),
        Query(
            _GROUPS.where(*conditions)
            .order_by(column.desc() if descending else column.asc(), course_tag_groups.c.id)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger)),
            TagGroupRow,
        ),
    )
