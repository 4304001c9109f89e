"""The courses of the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_course, gather
from tests.course_contents import add_tag, add_tag_group


async def test_it_creates_and_shows_a_course(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)

        created = await caller.request("POST", "/courses", json={"name": " Welding ", "duration": 960})
        course = created.json()["result"]

        assert 201 == created.status_code
        assert f"/api/v1/courses/{course['id']}" == created.headers["location"]
        assert '"1"' == created.headers["etag"]
        assert ("Welding", 960, cast.organization_id) == (course["name"], course["duration"], course["organization_id"])
        assert course == await caller.get(f"/courses/{course['id']}")
        changed = {"object": "course", "id": None, "field": "duration", "before": None, "after": 960}
        assert changed in created.json()["changes"]


async def test_it_changes_what_it_is_told_to_and_clears_what_is_null(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast, description="Sparks", duration=10)

        outcome = await caller.patch(f"/courses/{course_id}", {"description": None, "archived": True})

        assert (None, True, 10, 2) == tuple(outcome["result"][name] for name in ("description", "archived", "duration", "version"))
        assert {"object": "course", "id": course_id, "field": "archived", "before": False, "after": True} in outcome["changes"]


async def test_it_lists_courses_page_by_page(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        ids = [await add_course(database, cast, name=f"Course {number}") for number in range(5)]
        await add_course(database, cast, name="Cooking", archived=True, external_id="C")

        first = await caller.request("GET", "/courses", params={"limit": 2, "name": "cOURSE"})
        second = await caller.request("GET", first.headers["link"].partition(">")[0].removeprefix("</api/v1"))
        last = await caller.get("/courses", limit=2, name="course", cursor=second.json()["next"])

        assert ids == [course["id"] for page in (first.json(), second.json(), last) for course in page["items"]]
        assert last["next"] is None
        assert ["Cooking"] == [course["name"] for course in (await caller.get("/courses", archived="true"))["items"]]
        assert ["Cooking"] == [course["name"] for course in (await caller.get("/courses", external_id="C"))["items"]]
        assert [] == (await caller.get("/courses", organization_id=cast.other_organization_id))["items"]


async def test_it_refuses_what_a_rule_or_a_reference_refuses(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        taken = await add_course(database, cast, external_id="W")

        conflict = await caller.post("/courses", {"name": "Welding", "external_id": "W"}, status=409)
        unknown = await caller.post("/courses", {"name": "Welding", "organization_id": NOBODY}, status=422)
        await caller.get(f"/courses/{NOBODY}", status=404)

        assert ("course_external_id_taken", "$.external_id") == (conflict["code"], conflict["field"])
        assert "give another, or update that course" == conflict["remedy"]
        assert f"course {taken} " in conflict["detail"]
        assert ("organization_not_found", "$.organization_id") == (unknown["code"], unknown["errors"][0]["field"])


async def test_a_course_has_the_tags_that_it_was_last_given(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        group_id = await add_tag_group(database, "Level", organization_id=cast.organization_id, mutually_exclusive=True)
        first, second = [await add_tag(database, group_id, name) for name in ("Hard", "Easy")]

        course = (await caller.post("/courses", {"name": "Welding", "tag_ids": [first]}, status=201))["result"]
        changed = await caller.patch(f"/courses/{course['id']}", {"tag_ids": [second]})
        refused = await caller.request("PATCH", f"/courses/{course['id']}", json={"tag_ids": [first, second]})
        cleared = await caller.patch(f"/courses/{course['id']}", {"tag_ids": None})

        assert ([first], [second], []) == (course["tag_ids"], changed["result"]["tag_ids"], cleared["result"]["tag_ids"])
        assert {"object": "course", "id": course["id"], "field": "tag_ids", "before": [first], "after": [second]} in changed["changes"]
        assert (409, "tags_exclude_each_other") == (refused.status_code, refused.json()["code"])
