"""The instructor's home: what they teach today and this week."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import INSTRUCTORS
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.enrollments.queries.briefs import DAYS_AHEAD, on_days, week_around
from rollbook.enrollments.queries.instructing import list_instructed_classes


@page("/teaching", to=INSTRUCTORS)
async def show_teaching(visit: Visit) -> Answer:
    """Show the classes that the user instructs, by the days of their zones."""
    found = await visit.database.snapshot(list_instructed_classes, user_id=visit.user.user_id, **week_around(visit.now))
    return visit.render(
        "teaching.html",
        title="Teaching",
        today=on_days(found, now=visit.now, first=0, last=0),
        week=on_days(found, now=visit.now, first=1, last=DAYS_AHEAD),
    )


PAGES: Final[tuple[Page, ...]] = (show_teaching,)
