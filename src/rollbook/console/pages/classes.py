"""The page of a class: all that is known of it, what is worth knowing, and what one can do."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import STAFF
from rollbook.console.class_advice import advise, commands
from rollbook.console.class_changes import NOTHING
from rollbook.console.class_reading import see_class
from rollbook.console.custom_field_form import told
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit


@page("/classes/{class_id}", to=STAFF)
async def show_class(visit: Visit, class_id: int) -> Answer:
    """Show a class."""
    seen = await visit.database.search(see_class, actor=visit.actor, class_id=class_id)
    return visit.render(
        "class.html",
        title=seen.found.row.name,
        wide=True,
        row=seen.found.row,
        found=seen.found,
        names=seen.names,
        summary=seen.summary,
        advice=advise(visit, seen),
        commands=commands(visit, seen),
        custom_fields=[(each.name, told(each, seen.names.users) or NOTHING, each.is_inherited) for each in seen.found.custom_fields],
    )


PAGES: Final[tuple[Page, ...]] = (show_class,)
