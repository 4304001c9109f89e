"""The only wiring: settings in, the application that a worker serves out."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any

from litestar import Litestar, MediaType, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from structlog.typing import FilteringBoundLogger

from rollbook.access.actor import Actor
from rollbook.api.activity import UserActivity
from rollbook.api.key_uses import KeyUses
from rollbook.api.rate_limit import RateLimit
from rollbook.api.rest import pages as rest
from rollbook.api.rest.door import Door as RestDoor
from rollbook.api.rest.endpoints import ENDPOINTS
from rollbook.api.rest.serving import ROOT as REST_ROOT
from rollbook.api.tms import pages as tms
from rollbook.api.tms.command import Command
from rollbook.api.tms.commands import (
    announcements,
    classes,
    classrooms,
    companies,
    course_activities,
    course_assignments,
    course_catalog,
    course_feedback,
    course_launches,
    course_tags,
    courses,
    custom_field_values,
    custom_fields,
    enrollments,
    erasing,
    labs_and_surveys,
    organizations,
    public_schedule,
    signing_in,
    subscription_profiles,
    subscription_training_keys,
    subscriptions,
    training_keys,
    user_accounts,
    user_records,
    user_rights,
    users,
)
from rollbook.api.tms.door import Door
from rollbook.console.door import Console
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.errors import UnavailableError
from rollbook.organizations.queries.keys import authenticate
from rollbook.settings import Settings, program_version
from rollbook.telemetry import RequestMeter, open_log

NOUNS = (
    enrollments,
    training_keys,
    classes,
    public_schedule,
    courses,
    course_activities,
    course_tags,
    course_feedback,
    course_catalog,
    course_launches,
    course_assignments,
    subscriptions,
    subscription_profiles,
    subscription_training_keys,
    labs_and_surveys,
    classrooms,
    users,
    user_rights,
    user_accounts,
    signing_in,
    erasing,
    user_records,
    companies,
    organizations,
    custom_fields,
    custom_field_values,
    announcements,
)
COMMANDS: Sequence[Command] = tuple(chain.from_iterable(noun.COMMANDS for noun in NOUNS))
NOT_KEPT = {"cache-control": "no-store"}


def make_app(settings: Settings) -> Litestar:
    """
    Give the application: every doorway, on an open database which is closed when the application ends.

    Raises:
        UnavailableError: The database cannot be opened.
    """
    log = open_log(level=settings.log_level)
    database = open_database(settings.database_url, connections=settings.database_connections)
    meter = RequestMeter()
    key_uses = KeyUses()
    activity = UserActivity()
    rate_limit = None if settings.rate_limit is None else RateLimit(settings.rate_limit)
    door = Door(
        COMMANDS,
        database=database,
        authenticate=find_actor,
        log=log,
        meter=meter,
        rate_limit=rate_limit,
        key_uses=key_uses,
        public_url=settings.public_url,
    )
    console = Console(database=database, log=log, meter=meter, activity=activity, public_url=settings.public_url)
    rest_door = RestDoor(ENDPOINTS, database=database, log=log, meter=meter, rate_limit=rate_limit, key_uses=key_uses, activity=activity)

    @asynccontextmanager
    async def open_until_the_end(_app: Litestar) -> AsyncIterator[None]:
        async with database:
            noting = [asyncio.create_task(each.note_regularly(database, log)) for each in (key_uses, activity)]
            await database.forget(unfinished_only=True)
            log.info("serving", address=f"{settings.host}:{settings.port}", process=os.getpid())
            yield
            for task in noting:
                task.cancel()
            for each in (key_uses, activity):
                await each.note_or_tell(database, log)

    return Litestar(
        [
            front,
            health_of(database),
            metrics_of(meter),
            tms.mount(door),
            *tms.routes(door),
            rest.mount(rest_door),
            *rest.routes(rest_door),
            *console.routes(),
        ],
        lifespan=[open_until_the_end],
        exception_handlers={HTTPException: tell_refusal_through(console), Exception: tell_mistake_to(log, console)},
        openapi_config=None,
        logging_config=None,
    )


async def find_actor(database: Database, key_hash: str) -> Actor:
    """
    Give whom a key belongs to.

    Raises:
        InvalidKeyError: It is unknown, revoked, or of a disabled organization.
    """
    return await database.read(authenticate, key_hash=key_hash)


@get("/", sync_to_thread=False)
def front(request: Request[Any, Any, Any]) -> Response[dict[str, str]] | Redirect:
    """Tell what this is and where to go on; a browser is sent to the console."""
    if is_browser(request):
        return Redirect("/home")
    places = {
        "console": "/home",
        "api": f"{tms.ROOT}/",
        "browse": tms.ASSETS,
        "openapi": f"{tms.ROOT}/openapi.json",
        "rest": f"{REST_ROOT}/",
        "rest_browse": f"{REST_ROOT}/browse",
        "rest_openapi": f"{REST_ROOT}/openapi.json",
        "health": "/health",
        "metrics": "/metrics",
    }
    return Response({"name": "Rollbook", "version": program_version(), **places})


def health_of(database: Database) -> HTTPRouteHandler:
    """Give the handler that tells whether the database answers: 200, or 503."""

    @get("/health")
    async def health() -> Response[dict[str, str]]:
        try:
            await database.check()
        except UnavailableError as error:
            return Response({"status": "unavailable", "error": str(error)}, status_code=503, headers=NOT_KEPT)
        return Response({"status": "ok", "version": program_version()}, headers=NOT_KEPT)

    return health


def metrics_of(meter: RequestMeter) -> HTTPRouteHandler:
    """Give the handler of the metrics, in Prometheus's text form: of all workers where there are several."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # comes without types
    else:
        registry = meter.registry
        ProcessCollector(registry=registry)

    @get("/metrics", sync_to_thread=True)
    def metrics() -> Response[bytes]:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers=NOT_KEPT)

    return metrics


def is_browser(request: Request[Any, Any, Any]) -> bool:
    """Tell whether whoever asks would rather have a page."""
    return "text/html" in request.headers.get("accept", "")


def tell_refusal_through(console: Console) -> Any:
    """Give the handler of what the framework refuses: a path that is not there, a method that is not allowed; a browser gets a page."""

    def tell_refusal(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        if is_browser(request):
            return console.answer_refusal(request, error.status_code, error.headers)
        content = {"status": error.status_code, "error": error.detail}
        return Response(content, status_code=error.status_code, headers=error.headers, media_type=MediaType.JSON)

    return tell_refusal


def tell_mistake_to(log: FilteringBoundLogger, console: Console) -> Any:
    """Give the handler of errors that nobody foresaw: told to the log in full, to the caller in a sentence."""

    def tell_mistake(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        # Not the path itself, which may hold the secret of a link.
        log.error("unexpected error", path=request.scope.get("path_template", ""), exc_info=error)
        if is_browser(request):
            return console.answer_refusal(request, 500)
        return Response({"status": 500, "error": "an unexpected error; see the server's log"}, status_code=500, media_type=MediaType.JSON)

    return tell_mistake
