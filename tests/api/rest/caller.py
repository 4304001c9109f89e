"""A caller with a key in front of the REST API, over a real database, who checks every answer against the OpenAPI document."""

import re
from functools import cache
from io import BytesIO
from typing import Any

import httpx
import jsonschema_rs
import msgspec
from litestar import Litestar

from rollbook.api.activity import UserActivity
from rollbook.api.key_uses import KeyUses
from rollbook.api.rate_limit import RateLimit
from rollbook.api.rest.door import Door
from rollbook.api.rest.endpoints import ENDPOINTS
from rollbook.api.rest.openapi import openapi_document
from rollbook.api.rest.pages import mount
from rollbook.database.transaction import Database
from rollbook.telemetry import RequestMeter, open_log

DOCUMENT: dict[str, Any] = msgspec.json.decode(openapi_document(ENDPOINTS))


class Caller:
    """
    A caller with a key.

    Attributes:
        lines: What the door has logged.
    """

    def __init__(self, database: Database, key: str | None, *, calls_per_minute: int | None = None) -> None:
        self.lines = BytesIO()
        self.meter = RequestMeter()
        self.key_uses = KeyUses()
        self.activity = UserActivity()
        rate_limit = None if calls_per_minute is None else RateLimit(calls_per_minute)
        log = open_log(self.lines)
        door = Door(
            ENDPOINTS,
            database=database,
            log=log,
            meter=self.meter,
            rate_limit=rate_limit,
            key_uses=self.key_uses,
            activity=self.activity,
        )
        self._app = Litestar([mount(door)], openapi_config=None, logging_config=None)
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}

    async def request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **request: Any) -> httpx.Response:
        """Send any request to a path beneath ``/api/v1`` and give the whole answer, which is found to be as documented."""
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar types its scope more narrowly than httpx
        async with httpx.AsyncClient(transport=transport, base_url="http://rollbook.test") as caller:
            answer = await caller.request(method, f"/api/v1{path}", headers={**self._headers, **(headers or {})}, **request)
        check_documented(method, path.partition("?")[0], answer)
        return answer

    async def get(self, path: str, *, status: int = 200, headers: dict[str, str] | None = None, **query: Any) -> dict[str, Any]:
        """Read, with a query, and give the answer, which has the expected status."""
        return told(await self.request("GET", path, headers=headers, params=query or None), status)

    async def post(
        self, path: str, body: Any = None, *, status: int = 201, headers: dict[str, str] | None = None, **query: Any
    ) -> dict[str, Any]:
        """Send a body, where there is one, and give the answer, which has the expected status."""
        return told(await self.request("POST", path, headers=headers, params=query or None, **_json(body)), status)

    async def patch(
        self, path: str, body: Any, *, status: int = 200, headers: dict[str, str] | None = None, **query: Any
    ) -> dict[str, Any]:
        """Change something and give the answer, which has the expected status."""
        return told(await self.request("PATCH", path, headers=headers, params=query or None, **_json(body)), status)


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Give what an answer tells, once its status is found to be the expected one."""
    assert status == answer.status_code, answer.text
    content: dict[str, Any] = answer.json()
    return content


def _json(body: Any) -> dict[str, Any]:
    return {} if body is None else {"json": body}


def check_documented(method: str, path: str, answer: httpx.Response) -> None:
    """Find that an answer of an operation is one that the document tells of: its status, its headers and its body."""
    operation = next(
        (item[method.lower()] for known, item in DOCUMENT["paths"].items() if _fits(known, path) and method.lower() in item), None
    )
    if operation is None:
        assert method in {"HEAD", "OPTIONS"} or answer.status_code in {404, 405}
        return
    documented = operation["responses"].get(str(answer.status_code))
    assert documented is not None, f"{method} {path}: {answer.status_code} is not documented: {answer.text}"
    documented = _resolved(documented)
    for name, header in documented.get("headers", {}).items():
        assert name in answer.headers or not _resolved(header).get("required"), f"{method} {path}: {name} is missing"
    if "content" not in documented:
        assert b"" == answer.content
        return
    ((media_type, content),) = documented["content"].items()
    assert media_type == answer.headers["content-type"]
    _validator(content["schema"]["$ref"]).validate(answer.json())


def _fits(known: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", known), path) is not None


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    resolved: dict[str, Any] = found
    return resolved


@cache
def _validator(reference: str) -> Any:
    return jsonschema_rs.Draft202012Validator({"$ref": reference, "components": DOCUMENT["components"]}, validate_formats=True)
