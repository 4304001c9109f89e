"""Serving a page: who comes, may they, is the form their own; then the handler; then what a refusal looks like."""

import secrets
from typing import Any, Final, Protocol
from urllib.parse import quote

from litestar import Request
from msgspec.structs import replace

from rollbook import clock
from rollbook.access.keys import hash_of
from rollbook.console.answer import Answer, Cookie
from rollbook.console.audiences import ANYONE, admit
from rollbook.console.cookies import session_cookie_name, visitor_cookie_name
from rollbook.console.given import Given, read_given
from rollbook.console.notices import NAME as NOTICE_COOKIE
from rollbook.console.notices import decoded
from rollbook.console.page import IN_PATH, Page
from rollbook.console.refusals import FormNotOursError, refused, refused_form, show_refusal
from rollbook.console.visit import Visit
from rollbook.database.transaction import Database
from rollbook.errors import NotFoundError, RollbookError, UnavailableError
from rollbook.organizations.limits import LARGEST_NUMBER
from rollbook.sessions.actions.sessions import touch_session
from rollbook.sessions.form_tokens import is_form_token
from rollbook.sessions.queries.sessions import SignedIn, find_session

TOKEN_FIELD: Final = "form_token"  # noqa: S105 - the name of a field
TOKEN_HEADER: Final = "rollbook-form-token"  # noqa: S105 - the name of a header
FETCHED_HEADER: Final = "rollbook-fetch"
OUR_OWN: Final = frozenset({"same-origin", "none"})
PASSWORD_PAGE: Final = "/my/password"  # noqa: S105 - an address
OPEN_BEFORE_A_NEW_PASSWORD: Final = frozenset({PASSWORD_PAGE, "/sign-out"})


class Activity(Protocol):
    """Remembers what is requested for users."""

    def remember(self, *, user_id: int, method: str, target: str, referrer: str | None, user_agent: str | None) -> None:
        """Remember that something is requested for a user now."""


SENTENCES: Final = {
    404: "There is nothing at this address; go on from the menu or the search.",
    405: "This address takes no request of this kind; open the page again.",
    413: "The form holds more than a mebibyte; send less at once.",
    500: "Nothing of what you sent may have been changed; look, and try again. The server's log says what went wrong.",
}


class NoSuchPageError(NotFoundError):
    """There is nothing at this address."""

    def __init__(self) -> None:
        super().__init__("there is nothing at this address; go on from the menu or the search")


class Server:
    """Serves pages on an open database."""

    def __init__(self, *, database: Database, activity: Activity, public_url: str) -> None:
        self._database = database
        self._activity = activity
        self._public_url = public_url
        self.is_secure = public_url.startswith("https://")

    async def serve(self, page: Page, request: Request[Any, Any, Any]) -> tuple[Answer, SignedIn | None]:
        """Answer a request for a page, and tell who came."""
        visit = self._receive(request)
        try:
            await self._recognize(visit, request)
            answer = await self._answer(page, visit, request)
        except UnavailableError as error:
            answer = refused(visit, error)
        name = visitor_cookie_name(is_secure=self.is_secure)
        if page.audience is ANYONE and visit.visitor is None and request.cookies.get(name) != visit.secret:
            answer = replace(answer, cookies=(*answer.cookies, Cookie(name, visit.secret)))
        return answer, visit.visitor

    def refuse(self, request: Request[Any, Any, Any], status: int) -> Answer:
        """Answer a request that no page answers: nothing is at its address, or it could not be understood, or went wrong."""
        return show_refusal(self._receive(request), status, [SENTENCES.get(status, SENTENCES[500])])

    def _receive(self, request: Request[Any, Any, Any]) -> Visit:
        """Receive a visitor of whom nothing is known yet."""
        secret = request.cookies.get(visitor_cookie_name(is_secure=self.is_secure)) or secrets.token_urlsafe(32)
        return Visit(
            database=self._database,
            path=request.url.path,
            secret=secret,
            notice=decoded(request.cookies.get(NOTICE_COOKIE)),
            is_fetched=FETCHED_HEADER in request.headers,
            is_secure=self.is_secure,
            public_url=self._public_url,
            address=request.client.host if request.client else None,
            user_agent=request.headers.get("user-agent"),
            now=clock.now(),
        )

    async def _recognize(self, visit: Visit, request: Request[Any, Any, Any]) -> None:
        """Find who comes, where they are signed in."""
        secret = request.cookies.get(session_cookie_name(is_secure=self.is_secure))
        user = await self._database.read(find_session, secret_hash=hash_of(secret)) if secret else None
        if secret is None or user is None:
            return
        visit.recognize(user, secret=secret)
        if user.is_to_be_touched:
            await self._database.write(touch_session, session_id=user.session_id)

    async def _answer(self, page: Page, visit: Visit, request: Request[Any, Any, Any]) -> Answer:
        try:
            visit.query = read_given(request.scope["query_string"])
            values = _read_path(page, request.path_params)
            if page.method == "POST":
                visit.form = await _read_form(visit, request)
            if page.audience is not ANYONE:
                if visit.visitor is None:
                    return _to_sign_in(visit, request)
                self._remember(visit, request)
                if visit.user.force_password_change and visit.path not in OPEN_BEFORE_A_NEW_PASSWORD:
                    return visit.go(PASSWORD_PAGE)
                visit.let_in(await admit(self._database, page.audience, visit.user, class_id=values.get("class_id")))
        except FormNotOursError as error:
            # Whoever was signed out meanwhile is told so, rather than that the form is too old.
            return _to_sign_in(visit, request) if visit.visitor is None and page.audience is not ANYONE else refused(visit, error)
        except RollbookError as error:
            return refused(visit, error)
        try:
            answer: Answer = await page.handler(visit, **values)
        except RollbookError as error:
            return refused(visit, error) if page.method == "GET" else refused_form(visit, error, back=page.back_from(values))
        return answer

    def _remember(self, visit: Visit, request: Request[Any, Any, Any]) -> None:
        self._activity.remember(
            user_id=visit.user.user_id,
            method=request.method,
            target=visit.path,
            referrer=request.headers.get("referer"),
            user_agent=visit.user_agent,
        )


def _read_path(page: Page, given: dict[str, Any]) -> dict[str, Any]:
    """Read the names of an address: those of ids are numbers."""
    return {name: _read_id(given[name]) if name.endswith("_id") else given[name] for name in IN_PATH.findall(page.path)}


def _read_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= LARGEST_NUMBER):
        raise NoSuchPageError
    return int(text)


async def _read_form(visit: Visit, request: Request[Any, Any, Any]) -> Given:
    """
    Read a form that this site has shown to this visitor.

    Raises:
        FormNotOursError: It comes from elsewhere, or is one of a session that has ended.
    """
    if request.headers.get("sec-fetch-site", "none") not in OUR_OWN:
        raise FormNotOursError
    given = read_given(await request.body())
    token = request.headers.get(TOKEN_HEADER) or given.raw(TOKEN_FIELD)
    if not is_form_token(token, secret=visit.secret):
        raise FormNotOursError
    return given


def _to_sign_in(visit: Visit, request: Request[Any, Any, Any]) -> Answer:
    if visit.is_fetched:
        return visit.tell({"refused": ["you are signed out; sign in and try again"], "go": "/sign-in"}, status=401)
    if request.method == "POST":
        return visit.go("/sign-in", refused=["You are signed out, and nothing was changed. Sign in and try again."])
    query = request.scope["query_string"].decode("ascii", errors="replace")
    target = visit.path + (f"?{query}" if query else "")
    return visit.go("/sign-in?next=" + quote(target, safe="/"))
