"""What is found while one types into a chooser, for its script; ``console.choosers`` tells how to use one."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.choosers import LONGEST_TYPED, SOURCES, Source, find_options
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit


def _choosing(source: Source) -> Page:
    async def tell_options(visit: Visit) -> Answer:
        """Tell what is found by what was typed."""
        found, is_more = await find_options(visit, source, visit.query.text("q", longest=LONGEST_TYPED) or "")
        return visit.tell({"options": found, "is_more": is_more})

    return page(f"/choose/{source.name}", to=COORDINATORS)(tell_options)


PAGES: Final[tuple[Page, ...]] = tuple(_choosing(source) for source in SOURCES)
