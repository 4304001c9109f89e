"""What a browser may see of the door: the OpenAPI document and a page to browse and try it; neither needs a key."""

from functools import cache
from importlib.resources import files

from litestar import Response, asgi, get
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.types import Receive, Scope, Send

from rollbook.api.tms.door import Door
from rollbook.api.tms.openapi import openapi_document
from rollbook.api.tms.paths import PREFIX

ROOT = PREFIX.decode()
ASSETS = f"{ROOT}/browse"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".png": "image/png"}
SWAGGER_UI_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")

PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Rollbook: TMS API 2.0</title>
<link rel="stylesheet" href="{ASSETS}/swagger-ui.css">
<link rel="icon" type="image/png" href="{ASSETS}/favicon-32x32.png">
</head>
<body>
<div id="browse"></div>
<script src="{ASSETS}/swagger-ui-bundle.js"></script>
<script src="{ASSETS}/start.js"></script>
</body>
</html>
""".encode()
START = f"""SwaggerUIBundle({{
  url: "{ROOT}/openapi.json",
  dom_id: "#browse",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
}});
""".encode()


@cache
def swagger_ui_file(name: str) -> bytes:
    """Give a file of Swagger UI, read once."""
    vendor = files("swagger_ui_bundle") / "vendor"
    folder = next(folder for folder in vendor.iterdir() if folder.name.startswith("swagger-ui-"))
    return (folder / name).read_bytes()


def routes(door: Door) -> list[HTTPRouteHandler]:
    """Give the handlers of the OpenAPI document, the browse page's parts, and the page itself at ``/api/2.0/browse``."""
    document = openapi_document(door.commands)

    @get(f"{ROOT}/openapi.json", sync_to_thread=False, include_in_schema=False)
    def openapi_json() -> Response[bytes]:
        return Response(document, media_type="application/json", headers=HEADERS)

    @get(ASSETS, sync_to_thread=False, include_in_schema=False)
    def browse() -> Response[bytes]:
        return Response(PAGE, media_type="text/html", headers=HEADERS)

    @get(f"{ASSETS}/start.js", sync_to_thread=False, include_in_schema=False)
    def start() -> Response[bytes]:
        return Response(START, media_type=MEDIA_TYPES[".js"], headers=HEADERS)

    return [openapi_json, browse, start, *(swagger_ui_handler(name) for name in SWAGGER_UI_FILES)]


def swagger_ui_handler(name: str) -> HTTPRouteHandler:
    """Give the handler of one file of Swagger UI."""
    media_type = next(media_type for ending, media_type in MEDIA_TYPES.items() if name.endswith(ending))

    # The mounted door takes every path beneath it that has a parameter, so each file is a path of its own.
    @get(f"{ASSETS}/{name}", sync_to_thread=False, include_in_schema=False)
    def serve() -> Response[bytes]:
        return Response(swagger_ui_file(name), media_type=media_type, headers=HEADERS | {"cache-control": "max-age=86400"})

    return serve


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
