"""The attendance chart of a class: students by meetings."""

from collections import defaultdict
from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import STAFF
from rollbook.console.given import Given
from rollbook.console.page import Page, form, page
from rollbook.console.visit import Visit
from rollbook.enrollments.actions.marking import MeetingMarks, mark_chart, mark_meeting
from rollbook.enrollments.attendance import Attendance
from rollbook.enrollments.queries.attendance_charts import get_chart

MOST_STUDENTS: Final = 500
"""How many students a page shows, so that the form of ten meetings stays readable."""


@page("/classes/{class_id}/attendance", to=STAFF)
async def show_chart(visit: Visit, class_id: int) -> Answer:
    """Show who attended which meeting."""
    after_id = visit.query.number("after_id", least=1) or 0
    chart = await visit.database.search(get_chart, viewer=visit.actor.viewer, class_id=class_id, after_id=after_id, limit=MOST_STUDENTS)
    starts_at = chart.training_class.starts_at
    students = sorted(chart.students.items, key=lambda each: (each.row.last_name.casefold(), each.row.first_name.casefold(), each.row.id))
    return visit.render(
        "attendance.html",
        title=f"Attendance of {chart.training_class.name}",
        chart=chart,
        students=students,
        present={
            meeting.id: [each.row.id for each in students if _attended(each.attendance.get(meeting.id))] for meeting in chart.meetings
        },
        is_open=starts_at is not None and starts_at <= visit.now,
        after_id=after_id,
    )


@form("/classes/{class_id}/attendance", to=STAFF, back="/classes/{class_id}/attendance")
async def save_chart(visit: Visit, class_id: int) -> Answer:
    """Save the ticks that differ from those that were shown."""
    marked = await visit.database.write(mark_chart, actor=visit.actor, class_id=class_id, marks=_changed(visit.form))
    if visit.is_fetched:
        return visit.tell({"marked": len(marked)})
    return visit.go(_chart(visit, class_id), done=_told(len(marked)))


@form("/classes/{class_id}/attendance/everyone", to=STAFF, back="/classes/{class_id}/attendance")
async def mark_everyone(visit: Visit, class_id: int) -> Answer:
    """Mark every student of the class as having attended a meeting."""
    meeting_id = visit.form.number("meeting_id", least=1)
    if meeting_id is None:
        return visit.go(_chart(visit, class_id), refused=["No meeting was chosen; choose one."])
    marks = MeetingMarks(everyone=True)
    marked = await visit.database.write(mark_meeting, actor=visit.actor, class_id=class_id, meeting_id=meeting_id, marks=marks)
    return visit.go(_chart(visit, class_id), done=_told(sum(each.before != each.after for each in marked)))


def _attended(attendance: Attendance | None) -> bool:
    return attendance is not None and attendance.attended


def _changed(given: Given) -> dict[int, dict[int, bool]]:
    """Give the ticks that differ from those shown, so that nobody's mark made meanwhile is taken back."""
    changed: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for meeting_id in given.numbers("meeting", least=1):
        shown = (given.text(f"was_{meeting_id}") or "").split()
        was = set(Given([("was", number) for number in shown]).numbers("was", least=1))
        ticked = set(given.numbers(f"meeting_{meeting_id}", least=1))
        for enrollment_id in sorted(was ^ ticked):
            changed[meeting_id][enrollment_id] = enrollment_id in ticked
    return changed


def _chart(visit: Visit, class_id: int) -> str:
    after_id = visit.form.number("after_id")
    return f"/classes/{class_id}/attendance" + (f"?after_id={after_id}" if after_id else "")


def _told(number: int) -> str:
    return "Nothing was changed." if number == 0 else f"{number} mark{'s were' if number > 1 else ' was'} changed."


PAGES: Final[tuple[Page, ...]] = (show_chart, save_chart, mark_everyone)
