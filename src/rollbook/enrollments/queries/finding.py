"""Finding enrollments, page by page."""

from functools import cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Integer, Select, literal_column, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import ascii_lower
from rollbook.database.keyset import Order, Page, Place, Section, in_section, read_places
from rollbook.database.query import Query
from rollbook.database.schema import LATEST_TIME, ascii_folded, folded
from rollbook.database.transaction import Transaction
from rollbook.database.words import bound_words
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.finding_ways import NEED_CLASSES, NEGATED, Way, choose_way, conditions
from rollbook.enrollments.queries.records import EnrollmentRecord, list_records
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.people.model import users
from rollbook.people.queries.finding_people import words_of_people


class EnrollmentQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the enrollments that are looked for have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        statuses, completions: One of them.
        company_id: The student's company.
        organization_id: The class's organization, or one above it.
        class_name: A part of the class's name, in any case.
        class_words: Words of the class's name, in any case.
        student_name: A part of the student's first and last name, with a space between; the case of A to Z does not count.
        student_words: Words of the student's names, e-mail address, user name or external id, in any case.
        waiting: Whether the student is Wait-Listed or Requested.
        has_taken_course: Whether the student is Complete in another class of the same course that the viewer sees.
    """

    class_id: int | None = None
    user_id: int | None = None
    statuses: tuple[EnrollmentStatus, ...] | None = None
    completions: tuple[CompletionStatus, ...] | None = None
    company_id: int | None = None
    organization_id: int | None = None
    class_name: str | None = None
    class_words: tuple[str, ...] | None = None
    student_name: str | None = None
    student_words: tuple[str, ...] | None = None
    starts_after: int | None = None
    starts_before: int | None = None
    ends_after: int | None = None
    ends_before: int | None = None
    created_after: int | None = None
    created_before: int | None = None
    late_cancel: bool | None = None
    waiting: bool | None = None
    has_taken_course: bool | None = None


ORDERS: Final[dict[str, Order]] = {
    "id": Order(identity=enrollments.c.id),
    "created": Order(identity=enrollments.c.id, value=enrollments.c.created_at),
    "class_start": Order(identity=enrollments.c.id, value=classes.c.starts_at, bounds=(0, LATEST_TIME), is_of_another_table=True),
    "student_name": Order(
        identity=enrollments.c.id, value=ascii_lower(users.c.last_name + " " + users.c.first_name), is_of_another_table=True
    ),
}
"""By which names enrollments can be sorted."""


async def find_enrollments(
    transaction: Transaction,
    *,
    viewer: Viewer,
    question: EnrollmentQuestion,
    student_id: int | None = None,
    sort: str = "id",
    descending: bool = False,
    behind: Place | None = None,
    limit: int = 100,
) -> Page[EnrollmentRecord]:
    """
    Give a page of the viewer's enrollments, in the order of a key of ``ORDERS`` and then of their ids.

    Where ``student_id`` is a user, there are none but theirs (A1).
    """
    if student_id is not None:
        if question.user_id not in {None, student_id}:
            return Page([])
        question = replace(question, user_id=student_id)
    asked, values = read_question(question)
    values["path"] = viewer.path
    way, values["found_ids"] = await choose_way(transaction, asked, values)
    page = await read_places(
        transaction,
        order=ORDERS[sort],
        query=lambda section: _find(asked, sort, way, section),
        descending=descending,
        behind=behind,
        limit=limit,
        **values,
    )
    return Page(await list_records(transaction, ids=page.items), page.next)


def read_question(question: EnrollmentQuestion) -> tuple[frozenset[str], dict[str, Any]]:
    """Give the names of the conditions that a question stands for, and their values."""
    values = {name: value for name, value in msgspec.structs.asdict(question).items() if value is not None}
    of_classes, class_words = bound_words("class_word", values.pop("class_words", ()))
    of_people, student_words = words_of_people(values.pop("student_words", ()))
    asked = {f"not_{name}" if value is False and name in NEGATED else name for name, value in values.items()}
    if "class_name" in values:
        values["class_name"] = folded(values["class_name"])
    if "student_name" in values:
        values["student_name"] = ascii_folded(values["student_name"])
    for name in ("statuses", "completions"):
        if name in values:
            values[name] = [status.value for status in values[name]]
    return of_classes.union(of_people, asked), {**values, **class_words, **student_words}


@cache
def _find(asked: frozenset[str], sort: str, way: Way, section: Section) -> Query[Place]:
    statement: Select[Any] = select(enrollments.c.id).select_from(enrollments)
    if sort == "class_start" or not asked.isdisjoint(NEED_CLASSES):
        statement = statement.join(classes, classes.c.id == enrollments.c.class_id)
    if sort == "student_name":
        statement = statement.join(users, users.c.id == enrollments.c.user_id)
    order = ORDERS[sort]
    if way is not Way.ORDER and sort in {"id", "created"}:
        # Else the few that the way leads to would be looked for among all, in their order.
        order = replace(order, identity=order.identity + literal_column("0", Integer))
    return in_section(statement.where(*conditions(asked, way, sort=sort)), order, section)
