"""What the application answers beside the TMS API."""

import sqlite3
from contextlib import closing

import pytest
from litestar.testing import TestClient

from rollbook.app import make_app
from rollbook.database import file_of
from rollbook.settings import Settings


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
        assert [200] * 4 == [client.get(places[name]).status_code for name in ("browse", "openapi", "health", "metrics")]


def test_it_sends_a_browser_on_to_the_page_to_browse(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        answer = client.get("/", headers={"accept": "text/html,*/*;q=0.8"}, follow_redirects=False)

        assert 302 == answer.status_code
        assert "/api/2.0/browse" == answer.headers["location"]


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


def test_it_serves_every_command_of_the_tms(sqlite_url: str) -> None:
    with client_of(sqlite_url) as client:
        paths = client.get("/api/2.0/openapi.json").json()["paths"]

    assert {f"/{name}" for name in ("CreateClassEnrollment", "SearchClasses", "GetUserByEmail", "CreateOrganization")} <= {*paths}
