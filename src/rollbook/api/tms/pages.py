"""Where the door stands in the application, and what a browser may see of it."""

from litestar import asgi
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.types import Receive, Scope, Send

from rollbook.api.browsing import browsing_routes
from rollbook.api.tms.door import Door
from rollbook.api.tms.openapi import openapi_document
from rollbook.api.tms.paths import PREFIX

ROOT = PREFIX.decode()
ASSETS = f"{ROOT}/browse"


def routes(door: Door) -> list[HTTPRouteHandler]:
    """Give the handlers of the OpenAPI document, the browse page's parts, and the page itself at ``/api/2.0/browse``."""
    return browsing_routes(ROOT, title="TMS API 2.0", document=openapi_document(door.commands))


def mount(door: Door) -> ASGIRouteHandler:
    """Give the handler that puts the door at ``/api/2.0``; at that path itself it sends a browser on to the browse page."""

    @asgi(ROOT, is_mount=True, copy_scope=False)
    async def tms(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["raw_path"].rstrip(b"/") == PREFIX and scope.get("method") in ("GET", "HEAD"):
            await send(
                {"type": "http.response.start", "status": 302, "headers": [(b"location", ASSETS.encode()), (b"content-length", b"0")]}
            )
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await door(scope, receive, send)

    return tms
