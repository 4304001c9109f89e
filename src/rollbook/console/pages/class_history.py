"""The history of a class: who changed what, from what to what, and why."""

from typing import Final

from rollbook.access.actor import Viewer
from rollbook.changes.queries.histories import Subject, page_history
from rollbook.classes.queries.classes import ClassRow, get_class
from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.class_changes import ToldEntry, tell_entries
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.database.keyset import Place
from rollbook.database.transaction import Transaction

AT_ONCE: Final = 50


@page("/classes/{class_id}/history", to=COORDINATORS)
async def show_history(visit: Visit, class_id: int) -> Answer:
    """Show what has been changed of a class, the newest change first."""
    behind = visit.query.number("behind", least=1, most=2**31 - 1)
    row, entries, next_place = await visit.database.search(
        _read, viewer=visit.actor.viewer, class_id=class_id, behind=None if behind is None else Place(behind)
    )
    return visit.render(
        "class_history.html",
        title=f"History of {row.name}",
        row=row,
        history=entries,
        behind=next_place.id if next_place else None,
        is_first=behind is None,
    )


async def _read(
    transaction: Transaction, *, viewer: Viewer, class_id: int, behind: Place | None
) -> tuple[ClassRow, list[ToldEntry], Place | None]:
    found = await get_class(transaction, viewer=viewer, class_id=class_id)
    paged = await page_history(transaction, viewer=viewer, subject=Subject.CLASS, subject_id=class_id, behind=behind, limit=AT_ONCE)
    told = await tell_entries(transaction, viewer=viewer, entries=paged.items, zone=found.row.time_zone_iana)
    return found.row, told, paged.next


PAGES: Final[tuple[Page, ...]] = (show_history,)
