"""The check-in desk: today's classes, and a tap for everyone who comes."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from rollbook.console import times
from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of, show_refusal
from rollbook.console.visit import Visit
from rollbook.enrollments.actions.checking_in import CheckedIn, check_student_in, undo_check_in
from rollbook.enrollments.attendance import NotCheckedInError
from rollbook.enrollments.queries.attendance import MeetingNotFoundError
from rollbook.enrollments.queries.desk import DeskClass, DeskStudent, list_desk, named
from rollbook.enrollments.queries.sight import get_enrollment_by_id

_LONGEST_NAME: Final = 100
_MOST_UNFOLDED: Final = 2
"""So many classes are shown with their students; of more, each is opened first."""


@page("/check-in", to=COORDINATORS)
async def show_desk(visit: Visit) -> Answer:
    """Show the classes of this day and who is here; a script is told the latter alone."""
    class_id = visit.query.number("class_id", least=1)
    found = await visit.database.search(list_desk, viewer=visit.actor.viewer, class_id=class_id)
    if visit.is_fetched:
        return visit.tell({"classes": [_state_of(each) for each in found]})
    name = visit.query.text("q", longest=_LONGEST_NAME) or ""
    shown = named(found, name=name) if name else found
    return visit.render(
        "check_in.html",
        title="Check-in",
        meeting_today=len(found),
        # A class of which a search shows some students still counts all of them.
        counted={each.brief.row.id: (each.here, each.expected) for each in found},
        shown=shown,
        name=name,
        class_id=class_id,
        is_folded=len(found) > _MOST_UNFOLDED and not name,
        unfolded_id=visit.query.number("open", least=1),
    )


@form("/check-in/{enrollment_id}", to=COORDINATORS, back="/check-in")
async def check_in(visit: Visit, enrollment_id: int) -> Answer:
    """Check a student in to the meeting that the desk shows, and to no other."""
    try:
        told = await visit.database.write(
            check_student_in, actor=visit.actor, enrollment_id=enrollment_id, meeting_id=visit.form.number("meeting_id", least=1) or 0
        )
    except MeetingNotFoundError as error:
        return _refuse(visit, sentences_of(error))
    return await _answer(visit, told, "is checked in", undo=f"/check-in/{enrollment_id}/undo")


@form("/check-in/{enrollment_id}/undo", to=COORDINATORS, back="/check-in")
async def undo(visit: Visit, enrollment_id: int) -> Answer:
    """Undo a check-in to a meeting; said again, it changes nothing."""
    meeting_id = visit.form.number("meeting_id", least=1) or 0
    try:
        told = await visit.database.write(undo_check_in, actor=visit.actor, enrollment_id=enrollment_id, meeting_id=meeting_id)
    except NotCheckedInError:
        stored = await visit.database.read(get_enrollment_by_id, viewer=visit.actor.viewer, enrollment_id=enrollment_id)
        return await _answer_about(visit, class_id=stored.class_id, enrollment_id=enrollment_id, done="is not checked in")
    return await _answer(visit, told, "is not checked in any more")


async def _answer(visit: Visit, told: CheckedIn, done: str, *, undo: str | None = None) -> Answer:
    values = {"meeting_id": str(told.meeting.id)}
    return await _answer_about(visit, class_id=told.class_id, enrollment_id=told.enrollment_id, done=done, undo=undo, undo_values=values)


async def _answer_about(
    visit: Visit, *, class_id: int, enrollment_id: int, done: str, undo: str | None = None, undo_values: dict[str, str] | None = None
) -> Answer:
    """Tell a script who is here now; send a browser back to the place on the page from which it came."""
    found = await visit.database.search(list_desk, viewer=visit.actor.viewer, class_id=class_id)
    if visit.is_fetched:
        return visit.tell({"classes": [_state_of(each) for each in found]})
    students = [student for each in found for student in each.students if student.row.id == enrollment_id]
    name = f"{students[0].row.first_name} {students[0].row.last_name}" if students else "The student"
    return visit.go(f"{_back(visit, unfolded_id=class_id)}#class-{class_id}", done=f"{name} {done}.", undo=undo, undo_values=undo_values)


def _refuse(visit: Visit, sentences: Sequence[str]) -> Answer:
    return show_refusal(visit, 409, sentences) if visit.is_fetched else visit.go(_back(visit), refused=sentences)


def _back(visit: Visit, *, unfolded_id: int | None = None) -> str:
    """Give the address of the desk as it was shown, with the class open that it is about."""
    name, class_id = visit.form.text("q", longest=_LONGEST_NAME), visit.form.number("class_id", least=1)
    given = {"q": name, "class_id": class_id, "open": None if name or class_id else unfolded_id}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/check-in?{query}" if query else "/check-in"


def _state_of(found: DeskClass) -> dict[str, Any]:
    return {
        "id": found.brief.row.id,
        "meeting": found.meeting.id,
        "here": found.here,
        "expected": found.expected,
        "students": [_told_of(student, found.brief.row.time_zone) for student in found.students],
    }


def _told_of(student: DeskStudent, time_zone: str) -> dict[str, Any]:
    at = student.row.checked_in_at
    return {
        "id": student.row.id,
        "here": student.is_here,
        "checked": student.is_checked_in,
        "since": times.clock_time(at, time_zone) if student.is_checked_in and at is not None else None,
    }


PAGES: Final[tuple[Page, ...]] = (show_desk, check_in, undo)
