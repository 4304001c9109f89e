"""Changing a class, with everything that it means for the students in it."""

from rollbook.access.actor import Actor
from rollbook.classes.actions.check import check_class
from rollbook.classes.actions.training_key import with_training_key
from rollbook.classes.actions.warn import warn_of_schedule
from rollbook.classes.actions.write import rewrite_class, write_meetings
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges, ClassDetails, settle
from rollbook.classes.queries.classes import get_class, lock_class
from rollbook.classes.schedule import AttendedMeetingRemovedError, MeetingPlan, check_meetings, plan_meetings
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.class_consequences import ChangedClass, Roster, check_rooms, settle_roster, warn_of_student_clashes
from rollbook.enrollments.actions.promoting import carry_out, foresee, hold
from rollbook.enrollments.actions.writing import KINDS, UPDATED, rewrite
from rollbook.enrollments.queries.class_facts import list_stored_meetings
from rollbook.enrollments.queries.promotions import Opening
from rollbook.enrollments.queries.waiting import list_rooms_of_line
from rollbook.enrollments.seats import check_maximum
from rollbook.enrollments.waitlist import is_triggered
from rollbook.errors import RollbookError, refuse
from rollbook.history.versions import check_version
from rollbook.organizations.queries.preferences import preferences_for

_TOUCHES_STUDENTS = ("organization_id", "status", "delivery", "classroom_ids", "maximum", "meetings")


async def update_class(
    transaction: Transaction,
    *,
    actor: Actor,
    class_id: int,
    changes: ClassChanges,
    if_version: int | None = None,
    reason: str | None = None,
) -> list[ScheduleWarning]:
    """
    Change a class and give what is worth telling about it (C3, C4).

    Cancelling or denying it cancels its active enrollments (L3); moving its meetings and taking it up again need seats (C4); losing a room or
    changing its delivery places its students anew (C5); moving it to another organization takes its enrollments along; raising its maximum may let in
    who waits (W2). The history keeps the reason.

    Raises:
        ClassNotFoundError: The actor has no such class.
        VersionChangedError: It is not at the version asked for.
        NotFoundError: The actor has no such course, organization, company, user or classroom.
        ClassExternalIdTakenError: Another class of the organization has the external id.
        ClassTrainingKeyTakenError: Another class of the server has the training key.
        MaximumBelowEnrolledError: More students are Enrolled than the new maximum allows (P3).
        RoomTooSmallError: More students would sit in a room at once than it has seats (P2).
        AttendedMeetingRemovedError: A meeting that has attendance is left out (C2).
        InvalidError: The meetings cannot be those of one class (C2).
        SeveralRefusalsError: More than one of these.
    """
    await lock_class(transaction, class_id)
    found = await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    check_version(noun="class", subject_id=class_id, version=found.row.version, wanted=if_version)
    stored = found.details()
    wanted = await with_training_key(transaction, settle(stored, changes))
    if wanted == stored:
        return []
    refusals: list[RollbookError | None] = [*await check_class(transaction, actor=actor, stored=stored, wanted=wanted, given=changes)]
    plan = await _plan_meetings(transaction, class_id=class_id, stored=stored, wanted=wanted)
    if isinstance(plan, AttendedMeetingRemovedError):
        refusals.append(plan)
    change = ChangedClass(class_id=class_id, stored=stored, wanted=wanted)
    promotes = change.is_enlarged and await _promotes(transaction, organization_id=wanted.organization_id)
    roster: Roster = []
    if any(getattr(stored, name) != getattr(wanted, name) for name in _TOUCHES_STUDENTS):
        rooms = await list_rooms_of_line(transaction, class_id=class_id) if promotes else []
        roster = await settle_roster(transaction, change, rooms=rooms)
        if wanted.maximum != stored.maximum:
            enrolled = sum(settled.status.holds_place for _, settled in roster)
            refusals.append(check_maximum(class_id=class_id, enrolled=enrolled, maximum=wanted.maximum))
        refusals += await check_rooms(transaction, change, roster)
    refuse(refusals)

    warnings = await warn_of_schedule(transaction, actor=actor, class_id=class_id, stored=stored, wanted=wanted)
    warnings += await warn_of_student_clashes(transaction, change, roster, viewer=actor.viewer)
    await rewrite_class(transaction, actor=actor, class_id=class_id, stored=stored, wanted=wanted, reason=reason)
    if isinstance(plan, MeetingPlan):
        await write_meetings(transaction, class_id=class_id, plan=plan)
    for enrollment, settled in roster:
        kind = UPDATED if settled.status is enrollment.status else KINDS[settled.status]
        await rewrite(transaction, actor=actor, stored=enrollment, state=settled, kind=kind)
    if promotes:
        await _let_in(transaction, change)
    return warnings


async def _promotes(transaction: Transaction, *, organization_id: int) -> bool:
    """Tell whether places that are added go to who waits (W2)."""
    preferences = await preferences_for(transaction, organization_id=organization_id)
    return is_triggered(preferences.waitlist_promotion, by_the_student=False)


async def _let_in(transaction: Transaction, change: ChangedClass) -> None:
    """Let in who waits for the places that a raised maximum adds; whoever locks its enrollments has its class, so that users come after them here."""
    before, after = change.stored.maximum, change.wanted.maximum
    freed = None if before is None or after is None else after - before
    promotion = await foresee(transaction, Opening(class_id=change.class_id, freed=freed))
    await hold(transaction, [promotion])
    await carry_out(transaction, promotion)


async def _plan_meetings(
    transaction: Transaction, *, class_id: int, stored: ClassDetails, wanted: ClassDetails
) -> MeetingPlan | AttendedMeetingRemovedError | None:
    """Decide what becomes of the meetings (C2); None where they stay, or cannot be those of one class, which ``check_class`` has told."""
    if wanted.meetings == stored.meetings or check_meetings(wanted.meetings):
        return None
    return plan_meetings(await list_stored_meetings(transaction, class_id=class_id), wanted.meetings)
