"""Single classes of the REST API."""

from typing import get_args

from rollbook.api.rest.words import ClassStatusWord, CompletionWord, DeliveryWord, EnrollmentStatusWord, LocationWord
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_class, add_course, add_organization, add_room, add_user, enroll, gather, meeting

MEETINGS = [
    {"starts_at": "2100-05-04T09:00:00-04:00", "ends_at": "2100-05-04T17:00:00.75-04:00"},
    {"starts_at": "2100-05-03T13:00:00Z", "ends_at": "2100-05-03T21:00:00Z"},
]


async def test_it_creates_and_shows_a_class(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id, room_id = await add_course(database, cast), await add_room(database, cast)
        body = {
            "course_id": course_id,
            "meetings": MEETINGS,
            "time_zone": "America/New_York",
            "instructor_ids": [cast.ivan_id],
            "classroom_ids": [room_id],
            "requires_approval": True,
            "note": "Bring gloves",
            "status": "tentative",
            "delivery": "mixed",
        }

        outcome = await caller.post("/classes", body)
        found = outcome["result"]

        assert ["2100-05-03T13:00:00Z", "2100-05-04T13:00:00Z"] == [each["starts_at"] for each in found["meetings"]]
        assert ("2100-05-03T13:00:00Z", "2100-05-04T21:00:00Z") == (found["starts_at"], found["ends_at"])
        assert ("Welding", "America/New_York", True, "Bring gloves") == tuple(
            found[name] for name in ("name", "time_zone", "requires_approval", "note")
        )
        assert ("tentative", "mixed", cast.ivan_id, room_id) == tuple(
            found[name] for name in ("status", "delivery", "primary_instructor_id", "primary_classroom_id")
        )
        assert found == await caller.get(f"/classes/{found['id']}")
        assert ("tentative", "mixed") == tuple(
            next(each["after"] for each in outcome["changes"] if each["field"] == field) for field in ("status", "delivery")
        )
        rehearsed = await caller.post("/classes", body, dry_run="true", status=200)
        assert ["C3", "C3"] == [warning["rule"] for warning in rehearsed["warnings"]]


async def test_a_change_tells_what_becomes_of_the_students(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=2, meetings=(meeting(),))
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
        path = f"/classes/{class_id}"

        rehearsed = await caller.patch(path, {"status": "cancelled", "reason": "No heating"}, dry_run="true")
        cancelled = await caller.patch(path, {"status": "cancelled", "reason": "No heating"}, headers={"If-Match": '"1"'})

        assert rehearsed["changes"] == cancelled["changes"]
        assert ("scheduled", "cancelled") == next(
            (each["before"], each["after"]) for each in cancelled["changes"] if (each["object"], each["field"]) == ("class", "status")
        )
        assert ("enrolled", "cancelled") == next(
            (each["before"], each["after"]) for each in cancelled["changes"] if (each["object"], each["field"]) == ("enrollment", "status")
        )
        assert [(class_id, 0)] == [(each["class_id"], each["enrolled"]) for each in cancelled["places"]]
        assert 412 == (await caller.request("PATCH", path, json={"name": "x"}, headers={"If-Match": '"1"'})).status_code


async def test_it_clears_and_replaces(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=2, note="x", meetings=(meeting(),), instructor_ids=(cast.ivan_id,))

        changed = (
            await caller.patch(
                f"/classes/{class_id}", {"maximum": None, "note": None, "meetings": [], "instructor_ids": [], "delivery": "virtual"}
            )
        )["result"]

        assert (None, None, [], [], None, "virtual") == tuple(
            changed[name] for name in ("maximum", "note", "meetings", "instructor_ids", "starts_at", "delivery")
        )


async def test_it_refuses_meetings_that_cannot_be(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/classes/{await add_class(database, cast)}"
        start = {"starts_at": "2100-05-03T13:00:00Z"}

        backward = await caller.patch(path, {"meetings": [{**start, "ends_at": "2100-05-03T12:00:00Z"}]}, status=422)
        zoneless = await caller.patch(path, {"meetings": [{**start, "ends_at": "2100-05-03T14:00:00"}]}, status=422)
        ancient = await caller.patch(path, {"meetings": [{**start, "ends_at": "1969-12-31T23:59:59Z"}]}, status=422)
        nobody = await caller.patch(path, {"instructor_ids": [NOBODY], "course_id": NOBODY}, status=422)

        assert ("meeting_ends_before_start", "C2", "$.meetings") == (backward["code"], backward["rule"], backward["field"])
        assert "$.meetings[0].ends_at" == zoneless["field"]
        assert "$.meetings[0].ends_at" == ancient["field"]
        assert {"course_not_found", "user_not_found"} == {error["code"] for error in nobody["errors"]}


async def test_a_student_sees_the_classes_that_are_offered_and_no_notes(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        child_id = await add_organization(database, "West", parent_id=cast.organization_id)
        wes_id = await add_user(database, "Wes", organization_id=child_id)
        hidden = await add_class(database, cast, organization_id=child_id, note="secret")
        as_sam, as_wes = ({"Rollbook-Acting-User": str(user_id)} for user_id in (cast.sam_id, wes_id))

        await caller.get(f"/classes/{hidden}", headers=as_sam, status=404)
        assert "note" not in await caller.get(f"/classes/{hidden}", headers=as_wes)
        await enroll(database, class_id=hidden, user_id=cast.sam_id)
        assert "note" not in await caller.get(f"/classes/{hidden}", headers=as_sam)
        assert "secret" == (await caller.get(f"/classes/{hidden}"))["note"]
        await caller.patch(f"/classes/{hidden}", {"name": "x"}, headers=as_sam, status=403)


def test_there_is_a_word_for_everything_that_the_domain_numbers() -> None:
    words = {ClassStatus: ClassStatusWord, Delivery: DeliveryWord, LocationType: LocationWord, CompletionStatus: CompletionWord}

    for kind, word in {**words, EnrollmentStatus: EnrollmentStatusWord}.items():
        assert [member.name.lower() for member in kind] == list(get_args(word))
