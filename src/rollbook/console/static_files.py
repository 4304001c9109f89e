"""The style sheets, scripts and pictures, at addresses that change with what is in them, so that browsers may keep them for ever."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


def _contents() -> Mapping[str, bytes]:
    folder = files("rollbook.console") / "static"
    return MappingProxyType({file.name: file.read_bytes() for file in sorted(folder.iterdir(), key=lambda file: file.name)})


CONTENTS: Final = _contents()
DIGEST: Final = hashlib.sha256(b"".join(name.encode() + b"\0" + content for name, content in CONTENTS.items())).hexdigest()[:16]


def address_of(name: str) -> str:
    """
    Give the address of a static file.

    Raises:
        KeyError: There is no such file.
    """
    if name not in CONTENTS:
        raise KeyError(name)
    return f"/static/{DIGEST}/{name}"


def static_routes() -> list[HTTPRouteHandler]:
    """Give the handlers of all static files."""
    return [_handler(name, content) for name, content in CONTENTS.items()]


def _handler(name: str, content: bytes) -> HTTPRouteHandler:
    media_type = MEDIA_TYPES["." + name.rpartition(".")[2]]

    @get(address_of(name), sync_to_thread=False)
    def serve() -> Response[bytes]:
        return Response(content, media_type=media_type, headers=FOR_EVER)

    return serve
