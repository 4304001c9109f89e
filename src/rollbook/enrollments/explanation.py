"""
Why an enrollment is where it is, rule by rule, and what would let its student in.

Each verdict is what the rule would say if the student were to be Enrolled now; of who is Enrolled, what the rule says of the place that is held.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from rollbook.classes.clashes import OtherMeeting, check_student_conflict
from rollbook.enrollments.seats import Occupancy, claim_place, claim_seat
from rollbook.enrollments.statuses import EnrollmentStatus, check_class, check_company, check_user, is_frozen
from rollbook.enrollments.waitlist import AwaitedClass, Waiting
from rollbook.errors import RollbookError
from rollbook.organizations.preferences import StudentConflicts, WaitlistPromotion


class Verdict(Struct, frozen=True, kw_only=True):
    """
    What a rule says.

    Attributes:
        stands_in_the_way: Whether it keeps the student out.
        remedy: What would have to change; None where nothing has to.
    """

    rule: str
    stands_in_the_way: bool
    text: str
    remedy: str | None = None


class Circumstances(Struct, frozen=True, kw_only=True):
    """
    What there is to know of an enrollment.

    Attributes:
        applicant: The student, as somebody who waits; the moment means nothing where the student does not.
        position: In the line of those with the same status; None where the student does not wait.
        late_cancel: Whether it was cancelled late.
        occupancy: The room where the student sits, or would; None where there is none.
        attended: The meetings of other classes that the student attends around that time.
        promotion: The organization's preference.
        freezes: Whether an Enrolled enrollment keeps its status once the class has started.
    """

    applicant: Waiting
    position: int | None
    late_cancel: bool
    awaited: AwaitedClass
    occupancy: Occupancy | None
    attended: Sequence[OtherMeeting]
    promotion: WaitlistPromotion
    freezes: bool


class Explanation(Struct, frozen=True, kw_only=True):
    """
    Why an enrollment is where it is.

    Attributes:
        could_be_enrolled: Whether nothing stands in the way of an administrator who would enroll the student now.
        needed: What would have to change for that, all of it.
    """

    verdicts: tuple[Verdict, ...]
    could_be_enrolled: bool
    needed: tuple[str, ...]


def explain(known: Circumstances) -> Explanation:
    """Explain an enrollment."""
    verdicts = tuple(_entering(known) if known.applicant.status is not EnrollmentStatus.ENROLLED else _enrolled(known))
    in_the_way = [verdict for verdict in verdicts if verdict.stands_in_the_way]
    return Explanation(
        verdicts=(*verdicts, *_waiting(known)),
        could_be_enrolled=not in_the_way,
        needed=tuple(verdict.remedy for verdict in in_the_way if verdict.remedy),
    )


def remedy_of(refusal: RollbookError) -> str:
    """Give what an error's sentence says to do: its part after the last semicolon."""
    return str(refusal).rpartition("; ")[2]


def _judged(rule: str, refusal: RollbookError | None, otherwise: str) -> Verdict:
    if refusal is None:
        return Verdict(rule=rule, stands_in_the_way=False, text=otherwise)
    return Verdict(rule=rule, stands_in_the_way=True, text=str(refusal), remedy=remedy_of(refusal))


def _entering(known: Circumstances) -> Iterable[Verdict]:
    awaited, applicant = known.awaited, known.applicant
    before, after = applicant.status, EnrollmentStatus.ENROLLED
    off = check_class(class_id=awaited.id, class_status=awaited.status, before=before, after=after)
    yield _judged("S3", off, f"class {awaited.id} is not off")
    disabled = check_user(user_id=applicant.user_id, user_is_disabled=applicant.user_is_disabled, before=before, after=after)
    outside = check_company(
        class_id=awaited.id,
        class_company_id=awaited.company_id,
        user_id=applicant.user_id,
        user_company_id=applicant.company_id,
        before=before,
        after=after,
    )
    yield _judged("S4", disabled or outside, f"user {applicant.user_id} may enter class {awaited.id}")
    yield _judged("P1", claim_place(class_id=awaited.id, enrolled=awaited.enrolled, maximum=awaited.maximum), _places(awaited))
    if known.occupancy is not None and before is not EnrollmentStatus.AUDIT:
        room, occupancy = known.occupancy.room, known.occupancy
        full = claim_seat(room=room, meetings=awaited.meetings, sittings=occupancy.sittings, classmates=occupancy.classmates)
        yield _judged("P2", full, f"room {room.id} ({room.name}) has a free seat")
    if before is not EnrollmentStatus.AUDIT:
        yield _time(known)


def _enrolled(known: Circumstances) -> Iterable[Verdict]:
    awaited = known.awaited
    yield Verdict(rule="P1", stands_in_the_way=False, text=f"the student holds a place of class {awaited.id}; {_places(awaited)}")
    if known.occupancy is not None:
        room = known.occupancy.room
        yield Verdict(rule="P2", stands_in_the_way=False, text=f"the student holds a seat in room {room.id} ({room.name})")
    frozen = is_frozen(EnrollmentStatus.ENROLLED, class_has_started=awaited.has_started, freeze_enrolled_at_start=known.freezes)
    kept = "has started, so that the enrollment keeps its status" if frozen else "lets its students leave"
    yield Verdict(rule="S2", stands_in_the_way=False, text=f"class {awaited.id} {kept}")


def _time(known: Circumstances) -> Verdict:
    awaited = known.awaited
    clash = check_student_conflict(
        user_id=known.applicant.user_id,
        class_id=awaited.id,
        meetings=awaited.meetings,
        attended=known.attended,
        preference=awaited.student_conflicts,
    )
    free = (
        "two classes at the same time are allowed" if awaited.student_conflicts is StudentConflicts.ALLOW else "the student's time is free"
    )
    return _judged("C1", clash, free)


def _waiting(known: Circumstances) -> Iterable[Verdict]:
    """Tell what is to be known of the waitlist, which keeps nobody from being enrolled by an administrator."""
    awaited, applicant = known.awaited, known.applicant
    if applicant.status is EnrollmentStatus.CANCELLED:
        late = "was late" if known.late_cancel else "was not late"
        yield _told("L1", f"the cancellation {late}")
    if applicant.status is EnrollmentStatus.APPROVED:
        yield _told("W4", "who is Approved is let in by no promotion; an administrator enrolls the student, or the student alone")
    if known.position is None:
        return
    yield _told("W1", f"the student stands at position {known.position} of the {applicant.status.name.capitalize()} ones")
    yield _told("W2", _TRIGGERS[known.promotion])
    if not awaited.promotes:
        yield _told("W3", f"class {awaited.id} is off, or has started, and lets in nobody who waits")
    elif applicant.passed_over is not None:
        yield _told("W3", f"the student was passed over the last time that a place came free, because of {applicant.passed_over}")
    if applicant.status is EnrollmentStatus.REQUESTED:
        let_in = "are let in after all Wait-Listed ones" if awaited.promotes_requested else "are let in by no promotion"
        yield _told("W4", f"students of class {awaited.id} who only asked {let_in}")


_TRIGGERS = {
    WaitlistPromotion.OFF: "nobody is let in by itself; an administrator promotes",
    WaitlistPromotion.SELF_CANCEL: "the next one is let in when a student cancels their own enrollment",
    WaitlistPromotion.ALWAYS: "the next one is let in whenever a place comes free",
}


def _told(rule: str, text: str) -> Verdict:
    return Verdict(rule=rule, stands_in_the_way=False, text=text)


def _places(awaited: AwaitedClass) -> str:
    if awaited.maximum is None:
        return f"class {awaited.id} has no limit of places"
    return f"class {awaited.id} has {awaited.free} of {awaited.maximum} places free"
