"""What a browser may see of a door: its OpenAPI document and a page to browse and try it; neither needs a key."""

from functools import cache
from importlib.resources import files

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".png": "image/png"}
SWAGGER_UI_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Rollbook: {title}</title>
<link rel="stylesheet" href="{root}/browse/swagger-ui.css">
<link rel="icon" type="image/png" href="{root}/browse/favicon-32x32.png">
</head>
<body>
<div id="browse"></div>
<script src="{root}/browse/swagger-ui-bundle.js"></script>
<script src="{root}/browse/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({{
  url: "{root}/openapi.json",
  dom_id: "#browse",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
}});
"""


@cache
def swagger_ui_file(name: str) -> bytes:
    """Give a file of Swagger UI, read once."""
    vendor = files("swagger_ui_bundle") / "vendor"
    folder = next(folder for folder in vendor.iterdir() if folder.name.startswith("swagger-ui-"))
    return (folder / name).read_bytes()


def browsing_routes(root: str, *, title: str, document: bytes) -> list[HTTPRouteHandler]:
    """Give the handlers of a door's OpenAPI document, the browse page's parts, and the page itself at ``<root>/browse``."""
    page = PAGE.format(title=title, root=root).encode()
    start_script = START.format(root=root).encode()

    @get(f"{root}/openapi.json", sync_to_thread=False, include_in_schema=False)
    def openapi_json() -> Response[bytes]:
        return Response(document, media_type="application/json", headers=HEADERS)

    @get(f"{root}/browse", sync_to_thread=False, include_in_schema=False)
    def browse() -> Response[bytes]:
        return Response(page, media_type="text/html", headers=HEADERS)

    @get(f"{root}/browse/start.js", sync_to_thread=False, include_in_schema=False)
    def start() -> Response[bytes]:
        return Response(start_script, media_type=MEDIA_TYPES[".js"], headers=HEADERS)

    return [openapi_json, browse, start, *(swagger_ui_handler(root, name) for name in SWAGGER_UI_FILES)]


def swagger_ui_handler(root: str, name: str) -> HTTPRouteHandler:
    """Give the handler of one file of Swagger UI."""
    media_type = next(media_type for ending, media_type in MEDIA_TYPES.items() if name.endswith(ending))

    # A mounted door takes every path beneath it that has a parameter, so each file is a path of its own.
    @get(f"{root}/browse/{name}", sync_to_thread=False, include_in_schema=False)
    def serve() -> Response[bytes]:
        return Response(swagger_ui_file(name), media_type=media_type, headers=HEADERS | {"cache-control": "max-age=86400"})

    return serve
