"""Closing a class: its students get their completions, and the class is Completed (B5)."""

from msgspec import Struct
from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.classes.actions.write import rewrite_class
from rollbook.classes.queries.classes import get_class, lock_class
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.writing import UPDATED, rewrite, state_of
from rollbook.enrollments.closing import Reason, check_closing, close
from rollbook.enrollments.queries.attendance import count_attended
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import refuse
from rollbook.history.versions import check_version
from rollbook.organizations.time_zones import zone_of


class ClosedStudent(Struct, frozen=True, kw_only=True):
    """
    What becomes of an attending student when the class is closed, and why.

    Attributes:
        attended: How many of the class's meetings the student attended.
    """

    enrollment_id: int
    user_id: int
    before: CompletionStatus
    after: CompletionStatus
    reason: Reason
    attended: int


class ClosedClass(Struct, frozen=True, kw_only=True):
    """
    What closing a class comes to.

    Attributes:
        status_before: The class's status; it becomes Completed.
        meetings: How many meetings it had.
        students: Everybody who attends the class, by enrollment.
    """

    class_id: int
    status_before: ClassStatus
    meetings: int
    students: list[ClosedStudent]


async def close_class(transaction: Transaction, *, actor: Actor, class_id: int, if_version: int | None = None) -> ClosedClass:
    """
    Close a class, and tell who becomes what and why; rehearsed, it is the preview.

    Raises:
        ClassNotFoundError: The actor has no such class.
        VersionChangedError: It is not at the version asked for.
        ClosingOfClassOffError: It is Cancelled or Denied (B5).
        ClassNotOverError: Its last meeting is not over (B5).
    """
    await lock_class(transaction, class_id)
    found = await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    check_version(noun="class", subject_id=class_id, version=found.row.version, wanted=if_version)
    zone = zone_of(found.row.time_zone_iana)
    refuse([check_closing(class_id=class_id, class_status=found.row.status, last_end=found.row.ends_at, zone=zone, now=transaction.now)])
    roster = await list_roster(transaction, class_id=class_id)
    attended = await count_attended(transaction, class_id=class_id)

    stored = found.details()
    if stored.status is not ClassStatus.COMPLETED:
        await rewrite_class(
            transaction, actor=actor, class_id=class_id, stored=stored, wanted=replace(stored, status=ClassStatus.COMPLETED)
        )
    students = []
    for row in roster:
        if row.status.is_attending:
            closed = close(completion=row.completion, attended=attended.get(row.id, 0))
            await rewrite(transaction, actor=actor, stored=row, state=replace(state_of(row), completion=closed.completion), kind=UPDATED)
            students.append(
                ClosedStudent(
                    enrollment_id=row.id,
                    user_id=row.user_id,
                    before=row.completion,
                    after=closed.completion,
                    reason=closed.reason,
                    attended=attended.get(row.id, 0),
                )
            )
    return ClosedClass(class_id=class_id, status_before=stored.status, meetings=len(stored.meetings), students=students)
