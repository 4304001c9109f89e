"""The least that can answer: a constant ASGI answer on Granian, with the server's own settings for HTTP."""

import sys
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

BODY = b'{"status":0,"error":null}'
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))],
}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ARG001 - the shape of ASGI
    """Answer the constant."""
    await send(START)
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    Granian(
        "benchmarks.bare:application",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        log_access=False,
    ).serve()
