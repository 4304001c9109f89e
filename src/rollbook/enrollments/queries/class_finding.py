"""Finding classes by themselves and by the students in them, page by page."""

from collections.abc import Collection
from functools import cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_classrooms, class_instructors, classes
from rollbook.classes.queries.classes import CLASSES, ClassRow, TrainingClass, complete, get_class
from rollbook.classes.statuses import OFF, ClassStatus, Delivery
from rollbook.courses.model import courses
from rollbook.database.expressions import any_of, ascii_lower, contains, within
from rollbook.database.keyset import Order, Page, Place, Section, in_section, read_places
from rollbook.database.query import Query
from rollbook.database.schema import LATEST_TIME, folded
from rollbook.database.transaction import Transaction
from rollbook.database.words import bound_words, conditions_of_words
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations


class ClassQuestion(Struct, frozen=True, kw_only=True):
    """
    What the classes that are looked for have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the name, in any case.
        words: Words of the name, the course's name or the external id, in any case.
        organization_id: The class's organization, or one above it.
        statuses: One of them.
        deliveries: One of them.
        has_ended: Whether its last meeting has; a class without meetings never has.
        in_progress: Whether the class has started and not ended.
        instructor_id: One of its instructors.
        classroom_id: One of its rooms.
        below_minimum: Whether fewer students are Enrolled than the class needs.
        has_free_places: Whether fewer students are Enrolled than it takes.
        is_full_with_waitlist: Whether it takes nobody more, and somebody is Wait-Listed or Requested.
        on_schedule: Whether it is on the public schedule: public and enabled, not off, not started.
    """

    name: str | None = None
    words: tuple[str, ...] | None = None
    course_id: int | None = None
    organization_id: int | None = None
    company_id: int | None = None
    statuses: tuple[ClassStatus, ...] | None = None
    deliveries: tuple[Delivery, ...] | None = None
    starts_after: int | None = None
    starts_before: int | None = None
    ends_after: int | None = None
    ends_before: int | None = None
    has_ended: bool | None = None
    in_progress: bool | None = None
    instructor_id: int | None = None
    classroom_id: int | None = None
    below_minimum: bool | None = None
    has_free_places: bool | None = None
    enabled: bool | None = None
    is_public: bool | None = None
    requires_approval: bool | None = None
    allow_self_enrollment: bool | None = None
    is_full_with_waitlist: bool | None = None
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
_minimum = func.coalesce(classes.c.minimum, literal_column("0", Integer))
# Where nobody is needed, nobody is counted.
_below_minimum = and_(_minimum > literal_column("0", Integer), _enrolled < _minimum)
_has_free_places = or_(classes.c.maximum.is_(None), classes.c.maximum > _enrolled)
_has_ended = and_(classes.c.ends_at.is_not(None), classes.c.ends_at <= _now)
_is_full_with_waitlist = and_(
    classes.c.maximum.is_not(None),
    exists().where(enrollments.c.class_id == classes.c.id, enrollments.c.waiting_since.is_not(None)),
    classes.c.maximum <= _enrolled,
)
_course = courses.alias("named_course")
_class_text = (
    classes.c.name_folded
    + literal_column("' '", Text)
    + select(_course.c.name_folded).where(_course.c.id == classes.c.course_id).scalar_subquery()
    + literal_column("' '", Text)
    + ascii_lower(func.coalesce(classes.c.external_id, literal_column("''", Text)))
)
_on_schedule = and_(
    classes.c.is_public, classes.c.enabled, classes.c.status.not_in(OFF), or_(classes.c.starts_at.is_(None), classes.c.starts_at > _now)
)

_NEGATED: Final = {"has_ended", "in_progress", "below_minimum", "has_free_places", "is_full_with_waitlist", "on_schedule"}
"""Questions of which yes and no are two conditions; the other one is called ``not_`` and its name."""

_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(classes.c.name_folded, bindparam("name", type_=Text)),
    "organization_id": classes.c.organization_id.in_(_in_asked_organization),
    "statuses": any_of(classes.c.status, "statuses"),
    "deliveries": any_of(classes.c.delivery, "deliveries"),
    "starts_after": classes.c.starts_at >= bindparam("starts_after", type_=BigInteger),
    "starts_before": classes.c.starts_at <= bindparam("starts_before", type_=BigInteger),
    "ends_after": classes.c.ends_at >= bindparam("ends_after", type_=BigInteger),
    "ends_before": classes.c.ends_at <= bindparam("ends_before", type_=BigInteger),
    "has_ended": _has_ended,
    "not_has_ended": ~_has_ended,
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
    "is_full_with_waitlist": _is_full_with_waitlist,
    "not_is_full_with_waitlist": ~_is_full_with_waitlist,
    "on_schedule": _on_schedule,
    "not_on_schedule": ~_on_schedule,
    **{name: classes.c[name] == bindparam(name, type_=Integer) for name in ("course_id", "company_id")},
    **{
        name: classes.c[name] == bindparam(name, type_=Boolean)
        for name in ("enabled", "is_public", "requires_approval", "allow_self_enrollment")
    },
    **conditions_of_words("class_word", _class_text),
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
    asked, values = read_class_question(question)
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
    return Page(await list_found_classes(transaction, ids=page.items), page.next)


async def get_found_class(transaction: Transaction, *, viewer: Viewer, class_id: int) -> FoundClass:
    """
    Give a class, and how full it is.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    await get_class(transaction, viewer=viewer, class_id=class_id)
    (found,) = await list_found_classes(transaction, ids=[class_id])
    return found


async def list_found_classes(transaction: Transaction, *, ids: Collection[int]) -> list[FoundClass]:
    """Give classes already in scope, and how full they are, in the order of the ids."""
    if not ids:
        return []
    rows = {row.id: row for row in await transaction.all(_several, ids=list(ids))}
    counts = {row.class_id: row for row in await transaction.all(_counts, class_ids=list(ids))}
    found = []
    for training_class in await complete(transaction, [rows[class_id] for class_id in ids if class_id in rows]):
        counted = counts.get(training_class.row.id)
        found.append(FoundClass(training_class, counted.enrolled, counted.waiting) if counted else FoundClass(training_class, 0, 0))
    return found


def read_class_question(question: ClassQuestion) -> tuple[frozenset[str], dict[str, Any]]:
    """Give the names of the conditions that a question stands for, and their values."""
    values = {name: value for name, value in asdict(question).items() if value is not None}
    of_words, words = bound_words("class_word", values.pop("words", ()))
    asked = {f"not_{name}" if value is False and name in _NEGATED else name for name, value in values.items()}
    if "name" in values:
        values["name"] = folded(values["name"])
    for name in ("statuses", "deliveries"):
        if name in values:
            values[name] = [member.value for member in values[name]]
    return of_words.union(asked), {**values, **words}


def asked_classes(asked: frozenset[str]) -> Select[Any]:
    """Select the ids of the classes in the tree bound as ``path`` that meet the conditions of those names; ``now`` is bound too."""
    return select(classes.c.id).where(_viewed, *(condition for name, condition in _CONDITIONS.items() if name in asked))


@cache
def _find(asked: frozenset[str], sort: str, section: Section) -> Query[Place]:
    return in_section(asked_classes(asked), CLASS_ORDERS[sort], section)
