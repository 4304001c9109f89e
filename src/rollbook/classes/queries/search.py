"""Searching classes."""

from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, and_, bindparam, exists, false, func, literal_column, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classes.queries.classes import CLASSES, ClassRow, TrainingClass, complete
from rollbook.classes.queries.custom_field_criteria import CustomFieldCriterion, ask_for_custom_fields, conditions_of
from rollbook.classes.queries.custom_field_values import with_custom_fields
from rollbook.classes.statuses import Delivery
from rollbook.courses.activity_types import ActivityType
from rollbook.courses.model import course_activities, courses
from rollbook.database.expressions import contains, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations


class ClassCriteria(Struct, frozen=True, kw_only=True):
    """
    What the classes of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the name, in any case.
        has_labs: Whether an activity of the course is a lab, and the class does not disable labs.
        available_online: Whether the class is delivered virtually, be it in part.
    """

    name: str | None = None
    course_id: int | None = None
    starts_after: int | None = None
    starts_before: int | None = None
    ends_after: int | None = None
    ends_before: int | None = None
    has_labs: bool | None = None
    available_online: bool | None = None
    custom_fields: tuple[CustomFieldCriterion, ...] | None = None


class ClassPage(Struct, frozen=True):
    """A page of a search, and how many classes there are on all pages."""

    total: int
    classes: list[TrainingClass]


class _CountRow(Struct, frozen=True):
    count: int


_ONLINE = (Delivery.VIRTUAL.value, Delivery.MIXED.value)
_HAS_LABS = and_(
    classes.c.disable_labs == false(),
    exists().where(
        course_activities.c.course_id == classes.c.course_id,
        course_activities.c.activity_type == literal_column(str(ActivityType.LAB.value)),
        course_activities.c.removed_at.is_(None),
    ),
)
_VIEWED = within(organizations.c.path, bindparam("path", type_=Text))

CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(classes.c.name_folded, bindparam("name", type_=Text)),
    "course_id": classes.c.course_id == bindparam("course_id", type_=Integer),
    "starts_after": classes.c.starts_at >= bindparam("starts_after", type_=BigInteger),
    "starts_before": classes.c.starts_at <= bindparam("starts_before", type_=BigInteger),
    "ends_after": classes.c.ends_at >= bindparam("ends_after", type_=BigInteger),
    "ends_before": classes.c.ends_at <= bindparam("ends_before", type_=BigInteger),
    "online": classes.c.delivery.in_(_ONLINE),
    "not_online": classes.c.delivery.not_in(_ONLINE),
    "with_labs": _HAS_LABS,
    "without_labs": ~_HAS_LABS,
}
"""What a search can ask of classes."""

SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "name": classes.c.name_folded,
    "course": courses.c.name_folded,
    "status": classes.c.status,
    "starts": classes.c.starts_at,
    "ends": classes.c.ends_at,
    "organization": organizations.c.name_folded,
}
"""What a search can sort classes by."""


async def search_classes(
    transaction: Transaction, *, viewer: Viewer, criteria: ClassCriteria, sort: str, descending: bool, offset: int, limit: int
) -> ClassPage:
    """
    Find classes; those without meetings come last where times are sorted by, and ties are in the order of their ids.

    *sort* is ``name``, ``course``, ``status``, ``starts``, ``ends`` or ``organization``.

    Raises:
        CustomFieldNotFoundError: The viewer has no such custom field.
        ClassFieldNotFoundError: A custom field is none of classes, or is disabled.
        ValueNotOfFieldError: A value is none that the custom field takes.
    """
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    if "name" in values:
        values["name"] = folded(values["name"])
    by_fields = await ask_for_custom_fields(transaction, viewer=viewer, criteria=values.pop("custom_fields", ()))
    asked = conditions_asked(values)
    values |= by_fields.values
    counting, paging = _search(asked, by_fields.names, sort, descending)
    counted = await transaction.one(counting, path=viewer.path, **values)
    if counted.count <= offset:
        return ClassPage(counted.count, [])
    rows = await transaction.all(paging, path=viewer.path, offset=offset, limit=limit, **values)
    found = await complete(transaction, rows)
    return ClassPage(counted.count, await with_custom_fields(transaction, viewer=viewer, found=found))


def conditions_asked(values: dict[str, Any]) -> frozenset[str]:
    """Give the conditions that criteria ask for, and take those out of the criteria that choose a condition and are no value of it."""
    chosen = set()
    if "has_labs" in values:
        chosen.add("with_labs" if values.pop("has_labs") else "without_labs")
    if "available_online" in values:
        chosen.add("online" if values.pop("available_online") else "not_online")
    return frozenset(chosen | values.keys())


@lru_cache(maxsize=1024)
def _search(
    asked: frozenset[str],
    by_fields: tuple[str, ...],
    sort: str,
    descending: bool,  # noqa: FBT001 - a cache's key
) -> tuple[Query[_CountRow], Query[ClassRow]]:
    viewed = classes.c.organization_id.in_(select(organizations.c.id).where(_VIEWED))
    conditions = [viewed, *(condition for name, condition in CONDITIONS.items() if name in asked)]
    conditions += conditions_of(by_fields)
    column = SORTS[sort]
    return (
        Query(select(func.count().label("count")).select_from(classes).where(*conditions), _CountRow),
        Query(
            CLASSES.where(*conditions)
            .order_by((column.desc() if descending else column.asc()).nulls_last(), classes.c.id)
            .limit(bindparam("limit", type_=Integer))
            .offset(bindparam("offset", type_=BigInteger)),
            ClassRow,
        ),
    )
