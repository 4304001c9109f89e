"""The states of an enrollment in the REST API: asking, being let in, waiting, leaving; by an administrator, and for a student."""

from typing import Any

import pytest

from rollbook import clock
from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import DAY, Cast, add_class, add_user, enroll, gather, meeting
from tests.roster import DENIED, LONG_AGO, REQUESTED, WAITLISTED, last_change, prefer, see

SELF_ENROLLMENT = 1


async def _student(database: Database, cast: Cast, name: str, *, role_id: int = SELF_ENROLLMENT) -> tuple[int, dict[str, str]]:
    user_id = await add_user(database, name, organization_id=cast.organization_id, role_ids=(role_id,))
    return user_id, {"Rollbook-Acting-User": str(user_id)}


async def _open_class(database: Database, cast: Cast, **values: Any) -> int:
    return await add_class(database, cast, **{"allow_self_enrollment": True, "maximum": 1, "meetings": (meeting(),), **values})


@pytest.mark.parametrize(
    "act, status",
    [
        ("request", "requested"),
        ("approval", "approved"),
        ("denial", "denied"),
        ("enrollment", "enrolled"),
        ("audit", "audit"),
        ("waitlisting", "waitlisted"),
        ("cancellation", "cancelled"),
    ],
)
async def test_an_administrator_makes_any_status_of_an_enrollment(database: Database, act: str, status: str) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        before = DENIED if status != "denied" else WAITLISTED
        user_id = cast.sam_id
        class_id = await add_class(database, cast)
        enrollment_id = await enroll(database, class_id=class_id, user_id=user_id, status=before)

        outcome = await caller.post(f"/enrollments/{enrollment_id}/{act}", {"reason": "as agreed"}, status=200, headers={"If-Match": '"1"'})

        assert (status, 2) == (outcome["result"]["status"], outcome["result"]["version"])
        assert "as agreed" == ((await last_change(database, enrollment_id)).after or {})["reason"]
        assert 200 == (await caller.request("POST", f"/enrollments/{enrollment_id}/{act}")).status_code
        assert 412 == (await caller.request("POST", f"/enrollments/{enrollment_id}/{act}", headers={"If-Match": '"9"'})).status_code


async def test_a_students_road_from_asking_to_being_let_in_by_another_ones_leaving(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        sam_id, as_sam = await _student(database, cast, "Samuel")
        _, as_sue = await _student(database, cast, "Susan")
        class_id = await _open_class(database, cast)

        asked = await caller.post("/enrollments", {"class_id": class_id, "status": "requested"}, headers=as_sam)
        sams = f"/enrollments/{asked['result']['id']}"
        approved = await caller.post(f"{sams}/approval", status=200)
        entered = await caller.post(f"{sams}/enrollment", status=200, headers=as_sam)
        waits = await caller.post("/enrollments", {"class_id": class_id}, headers=as_sue)
        why = await caller.get(f"/enrollments/{waits['result']['id']}/explanation", headers=as_sue)
        left = await caller.post(f"{sams}/cancellation", {"reason": "ill"}, status=200, headers=as_sam)

        assert (sam_id, "requested") == (asked["result"]["user_id"], asked["result"]["status"])
        assert ("approved", "enrolled") == (approved["result"]["status"], entered["result"]["status"])
        assert ("waitlisted", 1, ["W6"]) == (
            waits["result"]["status"],
            waits["result"]["position"],
            [each["rule"] for each in waits["warnings"]],
        )
        assert ["P1"] == [each["rule"] for each in why["verdicts"] if each["stands_in_the_way"]]
        assert ("cancelled", []) == (left["result"]["status"], left["promoted"])
        assert {left["result"]["id"]} == {each["id"] for each in left["changes"]}
        assert "enrolled" == (await caller.get(f"/enrollments/{waits['result']['id']}"))["status"]


async def test_a_student_has_their_own_enrollments_only_and_sees_no_note(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        sam_id, as_sam = await _student(database, cast, "Samuel")
        class_id = await _open_class(database, cast, maximum=9)
        others = await enroll(database, class_id=class_id, user_id=cast.sue_id)
        own = await enroll(database, class_id=class_id, user_id=sam_id, note="Difficult.")

        assert "note" not in await caller.get(f"/enrollments/{own}", headers=as_sam)
        await caller.get(f"/enrollments/{others}", status=404, headers=as_sam)
        await caller.get(f"/enrollments/{others}/explanation", status=404, headers=as_sam)
        await caller.post(f"/enrollments/{others}/cancellation", status=404, headers=as_sam)
        other = await caller.post("/enrollments", {"class_id": class_id, "user_id": cast.sue_id}, status=403, headers=as_sam)
        assert ("A1", "not_oneself") == (other["rule"], other["code"])
        assert "not_for_students" == (await caller.post(f"/enrollments/{own}/approval", status=403, headers=as_sam))["code"]


@pytest.mark.parametrize(
    "values, role_id, rule",
    [
        ({"allow_self_enrollment": False}, SELF_ENROLLMENT, "A2"),
        ({}, 0, "A2"),
        ({"requires_approval": True}, SELF_ENROLLMENT, "A3"),
        ({"meetings": (meeting(LONG_AGO),)}, SELF_ENROLLMENT, "A4"),
    ],
)
async def test_a_student_is_told_by_which_rule_a_class_cannot_be_entered_alone(
    database: Database, values: dict[str, Any], role_id: int, rule: str
) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        _, as_sam = await _student(database, cast, "Samuel", role_id=role_id)
        class_id = await _open_class(database, cast, **values)

        problem = await caller.post("/enrollments", {"class_id": class_id}, status=409, headers=as_sam)

        assert rule == problem["rule"]


async def test_a_late_cancellation_is_told_with_the_organizations_own_warning_before_it_is_made(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await prefer(database, cast, late_cancel_days="30", late_cancel_warning="You will be charged.", waitlist_promotion="off")
        class_ids = [await add_class(database, cast, meetings=(meeting(clock.now() + days * DAY),)) for days in (5, 7)]
        first, second = [await enroll(database, class_id=class_id, user_id=cast.sam_id) for class_id in class_ids]

        rehearsed = await caller.post(f"/enrollments/{first}/cancellation", status=200, dry_run="true")
        excused = await caller.post(f"/enrollments/{second}/cancellation", {"late_cancel": False}, status=200)

        assert [{"rule": "L1", "text": "You will be charged."}] == rehearsed["warnings"]
        assert [] == excused["warnings"]
        assert "enrolled" == (await caller.get(f"/enrollments/{first}"))["status"]


async def test_a_chosen_replacement_gets_the_place_in_the_same_change(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await prefer(database, cast, waitlist_promotion="always")
        class_id = await add_class(database, cast, maximum=1)
        leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
        first = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
        chosen = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=REQUESTED)

        body = {"reason": "swapped", "replacement_enrollment_id": chosen}
        outcome = await caller.post(f"/enrollments/{leaving}/cancellation", body, status=200)

        assert ("cancelled", []) == (outcome["result"]["status"], outcome["promoted"])
        assert "enrolled" == (await see(database, chosen)).status.name.lower()
        assert "waitlisted" == (await see(database, first)).status.name.lower()


async def test_somebody_moves_up_for_a_reason_that_the_history_keeps(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=0)
        first, second = [await enroll(database, class_id=class_id, user_id=user, status=WAITLISTED) for user in (cast.sam_id, cast.sue_id)]

        outcome = await caller.post(f"/enrollments/{second}/moving-up", {"position": 1, "reason": "urgent"}, status=200)
        refused = await caller.post(f"/enrollments/{second}/moving-up", {"position": 1, "reason": "urgent"}, status=409)

        assert 1 == outcome["result"]["position"]
        (moment,) = [each for each in outcome["changes"] if each["field"] == "waiting_since"]
        assert outcome["result"]["waiting_since"] == moment["after"] < moment["before"]
        assert 2 == (await caller.get(f"/enrollments/{first}"))["position"]
        assert ("W1", "not_upwards") == (refused["rule"], refused["code"])
        assert "enrollment.moved_up" == (await last_change(database, second)).kind
