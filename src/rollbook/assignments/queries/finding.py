"""Finding assignments: searches page by page, and lists by keyset."""

from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, func, or_, select

from rollbook.access.actor import Viewer
from rollbook.assignments.model import assignments
from rollbook.assignments.progress import Progress
from rollbook.assignments.queries.assignments import VIEWED, AssignmentRow, assignments_in_scope
from rollbook.courses.model import courses
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.query import Query
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


class _CountRow(Struct, frozen=True):
    count: int


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


async def search_assignments(
    transaction: Transaction, *, viewer: Viewer, criteria: AssignmentCriteria, sort: str, descending: bool, offset: int, limit: int
) -> AssignmentPage:
    """
    Find assignments; those without a value to sort by come last in either direction, ties are in the order of their ids.

    *sort* is ``created``, ``modified``, ``user``, ``user_external_id``, ``last_name``, ``course``, ``course_name``, ``expires``,
    ``target_completion``, ``started`` or ``completed``.
    """
    values, progress = _given(criteria)
    counting, paging = _search(frozenset(values), progress, sort, descending)
    counted = await transaction.one(counting, path=viewer.path, **values)
    rows = await transaction.page(paging, path=viewer.path, offset=offset, limit=limit, **values)
    return AssignmentPage(counted.count, rows)


async def list_assignments(
    transaction: Transaction, *, viewer: Viewer, criteria: AssignmentCriteria, after_id: int, limit: int
) -> list[AssignmentRow]:
    """Give the assignments with an id above *after_id* that meet the criteria, ascending, at most *limit* of them."""
    values, progress = _given(criteria)
    return await transaction.page(_listing(frozenset(values), progress), path=viewer.path, after_id=after_id, limit=limit, **values)


def _given(criteria: AssignmentCriteria) -> tuple[dict[str, Any], frozenset[Progress] | None]:
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    progress: frozenset[Progress] | None = values.pop("progress", None)
    return values, progress


def _conditions(asked: frozenset[str], progress: frozenset[Progress] | None) -> list[ColumnElement[bool]]:
    conditions = [condition for name, condition in _CONDITIONS.items() if name in asked]
    if progress is not None:
        conditions.append(or_(*(_PROGRESS[each] for each in sorted(progress))))
    return conditions


@lru_cache(maxsize=1024)
def _search(
    asked: frozenset[str],
    progress: frozenset[Progress] | None,
    sort: str,
    descending: bool,  # noqa: FBT001 - a cache's key
) -> tuple[Query[_CountRow], Query[AssignmentRow]]:
    conditions = _conditions(asked, progress)
    key = _SORTS[sort]
    return (
        Query(
            select(func.count().label("count"))
            .select_from(assignments)
            .join(users, users.c.id == assignments.c.user_id)
            .join(organizations, organizations.c.id == users.c.organization_id)
            .where(VIEWED, *conditions),
            _CountRow,
        ),
        Query(
            assignments_in_scope()
            .where(*conditions)
            .order_by((key.desc() if descending else key.asc()).nulls_last(), assignments.c.id)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger)),
            AssignmentRow,
        ),
    )


@lru_cache(maxsize=256)
def _listing(asked: frozenset[str], progress: frozenset[Progress] | None) -> Query[AssignmentRow]:
    return Query(
        assignments_in_scope()
        .where(assignments.c.id > bindparam("after_id", type_=Integer), *_conditions(asked, progress))
        .order_by(assignments.c.id)
        .limit(bindparam("limit", type_=Integer)),
        AssignmentRow,
    )
