"""One enrollment: what it is, why it is so, what would let the student in, everything of it to be changed, and its history."""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.changes.queries.histories import HistoryEntry, Subject, page_history
from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.change_words import words_of
from rollbook.console.enrollment_values import LONGEST_REASON, read_changes
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of, status_of
from rollbook.console.roster_view import entered_values, place_value
from rollbook.console.told_changes import told_effects, told_fields
from rollbook.console.visit import Visit
from rollbook.database.keyset import Page as HistoryPage
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.choices import Choices, get_choices
from rollbook.enrollments.queries.explaining import Explained, explain_enrollment
from rollbook.enrollments.queries.records import EnrollmentRecord, get_enrollment_record
from rollbook.errors import NotFoundError, RollbookError

ENROLLMENT: Final = "/enrollments/{enrollment_id}"
CHANGES_SHOWN: Final = 100


class _Whole(Struct, frozen=True):
    record: EnrollmentRecord
    explained: Explained
    choices: Choices
    history: HistoryPage[HistoryEntry]


@page(ENROLLMENT, to=COORDINATORS)
async def show_enrollment(visit: Visit, enrollment_id: int) -> Answer:
    """Show an enrollment."""
    return await _show(visit, enrollment_id)


@form(ENROLLMENT, to=COORDINATORS, back=ENROLLMENT)
async def change_enrollment(visit: Visit, enrollment_id: int) -> Answer:
    """Change an enrollment, as long as it is what the user saw; where that is refused, show what was entered."""
    record = await visit.database.snapshot(get_enrollment_record, viewer=visit.actor.viewer, enrollment_id=enrollment_id)
    try:
        changes = read_changes(visit.form, record.row)
        version = visit.form.number("version", least=1)
        reason = visit.form.text("reason", longest=LONGEST_REASON)

        async def act(transaction: Transaction) -> Sequence[Recorded]:
            await update(transaction, caller=visit.actor, enrollment_id=enrollment_id, changes=changes, if_version=version, reason=reason)
            return transaction.recorded

        recorded = await visit.database.write(act)
    except NotFoundError as error:
        if error.field is None:
            raise
        return await _show(visit, enrollment_id, refused=sentences_of(error), status=422)
    except RollbookError as error:
        return await _show(visit, enrollment_id, refused=sentences_of(error), status=status_of(error))
    done = "The enrollment is changed." if recorded else "Nothing was changed."
    return visit.go(f"/enrollments/{enrollment_id}", done=done, warnings=await told_effects(visit.database, recorded))


async def _show(visit: Visit, enrollment_id: int, *, refused: Iterable[str] = (), status: int = 200) -> Answer:
    whole = await visit.database.search(_read, viewer=visit.actor.viewer, enrollment_id=enrollment_id)
    row = whole.record.row
    return visit.render(
        "enrollment.html",
        status=status,
        title=f"{row.first_name} {row.last_name} in {row.class_name}",
        row=row,
        position=whole.record.position,
        explanation=whole.explained.explanation,
        choices=whole.choices,
        entered=entered_values(whole.choices, visit.form),
        ticked={
            name: visit.form.is_ticked(name) if f"has_{name}" in visit.form else getattr(row, name) for name in ("retake", "late_cancel")
        },
        place_value=place_value,
        refused=list(refused),
        history=whole.history.items,
        is_older=whole.history.next is not None,
        told_fields=told_fields,
        words_of=words_of,
        rooms={place.placement.classroom_id: place.room for place in whole.choices.places if place.room},
    )


async def _read(transaction: Transaction, *, viewer: Viewer, enrollment_id: int) -> _Whole:
    return _Whole(
        record=await get_enrollment_record(transaction, viewer=viewer, enrollment_id=enrollment_id),
        explained=await explain_enrollment(transaction, viewer=viewer, enrollment_id=enrollment_id),
        choices=await get_choices(transaction, viewer=viewer, enrollment_id=enrollment_id),
        history=await page_history(transaction, viewer=viewer, subject=Subject.ENROLLMENT, subject_id=enrollment_id, limit=CHANGES_SHOWN),
    )


PAGES: tuple[Page, ...] = (show_enrollment, change_enrollment)
