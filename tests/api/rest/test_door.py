"""What the door of the REST API checks before any handler runs, and what every answer has."""

import sqlite3
from contextlib import closing

import msgspec
import pytest

from rollbook.access.actor import EVERYTHING
from rollbook.access.keys import hash_of, make_key
from rollbook.access.roles import ROLES
from rollbook.access.scopes import Scope
from rollbook.api.rest.values import time_zone_names
from rollbook.database import file_of, open_database
from rollbook.database.transaction import Database
from rollbook.organizations.actions.keys import create_key, note_key_uses
from rollbook.organizations.queries.keys import list_keys
from tests.api.rest.caller import DOCUMENT, Caller
from tests.cast import NOBODY, TESTS, Cast, add_room, gather


async def caller_with(database: Database, cast: Cast, scope: Scope) -> Caller:
    key = make_key()
    await database.write(
        create_key, actor=TESTS, organization_id=cast.organization_id, name="K", key_hash=key.hash, scope=scope, expires_at=None
    )
    return Caller(database, key.secret)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer rb_unknown", "rb_unknown", "Bearer a b"])
async def test_it_wants_a_key_before_anything_else(authorization: str | None, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, None)
        headers = {} if authorization is None else {"Authorization": authorization}

        answer = await caller.request("PATCH", "/courses/nonsense?nonsense=1", headers=headers, content=b"{")

        assert 401 == answer.status_code
        assert "invalid_key" == answer.json()["code"]
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_scope_is_asked_before_any_value(database: Database) -> None:
    async with database:
        caller = await caller_with(database, await gather(database), Scope.READ)

        answer = await caller.request("POST", "/courses?nonsense=1", content=b"{")

        assert (403, "scope") == (answer.status_code, answer.json()["code"])
        assert 200 == (await caller.request("GET", "/courses")).status_code


async def test_it_acts_for_a_student_where_students_may_call(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        room_id = await add_room(database, cast, administrative_notes="Beware")
        as_sam = {"Rollbook-Acting-User": str(cast.sam_id)}

        me = await caller.get("/key", headers=as_sam)

        assert (cast.sam_id, "Ada", cast.organization_id) == (me["acting_user_id"], me["name"], me["organization_id"])
        assert "administrative_notes" not in await caller.get(f"/classrooms/{room_id}", headers=as_sam)
        assert "administrative_notes" not in (await caller.get("/classrooms", headers=as_sam))["items"][0]
        assert "Beware" == (await caller.get(f"/classrooms/{room_id}"))["administrative_notes"]
        assert "note" not in await caller.get(f"/users/{cast.sam_id}", headers=as_sam)
        assert "user_not_found" == (await caller.get(f"/users/{cast.sue_id}", headers=as_sam, status=404))["code"]
        assert "not_for_students" == (await caller.get("/users", headers=as_sam, status=403))["code"]


async def test_it_acts_for_nobody_whom_the_key_does_not_see(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await caller.patch(f"/users/{cast.sue_id}", {"disabled": True})

        refused = {
            given: await caller.get("/key", headers={"Rollbook-Acting-User": given}, status=400 if not given.isdigit() else 403)
            for given in (str(NOBODY), "9999999999", str(cast.olga_id), str(cast.sue_id), "sam", "-1")
        }

        assert ["unknown_acting_user"] * 3 + ["disabled_acting_user", "malformed_header", "malformed_header"] == [
            problem["code"] for problem in refused.values()
        ]


@pytest.mark.parametrize("text", ["0", "-1", "01", "1.0", "x", "2147483648", "99999999999999999999", "%00", "%F0%9F%98%80"])
async def test_nothing_has_an_id_that_is_none(text: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)

        assert 404 == (await caller.request("GET", f"/courses/{text}")).status_code


async def test_paths_and_methods_that_are_not_there_are_problems_too(database: Database) -> None:
    async with database:
        caller = Caller(database, None)
        nowhere = await caller.request("GET", "/nowhere")
        wrong = await caller.request("PUT", "/courses")

        assert (404, "not_found", "application/problem+json") == (
            nowhere.status_code,
            nowhere.json()["code"],
            nowhere.headers["content-type"],
        )
        assert (405, "method_not_allowed") == (wrong.status_code, wrong.json()["code"])
        assert {"GET", "POST"} <= set(wrong.headers["allow"].split(", "))


async def test_every_answer_has_an_id_and_is_kept_nowhere(database: Database) -> None:
    async with database:
        caller = Caller(database, (await gather(database)).ada_key)
        named = await caller.request("GET", "/key", headers={"X-Request-Id": "mine-1"})
        insane = await caller.request("GET", "/key", headers={"X-Request-Id": "no\tgood"})

        assert ("mine-1", "no-store") == (named.headers["x-request-id"], named.headers["cache-control"])
        assert insane.headers["x-request-id"] not in {"no\tgood", (await caller.request("GET", "/nowhere")).headers["x-request-id"]}


async def test_it_logs_one_line_for_a_request_and_no_values(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await caller.post(
            "/users", {"user_name": "secret", "email": "s@example.com", "first_name": "S", "last_name": "S", "password": "pw"}
        )

        (line,) = caller.lines.getvalue().splitlines()
        told = msgspec.json.decode(line)

        assert ("create_user", "Ada", 201) == (told["command"], told["key"], told["http"])
        assert b"secret" not in line
        assert cast.ada_key.encode() not in line
        counted = caller.meter.registry.get_sample_value("rollbook_requests_total", {"command": "create_user", "status": "201"})
        assert 1.0 == counted


async def test_it_limits_how_often_a_key_calls(database: Database) -> None:
    async with database:
        caller = Caller(database, (await gather(database)).ada_key, calls_per_minute=2)
        first, _, third = [await caller.request("GET", "/key") for _ in range(3)]
        unknown = await Caller(database, "rb_unknown", calls_per_minute=2).request("GET", "/key")

        assert '"key";q=2;w=60' == first.headers["ratelimit-policy"]
        assert '"key";r=1;t=30' == first.headers["ratelimit"]
        assert (429, "too_many_requests") == (third.status_code, third.json()["code"])
        assert 1 <= int(third.headers["retry-after"]) <= 30
        assert 401 == unknown.status_code
        assert "ratelimit" not in unknown.headers


async def test_it_remembers_when_a_key_was_used_and_notes_it_later(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await caller.get("/key")
        before = {key.name: key.last_used_at for key in await database.read(list_keys, viewer=EVERYTHING)}
        await caller.key_uses.note(database)
        await caller.key_uses.note(database)
        noted = {key.name: key for key in await database.read(list_keys, viewer=EVERYTHING)}

        assert {"Ada": None, "Olga": None} == before
        assert noted["Olga"].last_used_at is None
        assert noted["Ada"].last_used_at is not None
        assert noted["Ada"].last_used_at >= noted["Ada"].created_at


async def test_an_earlier_use_of_a_key_does_not_hide_a_later_one(database: Database) -> None:
    async with database:
        cast = await gather(database)
        for used_at in (20, 10):
            await database.write(note_key_uses, uses={hash_of(cast.ada_key): used_at})

        assert [20, None] == [key.last_used_at for key in await database.read(list_keys, viewer=EVERYTHING)]


async def test_it_tells_nothing_of_a_mistake_but_to_the_log(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        caller = Caller(database, (await gather(database)).ada_key)
        # A table that is gone is no trouble of the disk, so it stands for a mistake in the program.
        with closing(sqlite3.connect(file_of(sqlite_url))) as connection:
            connection.execute("DROP TABLE courses")

        answer = await caller.request("GET", "/courses/1", headers={"X-Request-Id": "r-1"})

        assert (500, "unexpected_error", "r-1") == (answer.status_code, answer.json()["code"], answer.json()["request"])
        assert "no such table" not in answer.text
        assert b"no such table: courses" in caller.lines.getvalue()


def test_the_document_knows_the_roles_and_the_time_zones() -> None:
    role = DOCUMENT["components"]["schemas"]["CreateOrganization"]["properties"]["default_role_id"]["anyOf"][0]

    assert set(ROLES) == set(role["enum"])
    assert "America/New_York" in time_zone_names()


async def test_it_tells_the_methods_of_a_path_and_the_headers_of_what_can_be_read(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)

        allowed = await caller.request("OPTIONS", "/courses")
        headers = await caller.request("HEAD", f"/users/{cast.sam_id}")

        assert (204, "GET, HEAD, OPTIONS, POST") == (allowed.status_code, allowed.headers["allow"])
        assert (200, '"1"', b"") == (headers.status_code, headers.headers["etag"], headers.content)
