"""Closing classes in the REST API."""

from typing import Annotated, Literal, cast

from msgspec import Meta, Struct

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import Outcome, perform
from rollbook.api.rest.values import Time, moment_of, optional_moment_of
from rollbook.api.rest.words import ClassStatusWord, CompletionWord, word_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.closing import ClosedStudent, close_class
from rollbook.enrollments.queries.attendance_charts import get_charted_class

TAG = "Attendance"


class ClosedClass(Struct, frozen=True, kw_only=True):
    """A class that is closed."""

    id: int
    name: str
    status: ClassStatusWord
    starts_at: Time | None
    ends_at: Time | None
    time_zone: Annotated[str, Meta(description="The IANA name of the class's zone.")]
    version: int


class StudentAtClosing(Struct, frozen=True, kw_only=True):
    """What closing a class makes of a student."""

    enrollment_id: int
    user_id: int
    before: CompletionWord
    after: CompletionWord
    reason: Annotated[
        Literal["attended", "never_attended", "decided"],
        Meta(description="`decided`: the student had a completion other than unknown and attending, and keeps it."),
    ]
    attended: Annotated[int, Meta(description="How many meetings the student attended.")]


class ClosingOutcome(Outcome, frozen=True, kw_only=True):
    """What closing a class came to."""

    result: ClosedClass
    meetings: Annotated[int, Meta(description="How many meetings the class had.")]
    students: Annotated[list[StudentAtClosing], Meta(description="Everybody who attends the class.")]


_CLOSED = example_of(
    ClosingOutcome,
    ClosedClass(
        id=4,
        name="Welding, May",
        status="completed",
        starts_at=moment_of(1_809_936_000),
        ends_at=moment_of(1_809_964_800),
        time_zone="Europe/Berlin",
        version=3,
    ),
    change("class", "status", "scheduled", "completed", subject_id=4),
    change("enrollment", "completion", "attending", "complete", subject_id=19),
    meetings=1,
    students=[StudentAtClosing(enrollment_id=19, user_id=3, before="attending", after="complete", reason="attended", attended=1)],
)


@endpoint("POST", "/classes/{class_id}/closing", tag=TAG, scope=Scope.MANAGE, answers=_CLOSED)
async def close_a_class(call: Call, class_id: int) -> ClosingOutcome:
    """
    Close a class: who attended becomes complete, who never did no show, and the class completed.

    That can be once its last meeting is over. A dry run is the preview. Closing again changes nothing.
    """
    performed = await perform(call, close_class, see=_see_closed, subject_id=class_id, actor=call.actor, class_id=class_id)
    closed = performed.result
    return performed.told(ClosingOutcome, meetings=closed.meetings, students=[_show_closed(student) for student in closed.students])


async def _see_closed(transaction: Transaction, actor: Actor, class_id: int) -> ClosedClass:
    charted = await get_charted_class(transaction, viewer=actor.viewer, class_id=class_id)
    return ClosedClass(
        id=charted.id,
        name=charted.name,
        status=cast("ClassStatusWord", word_of(charted.status)),
        starts_at=optional_moment_of(charted.starts_at),
        ends_at=optional_moment_of(charted.ends_at),
        time_zone=charted.time_zone,
        version=charted.version,
    )


def _show_closed(student: ClosedStudent) -> StudentAtClosing:
    return StudentAtClosing(
        enrollment_id=student.enrollment_id,
        user_id=student.user_id,
        before=cast("CompletionWord", word_of(student.before)),
        after=cast("CompletionWord", word_of(student.after)),
        reason=student.reason.value,
        attended=student.attended,
    )


ENDPOINTS: tuple[Endpoint, ...] = (close_a_class,)
