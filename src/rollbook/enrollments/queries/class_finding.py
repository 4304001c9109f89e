"""Finding classes by themselves and by the students in them, page by page."""

from collections.abc import Collection
from functools import cache
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Text, and_, bindparam, case, exists, func, literal_column, or_, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_classrooms, class_instructors, classes
from rollbook.classes.queries.classes import CLASSES, ClassRow, TrainingClass, complete, get_class
from rollbook.classes.statuses import OFF, ClassStatus
from rollbook.database.expressions import any_of, contains, within
from rollbook.database.keyset import Order, Page, Place, Section, in_section, read_places
from rollbook.database.query import Query
from rollbook.database.schema import LATEST_TIME, folded
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations


class ClassQuestion(Struct, frozen=True, kw_only=True):
    """
    What the classes that are looked for have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the name, in any case.
        organization_id: The class's organization, or one above it.
        statuses: One of them.
        in_progress: Whether the class has started and not ended.
        instructor_id: One of its instructors.
        classroom_id: One of its rooms.
        below_minimum: Whether fewer students are Enrolled than the class needs.
        has_free_places: Whether fewer students are Enrolled than it takes.
        on_schedule: Whether it is on the public schedule: public and enabled, not off, not started.
    """

    name: str | None = None
    course_id: int | None = None
    organization_id: int | None = None
    company_id: int | None = None
    statuses: tuple[ClassStatus, ...] | None = None
    starts_after: int | None = None
    starts_before: int | None = None
    ends_after: int | None = None
    ends_before: int | None = None
    in_progress: bool | None = None
    instructor_id: int | None = None
    classroom_id: int | None = None
    below_minimum: bool | None = None
    has_free_places: bool | None = None
    enabled: bool | None = None
    is_public: bool | None = None
    requires_approval: bool | None = None
    allow_self_enrollment: bool | None = None
    on_schedule: bool | None = None


class FoundClass(Struct, frozen=True):
    """
    A class, and how full it is.

    Attributes:
        waiting: How many students are Wait-Listed or Requested.
    """

    training_class: TrainingClass
    enrolled: int
    waiting: int

    @property
    def free_places(self) -> int | None:
        """How many places are free; None where there is no limit."""
        maximum = self.training_class.row.maximum
        return None if maximum is None else max(0, maximum - self.enrolled)


class _CountsRow(Struct, frozen=True):
    class_id: int
    enrolled: int
    waiting: int


_WAITING: Final = (EnrollmentStatus.REQUESTED, EnrollmentStatus.WAITLISTED)
_path = bindparam("path", type_=Text)
_now = bindparam("now", type_=BigInteger)
_asked_organization = organizations.alias("asked_organization")
_in_asked_organization = select(organizations.c.id).where(
    _asked_organization.c.id == bindparam("organization_id", type_=Integer), within(organizations.c.path, _asked_organization.c.path)
)
_viewed = classes.c.organization_id.in_(select(organizations.c.id).where(within(organizations.c.path, _path)))
_enrolled = (
    select(func.count())
    .where(enrollments.c.class_id == classes.c.id, enrollments.c.status == EnrollmentStatus.ENROLLED.value)
    .scalar_subquery()
)
_below_minimum = _enrolled < func.coalesce(classes.c.minimum, literal_column("0", Integer))
_has_free_places = or_(classes.c.maximum.is_(None), classes.c.maximum > _enrolled)
_on_schedule = and_(
    classes.c.is_public, classes.c.enabled, classes.c.status.not_in(OFF), or_(classes.c.starts_at.is_(None), classes.c.starts_at > _now)
)

_NEGATED: Final = {"in_progress", "below_minimum", "has_free_places", "on_schedule"}
"""Questions of which yes and no are two conditions; the other one is called ``not_`` and its name."""

_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(classes.c.name_folded, bindparam("name", type_=Text)),
    "organization_id": classes.c.organization_id.in_(_in_asked_organization),
    "statuses": any_of(classes.c.status, "statuses"),
    "starts_after": classes.c.starts_at >= bindparam("starts_after", type_=BigInteger),
    "starts_before": classes.c.starts_at <= bindparam("starts_before", type_=BigInteger),
    "ends_after": classes.c.ends_at >= bindparam("ends_after", type_=BigInteger),
    "ends_before": classes.c.ends_at <= bindparam("ends_before", type_=BigInteger),
    "in_progress": and_(classes.c.starts_at <= _now, classes.c.ends_at > _now),
    "not_in_progress": or_(classes.c.starts_at.is_(None), classes.c.starts_at > _now, classes.c.ends_at <= _now),
    "instructor_id": exists().where(
        class_instructors.c.class_id == classes.c.id, class_instructors.c.user_id == bindparam("instructor_id", type_=Integer)
    ),
    "classroom_id": exists().where(
        class_classrooms.c.class_id == classes.c.id, class_classrooms.c.classroom_id == bindparam("classroom_id", type_=Integer)
    ),
    "below_minimum": _below_minimum,
    "not_below_minimum": ~_below_minimum,
    "has_free_places": _has_free_places,
    "not_has_free_places": ~_has_free_places,
    "on_schedule": _on_schedule,
    "not_on_schedule": ~_on_schedule,
    **{name: classes.c[name] == bindparam(name, type_=Integer) for name in ("course_id", "company_id")},
    **{
        name: classes.c[name] == bindparam(name, type_=Boolean)
        for name in ("enabled", "is_public", "requires_approval", "allow_self_enrollment")
    },
}
CLASS_ORDERS: Final[dict[str, Order]] = {
    "starts": Order(identity=classes.c.id, value=classes.c.starts_at, bounds=(0, LATEST_TIME)),
    "name": Order(identity=classes.c.id, value=classes.c.name_folded),
    "created": Order(identity=classes.c.id, value=classes.c.created_at),
}
"""By which names classes can be sorted."""

_several = Query(CLASSES.where(any_of(classes.c.id, "ids")), ClassRow)
_counts = Query(
    select(
        enrollments.c.class_id,
        func.count(case((enrollments.c.status == EnrollmentStatus.ENROLLED.value, enrollments.c.id))).label("enrolled"),
        func.count(case((enrollments.c.status.in_(_WAITING), enrollments.c.id))).label("waiting"),
    )
    .where(any_of(enrollments.c.class_id, "class_ids"))
    .group_by(enrollments.c.class_id),
    _CountsRow,
)


async def find_classes(
    transaction: Transaction,
    *,
    viewer: Viewer,
    question: ClassQuestion,
    sort: str = "starts",
    descending: bool = False,
    behind: Place | None = None,
    limit: int = 100,
) -> Page[FoundClass]:
    """Give a page of the viewer's classes, in the order of a key of ``CLASS_ORDERS`` and then of their ids; those without meetings start last."""
    values = {name: value for name, value in asdict(question).items() if value is not None}
    asked = frozenset(f"not_{name}" if value is False and name in _NEGATED else name for name, value in values.items())
    if "name" in values:
        values["name"] = folded(values["name"])
    if "statuses" in values:
        values["statuses"] = [status.value for status in values["statuses"]]
    page = await read_places(
        transaction,
        order=CLASS_ORDERS[sort],
        query=lambda section: _find(asked, sort, section),
        descending=descending,
        behind=behind,
        limit=limit,
        path=viewer.path,
        now=transaction.now,
        **values,
    )
    return Page(await _with_counts(transaction, page.items), page.next)


async def get_found_class(transaction: Transaction, *, viewer: Viewer, class_id: int) -> FoundClass:
    """
    Give a class, and how full it is.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    await get_class(transaction, viewer=viewer, class_id=class_id)
    (found,) = await _with_counts(transaction, [class_id])
    return found


async def _with_counts(transaction: Transaction, ids: Collection[int]) -> list[FoundClass]:
    if not ids:
        return []
    rows = {row.id: row for row in await transaction.all(_several, ids=list(ids))}
    counts = {row.class_id: row for row in await transaction.all(_counts, class_ids=list(ids))}
    found = []
    for training_class in await complete(transaction, [rows[class_id] for class_id in ids if class_id in rows]):
        counted = counts.get(training_class.row.id)
        found.append(FoundClass(training_class, counted.enrolled, counted.waiting) if counted else FoundClass(training_class, 0, 0))
    return found


@cache
def _find(asked: frozenset[str], sort: str, section: Section) -> Query[Place]:
    asked_for = [condition for name, condition in _CONDITIONS.items() if name in asked]
    return in_section(select(classes.c.id).where(_viewed, *asked_for), CLASS_ORDERS[sort], section)
