"""The course assignments of the REST API: courses that students take alone."""

from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import GivenTime, Id, Name, Time, moment_of, optional_moment_of, seconds_of
from rollbook.api.rest.words import member_of, word_of
from rollbook.assignments.actions import assignments as actions
from rollbook.assignments.actions.assignments import AssignmentChanges, NewAssignment
from rollbook.assignments.progress import Progress
from rollbook.assignments.queries import assignments as queries
from rollbook.assignments.queries import finding
from rollbook.assignments.queries.assignments import AssignmentNotFoundError, AssignmentRow
from rollbook.assignments.queries.finding import AssignmentCriteria
from rollbook.database.transaction import Transaction

TAG: Final = "Assignments"

ProgressWord = Literal["not_started", "incomplete", "complete"]
_Subscription = Annotated[
    Id, Meta(description="The subscription that it comes through: one of the student's, whose profile holds the course.")
]
_Started = Annotated[GivenTime, Meta(description="When it was started; by default when it was completed (T4).")]


class Assignment(Struct, frozen=True, kw_only=True):
    """A course that is assigned to a student."""

    id: int
    version: int
    external_id: str | None
    course_id: int
    course_name: str
    user_id: int
    first_name: str
    last_name: str
    organization_id: Annotated[int, Meta(description="The student's.")]
    subscription_id: int | None
    payment: Annotated[
        Literal["subscription", "training_key"] | None,
        Meta(description="`training_key` where the subscription came of one; null where there is no subscription."),
    ]
    progress: ProgressWord
    expires_at: Annotated[Time | None, Meta(description="Null where it never expires.")]
    target_completion_at: Time | None
    started_at: Time | None
    completed_at: Time | None
    created_at: Time
    modified_at: Time


class Assignments(Page, frozen=True, kw_only=True):
    """A page of course assignments."""

    items: list[Assignment]


class AssignmentOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a course assignment."""

    result: Assignment


class DeletedAssignment(Outcome, frozen=True, kw_only=True):
    """What the deletion of a course assignment did."""

    result: None


class AssignmentValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a course assignment both take."""

    external_id: Name | UnsetType | None = UNSET
    subscription_id: _Subscription | UnsetType | None = UNSET
    expires_at: GivenTime | UnsetType | None = UNSET
    target_completion_at: GivenTime | UnsetType | None = UNSET
    started_at: _Started | UnsetType | None = UNSET
    completed_at: GivenTime | UnsetType | None = UNSET


class CreateAssignment(AssignmentValues, frozen=True, kw_only=True):
    """A course to assign to a student."""

    course_id: Annotated[Id, Meta(description="A course that is available self-paced (T1).")]
    user_id: Id


class UpdateAssignment(AssignmentValues, frozen=True, kw_only=True):
    """What to change of a course assignment; course and student as long as it has not been started (T5)."""

    course_id: Id | UnsetType = UNSET
    user_id: Id | UnsetType = UNSET


class AssignmentQuery(ListQuery, frozen=True, kw_only=True):
    """Which course assignments are listed."""

    user_id: Id | None = None
    user_external_id: Annotated[Name, Meta(description="The student's external id.")] | None = None
    organization_id: Annotated[Id, Meta(description="The student's organization, or one above it.")] | None = None
    course_id: Id | None = None
    subscription_id: Id | None = None
    external_id: Name | None = None
    progress: tuple[ProgressWord, ...] | None = None
    created_after: Annotated[GivenTime, Meta(description="Created then or later.")] | None = None
    created_before: Annotated[GivenTime, Meta(description="Created then or earlier.")] | None = None
    expires_after: Annotated[GivenTime, Meta(description="Expires then or later.")] | None = None
    expires_before: Annotated[GivenTime, Meta(description="Expires then or earlier.")] | None = None
    started_after: Annotated[GivenTime, Meta(description="Started then or later.")] | None = None
    started_before: Annotated[GivenTime, Meta(description="Started then or earlier.")] | None = None
    completed_after: Annotated[GivenTime, Meta(description="Completed then or later.")] | None = None
    completed_before: Annotated[GivenTime, Meta(description="Completed then or earlier.")] | None = None


EXAMPLE: Final = Assignment(
    id=1,
    version=1,
    external_id="A-1",
    course_id=7,
    course_name="Welding",
    user_id=3,
    first_name="Sam",
    last_name="Example",
    organization_id=1,
    subscription_id=None,
    payment=None,
    progress="incomplete",
    expires_at=None,
    target_completion_at=None,
    started_at=SOME_TIME,
    completed_at=None,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(AssignmentOutcome, EXAMPLE, change("assignment", "started_at", None, SOME_TIME))
_TIMES: Final = ("created", "expires", "started", "completed")


class _Gone(Struct, frozen=True):
    """What is left to see of a deleted assignment."""

    version: int


async def see_assignment(transaction: Transaction, actor: Actor, assignment_id: int) -> Assignment:
    """Show the course assignment with an id."""
    return show(await queries.get_assignment(transaction, viewer=actor.viewer, assignment_id=assignment_id))


def show(row: AssignmentRow) -> Assignment:
    """Show a course assignment."""
    values: dict[str, Any] = {
        "payment": None if row.payment is None else word_of(row.payment),
        "progress": word_of(row.progress),
        "expires_at": optional_moment_of(row.expires_at),
        "target_completion_at": optional_moment_of(row.target_completion_at),
        "started_at": optional_moment_of(row.started_at),
        "completed_at": optional_moment_of(row.completed_at),
        "created_at": moment_of(row.created_at),
        "modified_at": moment_of(row.modified_at),
    }
    values |= {name: getattr(row, name) for name in Assignment.__struct_fields__ if name not in values}
    return Assignment(**values)


@endpoint("GET", "/assignments", tag=TAG, scope=Scope.READ, answers=Assignments(items=[EXAMPLE], next="n.1"))
async def list_assignments(call: Call, query: AssignmentQuery) -> Assignments:
    """
    List course assignments, in the order of their ids.

    `progress` can be given several times, for one of these.
    """
    values: dict[str, Any] = {
        name: getattr(query, name)
        for name in ("user_id", "user_external_id", "organization_id", "course_id", "subscription_id", "external_id")
    }
    bounds = [f"{time}_{side}" for time in _TIMES for side in ("after", "before")]
    values |= {name: seconds_of(given) for name in bounds if (given := getattr(query, name)) is not None}
    progress = None if query.progress is None else frozenset(member_of(Progress, word) for word in query.progress)
    rows = await call.database.search(
        finding.list_assignments,
        viewer=call.actor.viewer,
        criteria=AssignmentCriteria(**values, progress=progress),
        after_id=after_id(query.cursor),
        limit=query.limit + 1,
    )
    return page_of(Assignments, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/assignments",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=CreateAssignment(course_id=7, user_id=3, external_id="A-1"),
    answers=_OUTCOME,
    creates="/assignments/{id}",
)
async def create_assignment(call: Call, body: CreateAssignment) -> AssignmentOutcome:
    """Assign a course to a student, to be taken alone."""
    assignment = NewAssignment(**_domain_values(body))
    performed = await create(call, actions.create_assignment, see=see_assignment, id_of=as_id, actor=call.actor, assignment=assignment)
    return performed.told(AssignmentOutcome)


@endpoint("GET", "/assignments/{assignment_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_assignment(call: Call, assignment_id: int) -> Assignment:
    """Show a course assignment."""
    return await call.database.read(see_assignment, call.actor, assignment_id)


@endpoint(
    "PATCH",
    "/assignments/{assignment_id}",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=UpdateAssignment(started_at=SOME_TIME),
    answers=_OUTCOME,
)
async def update_assignment(call: Call, assignment_id: int, body: UpdateAssignment) -> AssignmentOutcome:
    """Change a course assignment, and tell what the student has started and completed."""
    performed = await perform(
        call,
        actions.update_assignment,
        see=see_assignment,
        subject_id=assignment_id,
        actor=call.actor,
        assignment_id=assignment_id,
        changes=AssignmentChanges(**_domain_values(body)),
    )
    return performed.told(AssignmentOutcome)


@endpoint(
    "DELETE",
    "/assignments/{assignment_id}",
    tag=TAG,
    scope=Scope.ENROLL,
    answers=example_of(DeletedAssignment, None, change("assignment", "course_id", 7, None)),
)
async def delete_assignment(call: Call, assignment_id: int) -> DeletedAssignment:
    """
    Delete a course assignment that has not been completed.

    Its id is not found from then on; its history stays, and is still found.
    """
    performed = await perform(
        call, actions.delete_assignment, see=_see_gone, subject_id=assignment_id, actor=call.actor, assignment_id=assignment_id
    )
    return performed.told(DeletedAssignment, result=None)


async def _see_gone(transaction: Transaction, actor: Actor, assignment_id: int) -> Assignment | _Gone:
    """Show the assignment as long as it is there: for whoever asks for a version of it."""
    try:
        return await see_assignment(transaction, actor, assignment_id)
    except AssignmentNotFoundError:
        return _Gone(0)


def _domain_values(body: Struct) -> dict[str, Any]:
    """Give what a body says in the domain's values."""
    return {name: seconds_of(value) if name.endswith("_at") and value is not None else value for name, value in given_in(body).items()}


ENDPOINTS: tuple[Endpoint, ...] = (list_assignments, create_assignment, get_assignment, update_assignment, delete_assignment)
