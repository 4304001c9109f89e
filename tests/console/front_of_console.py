"""The console with every page, over a real database, and browsers without scripts in front of it."""

import html
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, Final

import httpx
from litestar import Litestar

from rollbook.access.keys import hash_of
from rollbook.api.activity import UserActivity
from rollbook.console.door import Console
from rollbook.database.transaction import Database, Transaction
from rollbook.sessions.actions.sessions import begin_session
from rollbook.sessions.form_tokens import form_token
from rollbook.sessions.queries.credentials import get_credentials_of
from rollbook.sessions.queries.sessions import SignedIn, find_session
from rollbook.telemetry import RequestMeter, open_log

SITE: Final = "http://rollbook.test"
SESSION_COOKIE: Final = "rollbook_session"

Values = Mapping[str, Any] | Iterable[tuple[str, Any]]


class FrontOfConsole:
    """
    The console, without the rest of the application.

    Attributes:
        lines: What it has logged.
        activity: What it remembers of users.
    """

    def __init__(self, database: Database, *, public_url: str = SITE) -> None:
        self.database = database
        self.lines = BytesIO()
        self.activity = UserActivity()
        console = Console(database=database, log=open_log(self.lines), meter=RequestMeter(), activity=self.activity, public_url=public_url)
        self._app = Litestar(console.routes(), openapi_config=None, logging_config=None)
        self._public_url = public_url

    def browser(self, secret: str | None = None) -> "Browser":
        """Open a browser, which is signed in where it gets a session's secret."""
        return Browser(self._app, secret, base_url=self._public_url)

    async def browser_of(self, user_id: int) -> "Browser":
        """Open a browser in which a user is signed in."""
        return self.browser(await sign_in(self.database, user_id=user_id))


class Browser:
    """A browser without scripts: it keeps cookies, and sends the token of its session with every form."""

    def __init__(self, app: Litestar, secret: str | None, *, base_url: str) -> None:
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar types its scope more narrowly than httpx
        self.client = httpx.AsyncClient(transport=transport, base_url=base_url, headers={"accept": "text/html"})
        self.token = ""
        if secret is not None:
            self.client.cookies.set(SESSION_COOKIE, secret, domain="rollbook.test")
            self.token = form_token(secret)

    async def open(self, path: str, *, fetched: bool = False, follow: bool = False) -> httpx.Response:
        """Open an address; as a script does where it is fetched."""
        headers = {"rollbook-fetch": "1"} if fetched else {}
        return await self.client.get(path, headers=headers, follow_redirects=follow)

    async def send(self, path: str, values: Values = (), *, fetched: bool = False, follow: bool = False) -> httpx.Response:
        """Send a form with its token, and follow to the page that it leads to where that is asked."""
        pairs = list(values.items() if isinstance(values, Mapping) else values)
        data: dict[str, list[str]] = {}
        for name, value in [*pairs, ("form_token", self.token)]:
            data.setdefault(name, []).append(str(value))
        headers = {"rollbook-fetch": "1"} if fetched else {}
        return await self.client.post(path, data=data, headers=headers, follow_redirects=follow)


async def sign_in(database: Database, *, user_id: int) -> str:
    """Begin a session of a user, as a one-time link does, and give its secret."""

    async def begin(transaction: Transaction) -> str:
        user = await get_credentials_of(transaction, user_id=user_id)
        session = await begin_session(transaction, user=user, with_password=False, address="127.0.0.1", user_agent="tests")
        return session.secret

    return await database.write(begin)


async def who_is(database: Database, secret: str) -> SignedIn | None:
    """Give who is signed in by a session's secret."""
    return await database.read(find_session, secret_hash=hash_of(secret))


def text_of(answer: httpx.Response) -> str:
    """Give what a page says, without its elements and with single blanks."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
