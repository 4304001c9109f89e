"""The classes that a student may enter alone, page by page, with what they can do in each."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Text, and_, bindparam, literal_column, or_, select

from rollbook.access.actor import ActingStudent, Viewer
from rollbook.classes.model import classes
from rollbook.classes.statuses import OFF, ClassStatus, Delivery
from rollbook.courses.model import courses
from rollbook.database.expressions import any_of, within
from rollbook.database.keyset import Order, Page, Place, Section, in_section, read_places
from rollbook.database.query import Query
from rollbook.database.schema import LATEST_TIME
from rollbook.database.transaction import Transaction
from rollbook.database.words import bound_words, conditions_of_words
from rollbook.enrollments.choices import Choices, Prospect, list_choices
from rollbook.enrollments.queries.class_finding import FoundClass, list_found_classes
from rollbook.enrollments.queries.offers import IS_OFFERED
from rollbook.enrollments.queries.students_classes import count_lines, list_own_statuses, rights_of
from rollbook.enrollments.self_service import Offer
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.organizations.preferences import Preferences
from rollbook.organizations.queries.preferences import preferences_for

MOST_COURSES: Final = 200
"""How many courses a student is given to choose from."""


class ScheduleQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the classes that a student looks for have in common; None is not asked.

    Attributes:
        words: Words of the class's or the course's name, in any case.
        starts_from: Epoch seconds: those that start then or later; classes without meetings are told anyway.
    """

    words: tuple[str, ...] = ()
    course_id: int | None = None
    starts_from: int | None = None
    deliveries: tuple[Delivery, ...] | None = None


class OfferedClass(msgspec.Struct, frozen=True, kw_only=True):
    """
    A class that is offered to a student.

    Attributes:
        status: Where the student stands in it; None where they never were in it.
        line: How many are Wait-Listed.
        choices: What the student can do; their own time and the seats of the room are not asked here, but when they do it.
    """

    found: FoundClass
    status: EnrollmentStatus | None
    line: int
    choices: Choices


class CourseName(msgspec.Struct, frozen=True):
    """A course to choose from."""

    id: int
    name: str


_now = bindparam("now", type_=BigInteger)
_offered = and_(
    within(organizations.c.path, bindparam("path", type_=Text)),
    IS_OFFERED,
    classes.c.status.not_in((*OFF, ClassStatus.COMPLETED)),
    or_(classes.c.starts_at.is_(None), classes.c.starts_at > _now),
    or_(classes.c.company_id.is_(None), classes.c.company_id == bindparam("company_id", type_=Integer)),
)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "course_id": classes.c.course_id == bindparam("course_id", type_=Integer),
    "starts_from": or_(classes.c.starts_at.is_(None), classes.c.starts_at >= bindparam("starts_from", type_=BigInteger)),
    "deliveries": any_of(classes.c.delivery, "deliveries"),
    **conditions_of_words("class_word", classes.c.name_folded + literal_column("' '", Text) + courses.c.name_folded),
}
SCHEDULE_ORDER: Final = Order(identity=classes.c.id, value=classes.c.starts_at, bounds=(0, LATEST_TIME))
"""In which the schedule is read: by the classes' starts, those without meetings last."""


def _from_classes(selected: Select[Any]) -> Select[Any]:
    return (
        selected.select_from(classes)
        .join(organizations, organizations.c.id == classes.c.organization_id)
        .join(courses, courses.c.id == classes.c.course_id)
        .where(_offered)
    )


_courses = Query(
    _from_classes(select(courses.c.id, courses.c.name).distinct())
    .order_by(courses.c.name, courses.c.id)
    .limit(bindparam("limit", type_=Integer)),
    CourseName,
)


async def page_offered_classes(
    transaction: Transaction,
    *,
    viewer: Viewer,
    student: ActingStudent,
    question: ScheduleQuestion,
    behind: Place | None = None,
    limit: int = 25,
) -> Page[OfferedClass]:
    """
    Give a page of the classes that are offered to a student (A5), not off, not over and not started, by their starts.

    A class that is dedicated to a company is there for that company's students only (S4).
    """
    values = {name: value for name, value in msgspec.structs.asdict(question).items() if value is not None}
    of_words, words = bound_words("class_word", values.pop("words"))
    asked = of_words.union(values)
    if question.deliveries is not None:
        values["deliveries"] = [delivery.value for delivery in question.deliveries]
    page = await read_places(
        transaction,
        order=SCHEDULE_ORDER,
        query=lambda section: _find(asked, section),
        descending=False,
        behind=behind,
        limit=limit,
        **_bound(transaction, viewer, student),
        **values,
        **words,
    )
    if not page.items:
        return Page([], page.next)
    lines = await count_lines(transaction, class_ids=page.items)
    own = await list_own_statuses(transaction, user_id=student.user_id, class_ids=page.items)
    found = await list_found_classes(transaction, ids=page.items)
    preferences = {
        organization_id: await preferences_for(transaction, organization_id=organization_id)
        for organization_id in {each.training_class.row.organization_id for each in found}
    }
    offered = []
    for each in found:
        class_id = each.training_class.row.id
        prospect = _prospect(each, student, preferences, status=own.get(class_id), line=lines.get(class_id, 0))
        offered.append(
            OfferedClass(
                found=each,
                status=own.get(class_id),
                line=lines.get(class_id, 0),
                choices=list_choices(prospect, now=transaction.now),
            )
        )
    return Page(offered, page.next)


async def list_offered_courses(transaction: Transaction, *, viewer: Viewer, student: ActingStudent) -> list[CourseName]:
    """Give the courses of the classes that are offered to a student, by name, ``MOST_COURSES`` at most."""
    return await transaction.page(_courses, limit=MOST_COURSES, **_bound(transaction, viewer, student))


def _bound(transaction: Transaction, viewer: Viewer, student: ActingStudent) -> dict[str, Any]:
    return {"path": viewer.path, "students_path": student.path, "company_id": student.company_id, "now": transaction.now}


def _prospect(
    found: FoundClass, student: ActingStudent, preferences: Mapping[int, Preferences], *, status: EnrollmentStatus | None, line: int
) -> Prospect:
    row = found.training_class.row
    offer = Offer(
        class_id=row.id,
        is_offered=True,
        allow_self_enrollment=row.allow_self_enrollment,
        requires_approval=row.requires_approval,
        starts_at=row.starts_at,
        closes_hours=preferences[row.organization_id].self_service_closes_hours,
    )
    return Prospect(
        user_id=student.user_id,
        company_id=student.company_id,
        before=status,
        offer=offer,
        rights=rights_of(student),
        class_status=row.status,
        class_company_id=row.company_id,
        is_full=found.free_places == 0,
        # Where the student is in the line is not asked: who waits goes on from the class's own page.
        others_wait=line > 0,
    )


@cache
def _find(asked: frozenset[str], section: Section) -> Query[Place]:
    statement = _from_classes(select(classes.c.id))
    return in_section(statement.where(*(condition for name, condition in _CONDITIONS.items() if name in asked)), SCHEDULE_ORDER, section)
