"""Who attended which meeting."""

import msgspec
from sqlalchemy import Integer, bindparam, select

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import attendance


class AttendanceRow(msgspec.Struct, frozen=True):
    """Whether a student attended a meeting."""

    meeting_id: int
    attended: bool


_of_enrollment = Query(
    select(attendance.c.meeting_id, attendance.c.attended)
    .where(attendance.c.enrollment_id == bindparam("enrollment_id", type_=Integer))
    .order_by(attendance.c.meeting_id),
    AttendanceRow,
)


async def list_attendance(transaction: Transaction, *, enrollment_id: int) -> list[AttendanceRow]:
    """Give the attendance of an enrollment, by meeting; asked for an enrollment already in scope."""
    return await transaction.all(_of_enrollment, enrollment_id=enrollment_id)
