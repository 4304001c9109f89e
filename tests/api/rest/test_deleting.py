"""Deleting organizations and companies over the REST API."""

import pytest

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import add_company, add_organization, add_user, gather


@pytest.mark.parametrize("kind", ["organization", "company"])
async def test_it_deletes_what_nothing_belongs_to_at_the_version_that_was_read(kind: str, database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        if kind == "organization":
            thing_id = await add_organization(database, "Thing", parent_id=cast.organization_id)
            path, field = f"/organizations/{thing_id}", "organization_id"
        else:
            thing_id = await add_company(database, "Thing", organization_id=cast.organization_id)
            path, field = f"/companies/{thing_id}", "company_id"
        user_id = await add_user(database, "Una", **{"organization_id": cast.organization_id, field: thing_id})

        refused = await caller.request("DELETE", path)
        await caller.patch(f"/users/{user_id}", {field: cast.organization_id if kind == "organization" else None})
        stale = await caller.request("DELETE", path, headers={"If-Match": '"7"'})
        rehearsed = (await caller.request("DELETE", path, params={"dry_run": "true"})).json()
        deleted = (await caller.request("DELETE", path, headers={"If-Match": '"1", "2"'})).json()

        assert (409, f"{kind}_not_empty") == (refused.status_code, refused.json()["code"])
        assert (412, '"1"') == (stale.status_code, stale.headers["etag"])
        assert (True, None) == (rehearsed["dry_run"], rehearsed["result"])
        assert {"object": kind, "id": thing_id, "field": "name", "before": "Thing", "after": None} in deleted["changes"]
        assert 404 == (await caller.request("DELETE", path, headers={"If-Match": '"1", "2"'})).status_code
        await caller.get(path, status=404)


async def test_a_key_does_not_delete_its_own_organization(database: Database) -> None:
    async with database:
        cast = await gather(database)

        refused = await Caller(database, cast.ada_key).request("DELETE", f"/organizations/{cast.organization_id}")

        assert (403, "own_organization_deleted") == (refused.status_code, refused.json()["code"])
