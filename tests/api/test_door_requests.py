import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.door_sample import KEY, Opened

GOOD = "/UpdateSample?id=5&placeId=0"


def call(path: str, *, opened: Opened | None = None, **request: Any) -> httpx.Response:
    return asyncio.run((opened or Opened()).call(path, **request))


@pytest.mark.parametrize(
    "path",
    [
        GOOD,
        "/UpdateSample/5?placeId=0",
        "/UpdateSample/5/?placeId=0",
        "/updatesample/?ID=5&PLACEID=0",
        "/UPDATESAMPLE/%35?placeid=request",
        "/UpdateSample/5?id=5&placeId=0",
        "/UpdateSample?id=5&placeId=0&placeId=0&=",
        "/UpdateSample?id=5&placeId=%30",
    ],
)
def test_it_finds_the_command_and_its_id_however_they_are_written(path: str) -> None:
    answer = call(path)

    assert answer.status_code == 200
    assert answer.json()["EchoId"] == 5
    assert answer.json()["status"] == 0


def test_it_refuses_an_id_that_differs_between_path_and_query() -> None:
    assert call("/UpdateSample/5?id=6&placeId=0").json()["error"] == "id: is given more than once with different values (5 and 6); give one"


def test_it_takes_a_text_id_from_the_path() -> None:
    assert call("/DeleteSample/a%2Fb%20c").json() == {"Status": 0, "Error": None}


@pytest.mark.parametrize("path", ["/Nope", "/GetNothing/5", "/UpdateSample/5/6", "/Nope/5?x=%zz"])
def test_it_answers_404_for_a_path_that_is_no_command(path: str) -> None:
    answer = call(path)

    assert answer.status_code == 404
    assert answer.json()["Status"] == 10
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "HEAD", "TRACE"])
def test_it_refuses_other_methods(method: str) -> None:
    answer = call(GOOD, method=method)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert bool(answer.content) == (method != "HEAD")


@pytest.mark.parametrize(
    "header",
    [{"sec-fetch-mode": "navigate"}, {"purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"}],
)
def test_it_refuses_what_a_browser_sends_by_itself(header: dict[str, str]) -> None:
    opened = Opened()

    assert call(GOOD, opened=opened, headers=header).status_code == 405
    assert opened.database.asked == 0


@pytest.mark.parametrize("key", [None, "", "another"])
@pytest.mark.parametrize("path", [GOOD, "/UpdateSample?id=x", "/Nope", "/UpdateSample?id=%ff"])
def test_it_tells_of_the_key_before_anything_else(key: str | None, path: str) -> None:
    answer = call(path, key=key)

    assert answer.status_code == 200
    assert answer.json().get("status", answer.json().get("Status")) == 30


def test_it_takes_the_key_from_a_header_that_proxies_pass_on() -> None:
    assert call(GOOD, key=None, headers={"api-key": KEY}).json()["status"] == 0


def test_it_never_takes_the_key_from_the_query() -> None:
    assert call(f"{GOOD}&api_key={KEY}", key=None).json()["status"] == 30


def test_it_takes_the_key_before_the_values_and_says_all_that_is_wrong_with_them() -> None:
    answer = call("/UpdateSample?placeId=15&Grade=101&retake=maybe&classId=null&ifVersion=1")

    assert answer.json() == {
        "status": 10,
        "error": "ifVersion: this command has no version to compare with; leave it out; id: is required; give a value; "
        "placeId: 15 is not a place (0, 10 or 60); Grade: 101 is not a whole number (-5 to 100); "
        "retake: maybe is not a boolean (true, false, 1 or 0)",
        "EchoId": None,
        "Told": None,
        "RowsAffected": 0,
        "Results": [],
    }


def test_it_refuses_a_query_over_16_kib() -> None:
    assert call(f"{GOOD}&x={'a' * 16_384}").status_code == 414
    assert call(f"{GOOD}&x={'a' * 16_000}").status_code == 200


def test_it_refuses_a_body_over_1_mib_with_or_without_its_length() -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(17):
            yield b"x" * 65_536

    class Chunks(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            for chunk in chunks():
                yield chunk

    assert call(GOOD, method="POST", content=b"x" * 1_048_577).status_code == 413
    assert call(GOOD, method="POST", content=Chunks()).status_code == 413
    assert call(GOOD, method="POST", headers={"content-length": "9" * 5_000}, content=Chunks()).status_code == 413


def test_it_takes_a_form() -> None:
    answer = call("/UpdateSample/5", method="POST", data={"placeId": "Cancel", "title": "a b&c"})

    assert answer.json()["Told"] == "a b&c"


def test_it_takes_a_json_object() -> None:
    body = {
        "ID": 5,
        "placeId": 0,
        "title": "null",
        "retake": True,
        "roleId": [0, 2],
        "Grade": None,
        "ClassMeetings": [{"Start": 1, "End": 2}],
    }
    answer = call("/UpdateSample?placeId=0", method="POST", json=body)

    assert answer.json()["error"] is None
    assert answer.json()["Told"] == "null"


@pytest.mark.parametrize(
    "content_type, body, told",
    [
        ("text/plain", b"id=5", "content-type: "),
        ("application/json; charset=latin-1", b"{}", "content-type: "),
        ("application/json", b"{", "body: is not JSON"),
        ("application/json", b"[" * 100_000, "body: is not JSON"),
        ("application/json", b"[]", "body: is not a JSON object"),
        ("application/json", b'{"Grade": NaN}', "body: is not JSON"),
        ("application/json", b'{"title": "\xff"}', "body: is not UTF-8"),
        ("application/json", b'{"Grade": 1.0}', "Grade: 1.0 is not a whole number"),
        ("application/json", b'{"Grade": ' + b"9" * 5_000 + b"}", "Grade: 9999"),
        ("application/json", b'{"Grade": true}', "Grade: true is not a whole number"),
        ("application/json", b'{"Grade": [1]}', "Grade: give a single value"),
        ("application/json", b'{"title": false}', "title: is not a text"),
        ("application/json", b'{"title": "\\ud800"}', "title: holds a control character"),
        ("application/json", b'{"Grade": 1, "grade": 2}', "Grade: is given more than once"),
        ("application/json", b'{"roleId": [1, [2]]}', "roleId: is not a list of single values"),
        ("application/json", b'{"roleId": [[]]}', "roleId: is not a list of single values"),
        ("application/x-www-form-urlencoded", b"title=%ff", "title: is not UTF-8"),
        ("application/x-www-form-urlencoded", b"title=%f", "title: a % is not followed"),
        ("application/x-www-form-urlencoded", b"&" * 1_001, "body: holds more than 1000 values"),
    ],
)
def test_it_says_what_is_wrong_with_a_body(content_type: str, body: bytes, told: str) -> None:
    answer = call(GOOD, method="POST", content=body, headers={"content-type": content_type})

    assert answer.status_code == 200
    assert answer.json()["status"] == 10
    assert answer.json()["error"].startswith(told)


def test_it_lists_the_parameters_it_does_not_know() -> None:
    answer = call(f"{GOOD}&foo=1&Bar%0d%0aX=2&foo=3&{'n' * 100}=1")

    assert answer.json()["status"] == 0
    assert answer.headers["x-rollbook-ignored"] == f"foo, Bar%0D%0AX, {'n' * 64}"


def test_it_says_nothing_to_a_caller_who_hung_up() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "raw_path": b"/api/2.0/UpdateSample", "query_string": b"", "headers": []}
    asyncio.run(Opened().door(scope, receive, send))

    assert sent == []


def test_it_takes_a_sane_request_id_and_makes_its_own_otherwise() -> None:
    opened = Opened()

    assert call(GOOD, opened=opened, headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    made = {call(GOOD, opened=opened, headers={"x-request-id": "a b" * 50}).headers["x-request-id"] for _ in range(3)}
    assert len(made) == 3
