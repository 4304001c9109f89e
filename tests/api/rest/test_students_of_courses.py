"""Students rate courses and open activities over the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import Cast, add_class, add_course, enroll, gather
from tests.course_contents import add_activity


async def attended_course(database: Database, cast: Cast) -> int:
    course_id = await add_course(database, cast, name="Welding")
    class_id = await add_class(database, cast, course_id=course_id)
    for user_id in (cast.sam_id, cast.sue_id):
        await enroll(database, class_id=class_id, user_id=user_id)
    return course_id


async def test_a_student_rates_a_course_and_a_key_lists_the_ratings(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await attended_course(database, cast)}/feedback"
        as_sam = {"Rollbook-Acting-User": str(cast.sam_id)}

        rehearsed = await caller.post(path, {"rating": 2}, status=200, headers=as_sam, dry_run="true")
        assert [] == (await caller.get(path))["items"]
        sams = (await caller.post(path, {"rating": 4, "comment": "Hot"}, status=200, headers=as_sam))["result"]
        again = await caller.post(path, {"rating": 5}, status=200, headers=as_sam)
        sues = (await caller.post(path, {"rating": 3, "user_id": cast.sue_id}, status=200))["result"]

        assert (2, cast.sam_id) == (rehearsed["result"]["rating"], rehearsed["result"]["user_id"])
        assert ("Welding", cast.sam_id, "Sam", 4, "Hot") == tuple(
            sams[name] for name in ("course_name", "user_id", "first_name", "rating", "comment")
        )
        assert (sams["id"], 5, None) == tuple(again["result"][name] for name in ("id", "rating", "comment"))
        assert {"object": "feedback", "id": sams["id"], "field": "rating", "before": 4, "after": 5} in again["changes"]
        first = await caller.get(path, limit=1)
        second = await caller.get(path, limit=1, cursor=first["next"])
        assert ([again["result"]], [sues], None) == (first["items"], second["items"], second["next"])


async def test_a_rating_is_of_whoever_takes_a_course_that_is_there(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/courses/{await attended_course(database, cast)}/feedback"
        other_id = await add_course(database, cast, name="Baking")
        theirs_id = await add_course(database, cast, organization_id=cast.other_organization_id)

        as_sam = {"Rollbook-Acting-User": str(cast.sam_id)}
        other = await caller.post(path, {"rating": 1, "user_id": cast.sue_id}, status=403, headers=as_sam)
        nobody = await caller.post(path, {"rating": 1}, status=422)
        not_taken = await caller.post(f"/courses/{other_id}/feedback", {"rating": 1}, status=409, headers=as_sam)

        assert ("not_oneself", "A1", "$.user_id") == tuple(other[name] for name in ("code", "rule", "field"))
        assert ("student_missing", "$.user_id") == (nobody["code"], nobody["field"])
        assert "course_not_taken" == not_taken["code"]
        assert [] == (await caller.get(f"/courses/{other_id}/feedback"))["items"]
        await caller.get(f"/courses/{theirs_id}/feedback", status=404)
        await caller.post(f"/courses/{theirs_id}/feedback", {"rating": 1}, status=404, headers=as_sam)
        await caller.get(path, status=403, headers=as_sam)


async def test_a_student_opens_an_activity(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await attended_course(database, cast)
        path = f"/activities/{await add_activity(database, course_id, url='https://example.com/{userId}')}/launches"
        theirs_id = await add_activity(database, await add_course(database, cast, organization_id=cast.other_organization_id))
        as_sam = {"Rollbook-Acting-User": str(cast.sam_id)}

        own = await caller.post(path, {}, status=200, headers=as_sam)
        for_sue = await caller.post(path, {"user_id": cast.sue_id}, status=200)
        other = await caller.post(path, {"user_id": cast.sue_id}, status=403, headers=as_sam)
        nobody = await caller.post(path, {}, status=422)
        not_taking = await caller.post(path, {"user_id": cast.ivan_id}, status=409)

        assert [f"https://example.com/{user_id}" for user_id in (cast.sam_id, cast.sue_id)] == [
            answer["result"]["url"] for answer in (own, for_sue)
        ]
        assert ("not_oneself", "A1", "$.user_id") == tuple(other[name] for name in ("code", "rule", "field"))
        assert "student_missing" == nobody["code"]
        assert ("course_not_taken", "$.user_id") == (not_taking["code"], not_taking["field"])
        await caller.post(f"/activities/{theirs_id}/launches", {}, status=404, headers=as_sam)
