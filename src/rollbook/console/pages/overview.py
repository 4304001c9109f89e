"""The coordinator's home: what takes place, what waits, and what was changed last."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.change_words import sentence_of
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.enrollments.queries.overview import DAYS_TO_FILL, get_overview


@page("/overview", to=COORDINATORS)
async def show_overview(visit: Visit) -> Answer:
    """Show what takes place in the organization, and what waits for somebody's attention."""
    found = await visit.database.search(get_overview, viewer=visit.actor.viewer)
    organization = visit.user.organization
    return visit.render(
        "overview.html",
        title=f"Overview of {organization.name}" if organization else "Overview",
        overview=found,
        days_to_fill=DAYS_TO_FILL,
        sentence_of=sentence_of,
    )


PAGES: Final[tuple[Page, ...]] = (show_overview,)
