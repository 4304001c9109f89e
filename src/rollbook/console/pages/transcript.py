"""The transcript: what a student has attended, with what became of it."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import STUDENTS
from rollbook.console.page import Page, page
from rollbook.console.reading_on import BEHIND, address_behind, address_of, place_in
from rollbook.console.visit import Visit
from rollbook.enrollments.queries.training import page_transcript

PATH: Final = "/my/transcript"
ROWS: Final = 50


@page(PATH, to=STUDENTS)
async def show_transcript(visit: Visit) -> Answer:
    """Show the classes that have started, the latest first."""
    user_id = visit.user.user_id
    found = await visit.database.search(
        page_transcript, viewer=visit.actor.viewer, user_id=user_id, student_id=user_id, behind=place_in(visit.query), limit=ROWS
    )
    return visit.render(
        "my_transcript.html",
        title="Transcript",
        records=found.items,
        further=address_behind(PATH, visit.query, found.next),
        start=address_of(PATH, visit.query) if BEHIND in visit.query else None,
    )


PAGES: Final[tuple[Page, ...]] = (show_transcript,)
