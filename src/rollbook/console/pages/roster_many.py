"""What is done with many lines of a roster at once, and undoing what was done last."""

import secrets
from collections.abc import Sequence
from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS, STAFF
from rollbook.console.enrollment_values import read_shared_changes, read_word
from rollbook.console.given import UnreadableError
from rollbook.console.page import Page, form
from rollbook.console.roster_view import read_lines, see_class
from rollbook.console.told_changes import told_effects, told_refusals
from rollbook.console.visit import Visit
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.completing import complete_students
from rollbook.enrollments.actions.many import list_alterations
from rollbook.enrollments.actions.row_by_row import carry_out_each
from rollbook.enrollments.actions.undoing import undo_changes
from rollbook.enrollments.queries.students import list_names
from rollbook.enrollments.queries.undoing import LastChange
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import InvalidError

ROSTER: Final = "/classes/{class_id}/roster"
MOST_SELECTED: Final = 5_000
ATTENDANCE_STAYS: Final = "Attendance that was marked stays marked; look at the attendance."


class NobodySelectedError(InvalidError):
    """Nobody is selected in a roster whose students are to be changed."""

    def __init__(self) -> None:
        super().__init__("nobody is selected; tick the boxes before the names first")


class NothingChosenError(InvalidError):
    """It is not said what selected students are to get."""

    def __init__(self) -> None:
        super().__init__("it is not chosen what to change; choose a status, a completion, a place, hours or a grade")


def together() -> str:
    """Give the mark by which changes know one another that are made with one click."""
    return secrets.token_urlsafe(9)


@form("/classes/{class_id}/roster/changes", to=COORDINATORS, back=ROSTER)
async def change_many(visit: Visit, class_id: int) -> Answer:
    """Change the selected alike, each for itself, and tell why some could not be."""
    await see_class(visit, class_id)
    ids = _selected(visit)
    changes = read_shared_changes(visit.form)
    if changes == EnrollmentChanges():
        raise NothingChosenError
    viewer = visit.actor.viewer
    rows = await visit.database.snapshot(list_alterations, viewer=viewer, class_id=class_id, enrollment_ids=ids, changes=changes)
    done = await carry_out_each(visit.database, actor=visit.actor, rows=rows, together=together())
    found = await visit.database.search(list_names, enrollment_ids=ids)
    names = {name.user_id: f"{name.first_name} {name.last_name}" for name in found}
    refused = told_refusals(done.outcomes, names)
    own = {each.subject_id for each in done.recorded}.intersection(ids)
    return visit.go(
        f"/classes/{class_id}/roster",
        done=_told_number(len(own), unchanged=len(rows) - len(refused) - len(own)),
        refused=refused,
        warnings=await told_effects(visit.database, done.recorded),
    )


@form("/classes/{class_id}/roster/completions", to=STAFF, back=ROSTER)
async def complete_many(visit: Visit, class_id: int) -> Answer:
    """Give the selected a completion, all or none: all that an instructor may."""
    ids = _selected(visit)
    completion = read_word(visit.form, "completion", CompletionStatus)
    if completion is None:
        raise NothingChosenError
    completions = dict.fromkeys(ids, completion)
    changed = await visit.database.write(complete_students, actor=visit.actor, class_id=class_id, completions=completions)
    return visit.go(f"/classes/{class_id}/roster", done=_told_number(len(changed), unchanged=len(ids) - len(changed)))


@form("/classes/{class_id}/roster/emails", to=COORDINATORS, back=ROSTER)
async def show_addresses(visit: Visit, class_id: int) -> Answer:
    """Show the e-mail addresses of the selected, to be copied."""
    training_class = await see_class(visit, class_id)
    lines = await read_lines(visit, class_id, _selected(visit))
    addresses = list(dict.fromkeys(line.row.email for line in lines if line.row.email))
    if visit.is_fetched:
        return visit.tell({"addresses": addresses})
    return visit.render(
        "roster_emails.html", title="E-mail addresses", training_class=training_class, class_id=class_id, addresses=addresses
    )


@form("/classes/{class_id}/roster/undo", to=COORDINATORS, back=ROSTER)
async def undo_last(visit: Visit, class_id: int) -> Answer:
    """Undo what the user did last, as it was shown to them."""
    await see_class(visit, class_id)
    changes = _read_undone(visit)

    async def act(transaction: Transaction) -> tuple[Sequence[LastChange], Sequence[Recorded]]:
        return await undo_changes(transaction, actor=visit.actor, changes=changes), transaction.recorded

    undone, recorded = await visit.database.write(act)
    number = len(undone)
    marked = any((each.after or {}).get("completion") == CompletionStatus.ATTENDING for each in undone)
    return visit.go(
        f"/classes/{class_id}/roster",
        done=f"Undone: {number} {'student is' if number == 1 else 'students are'} as before.",
        warnings=[*await told_effects(visit.database, recorded), *([ATTENDANCE_STAYS] if marked else [])],
    )


def _selected(visit: Visit) -> list[int]:
    """
    Give the enrollments that are ticked.

    Raises:
        NobodySelectedError: None is.
        UnreadableError: There are too many, or one is no number.
    """
    ids = list(dict.fromkeys(visit.form.numbers("enrollment_id", least=1)))
    if not ids:
        raise NobodySelectedError
    if len(ids) > MOST_SELECTED:
        raise UnreadableError("the_selection", f"at most {MOST_SELECTED:,} students")
    return ids


def _read_undone(visit: Visit) -> dict[int, int]:
    """
    Read the changes that are to be undone: the enrollment and the change of each.

    Raises:
        UnreadableError: They are none.
    """
    pairs = [part.split("-") for part in (visit.form.text("changes") or "").split()]
    are_numbers = all(len(pair) == 2 and all(each.isascii() and each.isdigit() and len(each) <= 10 for each in pair) for pair in pairs)
    if not pairs or not are_numbers:
        raise UnreadableError("changes", "what a page offers to undo")
    return {int(enrollment_id): int(change_id) for enrollment_id, change_id in pairs}


def _told_number(changed: int, *, unchanged: int) -> str:
    done = f"{changed} {'student was' if changed == 1 else 'students were'} changed"
    return f"{done}; {unchanged} had that already." if unchanged > 0 else f"{done}."


PAGES: tuple[Page, ...] = (change_many, complete_many, show_addresses, undo_last)
