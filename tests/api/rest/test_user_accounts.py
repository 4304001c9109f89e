"""Whole accounts of users, in the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller, told
from tests.cast import NOBODY, add_class, enroll, gather


async def test_a_user_is_deleted_unless_something_belongs_to_the_user(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await enroll(database, class_id=await add_class(database, cast), user_id=cast.sue_id)
        path = f"/users/{cast.sam_id}"

        rehearsed = told(await caller.request("DELETE", path, params={"dry_run": "true"}), 200)
        stale = told(await caller.request("DELETE", path, headers={"If-Match": '"7"'}), 412)
        deleted = told(await caller.request("DELETE", path, headers={"If-Match": '"1"'}), 200)
        refused = told(await caller.request("DELETE", f"/users/{cast.sue_id}"), 409)

        assert (True, False, None) == (rehearsed["dry_run"], deleted["dry_run"], deleted["result"])
        assert rehearsed["changes"] == deleted["changes"]
        assert 1 == stale["current"]["version"]
        assert ("user_not_empty", "merge the user into another one, close the account, or remove these first") == (
            refused["code"],
            refused["remedy"],
        )
        await caller.get(path, status=404)


async def test_two_users_are_merged(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sue_id)
        path, body = f"/users/{cast.sam_id}/merge", {"merged_user_id": cast.sue_id}

        rehearsed = await caller.post(path, body, status=200, dry_run="true")
        merged = await caller.post(path, body, status=200, headers={"If-Match": '"1"'})

        assert [(True, rehearsed["changes"]), (False, rehearsed["changes"])] == [
            (each["dry_run"], merged["changes"]) for each in (rehearsed, merged)
        ]
        assert (cast.sam_id, 2) == (merged["result"]["id"], merged["result"]["version"])
        assert cast.sam_id == (await caller.get(f"/enrollments/{enrollment_id}"))["user_id"]
        await caller.get(f"/users/{cast.sue_id}", status=404)


async def test_whom_to_merge_is_another_user_of_the_keys(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/users/{cast.sam_id}/merge"

        for merged_user_id, code in ((cast.sam_id, "merged_with_itself"), (cast.olga_id, "user_not_found"), (NOBODY, "user_not_found")):
            problem = await caller.post(path, {"merged_user_id": merged_user_id}, status=422)
            assert (code, "$.merged_user_id") == (problem["code"], problem["field"])
        await caller.post(f"/users/{cast.olga_id}/merge", {"merged_user_id": cast.sam_id}, status=404)
