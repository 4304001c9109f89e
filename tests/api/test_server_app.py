"""What the application answers beside the TMS API."""

import asyncio
import sqlite3
from contextlib import closing
from io import BytesIO

import pytest
from litestar.testing import TestClient

from rollbook.access.actor import EVERYTHING
from rollbook.api.key_uses import KeyUses
from rollbook.app import make_app
from rollbook.database import file_of, open_database
from rollbook.organizations.queries.keys import list_keys
from rollbook.settings import Settings
from rollbook.telemetry import open_log
from tests.cast import gather


def client_of(url: str) -> TestClient:  # type: ignore[type-arg] # Litestar's own default
    return TestClient(make_app(Settings(database_url=url)))


def test_it_is_healthy_while_the_database_answers(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        answer = client.get("/health")

        assert 200 == answer.status_code
        assert "ok" == answer.json()["status"]
        assert "no-store" == answer.headers["cache-control"]


def test_it_is_unhealthy_while_the_database_is_away() -> None:
    with client_of("postgresql://127.0.0.1:1/rollbook") as client:
        answer = client.get("/health")

        assert 503 == answer.status_code
        assert "unavailable" == answer.json()["status"]
        assert "cannot be reached" in answer.json()["error"]


def test_it_says_what_it_is(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        places = client.get("/").json()

        assert "Rollbook" == places["name"]
        leading_on = ("console", "browse", "openapi", "rest_browse", "rest_openapi", "health", "metrics")
        assert [200] * 7 == [client.get(places[name]).status_code for name in leading_on]


def test_it_sends_a_browser_on_to_the_console(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        answer = client.get("/", headers={"accept": "text/html,*/*;q=0.8"}, follow_redirects=False)

        assert 302 == answer.status_code
        assert "/home" == answer.headers["location"]
        assert "/sign-in" == client.get("/home", follow_redirects=True).url.path


def test_it_answers_a_browser_with_a_page_of_an_error_and_leads_from_the_pages_of_a_tms_to_ours(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        client.headers["accept"] = "text/html,*/*;q=0.8"

        nothing = client.get("/nothing")
        assert 404 == nothing.status_code
        assert "<h1>Not found</h1>" in nothing.text
        assert 405 == client.delete("/sign-in").status_code
        moved = client.get("/Class/Roster/5", follow_redirects=False)
        assert (302, "/classes/5/roster") == (moved.status_code, moved.headers["location"])


@pytest.mark.parametrize("path, status", [("/nothing", 404), ("/api", 404), ("/api/3.0/GetUser/1", 404), ("/health/", 200)])
def test_it_answers_json_on_unknown_paths(path: str, status: int, sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        answer = client.get(path)

        assert status == answer.status_code
        assert "application/json" == answer.headers["content-type"]


def test_it_answers_json_on_methods_that_are_not_allowed(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        assert {"status": 405, "error": "Method Not Allowed"} == client.delete("/health").json()


def test_it_counts_requests(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        client.get("/api/2.0/GetUser/1", headers={"api_key": "rb_unknown"})
        answer = client.get("/metrics")

        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert 'rollbook_requests_total{command="GetUser",status="30"} 1.0' in answer.text
        assert "process_resident_memory_bytes" in answer.text


def test_it_tells_nothing_of_a_mistake_but_to_the_log(sqlite_url: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with client_of(sqlite_url) as client:
        # A table that is gone is no trouble of the disk, so it stands for a mistake in the program.
        with closing(sqlite3.connect(file_of(sqlite_url))) as connection:
            connection.execute("DROP TABLE api_keys")
        answer = client.get("/api/2.0/GetUser/1", headers={"api_key": "rb_unknown"})

    assert 500 == answer.status_code
    assert "Traceback" not in answer.text
    assert "api_keys" not in answer.text
    assert b"no such table: api_keys" in capfdbinary.readouterr().out


def test_it_tells_a_mistake_at_either_door_to_the_log(sqlite_url: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with client_of(sqlite_url) as client:
        with closing(sqlite3.connect(file_of(sqlite_url))) as connection:
            connection.execute("DROP TABLE api_keys")
        answer = client.get("/api/v1/key", headers={"authorization": "Bearer rb_unknown"})

    assert (500, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    assert b"no such table: api_keys" in capfdbinary.readouterr().out


async def keep_key(url: str) -> str:
    async with open_database(url) as database:
        return (await gather(database)).ada_key


async def used_at(url: str) -> dict[str, int | None]:
    async with open_database(url) as database:
        return {key.name: key.last_used_at for key in await database.read(list_keys, viewer=EVERYTHING)}


@pytest.mark.parametrize("path, header", [("/api/v1/key", "authorization"), ("/api/2.0/GetOrganization/1", "api_key")], ids=["REST", "TMS"])
def test_either_door_remembers_which_keys_are_used_and_the_end_notes_it(path: str, header: str, database_url: str) -> None:
    key = asyncio.run(keep_key(database_url))
    with client_of(database_url) as client:
        client.get(path, headers={header: f"Bearer {key}" if header == "authorization" else key})
        client.get(path, headers={header: "Bearer rb_unknown" if header == "authorization" else "rb_unknown"})
        during = asyncio.run(used_at(database_url))
    after = asyncio.run(used_at(database_url))

    assert {"Ada": None, "Olga": None} == during
    assert after["Ada"] is not None
    assert after["Olga"] is None


def test_both_doors_share_the_calls_of_a_key(sqlite_url: str) -> None:
    key = asyncio.run(keep_key(sqlite_url))
    with TestClient(make_app(Settings(database_url=sqlite_url, rate_limit=2))) as client:
        told = [
            client.get("/api/v1/key", headers={"authorization": f"Bearer {key}"}).status_code,
            client.get("/api/2.0/GetOrganization/1", headers={"api_key": key}).status_code,
            client.get("/api/2.0/GetOrganization/1", headers={"api_key": key}).status_code,
            client.get("/api/v1/key", headers={"authorization": f"Bearer {key}"}).status_code,
        ]

    assert [200, 200, 429, 429] == told


async def test_uses_that_the_database_does_not_take_now_stay_remembered(sqlite_url: str) -> None:
    lines = BytesIO()
    uses = KeyUses()
    uses.remember("a hash")
    closed = open_database("postgresql://127.0.0.1:1/rollbook")
    await uses.note_or_tell(closed, open_log(lines))
    async with open_database(sqlite_url) as database:
        noting = asyncio.create_task(uses.note_regularly(database, open_log(lines), seconds=0.01))
        await asyncio.sleep(0.1)
        noting.cancel()

    assert 1 == lines.getvalue().count(b"uses of keys not noted")
    assert not uses.remembers("a hash")


def test_it_serves_every_command_of_the_tms(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        paths = client.get("/api/2.0/openapi.json").json()["paths"]

    assert {f"/{name}" for name in ("CreateClassEnrollment", "SearchClasses", "GetUserByEmail", "CreateOrganization")} <= {*paths}
