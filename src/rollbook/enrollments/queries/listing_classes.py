"""Lists of classes as coordinators look at them: by any of many conditions, in an order, page by number."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Integer, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.courses.model import courses
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.class_finding import ClassQuestion, asked_classes, read_class_question
from rollbook.enrollments.queries.entrance import CountRow, IdRow

CLASSES_COUNTED: Final = 20_000
"""From how many classes on they are no longer counted."""

_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "starts": classes.c.starts_at,
    "ends": classes.c.ends_at,
    "name": classes.c.name_folded,
    "course": courses.c.name_folded,
    "status": classes.c.status,
    "minimum": classes.c.minimum,
    "maximum": classes.c.maximum,
    "created": classes.c.created_at,
}
CLASS_LISTING_SORTS: Final = tuple(_SORTS)
"""By what the classes of a list can be sorted; what has no value comes last."""


class ClassListing(msgspec.Struct, frozen=True):
    """
    The classes of a list.

    Attributes:
        ids: In their order, as many as were asked for.
        count: How many there are in all, ``CLASSES_COUNTED`` at most.
        is_more: There are as many as that, or more.
    """

    ids: Sequence[int]
    count: int
    is_more: bool


_most = bindparam("most", type_=Integer)


async def list_class_ids(
    transaction: Transaction, *, viewer: Viewer, question: ClassQuestion, sort: str = "starts", descending: bool = False, most: int
) -> ClassListing:
    """Give the first ``most`` of the viewer's classes in the order of one of ``CLASS_LISTING_SORTS``."""
    asked, values = read_class_question(question)
    values |= {"path": viewer.path, "now": transaction.now}
    counted = (await transaction.one(_count(asked), most=CLASSES_COUNTED, **values)).count
    found = await transaction.page(_sort(asked, sort, descending=descending), most=most, **values) if counted else []
    return ClassListing([row.id for row in found], counted, counted == CLASSES_COUNTED)


@cache
def _count(asked: frozenset[str]) -> Query[CountRow]:
    few = asked_classes(asked).limit(_most).subquery()
    return Query(select(func.count().label("count")).select_from(few), CountRow)


@cache
def _sort(asked: frozenset[str], sort: str, *, descending: bool) -> Query[IdRow]:
    key, identity = _SORTS[sort], classes.c.id
    statement = asked_classes(asked)
    if sort == "course":
        statement = statement.join(courses, courses.c.id == classes.c.course_id)
    keys = (key.desc().nulls_last(), identity.desc()) if descending else (key.asc().nulls_last(), identity.asc())
    return Query(statement.order_by(*keys).limit(_most), IdRow)
