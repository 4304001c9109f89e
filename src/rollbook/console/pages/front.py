"""The first page, and the organization in which one works."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import SIGNED_IN
from rollbook.console.navigation import home_of
from rollbook.console.page import Page, form, page
from rollbook.console.visit import Visit
from rollbook.sessions.actions.sessions import choose_organization
from rollbook.sessions.destinations import path_of


@page("/home", to=SIGNED_IN)
async def go_home(visit: Visit) -> Answer:
    """Go to the page with which the user's work begins."""
    return visit.go(home_of(visit.user))


@form("/organization", to=SIGNED_IN, back="/home")
async def work_in(visit: Visit) -> Answer:
    """Work in another of the organizations that one manages."""
    organization_id = visit.form.number("organization_id", least=1) or 0
    await visit.database.write(choose_organization, session_id=visit.user.session_id, organization_id=organization_id)
    return visit.go(path_of(visit.form.raw("next"), public_url=visit.public_url) or "/home")


PAGES: Final[tuple[Page, ...]] = (go_home, work_in)
