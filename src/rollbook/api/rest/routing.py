"""The way from a path and a method to an endpoint, and from an error to its answer."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import msgspec
from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from structlog.typing import FilteringBoundLogger

from rollbook.api.body import CallerGoneError
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
from rollbook.errors import RollbookError

CODES: Final = {
    404: ("not_found", "there is nothing at this path; /api/v1/openapi.json lists what there is"),
    405: ("method_not_allowed", "the method is not allowed here; use one that the header Allow names"),
}

encode = msgspec.json.Encoder().encode


@cache
def routing_of(endpoints: tuple[Endpoint, ...]) -> Litestar:
    """
    Give the framework's application around endpoints, which is made once for all doors with the same.

    Each request brings along, in its state, the ``server`` that serves it, the ``visit`` that it is, and the ``log``.
    """
    return Litestar(
        [*_options(endpoints), *(_handler(endpoint) for endpoint in endpoints)],
        exception_handlers={
            HTTPException: _tell_http,
            RefusedError: _tell_refused,
            RollbookError: _tell_error,
            StaleError: _tell_stale,
            CallerGoneError: _tell_nobody,
            Exception: _tell_mistake,
        },
        openapi_config=None,
        logging_config=None,
    )


def _handler(endpoint: Endpoint) -> HTTPRouteHandler:
    """Give the handler of an endpoint for the framework, which finds the path and the method."""
    path = IN_PATH.sub(r"{\1:str}", endpoint.path)

    @route(path, http_method=_methods(endpoint), status_code=200, name=endpoint.name, opt={"endpoint": endpoint})
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        state = request.scope["state"]
        state["endpoint"] = endpoint
        server: Server = state["server"]
        return await server.serve(endpoint, request, state["visit"])

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


def _tell_mistake(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Tell the log what nobody foresaw, and the caller nothing of it."""
    state = request.scope["state"]
    visit: Visit = state["visit"]
    log: FilteringBoundLogger = state["log"]
    log.error("unexpected error", request=visit.request_id, command=visit.operation, exc_info=error)
    return _respond(problem_of_mistake(visit.request_id))
