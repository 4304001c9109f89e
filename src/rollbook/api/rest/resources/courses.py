"""The courses of the REST API."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import Count, Description, Html, Id, Name, Time, moment_of
from rollbook.courses.actions import courses as actions
from rollbook.courses.actions.course_details import CourseChanges, NewCourse
from rollbook.courses.queries import courses as queries
from rollbook.courses.queries import search
from rollbook.courses.queries.courses import CourseRow
from rollbook.courses.queries.search import CourseCriteria
from rollbook.database.transaction import Transaction

TAG = "Courses"

MOST_TAGS = 1_000

Minutes = Annotated[Count, Meta(description="Minutes.")]
TagIds = Annotated[tuple[Id, ...], Meta(max_length=MOST_TAGS, description="Its tags.")]


class Course(Struct, frozen=True, kw_only=True):
    """A course."""

    id: int
    version: int
    organization_id: int
    organization_name: str
    external_id: str | None
    name: str
    description: str | None
    html_description: str | None
    available_instructor_led: Annotated[bool, Meta(description="Classes can be made of it.")]
    available_self_paced: Annotated[bool, Meta(description="It can be assigned to be taken alone.")]
    content_provider_id: int | None
    content_provider_name: str | None
    duration: Annotated[int | None, Meta(description="Minutes.")]
    archived: Annotated[bool, Meta(description="No new class can be made of it.")]
    tag_ids: list[int]
    created_at: Time
    modified_at: Time


class Courses(Page, frozen=True, kw_only=True):
    """A page of courses."""

    items: list[Course]


class CourseOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a course."""

    result: Course


class CreateCourse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A course to create."""

    organization_id: Annotated[Id, Meta(description="The organization that owns it; by default the key's.")] | UnsetType = UNSET
    name: Name
    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    html_description: Html | UnsetType | None = UNSET
    available_instructor_led: bool | UnsetType = UNSET
    available_self_paced: bool | UnsetType = UNSET
    content_provider_id: Id | UnsetType | None = UNSET
    content_provider_name: Name | UnsetType | None = UNSET
    duration: Minutes | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET
    tag_ids: TagIds | UnsetType | None = UNSET


class UpdateCourse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a course."""

    organization_id: Id | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    html_description: Html | UnsetType | None = UNSET
    available_instructor_led: bool | UnsetType = UNSET
    available_self_paced: bool | UnsetType = UNSET
    content_provider_id: Id | UnsetType | None = UNSET
    content_provider_name: Name | UnsetType | None = UNSET
    duration: Minutes | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET
    tag_ids: TagIds | UnsetType | None = UNSET


class CourseQuery(ListQuery, frozen=True, kw_only=True):
    """Which courses are listed."""

    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    external_id: Name | None = None
    organization_id: Annotated[Id, Meta(description="The organization that owns it, not those beneath.")] | None = None
    archived: bool | None = None


EXAMPLE = Course(
    id=1,
    version=3,
    organization_id=1,
    organization_name="Contoso Training",
    external_id="WELD-1",
    name="Welding",
    description="Two days at the bench.",
    html_description=None,
    available_instructor_led=True,
    available_self_paced=False,
    content_provider_id=None,
    content_provider_name=None,
    duration=960,
    archived=False,
    tag_ids=[3, 8],
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)


_TAKEN = UpdateCourse(name="Welding, advanced", duration=1_440, description=None)
_OUTCOME = example_of(CourseOutcome, EXAMPLE, change("course", "duration", 480, 960))


async def see_course(transaction: Transaction, actor: Actor, course_id: int) -> Course:
    """Show the course with an id."""
    return show(await queries.get_course(transaction, viewer=actor.viewer, course_id=course_id))


def show(row: CourseRow) -> Course:
    """Show a course."""
    values = {
        **asdict(row),
        "created_at": moment_of(row.created_at),
        "modified_at": moment_of(row.modified_at),
        "tag_ids": sorted(row.tag_ids),
    }
    return Course(**values)


@endpoint("GET", "/courses", tag=TAG, scope=Scope.READ, students=True, answers=Courses(items=[EXAMPLE], next="n.1"))
async def list_courses(call: Call, query: CourseQuery) -> Courses:
    """List courses, in the order of their ids."""
    criteria = CourseCriteria(
        name=query.name, external_id=query.external_id, organization_id=query.organization_id, archived=query.archived
    )
    rows = await call.database.search(
        search.list_courses, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(Courses, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/courses",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateCourse(name="Welding", external_id="WELD-1", duration=960),
    answers=_OUTCOME,
    creates="/courses/{id}",
)
async def create_course(call: Call, body: CreateCourse) -> CourseOutcome:
    """Create a course."""
    given = {"organization_id": call.actor.viewer.organization_id, **given_in(body)}
    performed = await create(call, actions.create_course, see=see_course, id_of=as_id, actor=call.actor, course=NewCourse(**given))
    return performed.told(CourseOutcome)


@endpoint("GET", "/courses/{course_id}", tag=TAG, scope=Scope.READ, students=True, answers=EXAMPLE)
async def get_course(call: Call, course_id: int) -> Course:
    """Show a course."""
    return await call.database.read(see_course, call.actor, course_id)


@endpoint("PATCH", "/courses/{course_id}", tag=TAG, scope=Scope.MANAGE, takes=_TAKEN, answers=_OUTCOME)
async def update_course(call: Call, course_id: int, body: UpdateCourse) -> CourseOutcome:
    """
    Change a course.

    Its classes stay as they are.
    """
    changes = CourseChanges(**given_in(body))
    performed = await perform(
        call, actions.update_course, see=see_course, subject_id=course_id, actor=call.actor, course_id=course_id, changes=changes
    )
    return performed.told(CourseOutcome)


ENDPOINTS: tuple[Endpoint, ...] = (list_courses, create_course, get_course, update_course)
