"""Versions, conditions and dry runs of the REST API."""

import pytest

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import add_course, gather


async def test_a_change_happens_at_the_version_that_is_asked_for(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await add_course(database, cast)}"

        changed = await caller.request("PATCH", path, json={"duration": 1}, headers={"If-Match": '"1"'})
        stale = await caller.request("PATCH", path, json={"duration": 2}, headers={"If-Match": '"1"'})

        assert (200, '"2"') == (changed.status_code, changed.headers["etag"])
        assert (412, "version_changed", "If-Match") == (stale.status_code, stale.json()["code"], stale.json()["field"])
        assert changed.json()["result"] == stale.json()["current"]
        assert '"2"' == stale.headers["etag"]


@pytest.mark.parametrize(
    "tags, status",
    [
        ("*", 200),
        ('"1"', 200),
        ('"7", "1"', 200),
        ('"7","8"', 412),
        ('W/"1"', 412),
        ('W/"1", "1"', 200),
        ('"abc"', 412),
        ('"9999999999"', 412),
        ("1", 412),
        ('"1', 412),
        ("", 412),
        ('"1" "1"', 412),
    ],
)
async def test_tags_are_compared_strongly_before_a_change(tags: str, status: int, database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await add_course(database, cast)}"

        answer = await caller.request("PATCH", path, json={"duration": 1}, headers={"If-Match": tags})

        assert status == answer.status_code


@pytest.mark.parametrize(
    "tags, status", [("*", 304), ('"1"', 304), ('W/"1"', 304), ('"7", "1"', 304), ('"2"', 200), ('"abc"', 200), ("1", 200)]
)
async def test_what_is_known_is_not_told_again(tags: str, status: int, database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await add_course(database, cast)}"

        answer = await caller.request("GET", path, headers={"If-None-Match": tags})

        assert (status, '"1"') == (answer.status_code, answer.headers["etag"])


async def test_a_dry_run_tells_everything_and_keeps_nothing(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await add_course(database, cast)}"

        rehearsed = await caller.request("PATCH", f"{path}?dry_run=true", json={"duration": 1}, headers={"If-Match": '"1"'})
        created = await caller.request("POST", "/courses?dry_run=true", json={"name": "Cooking"})
        stale = await caller.request("PATCH", f"{path}?dry_run=true", json={"duration": 1}, headers={"If-Match": '"2"'})

        assert (True, 1, 2) == (rehearsed.json()["dry_run"], rehearsed.json()["result"]["duration"], rehearsed.json()["result"]["version"])
        assert '"2"' == rehearsed.headers["etag"]
        assert [("duration", None, 1)] == [(each["field"], each["before"], each["after"]) for each in rehearsed.json()["changes"]]
        assert (200, "Cooking") == (created.status_code, created.json()["result"]["name"])
        assert "location" not in created.headers
        assert 412 == stale.status_code
        assert [(1, None)] == [(course["version"], course["duration"]) for course in (await caller.get("/courses"))["items"]]


async def test_a_change_that_changes_nothing_tells_no_changes(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await add_course(database, cast, duration=5)}"

        assert [] == (await caller.patch(path, {"duration": 5}))["changes"]
        assert [] == (await caller.patch(path, {}))["changes"]
