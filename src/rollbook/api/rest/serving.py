"""Serving one request: the checks in their order, the handler, and the answer's headers."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, Request, Response

from rollbook.access.scopes import check_scope
from rollbook.api.activity import UserActivity
from rollbook.api.body import BodyTooLargeError, read_whole_body
from rollbook.api.key_uses import KeyUses
from rollbook.api.rate_limit import RateLimit
from rollbook.api.rest.call import Call
from rollbook.api.rest.caller import ACTING_USER, NotForStudentsError, find_acting_user, find_holder, key_hash_of
from rollbook.api.rest.conditions import is_known, read_if_match, tag_of
from rollbook.api.rest.endpoint import Endpoint
from rollbook.api.rest.reading import read_pairs
from rollbook.api.rest.refused import RefusedError
from rollbook.database.transaction import Database
from rollbook.organizations.limits import LARGEST_NUMBER

ROOT: Final = "/api/v1"

_ID: Final = re.compile("[1-9][0-9]{0,9}")

encode = msgspec.json.Encoder().encode


class Visit:
    """
    What the log and the answer's headers tell of a request, as far as it is known.

    Attributes:
        request_id: What the log calls the request.
        operation: The endpoint's name.
        caller: The name of the key, or of the user for whom it acts.
        key_hash: The key's hash, once the key is known to be valid.
    """

    __slots__ = ("caller", "key_hash", "operation", "request_id")

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.operation = "unknown"
        self.caller: str | None = None
        self.key_hash: str | None = None


class Server:
    """What every endpoint is served with."""

    def __init__(self, *, database: Database, rate_limit: RateLimit | None, key_uses: KeyUses, activity: UserActivity) -> None:
        self._database = database
        self._rate_limit = rate_limit
        self._key_uses = key_uses
        self._activity = activity

    async def serve(self, endpoint: Endpoint, request: Request[Any, Any, Any], visit: Visit) -> Response[bytes]:
        """
        Check a request in the documented order, run its handler and make the answer.

        Raises:
            RollbookError: The domain refuses it.
            RefusedError: The door does.
            StaleError: The thing is at another version than was asked for.
        """
        visit.operation = endpoint.name
        headers: Mapping[str, str] = request.headers
        call = await self._admit(endpoint, headers, visit, request)
        ids = {name: read_id(request.path_params[name]) for name in endpoint.path_names}
        query = endpoint.query.read(request.scope["query_string"])
        if endpoint.writes:
            call.dry_run = query.dry_run
        if endpoint.versioned:
            call.if_match = read_if_match(headers.get("if-match"))
        arguments: dict[str, Any] = {**ids}
        if endpoint.takes_query:
            arguments["query"] = query
        if endpoint.body is not None:
            arguments["body"] = await self._read_body(endpoint, request, headers)
        answer: Any = await endpoint.handler(call, **arguments)
        return _respond(endpoint, call, answer, request)

    async def _admit(self, endpoint: Endpoint, headers: Mapping[str, str], visit: Visit, request: Request[Any, Any, Any]) -> Call:
        """Find out who calls, and whether they may."""
        key_hash = key_hash_of(headers.get("authorization"))
        holder = await find_holder(self._database, key_hash)
        visit.key_hash, visit.caller = key_hash, holder.name
        self._key_uses.remember(key_hash)
        if self._rate_limit is not None and (seconds := self._rate_limit.admit(key_hash)):
            text = f"the key has used up its calls; come again in {seconds} seconds"
            raise RefusedError(429, "too_many_requests", text, headers={"Retry-After": str(seconds)})
        check_scope(holder.scope, needed=endpoint.scope)
        given = headers.get(ACTING_USER)
        if given is None:
            return Call(database=self._database, actor=holder)
        user = await find_acting_user(self._database, holder, given)
        visit.caller = user.name
        if user.id is not None:
            self._remember(request, headers, user.id)
        if not endpoint.students:
            raise NotForStudentsError
        return Call(database=self._database, actor=user)

    def _remember(self, request: Request[Any, Any, Any], headers: Mapping[str, str], user_id: int) -> None:
        """Remember what is requested for a user, as it stands in the request: whatever it stands for may not be storable."""
        scope: Any = request.scope
        self._activity.remember(
            user_id=user_id,
            method=scope["method"],
            target=scope["raw_path"].decode("latin-1"),
            referrer=headers.get("referer"),
            user_agent=headers.get("user-agent"),
        )

    async def _read_body(self, endpoint: Endpoint, request: Request[Any, Any, Any], headers: Mapping[str, str]) -> Any:
        raw = {name.lower(): value for name, value in request.scope["headers"]}
        try:
            body = await read_whole_body(request.receive, raw)
        except BodyTooLargeError as error:
            raise RefusedError(413, "body_too_large", "the body is larger than 1 MiB; send less at once") from error
        if not body and not endpoint.body_needed:
            return None
        assert endpoint.body is not None  # noqa: S101 - whoever calls has looked
        return endpoint.body.read(body, headers.get("content-type"))


def read_id(text: str) -> int:
    """
    Read an id of a path.

    Raises:
        RefusedError: Nothing can have such an id.
    """
    if not _ID.fullmatch(text) or int(text) > LARGEST_NUMBER:
        raise RefusedError(404, "not_found", f"nothing has such an id; give a whole number from 1 to {LARGEST_NUMBER}")
    return int(text)


def _respond(endpoint: Endpoint, call: Call, answer: Any, request: Request[Any, Any, Any]) -> Response[bytes]:
    headers: dict[str, str] = {}
    status = 200
    shown = answer.result if endpoint.writes else answer
    if endpoint.shows_version and shown is not None:
        headers["ETag"] = tag_of(shown.version)
        if not endpoint.writes and is_known(request.headers.get("if-none-match"), shown.version):
            return Response(b"", status_code=304, headers=headers)
    if endpoint.creates is not None and not call.dry_run:
        status = 201
        headers["Location"] = ROOT + endpoint.creates.replace("{id}", str(shown.id))
    if endpoint.lists and answer.next is not None:
        pairs = [(name, text) for name, text in read_pairs(request.scope["query_string"]) if name != "cursor"]
        headers["Link"] = f'<{ROOT}{endpoint_path(endpoint, request)}?{urlencode([*pairs, ("cursor", answer.next)])}>; rel="next"'
    return Response(encode(answer), status_code=status, headers=headers, media_type=MediaType.JSON)


def endpoint_path(endpoint: Endpoint, request: Request[Any, Any, Any]) -> str:
    """Give the path of a request, with its ids, as it is documented."""
    return endpoint.path.format(**request.path_params)
