"""Waitlists in the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import add_class, add_user, enroll, gather, meeting
from tests.roster import LONG_AGO, REQUESTED, WAITLISTED, change_class, change_user


async def test_it_shows_who_waits_in_the_order_in_which_they_are_let_in(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=0)
        asks = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=REQUESTED)
        first, second = [await enroll(database, class_id=class_id, user_id=user, status=WAITLISTED) for user in (cast.sam_id, cast.sue_id)]

        waitlist = await caller.get(f"/classes/{class_id}/waitlist")

        assert [(first, 1), (second, 2), (asks, 1)] == [(each["id"], each["position"]) for each in waitlist["items"]]
        olga = Caller(database, cast.olga_key)
        await olga.get(f"/classes/{class_id}/waitlist", status=404)


async def test_it_promotes_on_demand_as_many_as_it_is_told(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=0, meetings=(meeting(),))
        users = [cast.ivan_id, cast.sam_id, cast.sue_id]
        ids = [await enroll(database, class_id=class_id, user_id=user, status=WAITLISTED) for user in users]
        await change_user(database, cast.ivan_id, disabled=True)
        await change_class(database, class_id, maximum=5)
        path = f"/classes/{class_id}/waitlist/promotion"

        rehearsed = await caller.post(path, status=200, dry_run="true")
        one = await caller.post(path, {"places": 1}, status=200)
        rest = await caller.post(path, status=200)

        assert [ids[1], ids[2]] == [each["enrollment_id"] for each in rehearsed["promoted"]]
        assert [ids[1]] == [each["enrollment_id"] for each in one["promoted"]]
        assert [(ids[0], "S4")] == [(each["enrollment_id"], each["rule"]) for each in one["passed_over"]]
        assert [ids[2]] == [each["enrollment_id"] for each in rest["promoted"]]
        assert [] == rest["passed_over"]
        assert [ids[0]] == [each["id"] for each in rest["result"]["items"]]


async def test_a_class_that_has_started_promotes_nobody(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))

        problem = await caller.post(f"/classes/{class_id}/waitlist/promotion", status=409)

        assert ("W3", "class_promotes_nobody") == (problem["rule"], problem["code"])


async def test_it_simulates_who_would_get_in(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=0, meetings=(meeting(),))
        disabled = await add_user(database, "Ann", organization_id=cast.organization_id)
        passed = await enroll(database, class_id=class_id, user_id=disabled, status=WAITLISTED)
        first = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
        await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
        await change_user(database, disabled, disabled=True)

        simulated = await caller.post(f"/classes/{class_id}/waitlist/simulation", {"places": 1}, status=200)

        assert (0, 1) == (simulated["free"], simulated["places"])
        assert [first] == [each["enrollment_id"] for each in simulated["promoted"]]
        assert [(passed, "S4")] == [(each["enrollment_id"], each["rule"]) for each in simulated["passed_over"]]
        assert "waitlisted" == (await caller.get(f"/enrollments/{first}"))["status"]
