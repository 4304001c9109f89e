"""What the REST API refuses of queries, headers and bodies, and how it tells."""

from typing import Any

import pytest

from rollbook.database import open_database
from tests.api.rest.caller import Caller
from tests.cast import gather

JSON = "application/json"


@pytest.mark.parametrize(
    "query, code, field",
    [
        ("nonsense=1", "unknown_parameter", "nonsense"),
        ("limit=0", "invalid_parameter", "limit"),
        ("limit=1001", "invalid_parameter", "limit"),
        ("limit=ten", "invalid_parameter", "limit"),
        ("limit=1.0", "invalid_parameter", "limit"),
        ("limit=1&limit=2", "repeated_parameter", "limit"),
        ("archived=1", "invalid_parameter", "archived"),
        ("archived=", "invalid_parameter", "archived"),
        ("cursor=garbage", "invalid_parameter", "cursor"),
        ("cursor=n.0", "invalid_parameter", "cursor"),
        ("name=%20", "invalid_parameter", "name"),
        ("name=a%0A", "invalid_parameter", "name"),
        ("name=%FF", "malformed_query", None),
        ("name=" + "x" * 256, "invalid_parameter", "name"),
        ("&".join(f"a{number}=1" for number in range(300)), "malformed_query", None),
        ("dry_run=true", "unknown_parameter", "dry_run"),
    ],
)
async def test_it_refuses_queries_that_are_not_as_declared(query: str, code: str, field: str | None, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)

        answer = await caller.request("GET", f"/courses?{query}")

        assert 400 == answer.status_code
        assert (code, field) == (answer.json()["code"], answer.json().get("field"))
        assert answer.json()["remedy"]


async def test_it_refuses_a_query_that_is_too_long(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)

        assert 414 == (await caller.request("GET", "/courses?name=" + "x" * 16_384)).status_code


@pytest.mark.parametrize(
    "body, status, code, field",
    [
        (b"", 400, "malformed_json", None),
        (b"{", 400, "malformed_json", None),
        (b"\xff", 400, "malformed_json", None),
        (b'{"name":"\xff"}', 400, "malformed_json", None),
        (b'{"name":"\\ud800"}', 400, "malformed_json", None),
        (b'{"name":"a"} {}', 400, "malformed_json", None),
        (b'{"name":"a","duration":NaN}', 400, "malformed_json", None),
        (b"[]", 422, "invalid_value", "$"),
        (b"null", 422, "invalid_value", "$"),
        (b"{}", 422, "invalid_value", "$.name"),
        (b'{"name":null}', 422, "invalid_value", "$.name"),
        (b'{"name":1}', 422, "invalid_value", "$.name"),
        (b'{"name":""}', 422, "invalid_value", "$.name"),
        (b'{"name":" \\u2003 "}', 422, "invalid_value", "$.name"),
        (b'{"name":"a\\u0000"}', 422, "invalid_value", "$.name"),
        (b'{"name":"a\\n"}', 422, "invalid_value", "$.name"),
        (b'{"name":"a","nonsense":1}', 422, "invalid_value", "$.nonsense"),
        (b'{"name":"a","duration":-1}', 422, "invalid_value", "$.duration"),
        (b'{"name":"a","duration":2147483648}', 422, "invalid_value", "$.duration"),
        (b'{"name":"a","duration":1e999}', 422, "invalid_value", "$.duration"),
        (b'{"name":"a","duration":1e308}', 422, "invalid_value", "$.duration"),
        (b'{"name":"a","duration":1.5}', 422, "invalid_value", "$.duration"),
        (b'{"duration":1.5,"name":' + b"[" * 100_000, 400, "malformed_json", None),
        (b'{"duration":1.5,"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "malformed_json", None),
        (b'{"name":"a","duration":"1"}', 422, "invalid_value", "$.duration"),
        (b'{"name":"a","archived":0}', 422, "invalid_value", "$.archived"),
        (b'{"name":"' + b"x" * 256 + b'"}', 422, "invalid_value", "$.name"),
    ],
)
async def test_it_refuses_bodies_that_are_not_as_declared(body: bytes, status: int, code: str, field: str | None, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)

        answer = await caller.request("POST", "/courses", content=body, headers={"Content-Type": JSON})
        problem: dict[str, Any] = answer.json()

        assert (status, code) == (answer.status_code, problem["code"])
        assert field == problem.get("field")
        assert [field] == [error["field"] for error in problem.get("errors", [{"field": None}])]


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"name":' * 100_000, b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"])
async def test_it_survives_bodies_that_are_nested_deep(deep: bytes, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)

        answer = await caller.request("POST", "/courses", content=deep, headers={"Content-Type": JSON})

        assert answer.status_code in {400, 422}


async def test_it_refuses_bodies_that_are_too_large(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)
        body = b'{"name":"' + b"x" * 1_048_576 + b'"}'

        told = await caller.request("POST", "/courses", content=body, headers={"Content-Type": JSON})

        assert (413, "body_too_large") == (told.status_code, told.json()["code"])


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""])
async def test_it_takes_no_body_but_json(content_type: str | None, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)
        headers = {} if content_type is None else {"Content-Type": content_type}

        answer = await caller.request("POST", "/courses", content=b'{"name":"a"}', headers=headers)

        assert (415, "unsupported_media_type") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8", 'application/json;charset="UTF-8"'])
async def test_it_takes_json_however_it_is_named(content_type: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)

        answer = await caller.request("POST", "/courses", content=b'{"name":"a"}', headers={"Content-Type": content_type})

        assert 201 == answer.status_code
