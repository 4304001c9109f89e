"""The commands about the tags of courses and their groups. The TMS has the search alone."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.numbers import Boolean, Id
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.courses.actions.tag_groups import NewTagGroup, TagGroupChanges, create_tag_group, delete_tag_group, update_tag_group
from rollbook.courses.actions.tags import create_tag, delete_tag, rename_tag
from rollbook.courses.queries.tag_groups import TagGroup, search_tag_groups


class TagGroupValues(Parameters):
    """What creating and updating a group of tags both take."""

    enabled: Annotated[bool | UnsetType, Boolean("Its tags can be given to courses; by default they can.", name="Enabled")] = UNSET
    expanded: Annotated[bool | UnsetType, Boolean("A list of groups shows its tags without being asked.", name="Expanded")] = UNSET
    mutually_exclusive: Annotated[bool | UnsetType, Boolean("A course has at most one tag of it.", name="MutuallyExclusive")] = UNSET


class NewTagGroupValues(TagGroupValues):
    """What creating a group of tags takes."""

    name: Annotated[str, Text("The name.", name="Name")]
    organization_id: Annotated[int | UnsetType, Id("The organization that owns it; by default the key's.", name="OrganizationId")] = UNSET


class ChangedTagGroupValues(TagGroupValues):
    """What updating a group of tags takes."""

    id: Annotated[int, Id("The group.", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", name="Name")] = UNSET


class OneTagGroup(Parameters):
    """Which group of tags."""

    id: Annotated[int, Id("The group.", in_path=True)]


class TagGroupSearch(SearchParameters):
    """What groups of tags are looked for."""

    sort: Annotated[SortOrder, Sort({"Name": "name", "Created": "created", "LastModified": "modified"}, default="Name")]
    name: Annotated[str | None, Text("A part of the name.")] = None


class NewTagValues(Parameters):
    """What creating a tag takes."""

    group_id: Annotated[int, Id("The group that it is in.", name="CourseTagGroupId")]
    name: Annotated[str, Text("The name.", name="Name")]


class RenamedTagValues(Parameters):
    """What renaming a tag takes."""

    id: Annotated[int, Id("The tag.", in_path=True)]
    name: Annotated[str, Text("The new name.", name="Name")]


class OneTag(Parameters):
    """Which tag."""

    id: Annotated[int, Id("The tag.", in_path=True)]


class TagOfGroup(Record):
    """A tag in its group."""

    id: int
    name: str


class CourseTagGroup(Record):
    """A group of tags."""

    id: int
    name: str
    organization_id: int
    organization_name: str
    enabled: bool
    expanded: bool
    mutually_exclusive: bool
    tags: list[TagOfGroup]
    created: int
    last_modified: Annotated[int, Meta(description="When it or its tags changed last.")]


class FoundTagGroups(Answer):
    """A page of groups of tags."""

    total_count: Total
    total_pages: Pages
    results: list[CourseTagGroup]


class CreatedTagGroup(Answer):
    """The id of the new group; null in a dry run."""

    course_tag_group_id: int | None


class CreatedTag(Answer):
    """The id of the new tag; null in a dry run."""

    course_tag_id: int | None


@command("SearchCourseTagGroups", summary="Search for groups of course tags")
async def search(call: Call, parameters: TagGroupSearch) -> FoundTagGroups:
    """Give a page of the groups of tags that meet every given criterion, with their tags."""
    actor = await call.actor()
    page = await call.database.search(
        search_tag_groups,
        viewer=actor.viewer,
        name=parameters.name,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundTagGroups(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_show(group) for group in page.groups]
    )


@command("CreateCourseTagGroup", summary="Create a group of course tags", writes=Scope.MANAGE, ours=True)
async def create_group(call: Call, parameters: NewTagGroupValues) -> CreatedTagGroup:
    """Create a group of tags."""
    actor = await call.actor()
    default = {"organization_id": actor.viewer.organization_id} if parameters.organization_id is UNSET else {}
    group_id = await perform(call, create_tag_group, actor=actor, group=said(parameters, NewTagGroup, **default))
    return CreatedTagGroup(course_tag_group_id=None if call.dry_run else group_id)


@command("UpdateCourseTagGroup", summary="Update a group of course tags by id", writes=Scope.MANAGE, ours=True)
async def update_group(call: Call, parameters: ChangedTagGroupValues) -> Done:
    """Change a group of tags; courses keep the tags of one that becomes disabled."""
    changes = said(parameters, TagGroupChanges)
    await perform(call, update_tag_group, actor=await call.actor(), group_id=parameters.id, changes=changes)
    return Done()


@command("DeleteCourseTagGroup", summary="Delete a group of course tags by id", writes=Scope.MANAGE, ours=True)
async def delete_group(call: Call, parameters: OneTagGroup) -> Done:
    """Delete a group with its tags, which no course has."""
    await perform(call, delete_tag_group, actor=await call.actor(), group_id=parameters.id)
    return Done()


@command("CreateCourseTag", summary="Create a course tag", writes=Scope.MANAGE, ours=True)
async def create(call: Call, parameters: NewTagValues) -> CreatedTag:
    """Create a tag in a group."""
    tag_id = await perform(call, create_tag, actor=await call.actor(), group_id=parameters.group_id, name=parameters.name)
    return CreatedTag(course_tag_id=None if call.dry_run else tag_id)


@command("UpdateCourseTag", summary="Rename a course tag by id", writes=Scope.MANAGE, ours=True)
async def rename(call: Call, parameters: RenamedTagValues) -> Done:
    """Give a tag another name."""
    await perform(call, rename_tag, actor=await call.actor(), tag_id=parameters.id, name=parameters.name)
    return Done()


@command("DeleteCourseTag", summary="Delete a course tag by id", writes=Scope.MANAGE, ours=True)
async def delete(call: Call, parameters: OneTag) -> Done:
    """Delete a tag that no course has."""
    await perform(call, delete_tag, actor=await call.actor(), tag_id=parameters.id)
    return Done()


def _show(group: TagGroup) -> CourseTagGroup:
    row = group.row
    return CourseTagGroup(
        id=row.id,
        name=row.name,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        enabled=row.enabled,
        expanded=row.expanded,
        mutually_exclusive=row.mutually_exclusive,
        tags=[TagOfGroup(id=tag.id, name=tag.name) for tag in group.tags],
        created=row.created_at,
        last_modified=row.modified_at,
    )


COMMANDS: tuple[Command, ...] = (search, create_group, update_group, delete_group, create, rename, delete)
