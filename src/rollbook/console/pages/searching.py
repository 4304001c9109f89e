"""Search across classes, people and enrollments: a page, and the part of it that appears while one types."""

from typing import Any, Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.list_filters import LONGEST_WORDS
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.enrollments.queries.searching_everything import MOST_OF_EACH, search_everything

FEWEST_LETTERS: Final = 2


@page("/search", to=COORDINATORS)
async def search(visit: Visit) -> Answer:
    """Show what is found of each kind; to a script, that part of the page alone."""
    typed = visit.query.text("q", longest=LONGEST_WORDS) or ""
    is_enough = len(typed) >= FEWEST_LETTERS or typed.isdigit()
    found = await visit.database.search(search_everything, viewer=visit.actor.viewer, typed=typed if is_enough else "")
    values: dict[str, Any] = {"typed": typed, "is_enough": is_enough, "found": found, "most": MOST_OF_EACH}
    if visit.is_fetched:
        return visit.render_part("search_results.html", **values)
    return visit.render("search.html", title=f"Search: {typed}" if typed else "Search", **values)


PAGES: Final[tuple[Page, ...]] = (search,)
