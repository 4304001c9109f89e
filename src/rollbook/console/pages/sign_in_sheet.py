"""The sheet that students sign on paper."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import STAFF
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.enrollments.queries.sign_in_sheets import get_sign_in_sheet


@page("/classes/{class_id}/sign-in-sheet", to=STAFF)
async def show_sheet(visit: Visit, class_id: int) -> Answer:
    """Show the sheet for a meeting, to be printed."""
    sheet = await visit.database.search(
        get_sign_in_sheet, viewer=visit.actor.viewer, class_id=class_id, meeting_id=visit.query.number("meeting_id", least=1)
    )
    ends_at = sheet.training_class.ends_at
    return visit.render(
        "sign_in_sheet.html",
        title=f"Sign-in sheet of {sheet.training_class.name}",
        sheet=sheet,
        is_over=ends_at is not None and ends_at <= visit.now,
    )


PAGES: Final[tuple[Page, ...]] = (show_sheet,)
