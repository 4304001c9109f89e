"""Rosters over the REST API, now and then."""

import asyncio
from datetime import UTC, datetime

from rollbook import clock
from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_class, add_room, enroll, gather, meeting
from tests.roster import CANCELLED, ENROLLED, REQUESTED, WAITLISTED, change, drop


async def test_it_shows_a_roster_and_its_summary(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        room_id = await add_room(database, cast, name="Hall", capacity=2)
        class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),), maximum=2, minimum=1)
        sam = await enroll(database, class_id=class_id, user_id=cast.sam_id, note="Knows it all")
        sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
        ivan = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=REQUESTED)

        roster = await caller.get(f"/classes/{class_id}/roster")
        summary = await caller.get(f"/classes/{class_id}/roster/summary")

        assert [(ivan, 1), (sam, None), (sue, 1)] == [(item["id"], item["position"]) for item in roster["items"]]
        assert ("sam@example.com", "enrolled", room_id, "Hall", "Knows it all", 1, 0) == tuple(
            roster["items"][1][name]
            for name in ("email", "status", "classroom_id", "classroom_name", "note", "version", "meetings_attended")
        )
        assert (1, None, "scheduled") == (roster["meetings"], roster["as_of"], roster["class_status"])
        assert {
            "class_id": class_id,
            "minimum": 1,
            "maximum": 2,
            "by_status": {
                "requested": 1,
                "cancelled": 0,
                "waitlisted": 1,
                "approved": 0,
                "denied": 0,
                "audit": 0,
                "enrolled": 1,
            },
            "free_places": 1,
            "waiting": 2,
            "rooms": [{"classroom_id": room_id, "name": "Hall", "capacity": 2, "taken": 1, "free": 1}],
        } == summary


async def test_it_shows_a_roster_as_it_was(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast)
        sam = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
        sue = await enroll(database, class_id=class_id, user_id=cast.sue_id)
        then = clock.now()
        await asyncio.sleep(1.01)
        await change(database, sam, status=ENROLLED)
        await drop(database, sue)
        ivan = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=CANCELLED)
        as_of = datetime.fromtimestamp(then, UTC).isoformat()

        past = await caller.get(f"/classes/{class_id}/roster", as_of=as_of)
        now = await caller.get(f"/classes/{class_id}/roster", as_of="2999-01-01T00:00:00Z")

        assert [(sam, "waitlisted", 1), (sue, "enrolled", None)] == [
            (item["id"], item["status"], item["position"]) for item in past["items"]
        ]
        assert as_of.replace("+00:00", "Z") == past["as_of"]
        assert past["items"][0]["version"] is None
        assert [(ivan, "cancelled"), (sam, "enrolled")] == [(item["id"], item["status"]) for item in now["items"]]


async def test_a_roster_of_another_organization_is_not_found(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast)

        for path in (
            f"/classes/{class_id}/roster",
            f"/classes/{class_id}/roster/summary",
            f"/classes/{class_id}/roster?as_of=2030-01-01T00:00:00Z",
        ):
            told = await Caller(database, cast.olga_key).get(path, status=404)

            assert "class_not_found" == told["code"]
        await Caller(database, cast.ada_key).get(f"/classes/{NOBODY}/roster", status=404)
