"""
Who waits for a class in which order, and who is let in when places come free (W1-W5).

Nothing here is counted or looked up: the facts are read after the locks, and given.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from rollbook.classes.clashes import OtherMeeting, check_student_conflict
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.placement import Placement, Venue, place, seat_to_claim
from rollbook.enrollments.seats import Occupancy, Sitting, claim_seat
from rollbook.enrollments.statuses import EnrollmentStatus, check_class, check_company, check_user
from rollbook.errors import ConflictError, RollbookError
from rollbook.organizations.preferences import StudentConflicts, WaitlistPromotion

PROMOTED: Final = "enrollment.promoted"
"""As what the history keeps that somebody who waited was let in."""

PASSED_OVER: Final = "enrollment.passed_over"
"""As what the history keeps that somebody was passed over."""


class Waiting(Struct, frozen=True, kw_only=True):
    """
    A student who waits for a class.

    Attributes:
        waiting_since: When the student joined the line, in epoch microseconds.
        placement: Where the student is to sit, once in.
        passed_over: The rule that let a promotion pass the student over the last time; None where none did.
    """

    enrollment_id: int
    user_id: int
    status: EnrollmentStatus
    waiting_since: int
    placement: Placement
    passed_over: str | None
    user_is_disabled: bool
    company_id: int | None


class AwaitedClass(Struct, frozen=True, kw_only=True):
    """
    What a class says of whom it lets in.

    Attributes:
        maximum: Its places; None is no limit.
        enrolled: How many of them are taken.
        promote_requested: Whether Requested students are let in where no Wait-Listed one can be.
    """

    id: int
    organization_id: int
    status: ClassStatus
    has_started: bool
    company_id: int | None
    requires_approval: bool
    maximum: int | None
    enrolled: int
    venue: Venue
    meetings: tuple[Meeting, ...]
    student_conflicts: StudentConflicts
    promote_requested: bool

    @property
    def promotes(self) -> bool:
        """The class lets anybody in: it goes on, and has not started (W3)."""
        return not self.status.is_off and not self.has_started

    @property
    def promotes_requested(self) -> bool:
        """Who only asked is let in too (W4)."""
        return self.promote_requested and not self.requires_approval

    @property
    def free(self) -> int | None:
        """How many places are free; None where there is no limit."""
        return None if self.maximum is None else max(0, self.maximum - self.enrolled)


class LetIn(Struct, frozen=True):
    """A student who gets a place, and where the student will sit."""

    waiting: Waiting
    placement: Placement


class PassedOver(Struct, frozen=True):
    """A student who cannot take a place, and why."""

    waiting: Waiting
    refusal: RollbookError

    @property
    def reason(self) -> str:
        """The rule that refuses; the history says so once, until it is another one (W3)."""
        return self.refusal.rule or type(self.refusal).__name__


class Promotion(Struct, frozen=True):
    """What becomes of those who wait, in the order of the line."""

    let_in: tuple[LetIn, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def news(self) -> tuple[PassedOver, ...]:
        """Those who are passed over for another reason than the last time, which the history says once (W3)."""
        return tuple(each for each in self.passed_over if each.reason != each.waiting.passed_over)


class ClassPromotesNobodyError(ConflictError):
    """The class is off, or has started, so that nobody is let in from the waitlist."""

    rule = "W3"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(f"class {class_id} is off, or has started, and lets in nobody who waits; enroll single students instead")


class NotWaitingError(ConflictError):
    """The enrollment does not wait, so that it has no position."""

    rule = "W1"

    def __init__(self, *, enrollment_id: int, status: EnrollmentStatus) -> None:
        self.enrollment_id = enrollment_id
        self.status = status
        super().__init__(
            f"enrollment {enrollment_id} is {status.name.capitalize()} and stands in no line; only who is Waitlisted or Requested can be moved up"
        )


class NotUpwardsError(ConflictError):
    """The enrollment stands at the wanted position already, or before it."""

    rule = "W1"
    field = "position"

    def __init__(self, *, enrollment_id: int, stands_at: int, position: int) -> None:
        self.enrollment_id = enrollment_id
        self.stands_at = stands_at
        self.position = position
        super().__init__(f"enrollment {enrollment_id} stands at position {stands_at}, not behind {position}; give a smaller position")


def check_promoting(awaited: AwaitedClass) -> ClassPromotesNobodyError | None:
    """Decide whether a class lets in anybody who waits (W3)."""
    return None if awaited.promotes else ClassPromotesNobodyError(awaited.id)


def is_triggered(preference: WaitlistPromotion, *, by_the_student: bool) -> bool:
    """Decide whether a place that comes free lets somebody in (W2); ``by_the_student`` where a student cancelled their own enrollment."""
    return preference is WaitlistPromotion.ALWAYS or (preference is WaitlistPromotion.SELF_CANCEL and by_the_student)


def count_places(awaited: AwaitedClass, *, freed: int | None) -> int | None:
    """
    Decide how many may be let in at most, where so many places came free (W5); None is no limit.

    Places that were free before stay: whoever left them free had a reason. ``freed`` is None where there is no telling how many came.
    """
    if not awaited.promotes:
        return 0
    limits = [limit for limit in (awaited.free, freed) if limit is not None]
    return min(limits, default=None)


def order(line: Iterable[Waiting]) -> list[Waiting]:
    """Give those who wait in the order in which they are let in: Wait-Listed ones first (W4), then by the moment (W1)."""
    return sorted(line, key=lambda each: (each.status is not EnrollmentStatus.WAITLISTED, each.waiting_since, each.enrollment_id))


def promote(
    line: Iterable[Waiting],
    *,
    places: int | None,
    awaited: AwaitedClass,
    occupancies: Mapping[int, Occupancy],
    attended: Mapping[int, Sequence[OtherMeeting]],
) -> Promotion:
    """
    Decide who of a line gets the places, each in turn; who cannot take one is passed over, as long as there is one (W3).

    Args:
        line: Those who wait, in order.
        places: How many may be let in; None is no limit.
        awaited: The class.
        occupancies: The rooms that they would sit in, by their ids.
        attended: The meetings of other classes that each of them attends around that time, by the students' ids.
    """
    let_in: list[LetIn] = []
    passed_over: list[PassedOver] = []
    newly_seated: Counter[int] = Counter()
    for waiting in line:
        if places is not None and len(let_in) >= places:
            break
        placement = placement_of(waiting, awaited.venue)
        refusal = refuse_student(waiting, awaited, attended.get(waiting.user_id, ()))
        room_id = seat_to_claim(placement, before=None, after=EnrollmentStatus.ENROLLED)
        if refusal is None and room_id is not None:
            refusal = refuse_seat(awaited, occupancies[room_id], newly_seated[room_id])
        if refusal is not None:
            passed_over.append(PassedOver(waiting, refusal))
            continue
        let_in.append(LetIn(waiting, placement))
        if room_id is not None:
            newly_seated[room_id] += 1
    return Promotion(tuple(let_in), tuple(passed_over))


def placement_of(waiting: Waiting, venue: Venue) -> Placement:
    """Decide where a student who is let in will sit (P4)."""
    placement = place(venue=venue, stored=waiting.placement, before=waiting.status, after=EnrollmentStatus.ENROLLED)
    # Where nothing is given, nothing can be refused.
    assert isinstance(placement, Placement)  # noqa: S101 - tells the type
    return placement


def move_up(line: Sequence[Waiting], *, moved_id: int, position: int) -> dict[int, int]:
    """
    Give the moments, in epoch microseconds, with which an enrollment stands at a position of its line, 1 being the first (W1).

    ``line`` is in order and holds it. Only enrollments whose moment changes are told: the moved one, and others where there is no moment
    left between two neighbours.
    """
    others = [each for each in line if each.enrollment_id != moved_id]
    behind = others[position - 1] if position <= len(others) else None
    if behind is None:
        return {}
    moments: dict[int, int] = {}
    later = (behind.waiting_since, behind.enrollment_id)
    for enrollment_id, moment in [
        (moved_id, None),
        *((each.enrollment_id, each.waiting_since) for each in reversed(others[: position - 1])),
    ]:
        if moment is not None and (moment, enrollment_id) < later:
            break
        since = later[0] if enrollment_id < later[1] else later[0] - 1
        moments[enrollment_id] = since
        later = (since, enrollment_id)
    return moments


def refuse_student(waiting: Waiting, awaited: AwaitedClass, attended: Sequence[OtherMeeting]) -> RollbookError | None:
    """Decide whether a student who waits may enter the class, as for who the student is and when the class meets (S3, S4, C1)."""
    before, after = waiting.status, EnrollmentStatus.ENROLLED
    return (
        check_class(class_id=awaited.id, class_status=awaited.status, before=before, after=after)
        or check_user(user_id=waiting.user_id, user_is_disabled=waiting.user_is_disabled, before=before, after=after)
        or check_company(
            class_id=awaited.id,
            class_company_id=awaited.company_id,
            user_id=waiting.user_id,
            user_company_id=waiting.company_id,
            before=before,
            after=after,
        )
        or check_student_conflict(
            user_id=waiting.user_id,
            class_id=awaited.id,
            meetings=awaited.meetings,
            attended=attended,
            preference=awaited.student_conflicts,
        )
    )


def refuse_seat(awaited: AwaitedClass, occupancy: Occupancy, newly_seated: int) -> RollbookError | None:
    """Decide whether one more of those who wait may sit in a room (P2), after so many who were let in before."""
    fresh = [Sitting(starts_at=each.starts_at, ends_at=each.ends_at, students=newly_seated) for each in awaited.meetings if newly_seated]
    return claim_seat(
        room=occupancy.room,
        meetings=awaited.meetings,
        sittings=[*occupancy.sittings, *fresh],
        classmates=occupancy.classmates + newly_seated,
    )
