"""One-time links: to set a password, and to come in from another system; and changing one's own password."""

from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import ANYONE, SIGNED_IN
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of, status_of
from rollbook.console.session_cookie import session_cookie
from rollbook.console.visit import Visit
from rollbook.errors import RollbookError
from rollbook.sessions.actions.links import set_password_by_link, sign_in_by_link
from rollbook.sessions.actions.passwords import change_password
from rollbook.sessions.queries.links import find_link


@page("/Service/ExternalLogon", to=ANYONE)
async def sign_in_from_elsewhere(visit: Visit) -> Answer:
    """Sign in whoever another system sends with a one-time address, and go on to where it says."""
    found = await sign_in_by_link(
        visit.database, token=visit.query.raw("authenticationKey"), address=visit.address, user_agent=visit.user_agent
    )
    return visit.go(found.destination, cookies=[session_cookie(visit, found.session)])


@page("/password/{token}", to=ANYONE)
async def show_password_link(visit: Visit, token: str) -> Answer:
    """Ask for a new password where the link is good."""
    found = await visit.database.read(find_link, token=token)
    return visit.render("password_link.html", title="Set your password", found=found, refused=())


@form("/password/{token}", to=ANYONE, back="/password/{token}")
async def set_password(visit: Visit, token: str) -> Answer:
    """Set the password of whoever has the link, and sign them in."""
    found = await visit.database.read(find_link, token=token)
    try:
        session = await set_password_by_link(
            visit.database,
            token=token,
            password=visit.form.raw("password"),
            again=visit.form.raw("again"),
            address=visit.address,
            user_agent=visit.user_agent,
        )
    except RollbookError as error:
        return visit.render(
            "password_link.html", status=status_of(error), title="Set your password", found=found, refused=sentences_of(error)
        )
    return visit.go("/home", done="Your password is set.", cookies=[session_cookie(visit, session)])


@page("/my/password", to=SIGNED_IN)
async def show_password(visit: Visit) -> Answer:
    """Ask for the present and a new password."""
    return visit.render("password.html", title="Change your password", refused=())


@form("/my/password", to=SIGNED_IN, back="/my/password")
async def change_own_password(visit: Visit) -> Answer:
    """Change one's own password, which ends one's other sessions."""
    try:
        session = await change_password(
            visit.database,
            user=visit.user,
            present=visit.form.raw("present"),
            password=visit.form.raw("password"),
            again=visit.form.raw("again"),
        )
    except RollbookError as error:
        return visit.render("password.html", status=status_of(error), title="Change your password", refused=sentences_of(error))
    return visit.go("/home", done="Your password is changed.", cookies=[session_cookie(visit, session)])


PAGES: Final[tuple[Page, ...]] = (sign_in_from_elsewhere, show_password_link, set_password, show_password, change_own_password)
