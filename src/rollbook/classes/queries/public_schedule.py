"""Searching the public schedule of an organization: its own classes, and those that others made available to it."""

from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, exists, func, or_, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_organizations, classes
from rollbook.classes.queries.classes import CLASSES, ClassRow, TrainingClass, complete
from rollbook.classes.queries.custom_field_values import with_custom_fields
from rollbook.classes.queries.search import CONDITIONS, SORTS, ClassPage, conditions_asked
from rollbook.classes.statuses import OFF, ClassStatus
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations


class ScheduleCriteria(Struct, frozen=True, kw_only=True):
    """
    What the classes of a search have in common; None is not asked.

    Attributes:
        name: A part of the name, in any case.
        has_labs: Whether an activity of the course is a lab, and the class does not disable labs.
        available_online: Whether the class is delivered virtually, be it in part.
    """

    name: str | None = None
    has_labs: bool | None = None
    available_online: bool | None = None


class _CountRow(Struct, frozen=True):
    count: int


class _IdRow(Struct, frozen=True):
    id: int


_PATH: Final[Any] = bindparam("path", type_=Text)
_offered_to = organizations.alias("offered_to")
_own = select(organizations.c.id).where(within(organizations.c.path, _PATH))
# Offered to the viewer's organization, as part of a tree or alone, or to one beneath it.
_offered = (
    exists()
    .where(class_organizations.c.class_id == classes.c.id)
    .where(_offered_to.c.id == class_organizations.c.organization_id)
    .where(or_(within(_PATH, _offered_to.c.path), within(_offered_to.c.path, _PATH)))
)
_ON_SCHEDULE: Final = and_(
    classes.c.is_public,
    classes.c.enabled,
    classes.c.status.not_in((*OFF, ClassStatus.COMPLETED)),
    or_(classes.c.ends_at.is_(None), classes.c.ends_at > bindparam("now", type_=BigInteger)),
    or_(classes.c.organization_id.in_(_own), _offered),
)
_own_classes = Query(select(classes.c.id).where(any_of(classes.c.id, "class_ids"), classes.c.organization_id.in_(_own)), _IdRow)


async def search_public_schedule(
    transaction: Transaction, *, viewer: Viewer, criteria: ScheduleCriteria, sort: str, descending: bool, offset: int, limit: int
) -> ClassPage:
    """
    Find public classes that are not over, off or completed, as anybody may see them, in the order that ``search_classes`` has.

    They are those of the viewer's tree, and those of others that are made available to an organization above the viewer's, to it or to one beneath.
    """
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    if "name" in values:
        values["name"] = folded(values["name"])
    asked = conditions_asked(values)
    values |= {"path": viewer.path, "now": transaction.now}
    counting, paging = _search(asked, sort, descending)
    counted = await transaction.one(counting, **values)
    if counted.count <= offset:
        return ClassPage(counted.count, [])
    found = await complete(transaction, await transaction.all(paging, offset=offset, limit=limit, **values))
    own_ids = {row.id for row in await transaction.all(_own_classes, class_ids=[each.row.id for each in found], path=viewer.path)}
    own = await with_custom_fields(transaction, viewer=viewer, found=[each for each in found if each.row.id in own_ids])
    shown = {each.row.id: replace(each, row=replace(each.row, training_key=None)) for each in own}
    return ClassPage(counted.count, [shown.get(each.row.id) or as_outsiders_see(each) for each in found])


def as_outsiders_see(found: TrainingClass) -> TrainingClass:
    """Give a class as those see it to whom another organization offers it: without what only that one can use or should know."""
    row = replace(
        found.row,
        external_id=None,
        company_id=None,
        primary_instructor_id=None,
        primary_classroom_id=None,
        virtual_meeting_host_id=None,
        custom_virtual_classroom_url=None,
        note=None,
        survey_id=None,
        student_survey_availability_start_type_id=None,
        survey_availability_start_hours=None,
        survey_availability_end_days=None,
        instructor_survey_id=None,
        organization_survey_id=None,
        training_key=None,
    )
    return replace(found, row=row, instructor_ids=(), classroom_ids=(), available_to_organization_ids=())


@lru_cache(maxsize=256)
def _search(asked: frozenset[str], sort: str, descending: bool) -> tuple[Query[_CountRow], Query[ClassRow]]:  # noqa: FBT001 - a cache's key
    conditions = [_ON_SCHEDULE, *(condition for name, condition in CONDITIONS.items() if name in asked)]
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
