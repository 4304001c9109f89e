"""Marking who attended a meeting: one student, a whole meeting at once, or by the completion itself (B1, B4)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.classes.queries.classes import get_class
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.attending import write_mark
from rollbook.enrollments.actions.checking_in import hold_enrollment
from rollbook.enrollments.actions.writing import EnrollmentState
from rollbook.enrollments.attendance import Attendance, check_attending, mark, meeting_to_fill, version_of
from rollbook.enrollments.queries import entrance
from rollbook.enrollments.queries.attendance import find_attendance, get_held_meeting, list_attendance_at, list_held_meetings
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import NotFoundError, RollbookError, refuse
from rollbook.history.versions import check_version

_NOBODY: Final[Mapping[int, bool | None]] = MappingProxyType({})


class MeetingMarks(Struct, frozen=True, kw_only=True):
    """
    Who attended a meeting: True, False, or None for whose attendance is to be as if nobody had marked it.

    Attributes:
        everyone: What holds for every attending student who is not among ``students``; UNSET leaves them as they are.
        students: What holds for single ones, by the ids of their enrollments.
    """

    everyone: bool | UnsetType | None = UNSET
    students: Mapping[int, bool | None] = _NOBODY


class MarkedStudent(Struct, frozen=True, kw_only=True):
    """A student's attendance of a meeting, before and after it was marked."""

    enrollment_id: int
    user_id: int
    before: Attendance | None
    after: Attendance | None


class EnrollmentsNotInClassError(NotFoundError):
    """Enrollments are given that the class does not have."""

    field = "students"

    def __init__(self, *, class_id: int, enrollment_ids: Sequence[int]) -> None:
        self.class_id = class_id
        self.enrollment_ids = tuple(enrollment_ids)
        ids = ", ".join(str(enrollment_id) for enrollment_id in self.enrollment_ids)
        super().__init__(f"class {class_id} has no such enrollments ({ids}); give the ids of enrollments of this class")


async def mark_student(
    transaction: Transaction, *, actor: Actor, enrollment_id: int, meeting_id: int, attended: bool | None, if_version: int | None = None
) -> MarkedStudent:
    """
    Mark whether a student attended a meeting, None for as if nobody had marked it; the completion stays.

    Raises:
        EnrollmentNotFoundError: The actor has no such enrollment.
        MeetingNotFoundError: Its class has no such meeting.
        VersionChangedError: The attendance is not at the version asked for, which is 1 where nothing is marked.
        NotAttendingError: The student is neither Enrolled nor Audit (B1); what is marked can be taken away all the same.
    """
    stored, met = await hold_enrollment(transaction, actor=actor, enrollment_id=enrollment_id)
    await get_held_meeting(transaction, class_id=met.id, meeting_id=meeting_id)
    before = await find_attendance(transaction, enrollment_id=stored.id, meeting_id=meeting_id)
    check_version(noun="the attendance of enrollment", subject_id=stored.id, version=version_of(before), wanted=if_version)
    if attended is not None:
        refuse([check_attending(enrollment_id=stored.id, status=stored.status)])
    return await _mark(transaction, actor=actor, stored=stored, meeting_id=meeting_id, before=before, attended=attended)


async def mark_meeting(
    transaction: Transaction, *, actor: Actor, class_id: int, meeting_id: int, marks: MeetingMarks, if_version: int | None = None
) -> list[MarkedStudent]:
    """
    Mark who attended a meeting of a class, and give everybody whom that concerns, by enrollment; completions stay.

    Raises:
        ClassNotFoundError: The actor has no such class.
        VersionChangedError: It is not at the version asked for, which marks do not raise.
        MeetingNotFoundError: The class has no such meeting.
        EnrollmentsNotInClassError: The class has none of the enrollments that are told.
        NotAttendingError: A student given is neither Enrolled nor Audit (B1).
        SeveralRefusalsError: Several of them are not.
    """
    await transaction.lock(entrance.lock_classes, ids=[class_id])
    found = await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    check_version(noun="class", subject_id=class_id, version=found.row.version, wanted=if_version)
    await get_held_meeting(transaction, class_id=class_id, meeting_id=meeting_id)
    roster = await list_roster(transaction, class_id=class_id)
    strangers = sorted(marks.students.keys() - {row.id for row in roster})
    if strangers:
        raise EnrollmentsNotInClassError(class_id=class_id, enrollment_ids=strangers)
    wanted = [(row, marks.students.get(row.id, marks.everyone)) for row in roster if row.id in marks.students or row.status.is_attending]
    refusals: list[RollbookError | None] = [
        check_attending(enrollment_id=row.id, status=row.status) for row, attended in wanted if attended is not None
    ]
    refuse(refusals)

    stored = await list_attendance_at(transaction, meeting_id=meeting_id)
    return [
        await _mark(transaction, actor=actor, stored=row, meeting_id=meeting_id, before=stored.get(row.id), attended=attended)
        for row, attended in wanted
        if attended is not UNSET
    ]


async def mark_chart(
    transaction: Transaction, *, actor: Actor, class_id: int, marks: Mapping[int, Mapping[int, bool | None]]
) -> list[MarkedStudent]:
    """
    Mark who attended several meetings of a class, all or nothing: for each meeting, by its id, students by the ids of their enrollments.

    Raises:
        ClassNotFoundError: The actor has no such class.
        MeetingNotFoundError: The class has no such meeting.
        EnrollmentsNotInClassError: The class has none of the enrollments that are told.
        NotAttendingError: A student given is neither Enrolled nor Audit (B1).
        SeveralRefusalsError: Several of them are not.
    """
    marked = []
    for meeting_id, students in sorted(marks.items()):
        told = MeetingMarks(students=students)
        marked += await mark_meeting(transaction, actor=actor, class_id=class_id, meeting_id=meeting_id, marks=told)
    return marked


async def fill_attendance(
    transaction: Transaction, *, actor: Actor, enrollment_id: int, state: EnrollmentState, before: CompletionStatus | None
) -> None:
    """
    Mark a student whose completion becomes Attending as having attended the class's only meeting (B4); several are marked one by one.

    ``before`` is the completion that the student had in the class; None where the student is new in it.
    """
    if state.completion is not CompletionStatus.ATTENDING or before is CompletionStatus.ATTENDING:
        return
    await transaction.lock(entrance.lock_classes, ids=[state.class_id])
    await transaction.lock(entrance.lock_enrollments, ids=[enrollment_id])
    meeting = meeting_to_fill(await list_held_meetings(transaction, class_id=state.class_id))
    if meeting:
        stored = await find_attendance(transaction, enrollment_id=enrollment_id, meeting_id=meeting.id)
        await write_mark(
            transaction,
            actor=actor,
            enrollment_id=enrollment_id,
            organization_id=state.organization_id,
            meeting_id=meeting.id,
            before=stored,
            after=mark(stored, meeting_id=meeting.id, attended=True),
        )


async def _mark(
    transaction: Transaction, *, actor: Actor, stored: EnrollmentRow, meeting_id: int, before: Attendance | None, attended: bool | None
) -> MarkedStudent:
    after = None if attended is None else mark(before, meeting_id=meeting_id, attended=attended)
    await write_mark(
        transaction,
        actor=actor,
        enrollment_id=stored.id,
        organization_id=stored.organization_id,
        meeting_id=meeting_id,
        before=before,
        after=after,
    )
    return MarkedStudent(enrollment_id=stored.id, user_id=stored.user_id, before=before, after=after)
