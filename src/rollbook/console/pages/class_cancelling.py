"""Cancelling a class: what will happen first, then the reason, then the deed."""

from typing import Final

from rollbook.access.actor import Viewer
from rollbook.classes.queries.classes import ClassRow, get_class
from rollbook.classes.queries.names import Names, list_names
from rollbook.console.answer import Answer
from rollbook.console.audiences import CLASS_EDITORS
from rollbook.console.class_consequences import MOST_NAMED
from rollbook.console.page import Page, form, page
from rollbook.console.visit import Visit
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.calling_off import CallingOff, call_off
from rollbook.organizations.limits import LONGEST_NAME

CANCELLING: Final = "/classes/{class_id}/cancel"


@page(CANCELLING, to=CLASS_EDITORS)
async def show_cancelling(visit: Visit, class_id: int) -> Answer:
    """Show what cancelling the class does."""
    return await _show(visit, class_id)


@form(CANCELLING, to=CLASS_EDITORS, back=CANCELLING)
async def cancel_class(visit: Visit, class_id: int) -> Answer:
    """Cancel the class."""
    reason = visit.form.text("reason", longest=LONGEST_NAME)
    version = visit.form.number("version", least=1)
    if reason is None or version is None:
        return await _show(visit, class_id, status=422, error="Say why: whoever asks later finds it in the history.")
    done = await visit.database.write(call_off, actor=visit.actor, class_id=class_id, reason=reason, if_version=version)
    number = len(done.cancelled)
    told = [f"{number} {'enrollment was' if number == 1 else 'enrollments were'} cancelled with it."] if number else []
    if done.frozen:
        names = ", ".join(f"{each.first_name} {each.last_name}" for each in done.frozen[:MOST_NAMED])
        told.append(f"Enrolled they stay, as the class had begun: {names}{' and others' if len(done.frozen) > MOST_NAMED else ''}.")
    return visit.go(f"/classes/{class_id}", done="The class is cancelled.", warnings=told)


async def _show(visit: Visit, class_id: int, *, status: int = 200, error: str | None = None) -> Answer:
    rehearsal = await visit.database.rehearse(call_off, actor=visit.actor, class_id=class_id)
    off: CallingOff = rehearsal.result
    row, names = await visit.database.search(_read, viewer=visit.actor.viewer, class_id=class_id, off=off)
    return visit.render(
        "class_cancel.html",
        status=status,
        title=f"Cancel {row.name}",
        row=row,
        off=off,
        rooms=[names.classrooms.get(each, f"No. {each}") for each in off.freed_classroom_ids],
        instructors=[names.users.get(each, f"No. {each}") for each in off.freed_instructor_ids],
        reason=visit.form.raw("reason")[:LONGEST_NAME],
        error=error,
    )


async def _read(transaction: Transaction, *, viewer: Viewer, class_id: int, off: CallingOff) -> tuple[ClassRow, Names]:
    found = await get_class(transaction, viewer=viewer, class_id=class_id)
    return found.row, await list_names(transaction, classroom_ids=off.freed_classroom_ids, user_ids=off.freed_instructor_ids)


PAGES: Final[tuple[Page, ...]] = (show_cancelling, cancel_class)
