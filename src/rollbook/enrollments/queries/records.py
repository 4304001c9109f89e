"""Enrollments as they are shown: with what one wants to know of their class and their student, and where they stand in the line."""

from collections import Counter
from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError, EnrollmentRow
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class RecordRow(EnrollmentRow, frozen=True):
    """
    An enrollment, and what is shown with it of its class and its student.

    Attributes:
        time_zone: The IANA name of the class's zone.
    """

    class_name: str
    class_starts_at: int | None
    class_ends_at: int | None
    time_zone: str
    first_name: str
    last_name: str


class EnrollmentRecord(msgspec.Struct, frozen=True):
    """
    An enrollment as it is shown.

    Attributes:
        position: Where the student stands in the line of those with the same status, 1 being the first; None for who does not wait.
    """

    row: RecordRow
    position: int | None


class _WaitingRow(msgspec.Struct, frozen=True):
    class_id: int
    status: EnrollmentStatus
    id: int


RECORDS = (
    select(
        *(enrollments.c[name] for name in EnrollmentRow.__struct_fields__),
        classes.c.name.label("class_name"),
        classes.c.starts_at.label("class_starts_at"),
        classes.c.ends_at.label("class_ends_at"),
        classes.c.time_zone_iana.label("time_zone"),
        users.c.first_name,
        users.c.last_name,
    )
    .select_from(enrollments)
    .join(classes, classes.c.id == enrollments.c.class_id)
    .join(users, users.c.id == enrollments.c.user_id)
)
"""Every enrollment; its columns are the fields of RecordRow."""

_one = Query(
    RECORDS.join(organizations, organizations.c.id == enrollments.c.organization_id).where(
        enrollments.c.id == bindparam("enrollment_id", type_=Integer), within(organizations.c.path, bindparam("path", type_=Text))
    ),
    RecordRow,
)
_several = Query(RECORDS.where(any_of(enrollments.c.id, "ids")), RecordRow)
# By the numbers of the statuses, Wait-Listed comes before Requested (W4).
_line = Query(
    RECORDS.where(enrollments.c.class_id == bindparam("class_id", type_=Integer), enrollments.c.waiting_since.is_not(None)).order_by(
        enrollments.c.status.desc(), enrollments.c.waiting_since, enrollments.c.id
    ),
    RecordRow,
)
_lines = Query(
    select(enrollments.c.class_id, enrollments.c.status, enrollments.c.id)
    .where(any_of(enrollments.c.class_id, "class_ids"), enrollments.c.waiting_since.is_not(None))
    .order_by(enrollments.c.class_id, enrollments.c.status, enrollments.c.waiting_since, enrollments.c.id),
    _WaitingRow,
)


async def get_enrollment_record(
    transaction: Transaction, *, viewer: Viewer, enrollment_id: int, student_id: int | None = None
) -> EnrollmentRecord:
    """
    Give an enrollment as it is shown; where ``student_id`` is a user, one of that user's (A1).

    Raises:
        EnrollmentNotFoundError: The viewer has no such enrollment.
    """
    row = await transaction.find(_one, enrollment_id=enrollment_id, path=viewer.path)
    if row is None or student_id not in {None, row.user_id}:
        raise EnrollmentNotFoundError
    (record,) = await with_positions(transaction, [row])
    return record


async def list_records(transaction: Transaction, *, ids: Collection[int]) -> list[EnrollmentRecord]:
    """Give enrollments already in scope as they are shown, in the order of the ids given."""
    rows = {row.id: row for row in await transaction.page(_several, ids=list(ids))} if ids else {}
    return await with_positions(transaction, [rows[enrollment_id] for enrollment_id in ids if enrollment_id in rows])


async def list_line_records(transaction: Transaction, *, class_id: int) -> list[EnrollmentRecord]:
    """Give everybody who waits for a class already in scope, as they are shown, in the order in which they are let in (W1, W4)."""
    rows = await transaction.page(_line, class_id=class_id)
    return await with_positions(transaction, rows)


async def with_positions(transaction: Transaction, rows: Iterable[RecordRow]) -> list[EnrollmentRecord]:
    """Put beside enrollments already in scope where they stand in the lines of their classes (W1, W4)."""
    rows = list(rows)
    awaited = {row.class_id for row in rows if row.waiting_since is not None}
    positions = await list_positions(transaction, class_ids=awaited) if awaited else {}
    return [EnrollmentRecord(row, positions.get(row.id)) for row in rows]


async def list_positions(transaction: Transaction, *, class_ids: Collection[int]) -> dict[int, int]:
    """Give, by enrollment, where everybody stands who waits for classes already in scope, 1 being the first of a class with that status."""
    positions: dict[int, int] = {}
    behind: Counter[tuple[int, EnrollmentStatus]] = Counter()
    for row in await transaction.page(_lines, class_ids=list(class_ids)):
        behind[row.class_id, row.status] += 1
        positions[row.id] = behind[row.class_id, row.status]
    return positions
