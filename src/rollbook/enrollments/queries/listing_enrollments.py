"""
Lists of enrollments as coordinators look at them: by any of many conditions, in an order, page by number, however many there are.

Few enrollments are sorted; many are walked through in their order by an index, until a page is full. Which of the two is decided by counting
what the conditions leave, no further than to where it is many.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import any_of, unindexed
from rollbook.database.query import Query
from rollbook.database.schema import LATEST_TIME
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.entrance import CountRow, IdRow
from rollbook.enrollments.queries.finding import EnrollmentQuestion, read_question
from rollbook.enrollments.queries.finding_ways import (
    OF_CLASSES_AND_STATUSES,
    Way,
    asks_of_classes,
    choose_way,
    conditions,
    conditions_of_users,
)
from rollbook.people.model import users
from rollbook.people.queries.finding_people import PERSON_ORDER

LISTING_SORTS: Final = ("starts", "student", "created")
"""By what the enrollments of a list can be sorted: by their classes' starts, their students' last names, their own creation."""

MANY: Final = 20_000
"""From how many enrollments on they are no longer counted, and walked through instead of sorted."""

_FEW_IN_CLASSES: Final = 100_000
_STUDENTS_AT_FIRST: Final = 20
_MORE_EACH_TIME: Final = 4


class EnrollmentListing(msgspec.Struct, frozen=True):
    """
    The enrollments of a list.

    Attributes:
        ids: In their order, as many as were asked for.
        count: How many there are in all, ``MANY`` at most.
        is_more: There are as many as that, or more.
    """

    ids: Sequence[int]
    count: int
    is_more: bool


_most = bindparam("most", type_=Integer)


async def list_enrollment_ids(
    transaction: Transaction,
    *,
    viewer: Viewer,
    question: EnrollmentQuestion,
    company_id: int | None = None,
    sort: str = "starts",
    descending: bool = False,
    most: int,
) -> EnrollmentListing:
    """
    Give the first ``most`` of the viewer's enrollments in the order of one of ``LISTING_SORTS``; those of classes without meetings start last.

    Where ``company_id`` is a company, there are none but those of its users.
    """
    if company_id is not None:
        if question.company_id not in {None, company_id}:
            return EnrollmentListing([], 0, is_more=False)
        question = replace(question, company_id=company_id)
    asked, values = read_question(question)
    values |= {"path": viewer.path}
    way, values["found_ids"] = await choose_way(transaction, asked, values)
    by_classes = way is Way.ORDER and asks_of_classes(asked) and await _are_few_in_classes(transaction, asked, values)
    found = [row.id for row in await transaction.page(_look_up(asked, way, by_classes=by_classes), most=MANY, **values)]
    if len(found) < MANY:
        query = _sort(sort, descending=descending)
        ids = [row.id for row in await transaction.page(query, most=most, ids=found)] if found else []
        return EnrollmentListing(ids, len(found), is_more=False)
    if sort == "student":
        ids = await _walk_students(transaction, asked, way, descending=descending, most=most, values=values)
    else:
        ids = await _walk(transaction, lambda lacks: _pass(asked, way, sort, descending, lacks), sort=sort, most=most, values=values)
    return EnrollmentListing(ids, MANY, is_more=True)


async def _walk(
    transaction: Transaction, query: Callable[[bool], Query[IdRow]], *, sort: str, most: int, values: dict[str, Any]
) -> list[int]:
    """Read in the order of an index: what has a value first, then what has none."""
    ids = [row.id for row in await transaction.page(query(False), most=most, **values)]  # noqa: FBT003 - see _pass
    if sort == "starts" and len(ids) < most:
        ids += [row.id for row in await transaction.page(query(True), most=most - len(ids), **values)]  # noqa: FBT003 - see _pass
    return ids


async def _walk_students(
    transaction: Transaction, asked: frozenset[str], way: Way, *, descending: bool, most: int, values: dict[str, Any]
) -> list[int]:
    """Read the enrollments of one student after the other, of a few students at first and then of more at a time."""
    students = [row.id for row in await transaction.page(_students(asked, descending=descending), **values)]
    query = _of_students(asked, way, descending=descending)
    ids: list[int] = []
    begin, size = 0, _STUDENTS_AT_FIRST
    while begin < len(students) and len(ids) < most:
        some = students[begin : begin + size]
        ids += [row.id for row in await transaction.page(query, student_ids=some, most=most - len(ids), **values)]
        begin, size = begin + size, size * _MORE_EACH_TIME
    return ids


def _asked_of(asked: frozenset[str], way: Way, *, by_classes: bool, by_creation: bool = False) -> Select[Any]:
    """Select the enrollments that meet the conditions; classes and students are looked up by them, not they by those."""
    if by_classes:
        # Compared without the index of its ids, a class comes before its enrollments.
        statement = select(enrollments.c.id).select_from(classes).join(enrollments, enrollments.c.class_id == unindexed(classes.c.id))
        return statement.where(*conditions(asked, way, sort="class_start"))
    return select(enrollments.c.id).where(*conditions(asked, way, sort="created" if by_creation else "id"))


async def _are_few_in_classes(transaction: Transaction, asked: frozenset[str], values: dict[str, Any]) -> bool:
    """Tell whether the classes that are asked for leave so few enrollments that it is quicker to look at these than at all."""
    return (
        await transaction.one(_count_in_classes(asked & OF_CLASSES_AND_STATUSES), most=_FEW_IN_CLASSES, **values)
    ).count < _FEW_IN_CLASSES


@cache
def _count_in_classes(asked: frozenset[str]) -> Query[CountRow]:
    few = _asked_of(asked, Way.ORDER, by_classes=True).limit(_most).subquery()
    return Query(select(func.count().label("count")).select_from(few), CountRow)


@cache
def _look_up(asked: frozenset[str], way: Way, *, by_classes: bool) -> Query[IdRow]:
    return Query(_asked_of(asked, way, by_classes=by_classes).limit(_most), IdRow)


@cache
def _sort(sort: str, *, descending: bool) -> Query[IdRow]:
    statement = select(enrollments.c.id).where(any_of(enrollments.c.id, "ids"))
    if sort == "starts":
        statement = statement.join(classes, classes.c.id == enrollments.c.class_id)
        # Sorted without an index: by that of the starts, all classes would be gone through to find few enrollments.
        keys = [unindexed(classes.c.starts_at), classes.c.id, enrollments.c.id]
    elif sort == "student":
        statement = statement.join(users, users.c.id == enrollments.c.user_id)
        keys = [PERSON_ORDER, users.c.id, enrollments.c.id]
    else:
        keys = [unindexed(enrollments.c.created_at), enrollments.c.id]
    return Query(statement.order_by(*_directed(keys, descending=descending, nulls_last=True)).limit(_most), IdRow)


@cache
def _pass(
    asked: frozenset[str],
    way: Way,
    sort: str,
    descending: bool,  # noqa: FBT001 - a cache's key
    lacks: bool,  # noqa: FBT001 - likewise
) -> Query[IdRow]:
    statement = _asked_of(asked, way, by_classes=sort == "starts", by_creation=True)
    if sort == "created":
        keys: list[ColumnElement[Any]] = [enrollments.c.created_at, enrollments.c.id]
    elif lacks:
        statement = statement.where(classes.c.starts_at.is_(None))
        keys = [classes.c.id, enrollments.c.id]
    else:
        statement = statement.where(classes.c.starts_at.between(0, LATEST_TIME))
        keys = [classes.c.starts_at, classes.c.id, enrollments.c.id]
    return Query(statement.order_by(*_directed(keys, descending=descending)).limit(_most), IdRow)


@cache
def _students(asked: frozenset[str], *, descending: bool) -> Query[IdRow]:
    statement = select(users.c.id).where(*conditions_of_users(asked))
    return Query(statement.order_by(*_directed([PERSON_ORDER, users.c.id], descending=descending)), IdRow)


@cache
def _of_students(asked: frozenset[str], way: Way, *, descending: bool) -> Query[IdRow]:
    statement = _asked_of(asked, way, by_classes=False).join(users, users.c.id == enrollments.c.user_id)
    keys = _directed([PERSON_ORDER, users.c.id, enrollments.c.id], descending=descending)
    return Query(statement.where(any_of(enrollments.c.user_id, "student_ids")).order_by(*keys).limit(_most), IdRow)


def _directed(keys: Sequence[ColumnElement[Any]], *, descending: bool, nulls_last: bool = False) -> list[ColumnElement[Any]]:
    first, *others = [key.desc() if descending else key.asc() for key in keys]
    return [first.nulls_last() if nulls_last else first, *others]
