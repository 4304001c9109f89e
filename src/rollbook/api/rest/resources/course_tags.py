"""The tags of courses in the REST API: in their group, and each by itself."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import Outcome, as_id, create, perform
from rollbook.api.rest.resources.course_tag_groups import TAG
from rollbook.api.rest.values import Name
from rollbook.courses.actions import tags as actions
from rollbook.courses.queries.tag_groups import get_tag_group
from rollbook.courses.queries.tags import get_tag, list_tags_of_groups
from rollbook.courses.tagging import Tag
from rollbook.database.transaction import Transaction


class CourseTag(Struct, frozen=True, kw_only=True):
    """A tag that courses can have."""

    id: int
    group_id: int
    group_name: str
    name: str


class TagsOfGroup(Struct, frozen=True, kw_only=True):
    """The tags of a group, by their names."""

    version: Annotated[int, Meta(description="That of the group, which grows when its tags change.")]
    items: list[CourseTag]


class CourseTagOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a tag."""

    result: CourseTag


class NameCourseTag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tag is to be called."""

    name: Name


EXAMPLE: Final = CourseTag(id=3, group_id=1, group_name="Trade", name="Metal")
_NAMED: Final = NameCourseTag(name="Metal")
_CREATED: Final = example_of(CourseTagOutcome, EXAMPLE, change("tag", "name", None, "Metal", subject_id=None))
_RENAMED: Final = example_of(CourseTagOutcome, EXAMPLE, change("tag", "name", "Metals", "Metal", subject_id=3))
_DELETION: Final = example_of(Deletion, None, change("tag", "name", "Metal", None, subject_id=3))


async def see_tag(transaction: Transaction, actor: Actor, tag_id: int) -> CourseTag:
    """Show the tag with an id."""
    return _show(await get_tag(transaction, viewer=actor.viewer, tag_id=tag_id))


async def see_tags_of_group(transaction: Transaction, actor: Actor, group_id: int) -> TagsOfGroup:
    """Show the tags of the group with an id."""
    group = await get_tag_group(transaction, viewer=actor.viewer, group_id=group_id)
    tags = await list_tags_of_groups(transaction, group_ids=[group_id])
    return TagsOfGroup(version=group.version, items=[_show(tag) for tag in tags])


def _show(tag: Tag) -> CourseTag:
    return CourseTag(id=tag.id, group_id=tag.group_id, group_name=tag.group_name, name=tag.name)


@endpoint("GET", "/course-tag-groups/{group_id}/tags", tag=TAG, scope=Scope.READ, answers=TagsOfGroup(version=2, items=[EXAMPLE]))
async def list_tags_of_group(call: Call, group_id: int) -> TagsOfGroup:
    """List the tags of a group, by their names."""
    return await call.database.search(see_tags_of_group, call.actor, group_id)


@endpoint(
    "POST",
    "/course-tag-groups/{group_id}/tags",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=_NAMED,
    answers=_CREATED,
    creates="/course-tags/{id}",
)
async def create_course_tag(call: Call, group_id: int, body: NameCourseTag) -> CourseTagOutcome:
    """Create a tag in a group."""
    performed = await create(
        call, actions.create_tag, see=see_tag, id_of=as_id, actor=call.actor, group_id=group_id, name=body.name, group_field=None
    )
    return performed.told(CourseTagOutcome)


@endpoint("GET", "/course-tags/{tag_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_course_tag(call: Call, tag_id: int) -> CourseTag:
    """Show a tag."""
    return await call.database.read(see_tag, call.actor, tag_id)


@endpoint("PATCH", "/course-tags/{tag_id}", tag=TAG, scope=Scope.MANAGE, takes=_NAMED, answers=_RENAMED, versioned=False)
async def rename_course_tag(call: Call, tag_id: int, body: NameCourseTag) -> CourseTagOutcome:
    """Give a tag another name."""
    performed = await perform(call, actions.rename_tag, see=see_tag, subject_id=tag_id, actor=call.actor, tag_id=tag_id, name=body.name)
    return performed.told(CourseTagOutcome)


@endpoint("DELETE", "/course-tags/{tag_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION, versioned=False)
async def delete_course_tag(call: Call, tag_id: int) -> Deletion:
    """
    Delete a tag.

    It is refused while courses have it.
    """
    return await delete(call, actions.delete_tag, see=see_tag, subject_id=tag_id, actor=call.actor, tag_id=tag_id)


ENDPOINTS: tuple[Endpoint, ...] = (list_tags_of_group, create_course_tag, get_course_tag, rename_course_tag, delete_course_tag)
