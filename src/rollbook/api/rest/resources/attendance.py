"""Attendance in the REST API: what is marked of single students, and check-ins."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from rollbook.access.actor import Viewer
from rollbook.access.scopes import Scope
from rollbook.api.rest.attendance_records import EXAMPLE, Attendance, see_attendance, show_attendance, show_found
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import TimeCursor, place_of
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrollment_records import EXAMPLE as ENROLLMENT
from rollbook.api.rest.enrollment_records import Enrollment, see_enrollment
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.lists import ListQuery, Page, Query, page_of
from rollbook.api.rest.performing import Outcome, perform
from rollbook.api.rest.values import GivenTime, Id, seconds_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.checking_in import check_student_in, undo_check_in
from rollbook.enrollments.actions.marking import mark_student
from rollbook.enrollments.queries.attendance import list_attendance as list_marked
from rollbook.enrollments.queries.attendance import list_held_meetings
from rollbook.enrollments.queries.attendance_charts import AttendanceQuestion, find_attendance_of
from rollbook.enrollments.queries.records import get_enrollment_record

TAG = "Attendance"


class AttendanceList(Page, frozen=True, kw_only=True):
    """A page of attendance."""

    items: list[Attendance]


class AttendanceOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a student's attendance of a meeting."""

    result: Attendance


class CheckInOutcome(Outcome, frozen=True, kw_only=True):
    """What a check-in came to."""

    result: Enrollment
    attendance: Annotated[Attendance, Meta(description="The meeting that it counts for, and since when.")]
    already: Annotated[bool, Meta(description="True where the student was checked in to that meeting before: nothing was changed.")]


class UndoneCheckInOutcome(Outcome, frozen=True, kw_only=True):
    """What undoing a check-in brought back."""

    result: Enrollment
    attendance: Annotated[Attendance, Meta(description="The meeting that it counted for, as it is marked now.")]


class MarkAttendance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a student attended a meeting."""

    attended: bool


class AttendanceQuery(ListQuery, frozen=True, kw_only=True):
    """Which attendance is listed."""

    cursor: TimeCursor | None = None
    class_id: Id | None = None
    user_id: Id | None = None
    attended: bool | None = None
    checked_in: Annotated[bool, Meta(description="Whether there was a check-in.")] | None = None
    starts_after: Annotated[GivenTime, Meta(description="The meeting starts then or later.")] | None = None
    starts_before: Annotated[GivenTime, Meta(description="The meeting starts then or earlier.")] | None = None


class CheckInQuery(Query, frozen=True, kw_only=True):
    """For which meeting a student is checked in."""

    meeting_id: (
        Annotated[
            Id, Meta(description="The meeting that is meant: the check-in counts for it, however late it is sent again, or for none.")
        ]
        | None
    ) = None


class UndoQuery(Query, frozen=True, kw_only=True):
    """Which check-in is undone."""

    meeting_id: (
        Annotated[Id, Meta(description="The meeting that it counts for; by default the student's last check-in is undone.")] | None
    ) = None


_MARKED = example_of(AttendanceOutcome, EXAMPLE, change("enrollment", "attendance", {"7": None}, {"7": True}, subject_id=19))
_CHECKED_IN = example_of(
    CheckInOutcome,
    ENROLLMENT,
    change("enrollment", "completion", "unknown", "attending", subject_id=19),
    attendance=EXAMPLE,
    already=False,
)
_UNDONE = example_of(
    UndoneCheckInOutcome, ENROLLMENT, change("enrollment", "completion", "attending", "unknown", subject_id=19), attendance=EXAMPLE
)


@endpoint("GET", "/attendance", tag=TAG, scope=Scope.READ, answers=AttendanceList(items=[EXAMPLE], next="i7.19"))
async def search_attendance(call: Call, query: AttendanceQuery) -> AttendanceList:
    """
    Find attendance that is marked.

    In the order of the meetings' ids and then of the enrollments'. A meeting of which nobody has marked whether a student attended it is in
    no list but that of the student and the chart of the class.
    """
    question = AttendanceQuestion(
        class_id=query.class_id,
        user_id=query.user_id,
        attended=query.attended,
        checked_in=query.checked_in,
        starts_after=None if query.starts_after is None else seconds_of(query.starts_after),
        starts_before=None if query.starts_before is None else seconds_of(query.starts_before),
    )
    found = await call.database.search(
        find_attendance_of, viewer=call.actor.viewer, question=question, behind=place_of(query.cursor), limit=query.limit
    )
    return page_of(AttendanceList, found, show_found)


@endpoint("GET", "/enrollments/{enrollment_id}/attendance", tag=TAG, scope=Scope.READ, answers=AttendanceList(items=[EXAMPLE], next=None))
async def list_attendance(call: Call, enrollment_id: int) -> AttendanceList:
    """
    List the meetings of a student's class, and whether the student attended them.

    All of them on one page, by their starts.
    """
    items = await call.database.search(_list_of_student, viewer=call.actor.viewer, enrollment_id=enrollment_id)
    return AttendanceList(items=items, next=None)


@endpoint("GET", "/enrollments/{enrollment_id}/attendance/{meeting_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_attendance(call: Call, enrollment_id: int, meeting_id: int) -> Attendance:
    """Show whether a student attended a meeting."""
    return await call.database.search(see_attendance, call.actor, enrollment_id, meeting_id=meeting_id)


@endpoint(
    "PUT",
    "/enrollments/{enrollment_id}/attendance/{meeting_id}",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=MarkAttendance(attended=True),
    answers=_MARKED,
)
async def mark_attendance(call: Call, enrollment_id: int, meeting_id: int, body: MarkAttendance) -> AttendanceOutcome:
    """
    Mark whether a student attended a meeting.

    The completion stays what it is.
    """
    return await _mark(call, enrollment_id, meeting_id, attended=body.attended)


@endpoint("DELETE", "/enrollments/{enrollment_id}/attendance/{meeting_id}", tag=TAG, scope=Scope.ENROLL, answers=_MARKED)
async def clear_attendance(call: Call, enrollment_id: int, meeting_id: int) -> AttendanceOutcome:
    """Take away what is marked of a student and a meeting, a check-in too."""
    return await _mark(call, enrollment_id, meeting_id, attended=None)


@endpoint("POST", "/enrollments/{enrollment_id}/check-in", tag=TAG, scope=Scope.ENROLL, answers=_CHECKED_IN)
async def check_in(call: Call, enrollment_id: int, query: CheckInQuery) -> CheckInOutcome:
    """
    Check a student in.

    It counts for the meeting in progress, else for the next one of this day in the class's zone. Sent twice, it counts once. `If-Match` asks
    for the version of the enrollment.
    """
    performed = await perform(
        call,
        check_student_in,
        see=see_enrollment,
        subject_id=enrollment_id,
        actor=call.actor,
        enrollment_id=enrollment_id,
        meeting_id=query.meeting_id,
    )
    told = performed.result
    attendance = show_attendance(performed.seen, told.meeting, told.attendance)
    return performed.told(CheckInOutcome, attendance=attendance, already=told.already)


@endpoint("DELETE", "/enrollments/{enrollment_id}/check-in", tag=TAG, scope=Scope.ENROLL, answers=_UNDONE)
async def undo_checking_in(call: Call, enrollment_id: int, query: UndoQuery) -> UndoneCheckInOutcome:
    """
    Undo a check-in.

    What was marked before, and the completion, come back, as far as nobody has changed them since. `If-Match` asks for the version of the
    enrollment.
    """
    performed = await perform(
        call,
        undo_check_in,
        see=see_enrollment,
        subject_id=enrollment_id,
        actor=call.actor,
        enrollment_id=enrollment_id,
        meeting_id=query.meeting_id,
    )
    told = performed.result
    return performed.told(UndoneCheckInOutcome, attendance=show_attendance(performed.seen, told.meeting, told.attendance))


async def _mark(call: Call, enrollment_id: int, meeting_id: int, *, attended: bool | None) -> AttendanceOutcome:
    performed = await perform(
        call,
        mark_student,
        see=partial(see_attendance, meeting_id=meeting_id),
        subject_id=enrollment_id,
        actor=call.actor,
        enrollment_id=enrollment_id,
        meeting_id=meeting_id,
        attended=attended,
    )
    return performed.told(AttendanceOutcome)


async def _list_of_student(transaction: Transaction, *, viewer: Viewer, enrollment_id: int) -> list[Attendance]:
    row = (await get_enrollment_record(transaction, viewer=viewer, enrollment_id=enrollment_id)).row
    marked = {each.meeting_id: each for each in await list_marked(transaction, enrollment_id=enrollment_id)}
    meetings = await list_held_meetings(transaction, class_id=row.class_id)
    return [show_attendance(row, meeting, marked.get(meeting.id)) for meeting in meetings]


ENDPOINTS: tuple[Endpoint, ...] = (
    search_attendance,
    list_attendance,
    get_attendance,
    mark_attendance,
    clear_attendance,
    check_in,
    undo_checking_in,
)
