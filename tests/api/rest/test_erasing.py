"""Removing what identifies a person, in the REST API."""

import pytest

from rollbook.database import open_database
from tests.api.rest.caller import Caller
from tests.cast import gather
from tests.database_contents import found_in
from tests.marked import mark_person


@pytest.mark.parametrize("method, path", [("POST", "closing"), ("DELETE", "data")])
async def test_nothing_of_the_person_is_left_in_the_database(method: str, path: str, database_url: str) -> None:
    async with open_database(database_url) as database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        caller = Caller(database, cast.ada_key)
        address = f"/users/{person.user_id}/{path}"

        rehearsed = (await caller.request(method, f"{address}?dry_run=true")).json()
        left = await found_in(database_url, person.marks)
        done = (await caller.request(method, address)).json()
        again = (await caller.request(method, address)).json()

        assert len(person.marks) == len(left)
        assert [] == await found_in(database_url, person.marks)
        assert rehearsed["rows_affected"] == done["rows_affected"] > 10
        changed = [[(change["object"], change["field"]) for change in told["changes"]] for told in (rehearsed, done)]
        assert (changed[0], []) == (changed[1], done["warnings"])
        assert (f"closed-{person.user_id}", True) == (done["result"]["user_name"], done["result"]["disabled"])
        assert 0 == again["rows_affected"]


async def test_a_user_at_another_version_stays(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)

        stale = await caller.request("DELETE", f"/users/{cast.sam_id}/data", headers={"If-Match": '"7"'})
        done = await caller.request("POST", f"/users/{cast.sam_id}/closing", headers={"If-Match": '"1"'})

        assert [412, 200] == [stale.status_code, done.status_code]
