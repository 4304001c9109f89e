"""Cancelling an enrollment that holds a place, with a chosen replacement from the line where one is wanted."""

from collections.abc import Sequence
from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.enrollment_values import LONGEST_REASON
from rollbook.console.page import Page, form, page
from rollbook.console.pages.roster_many import together
from rollbook.console.roster_view import read_lines, see_line
from rollbook.console.told_changes import told_effects
from rollbook.console.visit import Visit
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.replacing import cancel_with_replacement
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.explaining import explain_enrollment
from rollbook.enrollments.queries.records import EnrollmentRecord, list_line_records
from rollbook.enrollments.queries.roster import RosterClass, get_roster_class
from rollbook.enrollments.statuses import EnrollmentStatus

CANCELLING: Final = "/classes/{class_id}/roster/cancel/{enrollment_id}"


@page(CANCELLING, to=COORDINATORS)
async def show_cancelling(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Show who could get the place, and what stands in the way of cancelling."""
    entry = await see_line(visit, class_id, enrollment_id)

    async def read(transaction: Transaction) -> tuple[RosterClass, list[EnrollmentRecord]]:
        found = await get_roster_class(transaction, viewer=visit.actor.viewer, class_id=class_id)
        return found, await list_line_records(transaction, class_id=class_id)

    training_class, line = await visit.database.search(read)
    explained = await visit.database.search(explain_enrollment, viewer=visit.actor.viewer, enrollment_id=enrollment_id)
    return visit.render(
        "roster_cancel.html",
        title="Cancel an enrollment",
        training_class=training_class,
        class_id=class_id,
        entry=entry,
        line=line,
        verdicts=explained.explanation.verdicts,
    )


@form(CANCELLING, to=COORDINATORS, back=CANCELLING)
async def cancel(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Cancel an enrollment; where somebody is chosen for its place, both or neither."""
    entry = await see_line(visit, class_id, enrollment_id)
    replacement_id = visit.form.number("replacement_enrollment_id", least=1)
    reason = visit.form.text("reason", longest=LONGEST_REASON)
    version = visit.form.number("version", least=1)

    async def act(transaction: Transaction) -> Sequence[Recorded]:
        if replacement_id is None:
            changes = EnrollmentChanges(status=EnrollmentStatus.CANCELLED)
            await update(transaction, caller=visit.actor, enrollment_id=enrollment_id, changes=changes, if_version=version, reason=reason)
        else:
            await cancel_with_replacement(
                transaction,
                actor=visit.actor,
                enrollment_id=enrollment_id,
                replacement_enrollment_id=replacement_id,
                reason=reason,
                if_version=version,
                together=mark,
            )
        return transaction.recorded

    mark = together()
    recorded = await visit.database.write(act)
    name = f"{entry.row.first_name} {entry.row.last_name}"
    done = f"{name} is Cancelled."
    if replacement_id is not None:
        (replacement,) = await read_lines(visit, class_id, [replacement_id])
        done = f"{name} is Cancelled, and {replacement.row.first_name} {replacement.row.last_name} is Enrolled instead."
    return visit.go(f"/classes/{class_id}/roster", done=done, warnings=await told_effects(visit.database, recorded))


PAGES: tuple[Page, ...] = (show_cancelling, cancel)
