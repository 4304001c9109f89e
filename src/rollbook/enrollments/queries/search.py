"""Searching enrollments, a page at a time."""

from functools import cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Select, Text, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import contains, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.entrance import CountRow
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class EnrollmentCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """
    What enrollments are looked for; what is None is not asked.

    Attributes:
        class_name: A part of the class's name, in any case.
        created_after, created_before: Inclusive, in epoch seconds.
    """

    class_name: str | None = None
    class_id: int | None = None
    user_id: int | None = None
    status: EnrollmentStatus | None = None
    created_after: int | None = None
    created_before: int | None = None


class FoundEnrollment(EnrollmentRow, frozen=True):
    """An enrollment, and what a list shows of its class and its student."""

    class_name: str
    class_starts_at: int | None
    class_ends_at: int | None
    first_name: str
    last_name: str


class EnrollmentPage(msgspec.Struct, frozen=True):
    """One page of a search: how many there are on all pages, and the rows of this one."""

    total: int
    rows: list[FoundEnrollment]


SORTS: dict[str, Column[str] | Column[int]] = {
    "class_name": classes.c.name_folded,
    "starts": classes.c.starts_at,
    "created": enrollments.c.created_at,
    "last_modified": enrollments.c.modified_at,
}

_FILTERS: dict[str, ColumnElement[bool]] = {
    "class_name": contains(classes.c.name_folded, bindparam("class_name", type_=Text)),
    "class_id": enrollments.c.class_id == bindparam("class_id", type_=Integer),
    "user_id": enrollments.c.user_id == bindparam("user_id", type_=Integer),
    "status": enrollments.c.status == bindparam("status", type_=Integer),
    "created_after": enrollments.c.created_at >= bindparam("created_after", type_=BigInteger),
    "created_before": enrollments.c.created_at <= bindparam("created_before", type_=BigInteger),
}
_own = select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text)))
_in_scope = enrollments.c.organization_id.in_(_own)


async def search_enrollments(
    transaction: Transaction,
    *,
    viewer: Viewer,
    criteria: EnrollmentCriteria,
    sort: str,
    descending: bool,
    page_index: int,
    page_size: int,
    most: int | None = None,
) -> EnrollmentPage | None:
    """
    Give a page of the viewer's enrollments that meet the criteria, in the order of a key of ``SORTS`` and then of their ids.

    None is given instead where there are more than ``most`` on all pages, so that it would take long.
    """
    given = {name: value for name, value in msgspec.structs.asdict(criteria).items() if value is not None}
    if "class_name" in given:
        given["class_name"] = folded(given["class_name"])
    filters = frozenset(given)
    total = await transaction.one(_count(filters), path=viewer.path, **given)
    if most is not None and total.count > most:
        return None
    rows = await transaction.page(
        _page(filters, sort, descending=descending), path=viewer.path, limit=page_size, skipped=page_index * page_size, **given
    )
    return EnrollmentPage(total.count, rows)


@cache
def _count(filters: frozenset[str]) -> Query[CountRow]:
    statement = select(func.count().label("count")).select_from(enrollments)
    if "class_name" in filters:
        statement = statement.join(classes, classes.c.id == enrollments.c.class_id)
    return Query(_filtered(statement, filters), CountRow)


@cache
def _page(filters: frozenset[str], sort: str, *, descending: bool) -> Query[FoundEnrollment]:
    columns = [enrollments.c[name] for name in EnrollmentRow.__struct_fields__]
    statement = (
        select(
            *columns,
            classes.c.name.label("class_name"),
            classes.c.starts_at.label("class_starts_at"),
            classes.c.ends_at.label("class_ends_at"),
            users.c.first_name,
            users.c.last_name,
        )
        .select_from(enrollments)
        .join(classes, classes.c.id == enrollments.c.class_id)
        .join(users, users.c.id == enrollments.c.user_id)
    )
    key = SORTS[sort]
    # In one class everything of the class is the same: what is left is the order of the ids.
    is_the_same = "class_id" in filters and key.table is classes
    keys = [] if is_the_same else [(key.desc() if descending else key.asc()).nulls_last()]
    ordered = _filtered(statement, filters).order_by(*keys, enrollments.c.id)
    return Query(ordered.limit(bindparam("limit", type_=Integer)).offset(bindparam("skipped", type_=BigInteger)), FoundEnrollment)


def _filtered(statement: Select[Any], filters: frozenset[str]) -> Select[Any]:
    return statement.where(_in_scope, *(_FILTERS[name] for name in sorted(filters)))
