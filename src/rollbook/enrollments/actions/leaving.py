"""What an enrollment leaves behind when it is moved, given to another student, or deleted."""

from typing import Any

from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions import writing
from rollbook.enrollments.queries import entrance
from rollbook.enrollments.queries.attendance import list_attendance


async def leave_attendance(transaction: Transaction, *, enrollment_id: int) -> dict[str, Any]:
    """Take away an enrollment's attendance and give it as its history keeps it (M1, M2, L4); empty where there is none."""
    # Whoever marks attendance holds the enrollment: then nothing is marked that nobody takes away.
    await transaction.lock(entrance.lock_enrollments, ids=[enrollment_id])
    rows = await list_attendance(transaction, enrollment_id=enrollment_id)
    if not rows:
        return {}
    await writing.take_attendance_away(transaction, enrollment_id=enrollment_id)
    left: dict[str, Any] = {"attendance": {str(row.meeting_id): row.attended for row in rows}}
    moments = {str(row.meeting_id): row.checked_in_at for row in rows if row.checked_in_at is not None}
    if moments:
        left["checked_in_at"] = moments
    return left
