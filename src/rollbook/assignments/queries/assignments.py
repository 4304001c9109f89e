"""Reading single assignments, and what one would come through."""

from msgspec import Struct
from sqlalchemy import Integer, Select, Text, bindparam, exists, select

from rollbook.access.actor import Viewer
from rollbook.assignments.model import assignments
from rollbook.assignments.progress import Payment, Progress, payment_of, progress_of
from rollbook.courses.model import courses
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.subscriptions.model import courses_of_profiles, subscriptions


class AssignmentNotFoundError(NotFoundError):
    """The viewer has no such assignment."""

    def __init__(self, assignment: int | str) -> None:
        self.assignment = assignment
        super().__init__(f"there is no course assignment {assignment}; give the id of one of a user in the tree of the key's organization")


class AssignmentRow(Struct, frozen=True):
    """
    A course that is assigned to a student, and what is shown of the two.

    Attributes:
        expires_at: None where it never does. This and all other times are epoch seconds.
        organization_id: The student's.
        training_key_id: The key that was redeemed for the subscription.
    """

    id: int
    course_id: int
    user_id: int
    subscription_id: int | None
    external_id: str | None
    expires_at: int | None
    target_completion_at: int | None
    started_at: int | None
    completed_at: int | None
    created_at: int
    modified_at: int
    version: int
    organization_id: int
    course_name: str
    first_name: str
    last_name: str
    training_key_id: int | None

    @property
    def progress(self) -> Progress:
        """How far the student has come."""
        return progress_of(started_at=self.started_at, completed_at=self.completed_at)

    @property
    def payment(self) -> Payment | None:
        """What it came through that was paid for."""
        return payment_of(subscription_id=self.subscription_id, training_key_id=self.training_key_id)


class UsableSubscription(Struct, frozen=True):
    """
    A subscription that a course could be assigned through.

    Attributes:
        holds_course: Whether its profile holds the course that was asked about.
    """

    id: int
    user_id: int
    holds_course: bool


class _IdRow(Struct, frozen=True):
    id: int


_PATH = bindparam("path", type_=Text)
_OF_OTHERS = {
    "organization_id": users.c.organization_id,
    "course_name": courses.c.name,
    "first_name": users.c.first_name,
    "last_name": users.c.last_name,
    "training_key_id": subscriptions.c.training_key_id,
}

VIEWED = within(organizations.c.path, _PATH)
"""The organization is in the tree bound as ``path``."""


def assignments_in_scope() -> Select[tuple[object, ...]]:
    """Select the assignments of the users in the tree of organizations bound as ``path``; the columns are the fields of AssignmentRow."""
    columns = (_OF_OTHERS[name].label(name) if name in _OF_OTHERS else assignments.c[name] for name in AssignmentRow.__struct_fields__)
    return (
        select(*columns)
        .select_from(assignments)
        .join(users, users.c.id == assignments.c.user_id)
        .join(organizations, organizations.c.id == users.c.organization_id)
        .join(courses, courses.c.id == assignments.c.course_id)
        .outerjoin(subscriptions, subscriptions.c.id == assignments.c.subscription_id)
        .where(VIEWED)
    )


_get_assignment = Query(assignments_in_scope().where(assignments.c.id == bindparam("assignment_id", type_=Integer)), AssignmentRow)
_list_by_external_id = Query(
    assignments_in_scope()
    .where(assignments.c.external_id.is_not(None), assignments.c.external_id == bindparam("external_id", type_=Text))
    .order_by(assignments.c.id),
    AssignmentRow,
)
_lock_assignment = Query(
    select(assignments.c.id)
    .where(assignments.c.id == bindparam("assignment_id", type_=Integer))
    .with_for_update(key_share=True, of=assignments),
    _IdRow,
)
_find_subscription = Query(
    select(
        subscriptions.c.id,
        subscriptions.c.user_id,
        exists()
        .where(
            courses_of_profiles.c.profile_id == subscriptions.c.profile_id,
            courses_of_profiles.c.course_id == bindparam("course_id", type_=Integer),
        )
        .label("holds_course"),
    )
    .join(users, users.c.id == subscriptions.c.user_id)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(subscriptions.c.id == bindparam("subscription_id", type_=Integer), VIEWED),
    UsableSubscription,
)


async def get_assignment(transaction: Transaction, *, viewer: Viewer, assignment_id: int) -> AssignmentRow:
    """
    Give an assignment.

    Raises:
        AssignmentNotFoundError: The viewer has no such assignment.
    """
    row = await transaction.find(_get_assignment, assignment_id=assignment_id, path=viewer.path)
    if row is None:
        raise AssignmentNotFoundError(assignment_id)
    return row


async def list_assignments_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> list[AssignmentRow]:
    """
    Give every assignment of the viewer that has an external id, by ascending id: any number may share one (N2).

    Raises:
        AssignmentNotFoundError: There is none.
    """
    rows = await transaction.all(_list_by_external_id, external_id=external_id, path=viewer.path)
    if not rows:
        raise AssignmentNotFoundError(external_id)
    return rows


async def lock_assignment(transaction: Transaction, *, assignment_id: int) -> None:
    """Lock an assignment until the end of the transaction."""
    await transaction.lock(_lock_assignment, assignment_id=assignment_id)


async def find_usable_subscription(
    transaction: Transaction, *, viewer: Viewer, subscription_id: int, course_id: int
) -> UsableSubscription | None:
    """Give a subscription, and whether it holds a course; None where the viewer has no such subscription."""
    return await transaction.find(_find_subscription, subscription_id=subscription_id, course_id=course_id, path=viewer.path)
