"""Checking students in, and undoing it (B1-B3)."""

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions.attending import hand_completion_on, write_check_in
from rollbook.enrollments.attendance import (
    CHECK_IN_UNDONE,
    CHECKED_IN,
    Attendance,
    HeldMeeting,
    NoMeetingTodayError,
    NotCheckedInError,
    OtherMeetingError,
    check_check_in,
    check_in,
    find_check_in,
    find_meeting,
    undo,
)
from rollbook.enrollments.queries import entrance, sight
from rollbook.enrollments.queries.attendance import (
    MetClass,
    find_attendance,
    get_held_meeting,
    get_met_class,
    list_attendance,
    list_held_meetings,
)
from rollbook.enrollments.queries.sight import EnrollmentInClass
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import refuse
from rollbook.history.versions import check_version
from rollbook.organizations.time_zones import zone_of


class CheckedIn(Struct, frozen=True, kw_only=True):
    """
    A student's attendance of a meeting after a check-in, or after undoing one.

    Attributes:
        time_zone: The IANA name of the class's zone.
        attendance: None where undoing left nothing marked.
        already: Whether the student was checked in before, so that nothing was changed.
    """

    enrollment_id: int
    class_id: int
    user_id: int
    time_zone: str
    meeting: HeldMeeting
    attendance: Attendance | None
    completion: CompletionStatus
    already: bool = False


async def check_student_in(
    transaction: Transaction, *, actor: Actor, enrollment_id: int, meeting_id: int | None = None, if_version: int | None = None
) -> CheckedIn:
    """
    Check a student in to the meeting in progress, or to the next one of this day, and tell which and since when.

    Where ``meeting_id`` says which one is meant, no other will do. A student who is checked in to that one stays so, however late this is said
    again.

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
        MeetingNotFoundError: Its class has no such meeting.
        VersionChangedError: It is not at the version asked for.
        NotAttendingError: The student is neither Enrolled nor Audit (B1).
        NotInClassroomError: The student does not come to a classroom (B1).
        CheckInToClassOffError: The class is Cancelled or Denied (B1).
        SeveralRefusalsError: More than one of these.
        NoMeetingTodayError: The class does not meet any more on this day (B2).
        OtherMeetingError: Check-ins count for another meeting now (B2).
    """
    stored, met = await hold_enrollment(transaction, actor=actor, enrollment_id=enrollment_id)
    check_version(noun="enrollment", subject_id=stored.id, version=stored.version, wanted=if_version)
    meant = None if meeting_id is None else await get_held_meeting(transaction, class_id=met.id, meeting_id=meeting_id)
    if meant:
        before = await find_attendance(transaction, enrollment_id=stored.id, meeting_id=meant.id)
        if before and before.is_checked_in:
            return _told(stored, met, meant, before, stored.completion, already=True)
    refuse(
        check_check_in(
            enrollment_id=stored.id,
            status=stored.status,
            location=stored.location,
            class_id=met.id,
            class_status=met.status,
            delivery=met.delivery,
        )
    )
    meetings = await list_held_meetings(transaction, class_id=met.id)
    meeting = find_meeting(class_id=met.id, meetings=meetings, zone=zone_of(met.time_zone), now=transaction.now)
    if isinstance(meeting, NoMeetingTodayError):
        raise meeting
    if meant and meant != meeting:
        raise OtherMeetingError(class_id=met.id, meeting=meant, current=meeting, zone=zone_of(met.time_zone))

    before = await find_attendance(transaction, enrollment_id=stored.id, meeting_id=meeting.id)
    made = check_in(before, meeting_id=meeting.id, completion=stored.completion, now=transaction.now)
    if made is None:
        return _told(stored, met, meeting, before, stored.completion, already=True)
    await write_check_in(
        transaction,
        actor=actor,
        stored=stored,
        meeting_id=meeting.id,
        before=before,
        after=made.attendance,
        kind=CHECKED_IN,
        completion=made.completion,
    )
    return _told(stored, met, meeting, made.attendance, made.completion)


async def undo_check_in(
    transaction: Transaction, *, actor: Actor, enrollment_id: int, meeting_id: int | None = None, if_version: int | None = None
) -> CheckedIn:
    """
    Undo the check-in to a meeting, or the student's last one, and tell what that brought back (B3).

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
        VersionChangedError: It is not at the version asked for.
        NotCheckedInError: There is no such check-in.
    """
    stored, met = await hold_enrollment(transaction, actor=actor, enrollment_id=enrollment_id)
    check_version(noun="enrollment", subject_id=stored.id, version=stored.version, wanted=if_version)
    attendance = await list_attendance(transaction, enrollment_id=stored.id)
    undone = find_check_in(attendance, meeting_id=meeting_id)
    if undone is None:
        raise NotCheckedInError(enrollment_id=stored.id, meeting_id=meeting_id)
    brought = undo(undone, others=attendance, completion=stored.completion)
    if brought.heir:
        await hand_completion_on(transaction, enrollment_id=stored.id, heir=brought.heir)
    await write_check_in(
        transaction,
        actor=actor,
        stored=stored,
        meeting_id=undone.meeting_id,
        before=undone,
        after=brought.attendance,
        kind=CHECK_IN_UNDONE,
        completion=brought.completion,
    )
    meeting = await get_held_meeting(transaction, class_id=met.id, meeting_id=undone.meeting_id)
    return _told(stored, met, meeting, brought.attendance, brought.completion)


async def hold_enrollment(transaction: Transaction, *, actor: Actor, enrollment_id: int) -> tuple[EnrollmentInClass, MetClass]:
    """
    Lock a class and an enrollment in it, and give both.

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
    """
    _, seen = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    await transaction.lock(entrance.lock_classes, ids=[seen.class_id])
    await transaction.lock(entrance.lock_enrollments, ids=[seen.id])
    _, stored = await sight.see_enrollment(transaction, caller=actor, enrollment_id=enrollment_id)
    if stored.class_id != seen.class_id:
        raise StartAgainError
    return stored, await get_met_class(transaction, class_id=stored.class_id)


def _told(
    stored: EnrollmentInClass,
    met: MetClass,
    meeting: HeldMeeting,
    attendance: Attendance | None,
    completion: CompletionStatus,
    *,
    already: bool = False,
) -> CheckedIn:
    return CheckedIn(
        enrollment_id=stored.id,
        class_id=met.id,
        user_id=stored.user_id,
        time_zone=met.time_zone,
        meeting=meeting,
        attendance=attendance,
        completion=completion,
        already=already,
    )
