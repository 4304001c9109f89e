"""Where the door stands in the application, and what a browser may see of it."""

from litestar import asgi
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.types import Receive, Scope, Send

from rollbook.api.browsing import browsing_routes
from rollbook.api.rest.door import Door
from rollbook.api.rest.openapi import openapi_document
from rollbook.api.rest.serving import ROOT


def routes(door: Door) -> list[HTTPRouteHandler]:
    """Give the handlers of the OpenAPI document, the browse page's parts, and the page itself at ``/api/v1/browse``."""
    return browsing_routes(ROOT, title="REST API", document=openapi_document(door.endpoints))


def mount(door: Door) -> ASGIRouteHandler:
    """Give the handler that puts the door at ``/api/v1``."""

    @asgi(ROOT, is_mount=True, copy_scope=True)
    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        await door(scope, receive, send)

    return rest
