"""The completions of a class: many students at once, and closing the class."""

from typing import Final

from rollbook.access.roles import Permission
from rollbook.console.answer import Answer
from rollbook.console.audiences import CLASS_EDITORS, STAFF
from rollbook.console.given import Given
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of
from rollbook.console.visit import Visit
from rollbook.enrollments.actions.closing import ClosedClass, close_class
from rollbook.enrollments.actions.completing import complete_students
from rollbook.enrollments.queries.roster import RosterRow, get_roster
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import RollbookError

_OPEN: Final = frozenset({CompletionStatus.UNKNOWN, CompletionStatus.ATTENDING})


@page("/classes/{class_id}/completion", to=STAFF)
async def show_completions(visit: Visit, class_id: int) -> Answer:
    """Show what became of each student, to be changed for many at once."""
    roster = await visit.database.search(get_roster, viewer=visit.actor.viewer, class_id=class_id)
    taught = roster.training_class
    students = [entry.row for entry in roster.entries if entry.row.status.is_attending]
    chosen = {row.id: row.completion for row in students}
    proposed = visit.query.text("choose") == "attended"
    if proposed:
        chosen |= {row.id: CompletionStatus.COMPLETE for row in students if _is_to_propose(row, meetings=taught.meetings)}
    may_close = visit.may(Permission.EDIT_CLASSES)
    preview, refused = await _preview(visit, class_id) if may_close and visit.query.is_ticked("closing") else (None, ())
    return visit.render(
        "completion.html",
        title=f"Completion of {taught.name}",
        taught=taught,
        students=students,
        chosen=chosen,
        proposed=sum(chosen[row.id] is not row.completion for row in students) if proposed else None,
        may_close=may_close,
        preview=preview,
        refused=refused,
        names={row.id: row for row in students},
    )


@form("/classes/{class_id}/completion", to=STAFF, back="/classes/{class_id}/completion")
async def save_completions(visit: Visit, class_id: int) -> Answer:
    """Give those students another completion for whom another one was chosen than the page had shown."""
    changed = await visit.database.write(complete_students, actor=visit.actor, class_id=class_id, completions=_changed(visit.form))
    number = len(changed)
    done = "Nothing was changed." if number == 0 else f"The completion of {number} student{'s was' if number > 1 else ' was'} saved."
    return visit.go(f"/classes/{class_id}/completion", done=done)


@form("/classes/{class_id}/closing", to=CLASS_EDITORS, back="/classes/{class_id}/completion")
async def close(visit: Visit, class_id: int) -> Answer:
    """Close the class: nobody is left without a completion."""
    closed = await visit.database.write(close_class, actor=visit.actor, class_id=class_id)
    changed = sum(student.before is not student.after for student in closed.students)
    done = f"The class is closed, which marked {changed} of its {len(closed.students)} students."
    return visit.go(f"/classes/{class_id}/completion", done=done)


def _is_to_propose(row: RosterRow, *, meetings: int) -> bool:
    return meetings > 0 and row.meetings_attended >= meetings and row.completion in _OPEN


async def _preview(visit: Visit, class_id: int) -> tuple[ClosedClass | None, tuple[str, ...]]:
    """Give what closing the class would come to, or why it cannot be closed."""
    try:
        rehearsal = await visit.database.rehearse(close_class, actor=visit.actor, class_id=class_id)
    except RollbookError as error:
        return None, tuple(sentences_of(error))
    closed: ClosedClass = rehearsal.result
    return closed, ()


def _changed(given: Given) -> dict[int, CompletionStatus]:
    """Give the completions that were chosen anew, so that nobody's choice made meanwhile is taken back."""
    completions = {int(completion) for completion in CompletionStatus}
    changed = {}
    for enrollment_id in given.numbers("student", least=1):
        was, chosen = [given.number(f"{name}_{enrollment_id}", most=max(completions)) for name in ("was", "completion")]
        if chosen is not None and chosen != was and chosen in completions:
            changed[enrollment_id] = CompletionStatus(chosen)
    return changed


PAGES: Final[tuple[Page, ...]] = (show_completions, save_completions, close)
