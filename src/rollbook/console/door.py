"""The console's place in the application: a handler for each page, and the headers, the log line and the metric of every answer."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import HttpMethod, Request, Response, route
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from msgspec.structs import replace
from structlog.typing import FilteringBoundLogger

from rollbook import clock
from rollbook.console.answer import Answer
from rollbook.console.cookies import set_cookie
from rollbook.console.page import IN_PATH, Page
from rollbook.console.pages import (
    attendance,
    check_in,
    choosing,
    class_cancelling,
    class_cloning,
    class_custom_fields,
    class_editing,
    class_history,
    classes,
    completion,
    enrollment,
    finding_classes,
    finding_enrollments,
    front,
    my_class,
    my_training,
    overview,
    passwords,
    people,
    profile,
    roster,
    roster_adding,
    roster_cancelling,
    roster_many,
    roster_waitlist,
    schedule,
    searching,
    sign_in_sheet,
    signing_in,
    teaching,
    transcript,
)
from rollbook.console.serving import Activity, Server
from rollbook.console.static_files import static_routes
from rollbook.console.tms_addresses import here
from rollbook.database.transaction import Database
from rollbook.sessions.queries.sessions import SignedIn
from rollbook.telemetry import RequestMeter

AREAS: Final = (
    front,
    signing_in,
    passwords,
    choosing,
    classes,
    class_editing,
    class_cloning,
    class_custom_fields,
    class_cancelling,
    class_history,
    finding_classes,
    finding_enrollments,
    people,
    searching,
    attendance,
    check_in,
    completion,
    overview,
    sign_in_sheet,
    teaching,
    roster,
    roster_many,
    roster_adding,
    roster_cancelling,
    roster_waitlist,
    enrollment,
    my_training,
    my_class,
    schedule,
    transcript,
    profile,
)
PAGES: Final[Sequence[Page]] = tuple(itertools.chain.from_iterable(area.PAGES for area in AREAS))
LARGEST_FORM: Final = 1_048_576

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Console:
    """The console on an open database."""

    def __init__(self, *, database: Database, log: FilteringBoundLogger, meter: RequestMeter, activity: Activity, public_url: str) -> None:
        """
        Open the console.

        Args:
            database: Handed to the handlers.
            log: Gets one line for each request.
            meter: Counts them.
            activity: Remembers what is requested for users.
            public_url: The address of the site, without a slash at its end.
        """
        self._server = Server(database=database, activity=activity, public_url=public_url)
        self._log = log
        self._meter = meter
        self._headers = SAFE | ({"strict-transport-security": "max-age=31536000"} if self._server.is_secure else {})

    def routes(self) -> list[HTTPRouteHandler]:
        """Give the handlers of every page, form, style sheet and script."""
        return [*static_routes(), *(self._handler(page) for page in PAGES)]

    def answer_refusal(self, request: Request[Any, Any, Any], status: int, headers: Mapping[str, str] | None = None) -> Response[Any]:
        """Answer a browser where no page does; the address of one of a TMS's pages leads to ours."""
        place = here(request.url.path) if status == 404 and request.method == "GET" else None
        if place is not None:
            return Response(None, status_code=302, headers=self._headers | {"location": place})
        answer = self._server.refuse(request, status)
        return self._respond(replace(answer, headers={**answer.headers, **(headers or {})}))

    def _handler(self, page: Page) -> HTTPRouteHandler:
        methods = [HttpMethod.GET, HttpMethod.HEAD] if page.method == "GET" else [HttpMethod.POST]
        name = f"console {page.method} {page.path}"

        @route(
            IN_PATH.sub(r"{\1:str}", page.path),
            http_method=methods,
            status_code=200,
            request_max_body_size=LARGEST_FORM,
            opt={"page": page},
        )
        async def handle(request: Request[Any, Any, Any]) -> Response[Any]:
            started = clock.stopwatch()
            status, user = 500, None
            try:
                answer, user = await self._server.serve(page, request)
                status = answer.status
            except HTTPException as error:
                status = error.status_code
                raise
            finally:
                self._record(name, request, status, user, clock.stopwatch() - started)
            return self._respond(answer)

        return handle

    def _respond(self, answer: Answer) -> Response[Any]:
        content = answer.content
        shown: dict[str, Any] = {
            "status_code": answer.status,
            "headers": self._headers | dict(answer.headers),
            "media_type": answer.media_type,
            "cookies": [set_cookie(cookie, is_secure=self._server.is_secure) for cookie in answer.cookies],
        }
        return Response(content, **shown) if isinstance(content, bytes) else Stream(content, **shown)

    def _record(self, name: str, request: Request[Any, Any, Any], status: int, user: SignedIn | None, seconds: float) -> None:
        """Log and count a request; never its values, for they may be secrets."""
        self._log.info(
            "request",
            command=name,
            user=user.user_id if user else None,
            http=status,
            milliseconds=round(seconds * 1000, 3),
            client=request.client.host if request.client else None,
        )
        self._meter.count(name, status, seconds)
