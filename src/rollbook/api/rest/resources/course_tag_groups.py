"""The groups of course tags of the REST API; the tags in them are in ``course_tags``."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import Id, Name, Time, moment_of
from rollbook.courses.actions import tag_groups as actions
from rollbook.courses.actions.tag_groups import NewTagGroup, TagGroupChanges
from rollbook.courses.queries import tag_groups as queries
from rollbook.courses.queries.tag_groups import TagGroupRow
from rollbook.database.transaction import Transaction

TAG: Final = "Course tags"


class CourseTagGroup(Struct, frozen=True, kw_only=True):
    """A group of course tags."""

    id: int
    version: Annotated[int, Meta(description="It grows when its tags change, too.")]
    organization_id: int
    organization_name: str
    name: str
    enabled: Annotated[bool, Meta(description="Its tags can be given to courses.")]
    expanded: Annotated[bool, Meta(description="A list of groups shows its tags without being asked.")]
    mutually_exclusive: Annotated[bool, Meta(description="A course has at most one tag of it (V1).")]
    created_at: Time
    modified_at: Time


class CourseTagGroups(Page, frozen=True, kw_only=True):
    """A page of groups of course tags."""

    items: list[CourseTagGroup]


class CourseTagGroupOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a group of course tags."""

    result: CourseTagGroup


class CourseTagGroupValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a group of course tags both take."""

    enabled: bool | UnsetType = UNSET
    expanded: bool | UnsetType = UNSET
    mutually_exclusive: bool | UnsetType = UNSET


class CreateCourseTagGroup(CourseTagGroupValues, frozen=True, kw_only=True):
    """A group of course tags to create."""

    name: Name
    organization_id: Annotated[Id, Meta(description="The organization that owns it; by default the key's.")] | UnsetType = UNSET


class UpdateCourseTagGroup(CourseTagGroupValues, frozen=True, kw_only=True):
    """What to change of a group of course tags."""

    name: Name | UnsetType = UNSET


class CourseTagGroupQuery(ListQuery, frozen=True, kw_only=True):
    """Which groups of course tags are listed."""

    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None


EXAMPLE: Final = CourseTagGroup(
    id=1,
    version=2,
    organization_id=1,
    organization_name="Contoso Training",
    name="Trade",
    enabled=True,
    expanded=False,
    mutually_exclusive=True,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(CourseTagGroupOutcome, EXAMPLE, change("tag_group", "mutually_exclusive", before=False, after=True))
_DELETION: Final = example_of(Deletion, None, change("tag_group", "name", "Trade", None))


async def see_tag_group(transaction: Transaction, actor: Actor, group_id: int) -> CourseTagGroup:
    """Show the group of course tags with an id."""
    return show(await queries.get_tag_group(transaction, viewer=actor.viewer, group_id=group_id))


def show(row: TagGroupRow) -> CourseTagGroup:
    """Show a group of course tags."""
    return CourseTagGroup(**asdict(row) | {"created_at": moment_of(row.created_at), "modified_at": moment_of(row.modified_at)})


@endpoint("GET", "/course-tag-groups", tag=TAG, scope=Scope.READ, answers=CourseTagGroups(items=[EXAMPLE], next="n.1"))
async def list_course_tag_groups(call: Call, query: CourseTagGroupQuery) -> CourseTagGroups:
    """List groups of course tags, in the order of their ids."""
    rows = await call.database.search(
        queries.list_tag_groups, viewer=call.actor.viewer, name=query.name, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(CourseTagGroups, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/course-tag-groups",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateCourseTagGroup(name="Trade", mutually_exclusive=True),
    answers=_OUTCOME,
    creates="/course-tag-groups/{id}",
)
async def create_course_tag_group(call: Call, body: CreateCourseTagGroup) -> CourseTagGroupOutcome:
    """Create a group of course tags."""
    given = {"organization_id": call.actor.viewer.organization_id, **given_in(body)}
    performed = await create(call, actions.create_tag_group, see=see_tag_group, id_of=as_id, actor=call.actor, group=NewTagGroup(**given))
    return performed.told(CourseTagGroupOutcome)


@endpoint("GET", "/course-tag-groups/{group_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_course_tag_group(call: Call, group_id: int) -> CourseTagGroup:
    """Show a group of course tags."""
    return await call.database.read(see_tag_group, call.actor, group_id)


@endpoint(
    "PATCH",
    "/course-tag-groups/{group_id}",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=UpdateCourseTagGroup(mutually_exclusive=True),
    answers=_OUTCOME,
)
async def update_course_tag_group(call: Call, group_id: int, body: UpdateCourseTagGroup) -> CourseTagGroupOutcome:
    """
    Change a group of course tags.

    Courses keep the tags of a group that becomes disabled.
    """
    performed = await perform(
        call,
        actions.update_tag_group,
        see=see_tag_group,
        subject_id=group_id,
        actor=call.actor,
        group_id=group_id,
        changes=TagGroupChanges(**given_in(body)),
    )
    return performed.told(CourseTagGroupOutcome)


@endpoint("DELETE", "/course-tag-groups/{group_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION)
async def delete_course_tag_group(call: Call, group_id: int) -> Deletion:
    """
    Delete a group of course tags, with its tags.

    It is refused while courses have tags of it.
    """
    return await delete(call, actions.delete_tag_group, see=see_tag_group, subject_id=group_id, actor=call.actor, group_id=group_id)


ENDPOINTS: tuple[Endpoint, ...] = (
    list_course_tag_groups,
    create_course_tag_group,
    get_course_tag_group,
    update_course_tag_group,
    delete_course_tag_group,
)
