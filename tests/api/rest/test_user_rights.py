"""What users may do, in the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller, told
from tests.cast import NOBODY, add_organization, gather


async def test_a_password_is_set_and_never_answered(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/users/{cast.sam_id}/password"

        rehearsed = told(await caller.request("PUT", path, json={"password": "hunter2hunter2"}, params={"dry_run": "true"}), 200)
        answer = await caller.request("PUT", path, json={"password": "hunter2hunter2", "force_password_change": True})

        assert (1, ["password"]) == (rehearsed["result"]["version"] - 1, [change["field"] for change in rehearsed["changes"]])
        assert (2, True) == (told(answer, 200)["result"]["version"], answer.json()["result"]["force_password_change"])
        assert "hunter2" not in answer.text
        assert "argon2" not in answer.text
        assert b"hunter2" not in caller.lines.getvalue()
        told(await caller.request("PUT", path, json={"password": "x"}, headers={"If-Match": '"1"'}), 412)


async def test_roles_are_set(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/users/{cast.sam_id}/roles"

        changed = told(await caller.request("PUT", path, json={"role_ids": [20, 2, 2]}), 200)
        emptied = told(await caller.request("PUT", path, json={"role_ids": []}), 200)

        assert ([2, 20], 2) == (changed["result"]["role_ids"], changed["result"]["version"])
        assert ([0], [2, 20]) == (changed["changes"][0]["before"], changed["changes"][0]["after"])
        assert [] == emptied["result"]["role_ids"]
        told(await caller.request("PUT", f"/users/{cast.olga_id}/roles", json={"role_ids": [2]}), 404)


async def test_organizations_are_managed_and_no_longer(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
        path = f"/users/{cast.sam_id}/managed-organizations"

        managed = told(await caller.request("PUT", f"{path}/{child_id}"), 200)
        again = told(await caller.request("PUT", f"{path}/{child_id}"), 200)
        no_longer = told(await caller.request("DELETE", f"{path}/{child_id}"), 200)

        assert ([child_id], []) == (managed["result"]["managed_organization_ids"], again["changes"])
        assert [] == no_longer["result"]["managed_organization_ids"]
        for organization_id in (cast.other_organization_id, NOBODY):
            problem = told(await caller.request("PUT", f"{path}/{organization_id}"), 422)
            assert "organization_not_found" == problem["code"]
