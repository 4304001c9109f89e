"""What a change of a class means for the students in it: who is cancelled, who sits where, whether there are seats, who is in two places."""

from collections import Counter
from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from rollbook.access.actor import Viewer
from rollbook.classes.clashes import Clasher, ScheduleWarning, clash_warnings, find_clashes
from rollbook.classes.details import ClassDetails
from rollbook.classes.schedule import check_meetings, first_start, has_started, last_end
from rollbook.classrooms.queries import lock_classrooms
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.writing import EnrollmentState, state_of
from rollbook.enrollments.placement import Placement, Venue, settle
from rollbook.enrollments.queries.class_facts import (
    list_attended_by,
    list_rooms,
    list_roster,
    list_sittings,
    list_used_rooms,
)
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.seats import RoomTooSmallError, Sitting, check_room
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus, is_frozen
from rollbook.organizations.preferences import Preferences
from rollbook.organizations.queries.preferences import preferences_for

Roster = list[tuple[EnrollmentRow, EnrollmentState]]
"""Every enrollment of a class, as it is and as it becomes."""


class ChangedClass(Struct, frozen=True, kw_only=True):
    """A class as it is and as it becomes."""

    class_id: int
    stored: ClassDetails
    wanted: ClassDetails

    @property
    def is_called_off(self) -> bool:
        """It becomes Cancelled or Denied (L3)."""
        return self.wanted.status.is_off and self.wanted.status is not self.stored.status

    @property
    def is_moved(self) -> bool:
        """It occupies time that it did not: its meetings are others, or count again (C4)."""
        return not self.wanted.status.is_off and (self.stored.status.is_off or self.wanted.meetings != self.stored.meetings)

    @property
    def is_enlarged(self) -> bool:
        """It gets more places (W2)."""
        before, after = self.stored.maximum, self.wanted.maximum
        return before is not None and (after is None or after > before)

    @property
    def is_housed_anew(self) -> bool:
        """Its rooms or its delivery are others (C5)."""
        return set(self.wanted.classroom_ids) != set(self.stored.classroom_ids) or self.wanted.delivery is not self.stored.delivery

    @property
    def venue(self) -> Venue:
        """Where it takes place from now on."""
        return Venue(class_id=self.class_id, delivery=self.wanted.delivery, classroom_ids=self.wanted.classroom_ids)


async def settle_roster(transaction: Transaction, change: ChangedClass, *, rooms: Collection[int] = ()) -> Roster:
    """
    Lock the enrollments of a class, which is locked already, and the rooms in use, and give what becomes of each enrollment.

    *rooms* are those that whoever is let in afterwards may sit in.
    """
    in_use = {*await list_used_rooms(transaction, class_id=change.class_id)}
    if change.is_housed_anew and change.venue.only_classroom_id is not None:
        in_use.add(change.venue.only_classroom_id)
    if change.is_enlarged:
        in_use |= {*rooms, *change.wanted.classroom_ids}
    if change.is_moved or change.is_housed_anew or change.is_enlarged:
        await lock_classrooms(transaction, sorted(in_use))
    preferences = await preferences_for(transaction, organization_id=change.wanted.organization_id)
    started = has_started(first_start(change.wanted.meetings), now=transaction.now)
    return [
        (enrollment, _settle_enrollment(enrollment, change, class_has_started=started, preferences=preferences))
        for enrollment in await list_roster(transaction, class_id=change.class_id)
    ]


def _settle_enrollment(
    enrollment: EnrollmentRow, change: ChangedClass, *, class_has_started: bool, preferences: Preferences
) -> EnrollmentState:
    state = replace(state_of(enrollment), organization_id=change.wanted.organization_id)
    frozen = is_frozen(
        enrollment.status, class_has_started=class_has_started, freeze_enrolled_at_start=preferences.freeze_enrolled_at_start
    )
    if change.is_called_off and enrollment.status.is_active and not frozen:
        return replace(
            state,
            status=EnrollmentStatus.CANCELLED,
            completion=CompletionStatus.UNKNOWN,
            late_cancel=False,
            waiting_since=None,
            passed_over=None,
        )
    if change.is_housed_anew and enrollment.status.is_attending:
        placement = settle(Placement(enrollment.location, enrollment.classroom_id), venue=change.venue)
        return replace(state, location=placement.location, classroom_id=placement.classroom_id)
    return state


async def check_rooms(transaction: Transaction, change: ChangedClass, roster: Roster) -> list[RoomTooSmallError]:
    """Give the rooms that would hold more students than they have seats (P2), where the class moves (C4) or places its students anew (C5)."""
    meetings = change.wanted.meetings
    if change.wanted.status.is_off or check_meetings(meetings):
        return []
    seated_before = Counter(before.classroom_id for before, _ in roster if before.status.is_attending)
    seated = Counter(after.classroom_id for _, after in roster if after.status.is_attending and after.classroom_id is not None)
    in_question = [room_id for room_id, students in seated.items() if change.is_moved or students > seated_before[room_id]]
    if not in_question:
        return []
    others = await list_sittings(
        transaction,
        classroom_ids=in_question,
        since=first_start(meetings) or 0,
        until=last_end(meetings) or 0,
        excluded_class_id=change.class_id,
    )
    refusals = []
    for room in await list_rooms(transaction, classroom_ids=in_question):
        own = [Sitting(starts_at=each.starts_at, ends_at=each.ends_at, students=seated[room.id]) for each in meetings]
        sittings = [*others.get(room.id, ()), *own]
        refusals.append(check_room(room=room, meetings=meetings, sittings=sittings, classmates=seated[room.id]))
    return [refusal for refusal in refusals if refusal is not None]


async def warn_of_student_clashes(
    transaction: Transaction, change: ChangedClass, roster: Roster, *, viewer: Viewer
) -> list[ScheduleWarning]:
    """Warn of the students whom a move of the class puts into two classes at the same time (C4)."""
    if not change.is_moved:
        return []
    attending = [after.user_id for _, after in roster if after.status.is_attending]
    meetings = change.wanted.meetings
    attended = await list_attended_by(transaction, viewer=viewer, user_ids=attending, class_id=change.class_id, during=meetings)
    earlier = () if change.stored.status.is_off else change.stored.meetings
    warnings: list[ScheduleWarning] = []
    for user_id, others in attended.items():
        clashed_before = {other for _, other in find_clashes(earlier, others)}
        caused = [other for other in others if other not in clashed_before]
        warnings += clash_warnings(Clasher.STUDENT, user_id, meetings=meetings, others=caused)
    return warnings
