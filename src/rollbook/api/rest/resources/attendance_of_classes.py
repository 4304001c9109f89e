"""Attendance of classes in the REST API: the chart, and whole meetings."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, cast

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.attendance_records import AttendedOrNot
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id, cursor_of
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.lists import ListQuery, Page
from rollbook.api.rest.performing import Outcome, perform
from rollbook.api.rest.refused import RefusedError
from rollbook.api.rest.values import Id, Time, moment_of, optional_moment_of
from rollbook.api.rest.words import CompletionWord, EnrollmentStatusWord, word_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.marking import MarkedStudent, MeetingMarks, mark_meeting
from rollbook.enrollments.attendance import HeldMeeting
from rollbook.enrollments.queries.attendance_charts import ChartedStudent, get_chart, summarize_meeting

TAG = "Attendance"
MOST_STUDENTS = 10_000


class HeldMeetingRecord(Struct, frozen=True, kw_only=True):
    """A meeting of a class."""

    id: int
    starts_at: Time
    ends_at: Time


class ChartMark(Struct, frozen=True, kw_only=True):
    """What is marked of a student and a meeting."""

    meeting_id: int
    attended: bool
    checked_in_at: Annotated[Time | None, Meta(description="When the student was checked in; null where that did not happen.")]
    version: int


class ChartStudent(Struct, frozen=True, kw_only=True):
    """A student of a chart."""

    enrollment_id: int
    user_id: int
    first_name: str
    last_name: str
    status: EnrollmentStatusWord
    completion: CompletionWord
    attendance: Annotated[list[ChartMark], Meta(description="Meetings of which nobody has marked anything are left out.")]


class AttendanceChart(Page, frozen=True, kw_only=True):
    """Who attended which meeting of a class: a page of the students who attend the class."""

    class_id: int
    class_name: str
    time_zone: Annotated[str, Meta(description="The IANA name of the class's zone.")]
    meetings: Annotated[list[HeldMeetingRecord], Meta(description="All meetings of the class, by their starts.")]
    items: list[ChartStudent]


class MeetingAttendance(Struct, frozen=True, kw_only=True):
    """A meeting, and how many of those who attend its class attended it."""

    class_id: int
    class_name: str
    time_zone: Annotated[str, Meta(description="The IANA name of the class's zone.")]
    meeting: HeldMeetingRecord
    present: int
    absent: int
    unmarked: Annotated[int, Meta(description="How many nobody has marked.")]
    version: Annotated[int, Meta(description="The class's version; marks do not raise it.")]


class StudentMark(Struct, frozen=True, kw_only=True):
    """What was marked of one student."""

    enrollment_id: int
    user_id: int
    before: AttendedOrNot
    after: AttendedOrNot


class MeetingOutcome(Outcome, frozen=True, kw_only=True):
    """What became of the attendance of a meeting."""

    result: MeetingAttendance
    students: Annotated[list[StudentMark], Meta(description="Everybody who was named, or meant by `everyone`, changed or not.")]


class GivenMark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether one student attended the meeting."""

    enrollment_id: Id
    attended: AttendedOrNot


class MarkMeeting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who attended a meeting; null takes away what is marked."""

    everyone: (
        Annotated[bool | None, Meta(description="What holds for every student who attends the class and is not named.")] | UnsetType
    ) = UNSET
    students: Annotated[tuple[GivenMark, ...], Meta(max_length=MOST_STUDENTS, description="What holds for single students.")] = ()


class ChartQuery(ListQuery, frozen=True, kw_only=True):
    """Which page of a chart is shown."""


_START, _END = moment_of(1_809_936_000), moment_of(1_809_964_800)
_MEETING = HeldMeetingRecord(id=7, starts_at=_START, ends_at=_END)
_CHART = AttendanceChart(
    class_id=4,
    class_name="Welding, May",
    time_zone="Europe/Berlin",
    meetings=[_MEETING],
    items=[
        ChartStudent(
            enrollment_id=19,
            user_id=3,
            first_name="Sam",
            last_name="Example",
            status="enrolled",
            completion="attending",
            attendance=[ChartMark(meeting_id=7, attended=True, checked_in_at=moment_of(1_809_935_400), version=2)],
        )
    ],
    next="n.19",
)
_SUMMARY = MeetingAttendance(
    class_id=4, class_name="Welding, May", time_zone="Europe/Berlin", meeting=_MEETING, present=11, absent=1, unmarked=0, version=2
)
_MARKED = example_of(
    MeetingOutcome,
    _SUMMARY,
    change("enrollment", "attendance", {"7": None}, {"7": True}, subject_id=19),
    students=[StudentMark(enrollment_id=19, user_id=3, before=None, after=True)],
)


@endpoint("GET", "/classes/{class_id}/attendance", tag=TAG, scope=Scope.READ, answers=_CHART)
async def get_attendance_chart(call: Call, class_id: int, query: ChartQuery) -> AttendanceChart:
    """
    Show who attended which meeting of a class.

    A page of the students who are Enrolled or Audit, in the order of their enrollments' ids, with every meeting.
    """
    chart = await call.database.search(
        get_chart, viewer=call.actor.viewer, class_id=class_id, after_id=after_id(query.cursor), limit=query.limit
    )
    following = chart.students.next
    return AttendanceChart(
        class_id=class_id,
        class_name=chart.training_class.name,
        time_zone=chart.training_class.time_zone,
        meetings=[_show_meeting(meeting) for meeting in chart.meetings],
        items=[_show_student(student) for student in chart.students.items],
        next=cursor_of(following) if following else None,
    )


@endpoint(
    "PUT",
    "/classes/{class_id}/meetings/{meeting_id}/attendance",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=MarkMeeting(everyone=True, students=(GivenMark(enrollment_id=23, attended=False),)),
    answers=_MARKED,
)
async def mark_attendance_of_meeting(call: Call, class_id: int, meeting_id: int, body: MarkMeeting) -> MeetingOutcome:
    """
    Mark who attended a meeting, some students or all of them.

    Either all that is asked for is marked, or nothing. Completions stay what they are. `If-Match` asks for the version of the class.
    """
    marks = MeetingMarks(everyone=body.everyone, students=_by_enrollment(body.students))
    performed = await perform(
        call,
        mark_meeting,
        see=partial(_see_meeting, meeting_id=meeting_id),
        subject_id=class_id,
        actor=call.actor,
        class_id=class_id,
        meeting_id=meeting_id,
        marks=marks,
    )
    return performed.told(MeetingOutcome, students=[_show_mark(student) for student in performed.result])


async def _see_meeting(transaction: Transaction, actor: Actor, class_id: int, *, meeting_id: int) -> MeetingAttendance:
    summary = await summarize_meeting(transaction, viewer=actor.viewer, class_id=class_id, meeting_id=meeting_id)
    return MeetingAttendance(
        class_id=class_id,
        class_name=summary.training_class.name,
        time_zone=summary.training_class.time_zone,
        meeting=_show_meeting(summary.meeting),
        present=summary.present,
        absent=summary.absent,
        unmarked=summary.unmarked,
        version=summary.training_class.version,
    )


def _by_enrollment(students: Sequence[GivenMark]) -> dict[int, bool | None]:
    marks = {student.enrollment_id: student.attended for student in students}
    if len(marks) < len(students):
        raise RefusedError(422, "student_named_twice", "a student is named twice; name everybody once", field="$.students")
    return marks


def _show_meeting(meeting: HeldMeeting) -> HeldMeetingRecord:
    return HeldMeetingRecord(id=meeting.id, starts_at=moment_of(meeting.starts_at), ends_at=moment_of(meeting.ends_at))


def _show_student(student: ChartedStudent) -> ChartStudent:
    row = student.row
    return ChartStudent(
        enrollment_id=row.id,
        user_id=row.user_id,
        first_name=row.first_name,
        last_name=row.last_name,
        status=cast("EnrollmentStatusWord", word_of(row.status)),
        completion=cast("CompletionWord", word_of(row.completion)),
        attendance=[
            ChartMark(
                meeting_id=each.meeting_id,
                attended=each.attended,
                checked_in_at=optional_moment_of(each.checked_in_at),
                version=each.version,
            )
            for each in student.attendance.values()
        ],
    )


def _show_mark(student: MarkedStudent) -> StudentMark:
    return StudentMark(
        enrollment_id=student.enrollment_id,
        user_id=student.user_id,
        before=student.before.attended if student.before else None,
        after=student.after.attended if student.after else None,
    )


ENDPOINTS: tuple[Endpoint, ...] = (get_attendance_chart, mark_attendance_of_meeting)
