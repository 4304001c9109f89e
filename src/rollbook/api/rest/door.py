"""The door itself: an ASGI application around the endpoints, which logs, counts and tells every request its id."""

import itertools
import os
import re
from collections.abc import Iterable
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from rollbook import clock
from rollbook.api.activity import UserActivity
from rollbook.api.key_uses import KeyUses
from rollbook.api.rate_limit import SECONDS, RateLimit
from rollbook.api.rest.endpoint import Endpoint
from rollbook.api.rest.routing import routing_of
from rollbook.api.rest.serving import Server, Visit
from rollbook.database.transaction import Database
from rollbook.telemetry import RequestMeter

SANE_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_.:/+=-]{1,128}")


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
        self._server = Server(database=database, rate_limit=rate_limit, key_uses=key_uses, activity=activity)
        self._route = routing_of(self.endpoints)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as the ASGI specification has it."""
        if scope["type"] != ScopeType.HTTP:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        started = clock.stopwatch()
        visit = Visit(self._request_id(scope["headers"]))
        inner: Any = {**scope, "state": {"server": self._server, "visit": visit, "log": self._log}}
        http_status = 500

        async def send_more(message: Any) -> None:
            nonlocal http_status
            if message["type"] == "http.response.start":
                http_status = message["status"]
                message = {**message, "headers": [*message["headers"], *self._headers(visit)]}
            await send(message)

        await self._route(inner, receive, send_more)
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
