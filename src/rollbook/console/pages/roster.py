"""The roster of a class: who is in it, one line each, to be changed in place."""

from collections.abc import Iterable
from typing import Any, Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS, STAFF
from rollbook.console.enrollment_values import read_changes, read_word
from rollbook.console.given import UnreadableError
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of
from rollbook.console.roster_view import (
    entered_values,
    is_editor,
    place_value,
    read_lines,
    read_roster,
    read_state,
    see_line,
    selected,
    undo_values,
)
from rollbook.console.told_changes import told_effects
from rollbook.console.visit import Visit
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.actions.completing import complete_students
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.choices import get_choices
from rollbook.enrollments.queries.roster import RosterEntry
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import RollbookError

ROSTER: Final = "/classes/{class_id}/roster"
EVERYBODY: Final = "all"
"""As what the address says that everybody is selected."""


@page(ROSTER, to=STAFF)
async def show_roster(visit: Visit, class_id: int) -> Answer:
    """Show the roster, and one line of it as a form where the address says which."""
    changed_id = visit.query.number("change", least=1)
    return await _show(visit, class_id, changed_id=changed_id)


@page("/classes/{class_id}/roster/state", to=STAFF)
async def show_state(visit: Visit, class_id: int) -> Answer:
    """Tell a script how full the class is and which lines there are, unless it has seen just that."""
    state = await read_state(visit, class_id)
    if visit.query.text("seen", longest=16) == state.stamp:
        return Answer(status=204, headers={"cache-control": "no-store"})
    return visit.tell({"stamp": state.stamp, "versions": state.versions, **_shown_state(visit, class_id, state.summary, state.undoable)})


@page("/classes/{class_id}/roster/lines/{enrollment_id}", to=STAFF)
async def show_line(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Give a script one line of the roster, as a form where it is to be changed."""
    entry = await see_line(visit, class_id, enrollment_id)
    choices = await _choices(visit, enrollment_id) if visit.query.is_ticked("change") else {}
    return visit.render_part("roster_line.html", **{**_shown_line(visit, class_id, entry), **choices})


@form("/classes/{class_id}/roster/lines/{enrollment_id}", to=COORDINATORS, back=ROSTER)
async def change_line(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Change one enrollment, as long as it is what the user saw."""
    entry = await see_line(visit, class_id, enrollment_id)
    recorded: list[Recorded] = []
    try:
        changes = read_changes(visit.form, entry.row)
        version = visit.form.number("version", least=1)

        async def act(transaction: Transaction) -> list[Recorded]:
            await update(transaction, caller=visit.actor, enrollment_id=enrollment_id, changes=changes, if_version=version)
            return transaction.recorded

        recorded = await visit.database.write(act)
    except RollbookError as error:
        return await _refused_line(visit, class_id, enrollment_id, error)
    return await _changed_line(visit, class_id, entry, recorded)


@form("/classes/{class_id}/roster/lines/{enrollment_id}/completion", to=STAFF, back=ROSTER)
async def change_completion(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Change the completion of one student and nothing else: all that an instructor may."""
    entry = await see_line(visit, class_id, enrollment_id)
    recorded: list[Recorded] = []
    try:
        completion = read_word(visit.form, "completion", CompletionStatus)
        if completion is None:
            raise UnreadableError("completion", "one of those to choose from")
        completions = {enrollment_id: completion}

        async def act(transaction: Transaction) -> list[Recorded]:
            await complete_students(transaction, actor=visit.actor, class_id=class_id, completions=completions)
            return transaction.recorded

        recorded = await visit.database.write(act)
    except RollbookError as error:
        return await _refused_line(visit, class_id, enrollment_id, error)
    return await _changed_line(visit, class_id, entry, recorded)


async def _show(visit: Visit, class_id: int, *, changed_id: int | None, refused: Iterable[str] = (), status: int = 200) -> Answer:
    view = await read_roster(visit, class_id, changed_id=changed_id)
    wanted = read_word(visit.query, "status", EnrollmentStatus)
    listed = selected(view.roster, status=wanted)
    return visit.render(
        "roster.html",
        status=status,
        title=f"Roster of {view.roster.training_class.name}",
        wide=True,
        training_class=view.roster.training_class,
        summary=view.summary,
        listed=listed,
        total=len(view.roster.entries),
        wanted=wanted,
        places=view.places,
        choices=view.choices,
        entered=entered_values(view.choices, visit.form),
        refused=list(refused),
        class_id=class_id,
        selects_all=visit.query.text("select", longest=9) == EVERYBODY,
        edits=is_editor(visit),
        place_value=place_value,
        **undo_values(view.undoable, view.summary),
    )


async def _choices(visit: Visit, enrollment_id: int) -> dict[str, Any]:
    """Give what the form of a line shows beside the line; an instructor chooses among completions alone."""
    choices = await visit.database.snapshot(get_choices, viewer=visit.actor.viewer, enrollment_id=enrollment_id)
    return {"choices": choices, "entered": entered_values(choices, visit.form)}


def _shown_line(visit: Visit, class_id: int, entry: RosterEntry) -> dict[str, Any]:
    """Give what a line of the roster shows, while it is not being changed."""
    shown = {"class_id": class_id, "entry": entry, "edits": is_editor(visit), "place_value": place_value}
    return {**shown, "choices": None, "entered": {}, "refused": [], "selects_all": False}


def _shown_state(visit: Visit, class_id: int, summary: Any, undoable: Any) -> dict[str, str]:
    """Give the parts of the page that change with every line."""
    return {
        "summary": visit.part("roster_summary.html", class_id=class_id, summary=summary, wanted=None),
        "undo": visit.part("roster_undo.html", class_id=class_id, **undo_values(undoable, summary)),
    }


async def _changed_line(visit: Visit, class_id: int, entry: RosterEntry, recorded: list[Recorded]) -> Answer:
    name = f"{entry.row.first_name} {entry.row.last_name}"
    done = f"{name} is changed." if recorded else f"Nothing of {name} was changed."
    effects = await told_effects(visit.database, recorded)
    if not visit.is_fetched:
        return visit.go(f"/classes/{class_id}/roster", done=done, warnings=effects)
    changed = {entry.row.id, *(each.subject_id for each in recorded if each.record["subject"] == "enrollment")}
    lines = await read_lines(visit, class_id, changed)
    state = await read_state(visit, class_id)
    return visit.tell(
        {
            "done": done,
            "warnings": effects,
            "lines": {each.row.id: visit.part("roster_line.html", **_shown_line(visit, class_id, each)) for each in lines},
            "stamp": state.stamp,
            **_shown_state(visit, class_id, state.summary, state.undoable),
        }
    )


async def _refused_line(visit: Visit, class_id: int, enrollment_id: int, error: RollbookError) -> Answer:
    """Show the form of a line again, with why it was refused; a script is told by the door."""
    if visit.is_fetched:
        raise error
    return await _show(visit, class_id, changed_id=enrollment_id, refused=sentences_of(error), status=409)


PAGES: tuple[Page, ...] = (show_roster, show_state, show_line, change_line, change_completion)
