"""The door itself: an ASGI application around the endpoints, which logs, counts and tells every request its id."""

import itertools
import os
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from rollbook import clock
from rollbook.api.activity import UserActivity
from rollbook.api.body import CallerGoneError
from rollbook.api.key_uses import KeyUses
from rollbook.api.rate_limit import SECONDS, RateLimit
from rollbook.api.rest.endpoint import IN_PATH, Endpoint
from rollbook.api.rest.problems import (
    PROBLEM_TYPE,
    StaleError,
    Told,
    problem_of,
    problem_of_mistake,
    problem_of_refused,
    problem_of_stale,
)
from rollbook.api.rest.refused import RefusedError
from rollbook.api.rest.serving import Server, Visit
from rollbook.database.transaction import Database
from rollbook.errors import RollbookError
from rollbook.telemetry import RequestMeter

SANE_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_.:/+=-]{1,128}")
CODES: Final = {
    404: ("not_found", "there is nothing at this path; /api/v1/openapi.json lists what there is"),
    405: ("method_not_allowed", "the method is not allowed here; use one that the header Allow names"),
}

encode = msgspec.json.Encoder().encode


class Door:
    """
    The REST API as an ASGI application.

    Attributes:
        endpoints: What is behind it.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint],
        *,
        database: Database,
        log: FilteringBoundLogger,
        meter: RequestMeter,
        rate_limit: RateLimit | None,
        key_uses: KeyUses,
        activity: UserActivity,
    ) -> None:
        """
        Open a door.

        Args:
            endpoints: What can be called.
            database: Handed to the handlers.
            log: Gets one line for each request.
            meter: Counts them.
            rate_limit: How many calls a key may make, here and at the other doors; None for as many as it likes.
            key_uses: Remembers which keys are used, for all doors.
            activity: Remembers what is requested for users.
        """
        self.endpoints = tuple(endpoints)
        self._log = log
        self._meter = meter
        self._rate_limit = rate_limit
        self._request_id_prefix = os.urandom(6).hex()
        self._request_numbers = itertools.count(1)
        server = Server(database=database, rate_limit=rate_limit, key_uses=key_uses, activity=activity)
        self._app = Litestar(
            [*_options(self.endpoints), *(_handler(endpoint, server) for endpoint in self.endpoints)],
            exception_handlers={
                HTTPException: _tell_http,
                RefusedError: _tell_refused,
                RollbookError: _tell_error,
                StaleError: _tell_stale,
                CallerGoneError: _tell_nobody,
                Exception: self._tell_mistake,
            },
            openapi_config=None,
            logging_config=None,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as the ASGI specification has it."""
        if scope["type"] != ScopeType.HTTP:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        started = clock.stopwatch()
        visit = Visit(self._request_id(scope["headers"]))
        inner: Any = {**scope, "state": {"visit": visit}}
        http_status = 500

        async def send_more(message: Any) -> None:
            nonlocal http_status
            if message["type"] == "http.response.start":
                http_status = message["status"]
                message = {**message, "headers": [*message["headers"], *self._headers(visit)]}
            await send(message)

        await self._app(inner, receive, send_more)
        self._record(scope, visit, http_status, clock.stopwatch() - started)

    def _headers(self, visit: Visit) -> list[tuple[bytes, bytes]]:
        """Give the headers that every answer has."""
        headers = [(b"cache-control", b"no-store"), (b"x-request-id", visit.request_id.encode())]
        if self._rate_limit is not None:
            policy = f'"key";q={self._rate_limit.calls_per_minute};w={SECONDS:.0f}'
            headers.append((b"ratelimit-policy", policy.encode()))
            allowance = self._rate_limit.allowance(visit.key_hash) if visit.key_hash else None
            if allowance is not None:
                headers.append((b"ratelimit", f'"key";r={allowance.calls};t={allowance.seconds}'.encode()))
        return headers

    def _request_id(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Give the id that the request came with when it is a sane one, or else a new one."""
        given = dict(headers).get(b"x-request-id")
        if given is not None and SANE_REQUEST_ID.fullmatch(given):
            return given.decode()
        return f"{self._request_id_prefix}-{next(self._request_numbers):x}"

    def _tell_mistake(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """Tell the log what nobody foresaw, and the caller nothing of it."""
        visit: Visit = request.scope["state"]["visit"]
        self._log.error("unexpected error", request=visit.request_id, command=visit.operation, exc_info=error)
        return _respond(problem_of_mistake(visit.request_id))

    def _record(self, scope: Scope, visit: Visit, http_status: int, seconds: float) -> None:
        """Log and count a request; never its values, for they may be secrets."""
        client = scope.get("client")
        self._log.info(
            "request",
            request=visit.request_id,
            command=visit.operation,
            key=visit.caller,
            http=http_status,
            milliseconds=round(seconds * 1000, 3),
            client=client[0] if client else None,
        )
        self._meter.count(visit.operation, http_status, seconds)


def _handler(endpoint: Endpoint, server: Server) -> HTTPRouteHandler:
    """Give the handler of an endpoint for the framework, which finds the path and the method."""
    path = IN_PATH.sub(r"{\1:str}", endpoint.path)

    @route(path, http_method=_methods(endpoint), status_code=200, name=endpoint.name, opt={"endpoint": endpoint})
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        request.scope["state"]["endpoint"] = endpoint
        return await server.serve(endpoint, request, request.scope["state"]["visit"])

    return handle


def _methods(endpoint: Endpoint) -> list[HttpMethod]:
    """Give the methods that an endpoint answers: whatever can be read can be asked for its headers alone."""
    return [HttpMethod.GET, HttpMethod.HEAD] if endpoint.method == "GET" else [HttpMethod(endpoint.method)]


def _options(endpoints: Iterable[Endpoint]) -> list[HTTPRouteHandler]:
    """Give the handlers that tell which methods each path has; the framework's own know one handler's."""
    methods: defaultdict[str, list[str]] = defaultdict(list)
    for endpoint in endpoints:
        methods[IN_PATH.sub(r"{\1:str}", endpoint.path)] += [method.value for method in _methods(endpoint)]
    return [_options_handler(path, sorted({*allowed, "OPTIONS"})) for path, allowed in methods.items()]


def _options_handler(path: str, allowed: list[str]) -> HTTPRouteHandler:
    @route(path, http_method=[HttpMethod.OPTIONS], status_code=204, sync_to_thread=False, include_in_schema=False)
    def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": ", ".join(allowed)})

    return options


def _respond(told: Told) -> Response[bytes]:
    return Response(encode(told.problem), status_code=told.problem.status, headers=told.headers, media_type=PROBLEM_TYPE)


def _tell_http(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework refuses: a path that is not there, a method that is not allowed, a header that cannot be read."""
    code, text = CODES.get(error.status_code, ("malformed_request", f"{error.detail}; correct the request"))
    return _respond(problem_of_refused(RefusedError(error.status_code, code, text, headers=error.headers)))


def _tell_refused(_request: Request[Any, Any, Any], error: RefusedError) -> Response[bytes]:
    return _respond(problem_of_refused(error))


def _tell_nobody(_request: Request[Any, Any, Any], _error: CallerGoneError) -> Response[bytes]:
    """Answer whoever hung up before the body was complete."""
    return _respond(problem_of_refused(RefusedError(400, "incomplete_body", "the body is not complete; send all of it")))


def _tell_stale(_request: Request[Any, Any, Any], error: StaleError) -> Response[bytes]:
    return _respond(problem_of_stale(error))


def _tell_error(request: Request[Any, Any, Any], error: RollbookError) -> Response[bytes]:
    endpoint: Endpoint = request.scope["state"]["endpoint"]
    body_fields = endpoint.body.kind.__struct_fields__ if endpoint.body else ()
    return _respond(problem_of(error, lambda name: f"$.{name}" if name in body_fields else name))
