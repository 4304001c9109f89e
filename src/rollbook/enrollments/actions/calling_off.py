"""Calling a class off, and telling in plain rows what that does."""

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.classes import get_class, lock_class
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.writing import KINDS
from rollbook.enrollments.queries.calling_off import Affected, list_affected
from rollbook.enrollments.queries.class_facts import list_roster, list_used_rooms
from rollbook.enrollments.statuses import EnrollmentStatus


class CallingOff(Struct, frozen=True, kw_only=True):
    """
    What calling off a class does.

    Attributes:
        cancelled: Whose enrollments it cancels, with the status that each had (L3).
        frozen: Whose enrollments stay, as the class has started (S2).
        freed_meetings: The meetings to come, during which rooms and instructors are free again, by their starts.
        freed_classroom_ids: The rooms that the class has, or has students in, where there are such meetings; ascending.
        freed_instructor_ids: The class's instructors, where there are such meetings.
        warnings: What else is worth telling (C3, C4).
    """

    cancelled: tuple[Affected, ...]
    frozen: tuple[Affected, ...]
    freed_meetings: tuple[Meeting, ...]
    freed_classroom_ids: tuple[int, ...]
    freed_instructor_ids: tuple[int, ...]
    warnings: tuple[ScheduleWarning, ...]


async def call_off(
    transaction: Transaction, *, actor: Actor, class_id: int, reason: str | None = None, if_version: int | None = None
) -> CallingOff:
    """
    Cancel a class, keep the reason in its history, and tell everything that it does; of a class that is Cancelled already it does nothing.

    Raises:
        ClassNotFoundError: The actor has no such class.
        VersionChangedError: It is not at the version asked for.
    """
    await lock_class(transaction, class_id)
    found = await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    # Locked, so that whoever is told to be cancelled is what they are told to have been.
    await list_roster(transaction, class_id=class_id)
    affected = await list_affected(transaction, class_id=class_id)
    rooms = {*found.classroom_ids, *await list_used_rooms(transaction, class_id=class_id)}
    freed = () if found.row.status.is_off else tuple(meeting for meeting in found.meetings if meeting.ends_at > transaction.now)

    changes = ClassChanges(status=ClassStatus.CANCELLED)
    warnings = await update_class(transaction, actor=actor, class_id=class_id, changes=changes, if_version=if_version, reason=reason)
    # What was recorded is what was done: no rule is asked twice.
    kind = KINDS[EnrollmentStatus.CANCELLED]
    cancelled = {each.subject_id for each in transaction.recorded if each.record["kind"] == kind}
    return CallingOff(
        cancelled=tuple(each for each in affected if each.enrollment_id in cancelled),
        frozen=tuple(each for each in affected if each.enrollment_id not in cancelled),
        freed_meetings=freed,
        freed_classroom_ids=tuple(sorted(rooms)) if freed else (),
        freed_instructor_ids=found.instructor_ids if freed else (),
        warnings=tuple(warnings),
    )
