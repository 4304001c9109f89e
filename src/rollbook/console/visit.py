"""One visit of a page: who comes, what they give, and the answers that a handler can make."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from rollbook.access.actor import Actor
from rollbook.access.roles import Permission
from rollbook.console.answer import Answer, Cookie
from rollbook.console.audiences import Admitted
from rollbook.console.given import Given
from rollbook.console.navigation import entries_for
from rollbook.console.notices import NAME as NOTICE_COOKIE
from rollbook.console.notices import Notice, encoded
from rollbook.console.templating import rendered, rendered_block
from rollbook.database.transaction import Database
from rollbook.sessions.form_tokens import form_token
from rollbook.sessions.queries.sessions import SignedIn

NOT_KEPT: Final = {"cache-control": "no-store"}


class Visit:
    """
    A visit of a page.

    Attributes:
        database: For the handler's actions and queries.
        path: The address, without its query.
        query: What the address gives.
        form: What the form gives; empty for a page.
        visitor: Who is signed in; None for nobody.
        form_token: What every form sends back in the field ``form_token``.
        secret: The secret of the session, or of the visitor where nobody is signed in.
        is_fetched: A script asks, which wants a part of the page, and refusals as JSON.
        is_secure: The site is served over TLS.
        public_url: The address of the site, without a slash at its end.
        address: From which network address the visitor comes.
        user_agent: With which program.
        now: The time in epoch seconds at which the visit began.
    """

    def __init__(
        self,
        *,
        database: Database,
        path: str,
        secret: str,
        notice: Notice | None,
        is_fetched: bool,
        is_secure: bool,
        public_url: str,
        address: str | None,
        user_agent: str | None,
        now: int,
    ) -> None:
        self.database = database
        self.path = path
        self.query = Given(())
        self.form = Given(())
        self.secret = secret
        self.form_token = form_token(secret)
        self.is_fetched = is_fetched
        self.is_secure = is_secure
        self.public_url = public_url
        self.address = address
        self.user_agent = user_agent
        self.now = now
        self.visitor: SignedIn | None = None
        self._notice = notice
        self._admitted: Admitted | None = None

    def recognize(self, user: SignedIn, *, secret: str) -> None:
        """Say who is signed in, by which session's secret."""
        self.visitor = user
        self.secret = secret
        self.form_token = form_token(secret)

    def let_in(self, admitted: Admitted) -> None:
        """Say as whom the user is on this page."""
        self._admitted = admitted

    @property
    def user(self) -> SignedIn:
        """Who is signed in; only on a page that needs that."""
        if self.visitor is None:
            raise LookupError(f"nobody is signed in on {self.path}, which is for anyone")
        return self.visitor

    @property
    def actor(self) -> Actor:
        """Who acts on this page; only on a page that needs a sign-in."""
        return self._admission.actor

    def may(self, permission: Permission) -> bool:
        """Tell whether the user may do something on this page."""
        return self._admitted is not None and permission in self._admitted.permissions

    def render(self, template: str, *, status: int = 200, **values: Any) -> Answer:
        """Answer with a whole page; it says the notice, which is gone then."""
        content = rendered(template, self._context(values, notice=self._notice)).encode()
        cookies = (Cookie(NOTICE_COOKIE, None),) if self._notice is not None else ()
        return Answer(status=status, content=content, headers=NOT_KEPT, cookies=cookies)

    def render_part(self, template: str, block: str | None = None, *, status: int = 200, **values: Any) -> Answer:
        """Answer with a template, or one of its blocks, that a script puts into a page."""
        return Answer(status=status, content=self.part(template, block, **values).encode(), headers=NOT_KEPT)

    def part(self, template: str, block: str | None = None, **values: Any) -> str:
        """Give the text of a template, or of one of its blocks, that becomes a part of an answer."""
        context = self._context(values, notice=None)
        return rendered(template, context) if block is None else rendered_block(template, block, context)

    def tell(self, value: Any, *, status: int = 200) -> Answer:
        """Answer a script with JSON."""
        return Answer(status=status, content=msgspec.json.encode(value), media_type="application/json", headers=NOT_KEPT)

    def go(
        self,
        path: str,
        *,
        done: str | None = None,
        refused: Sequence[str] = (),
        warnings: Sequence[str] = (),
        undo: str | None = None,
        undo_values: dict[str, str] | None = None,
        cookies: Sequence[Cookie] = (),
    ) -> Answer:
        """
        Send the browser on to a path of this site, which then says what was done or refused.

        ``undo`` is what the button "Undo" beside that is sent to, with ``undo_values``.
        """
        notice = Notice(done=done, refused=tuple(refused), warnings=tuple(warnings), undo=undo, undo_values=undo_values or {})
        if notice != Notice():
            cookies = (*cookies, Cookie(NOTICE_COOKIE, encoded(notice)))
        return Answer(status=303, headers={**NOT_KEPT, "location": quote(path, safe="/:?&=%#+,;@~!$'()*-._")}, cookies=cookies)

    @property
    def _admission(self) -> Admitted:
        if self._admitted is None:
            raise LookupError(f"nobody acts on {self.path}, which is for anyone")
        return self._admitted

    def _context(self, values: dict[str, Any], *, notice: Notice | None) -> dict[str, Any]:
        user = self.visitor
        return {
            "user": user,
            "entries": entries_for(user, path=self.path) if user else (),
            "may": self.may,
            "form_token": self.form_token,
            "notice": notice,
            "path": self.path,
            "now": self.now,
            "own_zone": user.time_zone if user else None,
            **values,
        }
