"""Coming in with name and password, and going out."""

from collections.abc import Sequence
from typing import Final

from rollbook.console.answer import Answer, Cookie
from rollbook.console.audiences import ANYONE, SIGNED_IN
from rollbook.console.cookies import session_cookie_name
from rollbook.console.navigation import home_of
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of, status_of
from rollbook.console.session_cookie import session_cookie
from rollbook.console.visit import Visit
from rollbook.errors import RollbookError
from rollbook.sessions.actions.sessions import end_session
from rollbook.sessions.actions.signing_in import sign_in
from rollbook.sessions.destinations import path_of

HOME: Final = "/home"


@page("/sign-in", to=ANYONE)
async def show_sign_in(visit: Visit) -> Answer:
    """Ask for name and password."""
    if visit.visitor is not None:
        return visit.go(home_of(visit.visitor))
    return _show_sign_in(visit, wanted=visit.query.raw("next"), name="")


@form("/sign-in", to=ANYONE, back="/sign-in")
async def sign_in_with_password(visit: Visit) -> Answer:
    """Sign somebody in, and go on to the page that they wanted."""
    name, wanted = visit.form.raw("name"), visit.form.raw("next")
    try:
        session = await sign_in(
            visit.database, name=name, password=visit.form.raw("password"), address=visit.address, user_agent=visit.user_agent
        )
    except RollbookError as error:
        return _show_sign_in(visit, wanted=wanted, name=name, status=status_of(error), refused=sentences_of(error))
    return visit.go(_wanted(visit, wanted), cookies=[session_cookie(visit, session)])


@form("/sign-out", to=SIGNED_IN, back="/")
async def sign_out(visit: Visit) -> Answer:
    """End the session."""
    await visit.database.write(end_session, session_id=visit.user.session_id)
    return visit.go("/sign-in", done="You are signed out.", cookies=[Cookie(session_cookie_name(is_secure=visit.is_secure), None)])


def _show_sign_in(visit: Visit, *, wanted: str, name: str, status: int = 200, refused: Sequence[str] = ()) -> Answer:
    return visit.render("sign_in.html", status=status, title="Sign in", next=wanted, name=name, refused=refused)


def _wanted(visit: Visit, given: str) -> str:
    """Give the page that was wanted where it is one of this site, or else the first one."""
    return path_of(given, public_url=visit.public_url) or HOME


PAGES: Final[tuple[Page, ...]] = (
    show_sign_in,
    sign_in_with_password,
    sign_out,
)
