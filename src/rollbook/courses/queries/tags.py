"""Reading tags, and the groups that they are in."""

from collections.abc import Collection
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, Text, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import course_tag_groups, course_tags, tags_of_courses
from rollbook.courses.tagging import Tag
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations


class TagNotFoundError(NotFoundError):
    """The viewer has no such tag."""

    def __init__(self, tag_id: int, *, field: str | None = None) -> None:
        self.tag_id = tag_id
        self.field = field
        super().__init__(f"there is no tag {tag_id}; give the id of one in the tree of the key's organization")


class TagUses(Struct, frozen=True):
    """
    How many courses have something.

    Attributes:
        course_id: One of them, the one with the lowest id.
    """

    courses: int
    course_id: int | None


class _IdRow(Struct, frozen=True):
    id: int


_TAGS = (
    select(
        course_tags.c.id,
        course_tags.c.name,
        course_tags.c.group_id,
        course_tag_groups.c.name.label("group_name"),
        course_tag_groups.c.organization_id,
        course_tag_groups.c.mutually_exclusive,
        course_tag_groups.c.enabled,
    )
    .join(course_tag_groups, course_tag_groups.c.id == course_tags.c.group_id)
    .join(organizations, organizations.c.id == course_tag_groups.c.organization_id)
)
_VIEWED = within(organizations.c.path, bindparam("path", type_=Text))
_IN_ORDER = (course_tag_groups.c.name_folded, course_tags.c.group_id, course_tags.c.name_folded)
_TAG_ID = bindparam("tag_id", type_=Integer)

_get_tag = Query(_TAGS.where(course_tags.c.id == _TAG_ID, _VIEWED), Tag)
_list_tags = Query(_TAGS.where(any_of(course_tags.c.id, "tag_ids"), _VIEWED).order_by(*_IN_ORDER), Tag)
_list_tags_of_groups = Query(_TAGS.where(any_of(course_tags.c.group_id, "group_ids")).order_by(*_IN_ORDER), Tag)
_id_of_name = Query(
    select(course_tags.c.id).where(
        course_tags.c.group_id == bindparam("group_id", type_=Integer), course_tags.c.name_folded == bindparam("name", type_=Text)
    ),
    _IdRow,
)
_uses_of_tag: list[ColumnElement[Any]] = [func.count().label("courses"), func.min(tags_of_courses.c.course_id).label("course_id")]
_uses = Query(select(*_uses_of_tag).where(tags_of_courses.c.tag_id == _TAG_ID), TagUses)


async def get_tag(transaction: Transaction, *, viewer: Viewer, tag_id: int) -> Tag:
    """
    Give a tag by its id.

    Raises:
        TagNotFoundError: The viewer has no such tag.
    """
    tag = await transaction.find(_get_tag, tag_id=tag_id, path=viewer.path)
    if tag is None:
        raise TagNotFoundError(tag_id)
    return tag


async def list_tags(transaction: Transaction, *, viewer: Viewer, tag_ids: Collection[int]) -> list[Tag]:
    """Give those tags with these ids that the viewer sees, by their groups and names."""
    return await transaction.all(_list_tags, tag_ids=list(tag_ids), path=viewer.path)


async def list_tags_of_groups(transaction: Transaction, *, group_ids: Collection[int]) -> list[Tag]:
    """Give the tags of groups that the caller has found, by their names."""
    return await transaction.all(_list_tags_of_groups, group_ids=list(group_ids))


async def find_tag_with_name(transaction: Transaction, *, group_id: int, name: str) -> int | None:
    """Give the id of the tag of a group that has a name, in any case; the caller has found the group."""
    row = await transaction.find(_id_of_name, group_id=group_id, name=folded(name))
    return None if row is None else row.id


async def uses_of_tag(transaction: Transaction, tag_id: int) -> TagUses:
    """Count the courses that have a tag, which the caller has found."""
    return await transaction.one(_uses, tag_id=tag_id)
