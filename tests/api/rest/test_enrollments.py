"""Single enrollments in the REST API."""

from typing import Any

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_class, add_room, enroll, gather, meeting
from tests.roster import CANCELLED, WAITLISTED, prefer


def _problems(problem: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(each.get("rule"), each["code"]) for each in problem["errors"]]


async def test_it_enrolls_a_student_and_tells_the_places_of_the_class(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, name="Welding", minimum=1, maximum=3, meetings=(meeting(),))

        created = await caller.request("POST", "/enrollments", json={"class_id": class_id, "user_id": cast.sam_id, "note": "Pays cash."})

        outcome = created.json()
        enrollment = outcome["result"]
        assert (201, '"1"') == (created.status_code, created.headers["etag"])
        assert f"/api/v1/enrollments/{enrollment['id']}" == created.headers["location"]
        assert ("enrolled", "unknown", "Welding", "Sam", "Pays cash.", "Etc/UTC") == tuple(
            enrollment[name] for name in ("status", "completion", "class_name", "first_name", "note", "time_zone")
        )
        assert "2100-05-01T00:00:00Z" == enrollment["class_starts_at"]
        assert [{"class_id": class_id, "minimum": 1, "maximum": 3, "enrolled": 1, "free": 2, "waiting": 0}] == outcome["places"]
        assert enrollment == await caller.get(f"/enrollments/{enrollment['id']}")


async def test_a_dry_run_tells_everything_and_keeps_nothing(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await prefer(database, cast, waitlist_promotion="always")
        class_id = await add_class(database, cast, maximum=1, meetings=(meeting(),))
        leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
        waiting = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)

        rehearsed = await caller.patch(f"/enrollments/{leaving}", {"status": "cancelled"}, dry_run="true")
        unchanged = await caller.get(f"/enrollments/{waiting}")
        real = await caller.patch(f"/enrollments/{leaving}", {"status": "cancelled"})

        promoted = [{"enrollment_id": waiting, "class_id": class_id, "user_id": cast.sam_id}]
        for outcome in (rehearsed, real):
            assert ("cancelled", promoted, []) == (outcome["result"]["status"], outcome["promoted"], outcome["passed_over"])
            assert [(1, 0, 0)] == [(each["enrolled"], each["free"], each["waiting"]) for each in outcome["places"]]
        assert (True, False) == (rehearsed["dry_run"], real["dry_run"])
        assert ("waitlisted", 1) == (unchanged["status"], unchanged["position"])
        assert "enrolled" == (await caller.get(f"/enrollments/{waiting}"))["status"]
        created = await caller.post(
            "/enrollments", {"class_id": class_id, "user_id": cast.sue_id, "status": "audit"}, status=200, dry_run="true"
        )
        assert created["dry_run"]
        await caller.get(f"/enrollments/{created['result']['id']}", status=404)


async def test_it_changes_what_it_is_told_to_at_the_version_that_was_read(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id, grade=3)
        path = f"/enrollments/{enrollment_id}"

        outcome = await caller.patch(path, {"completion": "complete", "grade": None, "hours_spent": 8}, headers={"If-Match": '"1"'})
        stale = await caller.request("PATCH", path, json={"grade": 4}, headers={"If-Match": '"1"'})

        assert ("complete", None, 8, 2) == tuple(outcome["result"][name] for name in ("completion", "grade", "hours_spent", "version"))
        changed = {"object": "enrollment", "id": enrollment_id, "field": "completion", "before": "unknown", "after": "complete"}
        assert changed in outcome["changes"]
        assert (412, '"2"', "version_changed") == (stale.status_code, stale.headers["etag"], stale.json()["code"])
        assert await caller.get(path) == stale.json()["current"]


async def test_it_moves_an_enrollment_and_tells_both_classes(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        left_id, entered_id = [await add_class(database, cast, maximum=2) for _ in range(2)]
        enrollment_id = await enroll(database, class_id=left_id, user_id=cast.sam_id)

        outcome = await caller.patch(f"/enrollments/{enrollment_id}", {"class_id": entered_id})

        assert entered_id == outcome["result"]["class_id"]
        assert {left_id: 0, entered_id: 1} == {each["class_id"]: each["enrolled"] for each in outcome["places"]}


async def test_it_deletes_an_enrollment_at_the_version_that_was_read(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=1)
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        path = f"/enrollments/{enrollment_id}"

        assert 412 == (await caller.request("DELETE", path, headers={"If-Match": '"7"'})).status_code
        rehearsed = (await caller.request("DELETE", path, params={"dry_run": "true"})).json()
        deleted = (await caller.request("DELETE", path, headers={"If-Match": '"1", "2"'})).json()

        assert (None, None) == (rehearsed["result"], deleted["result"])
        assert [(class_id, 0, 1)] == [(each["class_id"], each["enrolled"], each["free"]) for each in deleted["places"]]
        await caller.get(path, status=404)
        assert 404 == (await caller.request("DELETE", path, headers={"If-Match": '"1", "2"'})).status_code


async def test_every_refusal_is_told_with_its_rule_and_what_would_have_to_change(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        room_id = await add_room(database, cast, capacity=0)
        class_id = await add_class(database, cast, maximum=0, classroom_ids=(room_id,), meetings=(meeting(),))

        problem = await caller.post("/enrollments", {"class_id": class_id, "user_id": cast.sam_id}, status=409)
        nobody = await caller.post("/enrollments", {"class_id": class_id, "user_id": NOBODY, "status": "waitlisted"}, status=422)
        elsewhere = await caller.post("/enrollments", {"class_id": NOBODY, "user_id": cast.sam_id}, status=422)

        assert [("P1", "class_full"), ("P2", "room_full")] == _problems(problem)
        assert "raise its maximum, or use status Waitlist" == problem["errors"][0]["remedy"]
        assert ("student_not_found", "$.user_id") == (nobody["code"], nobody["field"])
        assert ("class_to_enter_not_found", "$.class_id") == (elsewhere["code"], elsewhere["field"])
        missing = await caller.post("/enrollments", {"class_id": class_id}, status=422)
        assert "$.user_id" == missing["field"]


async def test_what_lies_outside_of_the_tree_is_not_found(database: Database) -> None:
    async with database:
        cast = await gather(database)
        enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
        olga = Caller(database, cast.olga_key)
        path = f"/enrollments/{enrollment_id}"

        assert "enrollment_not_found" == (await olga.get(path, status=404))["code"]
        assert 404 == (await olga.request("PATCH", path, json={"grade": 1})).status_code
        assert 404 == (await olga.request("DELETE", path)).status_code
        assert 404 == (await olga.request("GET", f"{path}/explanation")).status_code


async def test_a_cancelled_enrollment_is_opened_again_under_its_id(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast)
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=CANCELLED)

        outcome = await caller.post("/enrollments", {"class_id": class_id, "user_id": cast.sam_id, "status": "requested"})
        again = await caller.post("/enrollments", {"class_id": class_id, "user_id": cast.sam_id}, status=409)

        assert (enrollment_id, "requested", 1) == tuple(outcome["result"][name] for name in ("id", "status", "position"))
        assert [("E2", "enrollment_exists")] == _problems(again)
