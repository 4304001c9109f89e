"""The activities of courses in the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_course, gather
from tests.course_contents import VIDEO_URL, add_activity, add_section


async def test_it_creates_changes_shows_and_deletes_activities(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast)
        section_id = await add_section(database, course_id)
        link_id = await add_activity(database, course_id, "Map")
        tree = f"/courses/{course_id}/activities"
        body = {
            "name": "Safety",
            "activity_type": "video",
            "parent_id": section_id,
            "subtitle": "First of all",
            "description": "Look\nhere",
            "url": VIDEO_URL,
            "position": 3,
            "required": True,
            "allow_retake": False,
            "allow_review": False,
            "availability": "instructors",
        }

        rehearsed = await caller.post(tree, body, status=200, dry_run="true")
        created = await caller.post(tree, body)
        video = created["result"]
        path = f"/activities/{video['id']}"
        changed = await caller.patch(path, {"activity_type": "document", "subtitle": None, "availability": "everyone"})

        assert body.items() <= rehearsed["result"].items()
        assert body | {"id": video["id"], "course_id": course_id} == video
        types = {"object": "activity", "id": video["id"], "field": "activity_type", "before": "video", "after": "document"}
        assert types in changed["changes"]
        assert video | {"activity_type": "document", "subtitle": None, "availability": "everyone"} == changed["result"]
        assert changed["result"] == await caller.get(path)
        section, link = (await caller.get(tree))["items"]
        assert ([section_id, "section"], [changed["result"] | {"activities": []}]) == (
            [section["id"], section["activity_type"]],
            section["activities"],
        )
        assert (link_id, []) == (link["id"], link["activities"])
        assert 5 == (await caller.get(tree))["version"]
        refused = (await caller.request("DELETE", f"/activities/{section_id}")).json()
        assert "activity_has_activities" == refused["code"]
        without = await caller.patch(path, {"url": None}, status=422)
        assert ("V3", "$.url") == (without["rule"], without["field"])
        assert "$.parent_id" == (await caller.patch(path, {"parent_id": NOBODY}, status=422))["field"]
        assert (await caller.request("DELETE", path)).json()["result"] is None
        await caller.get(path, status=404)
        assert [section_id, link_id] == [each["id"] for each in (await caller.get(tree))["items"]]


async def test_what_is_not_in_the_keys_tree_is_not_there(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast, organization_id=cast.other_organization_id)
        activity_id = await add_activity(database, course_id)

        for tree in (f"/courses/{course_id}/activities", f"/courses/{NOBODY}/activities"):
            await caller.get(tree, status=404)
            await caller.post(tree, {"name": "Mine", "activity_type": "section"}, status=404)
        for path in (f"/activities/{activity_id}", f"/activities/{NOBODY}"):
            await caller.get(path, status=404)
            await caller.patch(path, {"name": "Mine"}, status=404)
            assert 404 == (await caller.request("DELETE", path)).status_code
