"""My training: what a student has now and next, and for what they wait."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import STUDENTS
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.enrollments.agenda import Part
from rollbook.enrollments.queries.agenda import read_agenda


@page("/my/training", to=STUDENTS)
async def show_training(visit: Visit) -> Answer:
    """Show what is not over yet."""
    agenda = await visit.database.search(read_agenda, viewer=visit.actor.viewer, user_id=visit.user.user_id)
    return visit.render(
        "my_training.html", title="My training", parts=[(part.value, agenda.get(part, [])) for part in Part], any=bool(agenda)
    )


PAGES: Final[tuple[Page, ...]] = (show_training,)
