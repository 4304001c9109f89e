"""The door itself: an ASGI application that takes a request, runs its command and sends the answer."""

import itertools
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from structlog.typing import FilteringBoundLogger

from rollbook import clock
from rollbook.access.keys import hash_of
from rollbook.api.body import BodyTooLargeError, CallerGoneError, Receive, read_whole_body
from rollbook.api.key_uses import KeyUses
from rollbook.api.rate_limit import RateLimit
from rollbook.api.tms.call import Authenticate, Call
from rollbook.api.tms.command import Command
from rollbook.api.tms.envelope import Status
from rollbook.api.tms.given import UnreadableRequestError, header_of_ignored, read_body, read_pairs
from rollbook.api.tms.parsing import InvalidParametersError, Parsed
from rollbook.api.tms.paths import Place, Places
from rollbook.api.tms.refusals import refusal
from rollbook.api.tms.reply import ALLOW, BARE, Header, Reply, error_reply
from rollbook.errors import RollbookError
from rollbook.telemetry import RequestMeter

LARGEST_QUERY = 16_384
SANE_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.:/+=-]{1,128}")
CONTENT_TYPE: Header = (b"content-type", b"application/json")
NO_STORE: Header = (b"cache-control", b"no-store")

Headers = Mapping[bytes, bytes]
Scope = Mapping[str, Any]
Send = Callable[[Any], Awaitable[None]]


class TooManyCallsError(Exception):
    """
    The key has used up its calls.

    Attributes:
        seconds: When to come again.
    """

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


class Door:
    """
    The TMS API as an ASGI application.

    Attributes:
        commands: The commands behind it.
        meter: Counts its requests.
    """

    def __init__(
        self,
        commands: Iterable[Command],
        *,
        database: Any,
        authenticate: Authenticate,
        log: FilteringBoundLogger,
        meter: RequestMeter,
        rate_limit: RateLimit | None = None,
        key_uses: KeyUses | None = None,
        public_url: str = "",
    ) -> None:
        """
        Open a door.

        Args:
            commands: What can be called.
            database: Handed to the handlers and to authenticate.
            authenticate: Finds whose key it is, or raises InvalidKeyError.
            log: Gets one line for each request.
            meter: Counts them.
            rate_limit: How many calls a key may make, here and at the other doors; None for as many as it likes.
            key_uses: Remembers which keys are used, for all doors.
            public_url: Where people reach the server, without a slash at its end.
        """
        self.commands = tuple(commands)
        self.meter = meter
        self._places = Places(self.commands)
        self._database = database
        self._authenticate = authenticate
        self._log = log
        self._rate_limit = rate_limit
        self._key_uses = key_uses or KeyUses()
        self._public_url = public_url
        self._request_id_prefix = os.urandom(6).hex().encode()
        self._request_numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as the ASGI specification has it."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        started = clock.stopwatch()
        headers: Headers = dict(scope["headers"])
        request_id = self._request_id(headers)
        place = self._places.find(scope["raw_path"])
        call = Call(database=self._database, key_hash="", authenticate=self._authenticate, public_url=self._public_url)
        if place:
            call.needed = place.command.scope
        try:
            reply = await self._reply(scope, receive, headers, place, call)
        except RollbookError as error:
            reply = refusal(error, place and place.command)
        except CallerGoneError:
            return
        except Exception:  # noqa: BLE001 - whatever a handler did not foresee is logged and answered as an envelope too
            command = place.command if place else None
            shown = request_id.decode()
            self._log.exception("unexpected error", request=shown, command=command.name if command else None)
            envelope = command.envelope if command else BARE
            reply = error_reply(envelope, f"an unexpected error; see the server's log for request {shown}", 500)
        body = reply.body if scope["method"] != "HEAD" else b""
        length = b"%d" % len(body)
        sent = [CONTENT_TYPE, NO_STORE, (b"x-request-id", request_id), (b"content-length", length), *reply.headers]
        await send({"type": "http.response.start", "status": reply.http_status, "headers": sent})
        await send({"type": "http.response.body", "body": body})
        self._record(scope, place, call, reply, request_id=request_id, seconds=clock.stopwatch() - started)

    async def _reply(self, scope: Scope, receive: Receive, headers: Headers, place: Place | None, call: Call) -> Reply:
        """
        Check the request in the documented order and run its command.

        Raises:
            RollbookError: The call is refused.
            CallerGoneError: There is nobody to answer.
        """
        command = place.command if place else None
        envelope = command.envelope if command else BARE
        method = scope["method"]
        if method not in ("GET", "POST"):
            return error_reply(envelope, "method: give the call by GET or POST", 405, (ALLOW,))
        if made_by_a_browser(headers):
            return error_reply(envelope, "method: a browser must not call a command by itself", 405, (ALLOW,))
        body = b""
        if method == "POST":
            try:
                body = await read_whole_body(receive, headers)
            except BodyTooLargeError:
                return error_reply(envelope, "body: is larger than 1 MiB", 413)
        query: bytes = scope["query_string"]
        if len(query) > LARGEST_QUERY:
            return error_reply(envelope, "query: is larger than 16 KiB; give the parameters in the body of a POST", 414)
        key = headers.get(b"api_key") or headers.get(b"api-key")
        if not key:
            return Reply(envelope.invalid_key, Status.INVALID_KEY)
        call.key_hash = hash_of(key.decode("latin-1"))
        if self._rate_limit is not None:
            try:
                await self._limit(self._rate_limit, call)
            except TooManyCallsError as error:
                retry_after = (b"retry-after", b"%d" % error.seconds)
                return error_reply(envelope, f"too many calls; come again in {error.seconds} seconds", 429, (retry_after,))
        if place is None or command is None:
            await call.actor()
            return error_reply(BARE, "the path is no command of the TMS API; /api/2.0/openapi.json lists them", 404)
        parsed = command.parser.parse_plain(query, place.path_id) if place.plain and not body else None
        if parsed is None:
            parsed = await read_in_full(place, query, body, headers, call)
        call.dry_run = parsed.dry_run
        answer = await command.handler(call, parsed.parameters)
        encoded = command.envelope.success(answer, call.warnings, call.changes if call.dry_run else None)
        if parsed.ignored:
            return Reply(encoded, headers=((b"x-rollbook-ignored", header_of_ignored(parsed.ignored)),))
        return Reply(encoded)

    async def _limit(self, rate_limit: RateLimit, call: Call) -> None:
        """
        Take one of the key's calls.

        A key with calls left was found valid when it got its bucket, and its handler looks it up again, so nothing is asked here.

        Raises:
            InvalidKeyError: The key is not valid.
            TooManyCallsError: It has no calls left.
        """
        if not rate_limit.takes(call.key_hash):
            await call.actor()
            seconds = rate_limit.admit(call.key_hash)
            if seconds:
                raise TooManyCallsError(seconds)

    def _request_id(self, headers: Headers) -> bytes:
        """Give the id that the request came with when it is a sane one, or else a new one."""
        given = headers.get(b"x-request-id")
        if given is not None and SANE_REQUEST_ID.fullmatch(given):
            return given
        return b"%b-%x" % (self._request_id_prefix, next(self._request_numbers))

    def _record(self, scope: Scope, place: Place | None, call: Call, reply: Reply, *, request_id: bytes, seconds: float) -> None:
        """Log and count a request; never its values, for they may be secrets."""
        if call.actor_name is not None:
            self._key_uses.remember(call.key_hash)
        name = place.command.name if place else "unknown"
        client = scope.get("client")
        self._log.info(
            "request",
            request=request_id.decode(),
            command=name,
            key=call.actor_name,
            http=reply.http_status,
            status=int(reply.status),
            milliseconds=round(seconds * 1000, 3),
            client=client[0] if client else None,
        )
        self.meter.count(name, reply.status if reply.http_status == 200 else reply.http_status, seconds)


def made_by_a_browser(headers: Headers) -> bool:
    """Say whether a browser made the request by itself: to prefetch a page, or to show the answer as one."""
    return (
        headers.get(b"sec-fetch-mode") == b"navigate"
        or b"prefetch" in headers.get(b"sec-purpose", b"").lower()
        or b"prefetch" in headers.get(b"purpose", b"").lower()
    )


async def read_in_full(place: Place, query: bytes, body: bytes, headers: Headers, call: Call) -> Parsed:
    """
    Read a request that is out of the ordinary.

    Raises:
        InvalidKeyError: The key is not valid, which is told before any problem of a value.
        InvalidParametersError: Values are wrong or missing.
        UnreadableRequestError: The query or the body cannot be taken apart.
    """
    try:
        pairs = read_pairs(query, "query") + read_body(body, headers.get(b"content-type"))
        return place.command.parser.parse(pairs, place.path_id)
    except (InvalidParametersError, UnreadableRequestError):
        await call.actor()
        raise
