"""The classrooms of the REST API."""

from typing import Annotated, Any, Final

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
from rollbook.api.rest.values import Count, Description, Id, Line20, Line50, Line80, Line250, Name, Time, moment_of
from rollbook.classrooms import actions, queries
from rollbook.classrooms.actions import ClassroomChanges, NewClassroom
from rollbook.classrooms.queries import ClassroomCriteria, ClassroomRow
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import classroom_changes

TAG: Final = "Classrooms"

Seats = Annotated[Count, Meta(description="How many students it seats; null is no limit.")]


class Classroom(Struct, frozen=True, kw_only=True):
    """A classroom."""

    id: int
    version: int
    organization_id: int
    organization_name: str
    external_id: str | None
    name: str
    description: str | None
    administrative_notes: Annotated[str | None, Meta(description="For those who run the room; never told to students.")] | UnsetType = UNSET
    capacity: Annotated[int | None, Meta(description="How many students it seats; null is no limit.")]
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: str | None
    zip: str | None
    created_at: Time
    modified_at: Time


class Classrooms(Page, frozen=True, kw_only=True):
    """A page of classrooms."""

    items: list[Classroom]


class ClassroomOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a classroom."""

    result: Classroom


class ClassroomValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a classroom both take."""

    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    administrative_notes: Description | UnsetType | None = UNSET
    capacity: Seats | UnsetType | None = UNSET
    address1: Line250 | UnsetType | None = UNSET
    address2: Line250 | UnsetType | None = UNSET
    city: Line80 | UnsetType | None = UNSET
    state: Line50 | UnsetType | None = UNSET
    country: Line80 | UnsetType | None = UNSET
    zip: Line20 | UnsetType | None = UNSET


class CreateClassroom(ClassroomValues, frozen=True, kw_only=True):
    """A classroom to create."""

    name: Name
    organization_id: Annotated[Id, Meta(description="The organization that owns it; by default the key's.")] | UnsetType = UNSET


class UpdateClassroom(ClassroomValues, frozen=True, kw_only=True):
    """What to change of a classroom."""

    name: Name | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET


class ClassroomQuery(ListQuery, frozen=True, kw_only=True):
    """Which classrooms are listed."""

    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    external_id: Name | None = None
    organization_id: Annotated[Id, Meta(description="The organization that owns it, not those beneath.")] | None = None
    capacity_at_least: Annotated[Count, Meta(description="Seats; a room without a capacity has enough.")] | None = None


EXAMPLE: Final = Classroom(
    id=1,
    version=1,
    organization_id=1,
    organization_name="Contoso Training",
    external_id="HALL-1",
    name="Workshop",
    description=None,
    administrative_notes="The key is at the desk.",
    capacity=16,
    address1="1 Main Street",
    address2=None,
    city="Springfield",
    state="NY",
    country="US",
    zip="12345",
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(ClassroomOutcome, EXAMPLE, change("classroom", "capacity", 12, 16))


async def see_classroom(transaction: Transaction, actor: Actor, classroom_id: int) -> Classroom:
    """Show the classroom with an id."""
    row = await queries.get_classroom(transaction, viewer=actor.viewer, classroom_id=classroom_id)
    return show(row, for_student=actor.student is not None)


def show(row: ClassroomRow, *, for_student: bool = False) -> Classroom:
    """Show a classroom; its administrative notes are not for students."""
    values: dict[str, Any] = {**asdict(row), "created_at": moment_of(row.created_at), "modified_at": moment_of(row.modified_at)}
    if for_student:
        values["administrative_notes"] = UNSET
    return Classroom(**values)


@endpoint("GET", "/classrooms", tag=TAG, scope=Scope.READ, students=True, answers=Classrooms(items=[EXAMPLE], next="n.1"))
async def list_classrooms(call: Call, query: ClassroomQuery) -> Classrooms:
    """List classrooms, in the order of their ids."""
    criteria = ClassroomCriteria(
        name=query.name, external_id=query.external_id, organization_id=query.organization_id, capacity_at_least=query.capacity_at_least
    )
    rows = await call.database.search(
        queries.list_classrooms, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(Classrooms, by_ids(rows, limit=query.limit), lambda row: show(row, for_student=call.for_student))


@endpoint(
    "POST",
    "/classrooms",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateClassroom(name="Workshop", capacity=16),
    answers=_OUTCOME,
    creates="/classrooms/{id}",
)
async def create_classroom(call: Call, body: CreateClassroom) -> ClassroomOutcome:
    """Create a classroom."""
    given = {"organization_id": call.actor.viewer.organization_id, **given_in(body)}
    performed = await create(
        call, actions.create_classroom, see=see_classroom, id_of=as_id, actor=call.actor, classroom=NewClassroom(**given)
    )
    return performed.told(ClassroomOutcome)


@endpoint("GET", "/classrooms/{classroom_id}", tag=TAG, scope=Scope.READ, students=True, answers=EXAMPLE)
async def get_classroom(call: Call, classroom_id: int) -> Classroom:
    """Show a classroom."""
    return await call.database.read(see_classroom, call.actor, classroom_id)


@endpoint(
    "PATCH", "/classrooms/{classroom_id}", tag=TAG, scope=Scope.MANAGE, takes=UpdateClassroom(capacity=16, address2=None), answers=_OUTCOME
)
async def update_classroom(call: Call, classroom_id: int, body: UpdateClassroom) -> ClassroomOutcome:
    """
    Change a classroom.

    Its capacity holds the students who sit in it at any moment to come (P3).
    """
    performed = await perform(
        call,
        classroom_changes.update_classroom,
        see=see_classroom,
        subject_id=classroom_id,
        actor=call.actor,
        classroom_id=classroom_id,
        changes=ClassroomChanges(**given_in(body)),
    )
    return performed.told(ClassroomOutcome)


ENDPOINTS: tuple[Endpoint, ...] = (list_classrooms, create_classroom, get_classroom, update_classroom)
