"""Creating, changing and deleting groups of tags."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Integer, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.courses.model import course_tag_groups, course_tags
from rollbook.courses.queries.tag_groups import (
    courses_with_several_of,
    find_group_with_name,
    get_tag_group,
    lock_tag_groups,
    uses_of_group,
)
from rollbook.courses.queries.tags import list_tags_of_groups
from rollbook.database.query import Command
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import get_organization


class NewTagGroup(Struct, frozen=True, kw_only=True):
    """
    A group of tags to create.

    Attributes:
        enabled: Its tags can be given to courses.
        expanded: A list of groups shows its tags without being asked.
        mutually_exclusive: A course has at most one tag of it.
    """

    organization_id: int
    name: str
    enabled: bool = True
    expanded: bool = False
    mutually_exclusive: bool = False


class TagGroupChanges(Struct, frozen=True, kw_only=True):
    """What to change of a group of tags: UNSET is left as it is."""

    name: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    expanded: bool | UnsetType = UNSET
    mutually_exclusive: bool | UnsetType = UNSET


class TagGroupNameTakenError(ConflictError):
    """Another group of the organization has the name."""

    field = "name"

    def __init__(self, name: str, group_id: int) -> None:
        self.group_id = group_id
        super().__init__(f"group {group_id} of the organization is called {name} already; give another name")


class TagGroupGivenSeveralTimesError(ConflictError):
    """Courses have several tags of a group that is to become mutually exclusive (V1)."""

    rule = "V1"
    field = "mutually_exclusive"

    def __init__(self, group_id: int, courses: int, course_id: int) -> None:
        self.group_id = group_id
        self.course_id = course_id
        super().__init__(f"{courses} courses have several tags of group {group_id}, such as course {course_id}; leave one tag to each")


class TagGroupInUseError(ConflictError):
    """Courses have tags of a group that is to be deleted."""

    def __init__(self, group_id: int, courses: int, course_id: int) -> None:
        self.group_id = group_id
        self.course_id = course_id
        super().__init__(f"{courses} courses have tags of group {group_id}, such as course {course_id}; take them away first")


_VALUES = ("name", "name_folded", "enabled", "expanded", "mutually_exclusive")
_values = {name: bindparam(name, type_=course_tag_groups.c[name].type) for name in _VALUES}
_MODIFIED_AT = bindparam("modified_at", type_=BigInteger)
_one_group = course_tag_groups.c.id == bindparam("group_id", type_=Integer)
_next_version = course_tag_groups.c.version + literal_column("1", Integer())

_create = recorded(
    insert(course_tag_groups).values(
        **_values, organization_id=bindparam("organization_id", type_=Integer), created_at=_MODIFIED_AT, modified_at=_MODIFIED_AT
    ),
    identity=course_tag_groups.c.id,
)
_update = recorded(
    update(course_tag_groups).where(_one_group).values(**_values, modified_at=_MODIFIED_AT, version=_next_version),
    identity=course_tag_groups.c.id,
)
_touch = Command(update(course_tag_groups).where(_one_group).values(modified_at=_MODIFIED_AT, version=_next_version))
_delete = recorded(delete(course_tag_groups).where(_one_group), identity=course_tag_groups.c.id)
_delete_tags = Command(delete(course_tags).where(course_tags.c.group_id == bindparam("group_id", type_=Integer)))


async def create_tag_group(transaction: Transaction, *, actor: Actor, group: NewTagGroup) -> int:
    """
    Create a group of tags and give its id.

    Raises:
        OrganizationNotFoundError: The actor has no such organization.
        TagGroupNameTakenError: Another group of the organization has the name.
    """
    await get_organization(transaction, viewer=actor.viewer, organization_id=group.organization_id, field="organization_id")
    await _check_name(transaction, organization_id=group.organization_id, name=group.name, group_id=None)
    after = asdict(group)
    record = entry(transaction, actor=actor, organization_id=group.organization_id, kind="tag_group.created", after=after)
    return await transaction.settle(_create, _columns(transaction, after), record)


async def update_tag_group(
    transaction: Transaction, *, actor: Actor, group_id: int, changes: TagGroupChanges, if_version: int | None = None
) -> None:
    """
    Change a group of tags. Courses keep the tags of a group that becomes disabled.

    Raises:
        TagGroupNotFoundError: The actor has no such group.
        VersionChangedError: It is not at the version asked for.
        TagGroupNameTakenError: Another group of the organization has the name.
        TagGroupGivenSeveralTimesError: It is to become mutually exclusive, and courses have several of its tags.
    """
    await lock_tag_groups(transaction, group_id)
    row = await get_tag_group(transaction, viewer=actor.viewer, group_id=group_id)
    check_version(noun="group of tags", subject_id=group_id, version=row.version, wanted=if_version)
    stored = asdict(row)
    before, after = differences(stored, {name: value for name, value in asdict(changes).items() if value is not UNSET})
    if not after:
        return
    if "name" in after:
        await _check_name(transaction, organization_id=row.organization_id, name=after["name"], group_id=group_id)
    if after.get("mutually_exclusive"):
        uses = await courses_with_several_of(transaction, group_id)
        if uses.course_id is not None:
            raise TagGroupGivenSeveralTimesError(group_id, uses.courses, uses.course_id)
    record = entry(transaction, actor=actor, organization_id=row.organization_id, kind="tag_group.updated", before=before, after=after)
    await transaction.change(_update, _columns(transaction, stored | after) | {"group_id": group_id}, record)


async def delete_tag_group(transaction: Transaction, *, actor: Actor, group_id: int, if_version: int | None = None) -> None:
    """
    Delete a group of tags with its tags.

    Raises:
        TagGroupNotFoundError: The actor has no such group.
        VersionChangedError: It is not at the version asked for.
        TagGroupInUseError: Courses have tags of it.
    """
    await lock_tag_groups(transaction, group_id)
    row = await get_tag_group(transaction, viewer=actor.viewer, group_id=group_id)
    check_version(noun="group of tags", subject_id=group_id, version=row.version, wanted=if_version)
    uses = await uses_of_group(transaction, group_id)
    if uses.course_id is not None:
        raise TagGroupInUseError(group_id, uses.courses, uses.course_id)
    tags = await list_tags_of_groups(transaction, group_ids=[group_id])
    before = {name: getattr(row, name) for name in NewTagGroup.__struct_fields__}
    record = entry(
        transaction,
        actor=actor,
        organization_id=row.organization_id,
        kind="tag_group.deleted",
        before={**before, "tags": [tag.name for tag in tags]},
    )
    await transaction.run(_delete_tags, group_id=group_id)
    await transaction.change(_delete, {"group_id": group_id}, record)


async def touch_tag_group(transaction: Transaction, group_id: int) -> None:
    """Note that the tags of a group changed, which have a history of their own; the caller has locked the group."""
    await transaction.run(_touch, group_id=group_id, modified_at=transaction.now)


async def _check_name(transaction: Transaction, *, organization_id: int, name: str, group_id: int | None) -> None:
    taken_by = await find_group_with_name(transaction, organization_id=organization_id, name=name)
    if taken_by is not None and taken_by != group_id:
        raise TagGroupNameTakenError(name, taken_by)


def _columns(transaction: Transaction, values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "name_folded": folded(values["name"]), "modified_at": transaction.now}
