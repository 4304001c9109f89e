"""Groups of course tags and their tags in the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_course, add_organization, gather
from tests.course_contents import add_tag, add_tag_group


async def test_it_creates_changes_lists_and_deletes_groups(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        branch_id = await add_organization(database, "A Branch", parent_id=cast.organization_id)

        rehearsed = await caller.post("/course-tag-groups", {"name": "Trade"}, status=200, dry_run="true")
        created = await caller.post("/course-tag-groups", {"name": "Trade", "expanded": True, "organization_id": branch_id})
        group = created["result"]
        path = f"/course-tag-groups/{group['id']}"
        changed = await caller.patch(path, {"name": "Crafts", "mutually_exclusive": True, "enabled": False}, headers={"If-Match": '"1"'})
        stale = await caller.patch(path, {"name": "Trade"}, status=412, headers={"If-Match": '"1"'})
        other = (await caller.post("/course-tag-groups", {"name": "Language"}))["result"]

        assert ("Trade", True, cast.organization_id) == tuple(
            (rehearsed["result"] | {"dry_run": rehearsed["dry_run"]})[name] for name in ("name", "dry_run", "organization_id")
        )
        assert ("Trade", True, True, False, branch_id, "A Branch", 1) == tuple(
            group[name] for name in ("name", "enabled", "expanded", "mutually_exclusive", "organization_id", "organization_name", "version")
        )
        assert {"object": "tag_group", "id": group["id"], "field": "name", "before": "Trade", "after": "Crafts"} in changed["changes"]
        assert ("Crafts", False, True, 2) == tuple(changed["result"][name] for name in ("name", "enabled", "mutually_exclusive", "version"))
        assert changed["result"] == stale["current"] == await caller.get(path)
        first = await caller.get("/course-tag-groups", limit=1)
        second = await caller.get("/course-tag-groups", limit=1, cursor=first["next"])
        assert ([changed["result"]], [other], None) == (first["items"], second["items"], second["next"])
        assert [other] == (await caller.get("/course-tag-groups", name="GUA"))["items"]
        taken = await caller.post("/course-tag-groups", {"name": "LANGUAGE"}, status=409)
        assert ("tag_group_name_taken", "$.name") == (taken["code"], taken["field"])
        elsewhere = {"name": "New", "organization_id": cast.other_organization_id}
        assert "$.organization_id" == (await caller.post("/course-tag-groups", elsewhere, status=422))["field"]
        assert 412 == (await caller.request("DELETE", path, headers={"If-Match": '"1"'})).status_code
        assert (await caller.request("DELETE", path, headers={"If-Match": '"2"'})).json()["result"] is None
        await caller.get(path, status=404)


async def test_it_creates_renames_lists_and_deletes_tags(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        group_id = await add_tag_group(database, "Trade", organization_id=cast.organization_id)
        tags = f"/course-tag-groups/{group_id}/tags"

        wood = (await caller.post(tags, {"name": "Wood"}))["result"]
        metal = (await caller.post(tags, {"name": "Steel"}))["result"]
        path = f"/course-tags/{metal['id']}"
        renamed = await caller.patch(path, {"name": "Metal"})

        assert {"id": wood["id"], "group_id": group_id, "group_name": "Trade", "name": "Wood"} == wood
        assert [{"object": "tag", "id": metal["id"], "field": "name", "before": "Steel", "after": "Metal"}] == renamed["changes"]
        assert metal | {"name": "Metal"} == renamed["result"] == await caller.get(path)
        assert {"version": 4, "items": [renamed["result"], wood]} == await caller.get(tags)
        taken = await caller.post(tags, {"name": "WOOD"}, status=409)
        assert ("tag_name_taken", "$.name") == (taken["code"], taken["field"])
        await add_course(database, cast, name="Carving", tag_ids=(wood["id"],))
        in_use = (await caller.request("DELETE", f"/course-tags/{wood['id']}")).json()
        of_group = (await caller.request("DELETE", f"/course-tag-groups/{group_id}")).json()
        assert ("tag_in_use", "tag_group_in_use") == (in_use["code"], of_group["code"])
        assert (await caller.request("DELETE", path)).json()["result"] is None
        await caller.get(path, status=404)
        assert [wood] == (await caller.get(tags))["items"]


async def test_what_is_not_in_the_keys_tree_is_not_there(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        group_id = await add_tag_group(database, "Theirs", organization_id=cast.other_organization_id)
        tag_id = await add_tag(database, group_id, "Wood")

        assert [] == (await caller.get("/course-tag-groups"))["items"]
        for path in (f"/course-tag-groups/{group_id}", f"/course-tag-groups/{NOBODY}", f"/course-tags/{tag_id}"):
            await caller.get(path, status=404)
            await caller.patch(path, {"name": "Mine"}, status=404)
            assert 404 == (await caller.request("DELETE", path)).status_code
        tags = f"/course-tag-groups/{group_id}/tags"
        await caller.get(tags, status=404)
        await caller.post(tags, {"name": "Mine"}, status=404)
