"""A student's training: what is before them, and what is behind."""

from functools import cache

from sqlalchemy import BigInteger, Integer, Text, bindparam, or_, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import unindexed, within
from rollbook.database.keyset import Order, Page, Place, Section, in_section, read_places
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.records import RECORDS, EnrollmentRecord, RecordRow, list_records, with_positions
from rollbook.enrollments.statuses import ATTENDING, EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.queries.users import UserNotFoundError, get_user

_ACTIVE = tuple(status for status in EnrollmentStatus if status.is_active)

_now = bindparam("now", type_=BigInteger)
_seen = unindexed(enrollments.c.organization_id).in_(
    select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text)))
)
_of_user = enrollments.c.user_id == bindparam("user_id", type_=Integer)

_current = Query(
    RECORDS.where(_of_user, _seen, enrollments.c.status.in_(_ACTIVE), or_(classes.c.ends_at.is_(None), classes.c.ends_at > _now)).order_by(
        classes.c.starts_at.asc().nulls_last(), enrollments.c.id
    ),
    RecordRow,
)
TRANSCRIPT_ORDER = Order(identity=enrollments.c.id, value=classes.c.starts_at, is_of_another_table=True)
"""In which a transcript is read, from its end."""


async def list_training(transaction: Transaction, *, viewer: Viewer, user_id: int, student_id: int | None = None) -> list[EnrollmentRecord]:
    """
    Give a student's current training: the active enrollments of classes that have not ended, by the classes' starts, those without meetings last.

    Where ``student_id`` is a user, there is nobody else (A1).

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    await _check_user(transaction, viewer=viewer, user_id=user_id, student_id=student_id)
    rows = await transaction.page(_current, user_id=user_id, path=viewer.path, now=transaction.now)
    return await with_positions(transaction, rows)


async def page_transcript(
    transaction: Transaction,
    *,
    viewer: Viewer,
    user_id: int,
    student_id: int | None = None,
    behind: Place | None = None,
    limit: int = 100,
) -> Page[EnrollmentRecord]:
    """
    Give a page of a student's transcript: the attending enrollments of classes that have started, the latest start first.

    Where ``student_id`` is a user, there is nobody else (A1).

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    await _check_user(transaction, viewer=viewer, user_id=user_id, student_id=student_id)
    page = await read_places(
        transaction,
        order=TRANSCRIPT_ORDER,
        query=_transcript,
        descending=True,
        behind=behind,
        limit=limit,
        user_id=user_id,
        path=viewer.path,
        now=transaction.now,
    )
    return Page(await list_records(transaction, ids=page.items), page.next)


async def _check_user(transaction: Transaction, *, viewer: Viewer, user_id: int, student_id: int | None) -> None:
    if student_id not in {None, user_id}:
        raise UserNotFoundError(user_id)
    await get_user(transaction, viewer=viewer, user_id=user_id)


@cache
def _transcript(section: Section) -> Query[Place]:
    statement = select(enrollments.c.id).select_from(enrollments).join(classes, classes.c.id == enrollments.c.class_id)
    return in_section(
        statement.where(_of_user, _seen, enrollments.c.status.in_(ATTENDING), classes.c.starts_at <= _now), TRANSCRIPT_ORDER, section
    )
