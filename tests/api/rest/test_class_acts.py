"""Cloning a class and calling one off through the REST API."""

from datetime import UTC, datetime
from typing import Any

from rollbook.database.transaction import Database
from rollbook.organizations.time_zones import find_time_zone
from tests.api.rest.caller import Caller
from tests.cast import HOUR, MAY, NOBODY, add_class, add_room, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import ENROLLED, LONG_AGO, WAITLISTED, see


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


async def test_it_clones_a_class_by_the_clock_on_the_wall(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        # 9 o'clock in Berlin, in winter.
        winter = int(datetime(2030, 1, 7, 8, tzinfo=UTC).timestamp())
        class_id = await add_class(
            database,
            cast,
            name="Welding",
            external_id="W",
            time_zone=find_time_zone("Europe/Berlin"),
            meetings=(meeting(winter), meeting(winter + 24 * HOUR)),
        )

        created = await caller.request(
            "POST", f"/classes/{class_id}/clones", json={"starts_at": "2030-07-01T09:00:00+02:00", "name": "July"}
        )
        clone = created.json()["result"]

        assert (201, f"/api/v1/classes/{clone['id']}") == (created.status_code, created.headers["location"])
        assert ("July", "scheduled", None) == (clone["name"], clone["status"], clone["external_id"])
        assert ["2030-07-01T07:00:00Z", "2030-07-02T07:00:00Z"] == [each["starts_at"] for each in clone["meetings"]]


async def test_a_clone_can_be_rehearsed_and_have_meetings_of_its_own(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        room_id = await add_room(database, cast)
        class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
        body = {"meetings": [{"starts_at": _time(MAY + HOUR), "ends_at": _time(MAY + 2 * HOUR)}], "maximum": None}

        outcome = await caller.post(f"/classes/{class_id}/clones", body, status=200, dry_run="true")

        assert [True, _time(MAY + HOUR)] == [outcome["dry_run"], outcome["result"]["starts_at"]]
        assert ["C3"] == [warning["rule"] for warning in outcome["warnings"]]
        await caller.get(f"/classes/{outcome['result']['id']}", status=404)


async def test_it_refuses_dates_that_cannot_be(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast)

        nothing = await caller.post(f"/classes/{class_id}/clones", {"starts_at": _time(MAY)}, status=409)
        twice = await caller.post(f"/classes/{class_id}/clones", {"starts_at": _time(MAY), "meetings": []}, status=422)
        await caller.post(f"/classes/{NOBODY}/clones", {}, status=404)

        assert [("nothing_to_shift", "$.starts_at"), ("dates_given_twice", "$.meetings")] == [
            (problem["code"], problem["field"]) for problem in (nothing, twice)
        ]


async def test_it_calls_a_class_off_and_lists_what_that_does(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        room_id = await add_room(database, cast)
        class_id = await add_class(database, cast, instructor_ids=(cast.ivan_id,), classroom_ids=(room_id,), meetings=(meeting(),))
        sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
        body = {"reason": "The roof leaks"}

        dry = await caller.post(f"/classes/{class_id}/cancellation", body, status=200, dry_run="true")
        before = (await see(database, sam)).status
        real = await caller.post(f"/classes/{class_id}/cancellation", body, status=200, headers={"If-Match": '"1"'})

        def listed(outcome: dict[str, Any]) -> tuple[Any, ...]:
            names = ("cancelled", "frozen", "freed_meetings", "freed_classroom_ids", "freed_instructor_ids", "places")
            return (outcome["result"]["status"], *(outcome[name] for name in names))

        assert listed(dry) == listed(real)
        assert ENROLLED is before
        assert "cancelled" == real["result"]["status"]
        assert [("Sam", "enrolled"), ("Sue", "waitlisted")] == [(each["first_name"], each["status"]) for each in real["cancelled"]]
        assert ([], [room_id], [cast.ivan_id]) == (real["frozen"], real["freed_classroom_ids"], real["freed_instructor_ids"])
        assert [{"starts_at": _time(MAY), "ends_at": _time(MAY + 8 * HOUR)}] == real["freed_meetings"]
        after = (await history_of(database, "class", class_id))[-1].after
        assert after is not None
        assert "The roof leaks" == after["reason"]


async def test_it_needs_no_reason_and_tells_who_stays(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
        await enroll(database, class_id=class_id, user_id=cast.sam_id)

        outcome = await caller.post(f"/classes/{class_id}/cancellation", status=200)

        assert (["Sam"], []) == ([each["first_name"] for each in outcome["frozen"]], outcome["freed_meetings"])


async def test_it_does_not_call_off_what_has_changed(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast)

        stale = await caller.post(f"/classes/{class_id}/cancellation", {}, status=412, headers={"If-Match": '"9"'})
        student = await caller.request("POST", f"/classes/{class_id}/cancellation", headers={"Rollbook-Acting-User": str(cast.sam_id)})

        assert class_id == stale["current"]["id"]
        assert 403 == student.status_code
