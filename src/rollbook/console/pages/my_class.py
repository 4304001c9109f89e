"""A class as a student sees it: where and when it is, where they stand, and entering and leaving it alone."""

from collections.abc import Sequence
from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import STUDENTS
from rollbook.console.given import UnreadableError
from rollbook.console.page import Page, form, page
from rollbook.console.students_words import reason_by_rule, reason_of, told
from rollbook.console.visit import Visit
from rollbook.enrollments.actions.own_way import Cancellation, enter_alone, foresee_leaving, leave_alone, tell_cancellation
from rollbook.enrollments.agenda import next_meeting
from rollbook.enrollments.queries.students_classes import StudentsClass, get_students_class
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import ConflictError, NotAllowedError

ENTRANCES: Final = {
    "request": EnrollmentStatus.REQUESTED,
    "waitlist": EnrollmentStatus.WAITLISTED,
    "enroll": EnrollmentStatus.ENROLLED,
}
"""What the buttons of a class send, by what it makes of a student."""


@page("/my/classes/{class_id}", to=STUDENTS)
async def show_class(visit: Visit, class_id: int) -> Answer:
    """Show a class and what the student can do in it."""
    seen = await _look(visit, class_id)
    explained = seen.explanation.verdicts if seen.explanation else ()
    status = seen.record.row.status if seen.record else None
    is_on_the_way = status is not None and status.is_active and not status.is_attending
    refused = {getattr(refusal, "rule", ""): reason_of(refusal) for refusal in seen.choices.refusals}
    in_the_way = {
        verdict.rule: reason_by_rule(verdict.rule, text=verdict.text)
        for verdict in explained
        if verdict.stands_in_the_way and is_on_the_way
    }
    return visit.render(
        "my_class.html",
        title=seen.found.training_class.row.name,
        seen=seen,
        row=seen.found.training_class.row,
        standing=status,
        is_attending=status is not None and status.is_attending,
        reasons=list((refused | in_the_way).values()),
        next_meeting=next_meeting(seen.found.training_class.meetings, now=visit.now),
        has_ended=(seen.found.training_class.row.ends_at or visit.now) < visit.now,
    )


@form("/my/classes/{class_id}", to=STUDENTS, back="/my/classes/{class_id}")
async def enter(visit: Visit, class_id: int) -> Answer:
    """Ask for a place, join the waitlist or enroll, and tell what became of it."""
    status = ENTRANCES.get(visit.form.raw("act"))
    if status is None:
        await _look(visit, class_id)
        raise UnreadableError("act", "request, waitlist or enroll")
    try:
        await visit.database.write(enter_alone, actor=visit.actor, class_id=class_id, status=status)
    except (ConflictError, NotAllowedError) as error:
        return visit.go(f"/my/classes/{class_id}", refused=told(error))
    record = (await _look(visit, class_id)).record
    position = record.position if record else None
    if record is not None and record.row.status is EnrollmentStatus.WAITLISTED:
        said = f"You are on the waitlist, at position {position}."
        if status is EnrollmentStatus.ENROLLED:
            said = f"All places are taken or others wait already, so that you wait too, at position {position}."
    elif record is not None and record.row.status is EnrollmentStatus.REQUESTED:
        said = "You have asked for a place. You see the answer here."
    else:
        said = "You are enrolled."
    return visit.go(f"/my/classes/{class_id}", done=said)


@page("/my/classes/{class_id}/cancel", to=STUDENTS)
async def show_cancelling(visit: Visit, class_id: int) -> Answer:
    """Ask whether the student really wants to leave, and say what it comes to."""
    seen = await _look(visit, class_id)
    if seen.record is None or not seen.record.row.status.is_active:
        return _render_cancelling(visit, seen, None)
    try:
        rehearsal = await visit.database.rehearse(foresee_leaving, actor=visit.actor, class_id=class_id)
    except (ConflictError, NotAllowedError) as error:
        return _render_cancelling(visit, seen, None, refused=told(error, leaves=True))
    return _render_cancelling(visit, seen, rehearsal.result)


@form("/my/classes/{class_id}/cancel", to=STUDENTS, back="/my/classes/{class_id}")
async def cancel(visit: Visit, class_id: int) -> Answer:
    """Leave a class, or its line."""
    try:
        enrollment_id = await visit.database.write(leave_alone, actor=visit.actor, class_id=class_id)
    except (ConflictError, NotAllowedError) as error:
        return visit.go(f"/my/classes/{class_id}", refused=told(error, leaves=True))
    became = await visit.database.read(tell_cancellation, actor=visit.actor, enrollment_id=enrollment_id)
    warnings = [became.warning or "This cancellation is late."] if became.is_late else []
    return visit.go(f"/my/classes/{class_id}", done="You have cancelled.", warnings=warnings)


async def _look(visit: Visit, class_id: int) -> StudentsClass:
    actor = visit.actor
    return await visit.database.snapshot(get_students_class, viewer=actor.viewer, student=actor.as_student, class_id=class_id)


def _render_cancelling(visit: Visit, seen: StudentsClass, foreseen: Cancellation | None, *, refused: Sequence[str] = ()) -> Answer:
    row = seen.found.training_class.row
    return visit.render(
        "my_cancel.html",
        title=f"Cancel {row.name}",
        seen=seen,
        row=row,
        foreseen=foreseen,
        refused=refused,
        standing=seen.record.row.status if seen.record else None,
    )


PAGES: Final[tuple[Page, ...]] = (show_class, enter, show_cancelling, cancel)
