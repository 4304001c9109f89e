"""The history of one thing, the newest change first."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, literal, select, union_all

from rollbook.access.actor import Viewer
from rollbook.assignments.queries.assignments import get_assignment
from rollbook.classes.queries.classes import get_class
from rollbook.classrooms.queries import get_classroom
from rollbook.courses.queries.courses import get_course
from rollbook.custom_fields.queries.fields import get_custom_field
from rollbook.database.expressions import within
from rollbook.database.keyset import Page, Place
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.records import get_enrollment_record
from rollbook.history.model import IS_INDEXED, history
from rollbook.organizations.model import organizations
from rollbook.organizations.queries.organizations import get_organization
from rollbook.people.queries.companies import get_company
from rollbook.people.queries.users import get_user
from rollbook.subscriptions.queries.profiles import get_profile
from rollbook.subscriptions.queries.subscriptions import get_subscription
from rollbook.subscriptions.queries.training_keys import get_training_key


class Subject(StrEnum):
    """What has a history, by the word that the history has for it."""

    ORGANIZATION = "organization"
    COMPANY = "company"
    USER = "user"
    COURSE = "course"
    ASSIGNMENT = "assignment"
    CLASSROOM = "classroom"
    CUSTOM_FIELD = "custom_field"
    CLASS = "class"
    ENROLLMENT = "enrollment"
    SUBSCRIPTION_PROFILE = "subscription_profile"
    SUBSCRIPTION = "subscription"
    SUBSCRIPTION_TRAINING_KEY = "subscription_training_key"


class HistoryEntry(Struct, frozen=True):
    """
    A change.

    Attributes:
        at: When, in epoch seconds.
        actor_kind: ``key``, ``user`` or ``system``.
        actor_id: The key's id, or the user's; None for the system.
        through_key_id: The key through which a user acted.
        organization_id: To which organization the thing belonged.
        kind: The subject and what became of it, such as ``enrollment.cancelled``.
        before: The changed values as they were; None where the change made the thing.
        after: The changed values as they are since; None where it deleted the thing.
    """

    id: int
    at: int
    actor_kind: str
    actor_id: int | None
    actor_name: str
    through_key_id: int | None
    organization_id: int
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


async def _see_profile(transaction: Transaction, *, viewer: Viewer, subscription_profile_id: int) -> object:
    return await get_profile(transaction, viewer=viewer, profile_id=subscription_profile_id)


async def _see_training_key(transaction: Transaction, *, viewer: Viewer, subscription_training_key_id: int) -> object:
    return await get_training_key(transaction, viewer=viewer, key_id=subscription_training_key_id)


_FROM_THE_NEWEST: Final = 2**63 - 1
_See = Callable[..., Awaitable[object]]
_SEE: Final[dict[Subject, _See]] = {
    Subject.ORGANIZATION: get_organization,
    Subject.COMPANY: get_company,
    Subject.USER: get_user,
    Subject.COURSE: get_course,
    Subject.ASSIGNMENT: get_assignment,
    Subject.CLASSROOM: get_classroom,
    Subject.CUSTOM_FIELD: get_custom_field,
    Subject.CLASS: get_class,
    Subject.ENROLLMENT: get_enrollment_record,
    Subject.SUBSCRIPTION_PROFILE: _see_profile,
    Subject.SUBSCRIPTION: get_subscription,
    Subject.SUBSCRIPTION_TRAINING_KEY: _see_training_key,
}

_subject = bindparam("subject", type_=Text)
_subject_id = bindparam("subject_id", type_=Integer)
_ends = union_all(
    select(enrollments.c.last_result_id.label("id")).where(
        _subject == literal(Subject.ENROLLMENT.value, Text), enrollments.c.id == _subject_id
    ),
    select(history.c.previous_id).where(history.c.subject_id == _subject_id, history.c.subject == _subject, IS_INDEXED),
).subquery()
_chain = select(_ends.c.id).cte("chain", recursive=True)
_chain = _chain.union_all(select(history.c.previous_id).join_from(_chain, history, history.c.id == _chain.c.id))

_indexed = select(history.c.id).where(history.c.subject_id == _subject_id, history.c.subject == _subject, IS_INDEXED)
_entries = Query(
    select(*(history.c[name] for name in HistoryEntry.__struct_fields__))
    .join(organizations, organizations.c.id == history.c.organization_id)
    .where(
        history.c.id.in_(union_all(_indexed, select(_chain.c.id))),
        history.c.id < bindparam("behind_id", type_=BigInteger),
        within(organizations.c.path, bindparam("path", type_=Text)),
    )
    .order_by(history.c.id.desc())
    .limit(bindparam("limit", type_=Integer)),
    HistoryEntry,
)


async def page_history(
    transaction: Transaction, *, viewer: Viewer, subject: Subject, subject_id: int, behind: Place | None = None, limit: int = 100
) -> Page[HistoryEntry]:
    """
    Give a page of the history of a thing, the newest change first: what was recorded while it belonged to an organization of the viewer.

    What was deleted keeps its history.

    Raises:
        NotFoundError: The viewer has no such thing, and never had.
    """
    rows = await transaction.all(
        _entries,
        subject=subject.value,
        subject_id=subject_id,
        behind_id=behind.id if behind else _FROM_THE_NEWEST,
        path=viewer.path,
        # One more than wanted tells whether there is a next page.
        limit=limit + 1,
    )
    if not rows:
        await _SEE[subject](transaction, viewer=viewer, **{f"{subject}_id": subject_id})
    items = rows[:limit]
    return Page(items, Place(items[-1].id) if len(rows) > limit else None)
