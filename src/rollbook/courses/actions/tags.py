"""Creating, renaming and deleting tags. Whoever does locks the tag's group first."""

from sqlalchemy import Integer, Text, bindparam, delete, insert, update

from rollbook.access.actor import Actor
from rollbook.courses.actions.tag_groups import touch_tag_group
from rollbook.courses.model import course_tags
from rollbook.courses.queries.tag_groups import get_tag_group, lock_tag_groups
from rollbook.courses.queries.tags import find_tag_with_name, get_tag, uses_of_tag
from rollbook.courses.tagging import Tag
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.recording import entry, recorded


class TagNameTakenError(ConflictError):
    """Another tag of the group has the name."""

    field = "name"

    def __init__(self, name: str, tag_id: int) -> None:
        self.tag_id = tag_id
        super().__init__(f"tag {tag_id} of the group is called {name} already; give another name, or use that tag")


class TagInUseError(ConflictError):
    """Courses have a tag that is to be deleted."""

    def __init__(self, tag_id: int, courses: int, course_id: int) -> None:
        self.tag_id = tag_id
        self.course_id = course_id
        super().__init__(f"{courses} courses have tag {tag_id}, such as course {course_id}; take it away first")


_named = {"name": bindparam("name", type_=Text), "name_folded": bindparam("name_folded", type_=Text)}
_one_tag = course_tags.c.id == bindparam("tag_id", type_=Integer)
_create = recorded(insert(course_tags).values(**_named, group_id=bindparam("group_id", type_=Integer)), identity=course_tags.c.id)
_rename = recorded(update(course_tags).where(_one_tag).values(**_named), identity=course_tags.c.id)
_delete = recorded(delete(course_tags).where(_one_tag), identity=course_tags.c.id)


async def create_tag(transaction: Transaction, *, actor: Actor, group_id: int, name: str, group_field: str | None = "group_id") -> int:
    """
    Create a tag in a group and give its id; *group_field* is the name of the caller's value that holds the group, None where the path does.

    Raises:
        TagGroupNotFoundError: The actor has no such group.
        TagNameTakenError: Another tag of the group has the name.
    """
    await lock_tag_groups(transaction, group_id)
    group = await get_tag_group(transaction, viewer=actor.viewer, group_id=group_id, field=group_field)
    await _check_name(transaction, group_id=group_id, name=name, tag_id=None)
    after = {"group_id": group_id, "name": name}
    record = entry(transaction, actor=actor, organization_id=group.organization_id, kind="tag.created", after=after)
    tag_id = await transaction.change(_create, {**after, "name_folded": folded(name)}, record)
    assert tag_id is not None  # noqa: S101 - an insert meets its row
    await touch_tag_group(transaction, group_id)
    return tag_id


async def rename_tag(transaction: Transaction, *, actor: Actor, tag_id: int, name: str) -> None:
    """
    Give a tag another name.

    Raises:
        TagNotFoundError: The actor has no such tag.
        TagNameTakenError: Another tag of the group has the name.
    """
    tag = await _lock(transaction, actor=actor, tag_id=tag_id)
    if tag.name == name:
        return
    await _check_name(transaction, group_id=tag.group_id, name=name, tag_id=tag_id)
    before, after = {"name": tag.name}, {"name": name}
    record = entry(transaction, actor=actor, organization_id=tag.organization_id, kind="tag.renamed", before=before, after=after)
    await transaction.change(_rename, {"tag_id": tag_id, "name": name, "name_folded": folded(name)}, record)
    await touch_tag_group(transaction, tag.group_id)


async def delete_tag(transaction: Transaction, *, actor: Actor, tag_id: int) -> None:
    """
    Delete a tag.

    Raises:
        TagNotFoundError: The actor has no such tag.
        TagInUseError: Courses have it.
    """
    tag = await _lock(transaction, actor=actor, tag_id=tag_id)
    uses = await uses_of_tag(transaction, tag_id)
    if uses.course_id is not None:
        raise TagInUseError(tag_id, uses.courses, uses.course_id)
    before = {"group_id": tag.group_id, "name": tag.name}
    record = entry(transaction, actor=actor, organization_id=tag.organization_id, kind="tag.deleted", before=before)
    await transaction.change(_delete, {"tag_id": tag_id}, record)
    await touch_tag_group(transaction, tag.group_id)


async def _lock(transaction: Transaction, *, actor: Actor, tag_id: int) -> Tag:
    """Lock the group of a tag, and give the tag as it is from then on."""
    found = await get_tag(transaction, viewer=actor.viewer, tag_id=tag_id)
    await lock_tag_groups(transaction, found.group_id)
    return await get_tag(transaction, viewer=actor.viewer, tag_id=tag_id)


async def _check_name(transaction: Transaction, *, group_id: int, name: str, tag_id: int | None) -> None:
    taken_by = await find_tag_with_name(transaction, group_id=group_id, name=name)
    if taken_by is not None and taken_by != tag_id:
        raise TagNameTakenError(name, taken_by)
