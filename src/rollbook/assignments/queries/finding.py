"""Finding assignments: searches page by page, and lists by keyset."""

from itertools import combinations
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, or_, select

from rollbook.access.actor import Viewer
from rollbook.assignments.model import assignments
from rollbook.assignments.progress import Progress
from rollbook.assignments.queries.assignments import AssignmentRow, assignments_in_scope
from rollbook.courses.model import courses
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class AssignmentCriteria(Struct, frozen=True, kw_only=True):
    """
    What the assignments of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        organization_id: The student's organization, or one above it.
        progress: One of these.
    """

    user_id: int | None = None
    user_external_id: str | None = None
    organization_id: int | None = None
    course_id: int | None = None
    subscription_id: int | None = None
    external_id: str | None = None
    progress: frozenset[Progress] | None = None
    created_after: int | None = None
    created_before: int | None = None
    expires_after: int | None = None
    expires_before: int | None = None
    started_after: int | None = None
    started_before: int | None = None
    completed_after: int | None = None
    completed_before: int | None = None


class AssignmentPage(Struct, frozen=True):
    """A page of a search, and how many assignments there are on all pages."""

    total: int
    rows: list[AssignmentRow]


_asked_organization = organizations.alias("asked_organization")


def _time(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger)


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "user_id": assignments.c.user_id == bindparam("user_id", type_=Integer),
    "user_external_id": users.c.external_id == bindparam("user_external_id", type_=Text),
    "organization_id": select(_asked_organization.c.id)
    .where(
        _asked_organization.c.id == bindparam("organization_id", type_=Integer), within(organizations.c.path, _asked_organization.c.path)
    )
    .correlate(organizations)
    .exists(),
    "course_id": assignments.c.course_id == bindparam("course_id", type_=Integer),
    "subscription_id": assignments.c.subscription_id == bindparam("subscription_id", type_=Integer),
    "external_id": assignments.c.external_id.is_not(None) & (assignments.c.external_id == bindparam("external_id", type_=Text)),
    "created_after": assignments.c.created_at >= _time("created_after"),
    "created_before": assignments.c.created_at <= _time("created_before"),
    "expires_after": assignments.c.expires_at >= _time("expires_after"),
    "expires_before": assignments.c.expires_at <= _time("expires_before"),
    "started_after": assignments.c.started_at >= _time("started_after"),
    "started_before": assignments.c.started_at <= _time("started_before"),
    "completed_after": assignments.c.completed_at >= _time("completed_after"),
    "completed_before": assignments.c.completed_at <= _time("completed_before"),
}
# What is completed has a start (T4).
_PROGRESS: Final[dict[Progress, ColumnElement[bool]]] = {
    Progress.NOT_STARTED: assignments.c.started_at.is_(None),
    Progress.INCOMPLETE: assignments.c.started_at.is_not(None) & assignments.c.completed_at.is_(None),
    Progress.COMPLETE: assignments.c.completed_at.is_not(None),
}
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "created": assignments.c.created_at,
    "modified": assignments.c.modified_at,
    "user": assignments.c.user_id,
    "user_external_id": ascii_lower(users.c.external_id),
    "last_name": ascii_lower(users.c.last_name),
    "course": assignments.c.course_id,
    "course_name": courses.c.name_folded,
    "expires": assignments.c.expires_at,
    "target_completion": assignments.c.target_completion_at,
    "started": assignments.c.started_at,
    "completed": assignments.c.completed_at,
}


_IN_PROGRESS: Final = {
    f"progress {sorted(states)}": or_(*(_PROGRESS[state] for state in sorted(states)))
    for number in range(1, len(Progress) + 1)
    for states in combinations(Progress, number)
}
"""A condition for each set of states that may be asked for."""

_SEARCH: Final = Search(
    assignments_in_scope(), AssignmentRow, identity=assignments.c.id, conditions=_CONDITIONS | _IN_PROGRESS, sorts=_SORTS
)


async def search_assignments(
    transaction: Transaction, *, viewer: Viewer, criteria: AssignmentCriteria, sort: str, descending: bool, offset: int, limit: int
) -> AssignmentPage:
    """
    Find assignments; those without a value to sort by come last in either direction, ties are in the order of their ids.

    *sort* is ``created``, ``modified``, ``user``, ``user_external_id``, ``last_name``, ``course``, ``course_name``, ``expires``,
    ``target_completion``, ``started`` or ``completed``.
    """
    values, facts = _given(criteria)
    found = await _SEARCH.find(
        transaction, path=viewer.path, values=values, facts=facts, sort=sort, descending=descending, offset=offset, limit=limit
    )
    return AssignmentPage(*found)


async def list_assignments(
    transaction: Transaction, *, viewer: Viewer, criteria: AssignmentCriteria, after_id: int, limit: int
) -> list[AssignmentRow]:
    """Give the assignments with an id above *after_id* that meet the criteria, ascending, at most *limit* of them."""
    values, facts = _given(criteria)
    return await _SEARCH.list(transaction, path=viewer.path, values=values, facts=facts, after_id=after_id, limit=limit)


def _given(criteria: AssignmentCriteria) -> tuple[dict[str, Any], tuple[str, ...]]:
    values = asked_of(criteria)
    progress: frozenset[Progress] | None = values.pop("progress", None)
    return values, () if progress is None else (f"progress {sorted(progress)}",)
