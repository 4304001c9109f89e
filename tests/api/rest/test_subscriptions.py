"""Subscriptions, their profiles and their training keys in the REST API."""

from typing import Any

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, Cast, add_course, gather
from tests.subscribing import add_keys, add_profile, add_subscription

YEAR_2100 = "2100-01-01T00:00:00Z"
MAY = "2100-05-01T00:00:00Z"


async def test_it_creates_changes_and_deletes_a_profile(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        body = {"name": "Year", "external_id": "P", "duration_days": 365, "course_ids": [await add_course(database, cast)]}

        rehearsed = await caller.post("/subscription-profiles", body, status=200, dry_run="true")
        made = await caller.post("/subscription-profiles", body)
        path = f"/subscription-profiles/{made['result']['id']}"
        changed = await caller.patch(path, {"duration_days": None, "enabled": False}, headers={"If-Match": '"1"'})
        stale = await caller.patch(path, {"name": "Other"}, headers={"If-Match": '"1"'}, status=412)
        gone = await caller.request("DELETE", path)

        assert body.items() <= made["result"].items()
        assert (True, cast.organization_id) == (rehearsed["dry_run"], made["result"]["organization_id"])
        assert (None, False, 2) == tuple(changed["result"][name] for name in ("duration_days", "enabled", "version"))
        assert 2 == stale["current"]["version"]
        assert (200, None) == (gone.status_code, gone.json()["result"])
        await caller.get(path, status=404)
        kinds = [change["kind"] for change in (await caller.get(f"{path}/history"))["items"]]
        assert ["deleted", "updated", "created"] == [kind.removeprefix("subscription_profile.") for kind in kinds]


async def test_it_creates_changes_and_deletes_a_subscription(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        profile_id = await add_profile(database, cast, name="Month", duration_days=31)
        body = {"profile_id": profile_id, "user_id": cast.sam_id, "starts_at": YEAR_2100, "external_id": "S"}

        made = await caller.post("/subscriptions", body)
        path = f"/subscriptions/{made['result']['id']}"
        changed = await caller.patch(path, {"expires_at": None, "target_completion_at": MAY}, headers={"If-Match": '"1"'})
        refused = await caller.patch(path, {"expires_at": "2099-12-31T23:59:59Z"}, status=422)
        gone = await caller.request("DELETE", path, headers={"If-Match": '"2"'})

        assert body.items() <= made["result"].items()
        assert ("Month", "2100-02-01T00:00:00Z") == tuple(made["result"][name] for name in ("profile_name", "expires_at"))
        assert (None, MAY) == tuple(changed["result"][name] for name in ("expires_at", "target_completion_at"))
        assert ("subscription_ends_too_early", "$.expires_at") == (refused["code"], refused["field"])
        assert 200 == gone.status_code
        await caller.get(path, status=404)


async def test_keys_are_made_redeemed_changed_and_deleted(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        profile_id = await add_profile(database, cast)
        same = {"profile_id": profile_id, "expires_at": MAY}

        rehearsed = await caller.post("/subscription-training-keys", {**same, "number": 2}, status=200, dry_run="true")
        made = (await caller.post("/subscription-training-keys", {**same, "number": 3}, status=200))["result"]["items"]
        own = (await caller.post("/subscription-training-keys", {**same, "training_keys": ["Spring"]}, status=200))["result"]["items"]
        redeemed = await caller.post("/subscription-training-key-redemptions", {"training_key": "Spring", "user_id": cast.sam_id})
        again = {"training_key": "Spring", "user_id": cast.sue_id}
        used_up = await caller.post("/subscription-training-key-redemptions", again, status=409)
        path = f"/subscription-training-keys/{own[0]['id']}"
        kept = await caller.request("DELETE", path)
        changed = await caller.patch(path, {"maximum_uses": 2, "content_expires_at": MAY, "expires_at": YEAR_2100})
        gone = await caller.request("DELETE", f"/subscription-training-keys/{made[0]['id']}")

        assert (2, True) == (len(rehearsed["result"]["items"]), rehearsed["dry_run"])
        assert 3 == len({key["training_key"] for key in made})
        assert [(MAY, 1, 0)] == [(key["expires_at"], key["maximum_uses"], key["uses"]) for key in own]
        assert (profile_id, own[0]["id"]) == (redeemed["result"]["profile_id"], redeemed["result"]["training_key_id"])
        assert {"subscription", "subscription_training_key"} == {change["object"] for change in redeemed["changes"]}
        assert ("training_key_used_up", "$.training_key") == (used_up["code"], used_up["field"])
        assert (409, "training_key_redeemed") == (kept.status_code, kept.json()["code"])
        assert (1, 2, MAY, YEAR_2100) == tuple(
            changed["result"][name] for name in ("uses", "maximum_uses", "content_expires_at", "expires_at")
        )
        assert 200 == gone.status_code
        kinds = [change["kind"] for change in (await caller.get(f"{path}/history"))["items"]]
        assert ["updated", "redeemed", "created"] == [kind.removeprefix("subscription_training_key.") for kind in kinds]


async def test_a_student_redeems_a_key_and_is_not_told_of_others(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        profile_id = await add_profile(database, cast)
        await add_keys(database, cast, profile_id=profile_id, training_keys=("Spring",), maximum_uses=9)
        sam = {"Rollbook-Acting-User": str(cast.sam_id)}
        body: dict[str, Any] = {"training_key": "Spring"}

        nobody = await caller.post("/subscription-training-key-redemptions", body, status=422)
        other = await caller.post("/subscription-training-key-redemptions", {**body, "user_id": cast.sue_id}, headers=sam, status=403)
        unknown = await caller.post("/subscription-training-key-redemptions", {"training_key": "spring"}, headers=sam, status=422)
        redeemed = await caller.post("/subscription-training-key-redemptions", body, headers=sam)

        assert ["student_missing", "redeeming_for_another", "unknown_training_key"] == [told["code"] for told in (nobody, other, unknown)]
        assert cast.sam_id == redeemed["result"]["user_id"]
        assert {"subscription"} == {change["object"] for change in redeemed["changes"]}
        await caller.get("/subscriptions", headers=sam, status=403)


async def _furnish(database: Database) -> tuple[Cast, dict[str, int]]:
    """Create two of everything, and one of each that Ada does not see."""
    cast = await gather(database)
    course_id = await add_course(database, cast)
    first = await add_profile(database, cast, name="a", external_id="P", course_ids=(course_id,))
    second = await add_profile(database, cast, name="b", enabled=False)
    theirs = await add_profile(database, cast, name="c", organization_id=cast.other_organization_id)
    key, _ = await add_keys(database, cast, profile_id=first, training_keys=("a", "b"))
    await add_keys(database, cast, profile_id=theirs, organization_id=cast.other_organization_id, training_keys=("c",))
    await add_subscription(database, profile_id=first, user_id=cast.sam_id, external_id="a")
    await add_subscription(database, profile_id=first, user_id=cast.sue_id, external_id="b")
    await add_subscription(database, profile_id=first, user_id=cast.olga_id, external_id="c")
    return cast, {"course": course_id, "first": first, "second": second, "key": key.id}


async def test_a_list_is_narrowed_by_each_of_its_parameters(database: Database) -> None:
    async with database:
        cast, ids = await _furnish(database)
        caller = Caller(database, cast.ada_key)
        ever: dict[str, Any] = {"created_after": "2020-01-01T00:00:00Z", "created_before": YEAR_2100}
        late: dict[str, Any] = {"created_after": YEAR_2100}
        early: dict[str, Any] = {"created_before": "2020-01-01T00:00:00Z"}
        cases: dict[tuple[str, str], list[tuple[dict[str, Any], str]]] = {
            ("subscription-profiles", "name"): [
                (ever, "ab"),
                (late, ""),
                (early, ""),
                ({"name": "A"}, "a"),
                ({"external_id": "P"}, "a"),
                ({"organization_id": cast.other_organization_id}, ""),
                ({"enabled": "false"}, "b"),
                ({"course_id": ids["course"]}, "a"),
            ],
            ("subscriptions", "external_id"): [
                (ever, "ab"),
                (late, ""),
                (early, ""),
                ({"external_id": "b"}, "b"),
                ({"profile_id": ids["second"]}, ""),
                ({"user_id": cast.sue_id}, "b"),
                ({"user_external_id": "nobody"}, ""),
                ({"training_key_id": ids["key"]}, ""),
            ],
            ("subscription-training-keys", "training_key"): [
                (ever, "ab"),
                (late, ""),
                (early, ""),
                ({"organization_id": cast.other_organization_id}, ""),
                ({"profile_id": ids["second"]}, ""),
                ({"training_key": "b"}, "b"),
                ({"created_by_id": cast.sam_id}, ""),
                ({"expires_after": MAY}, "ab"),
                ({"expires_after": "2100-05-02T00:00:00Z"}, ""),
                ({"expires_before": "2100-04-30T23:59:59Z"}, ""),
            ],
        }

        for (path, shown), queries in cases.items():
            for query, expected in queries:
                items = (await caller.get(f"/{path}", **query))["items"]
                assert expected == "".join(item[shown] for item in items), (path, query)
            first = await caller.get(f"/{path}", limit=1)
            second = await caller.get(f"/{path}", limit=1, cursor=first["next"])
            assert ("a", "b", None) == (first["items"][0][shown], second["items"][0][shown], second["next"])


async def test_what_lies_in_another_tree_is_not_there(database: Database) -> None:
    async with database:
        cast, ids = await _furnish(database)
        caller = Caller(database, cast.olga_key)
        shown = {"subscription-profiles": ids["first"], "subscription-training-keys": ids["key"], "subscriptions": NOBODY}

        for path, subject_id in shown.items():
            await caller.get(f"/{path}/{subject_id}", status=404)
            await caller.patch(f"/{path}/{subject_id}", {"organization_id": 1} if path != "subscriptions" else {"user_id": 1}, status=404)
            assert 404 == (await caller.request("DELETE", f"/{path}/{subject_id}")).status_code
            assert 1 == len((await caller.get(f"/{path}"))["items"])
