"""Many enrollments at once through the REST API."""

from typing import Any

import pytest

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, Cast, add_class, enroll, gather, meeting
from tests.roster import APPROVED, AUDIT, ENROLLED, LONG_AGO, WAITLISTED, prefer, see


def _told(outcome: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["index"], row["class_id"], row["user_id"], row["status"]) for row in outcome["result"]["rows"]]


def _codes(outcome: dict[str, Any]) -> list[str | None]:
    return [row["problem"] and row["problem"]["code"] for row in outcome["result"]["rows"]]


async def _classes(database: Database, cast: Cast, number: int, **values: Any) -> list[int]:
    return [await add_class(database, cast, **values) for _ in range(number)]


async def test_it_puts_every_user_into_every_class(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        one, other = await _classes(database, cast, 2, maximum=1)

        body = {"class_ids": [one, other], "user_ids": [cast.sam_id, cast.sue_id], "retake": True}
        outcome = await caller.post("/enrollments/batch", body, status=200)

        pairs = [(one, cast.sam_id), (one, cast.sue_id), (other, cast.sam_id), (other, cast.sue_id)]
        assert [(index, *pair, "waitlisted") for index, pair in enumerate(pairs)] == _told(outcome)
        assert (4, 0, False, []) == (outcome["result"]["made"], outcome["result"]["refused"], outcome["dry_run"], outcome["changes"])
        assert [(one, 0, 2), (other, 0, 2)] == [(each["class_id"], each["enrolled"], each["waiting"]) for each in outcome["places"]]
        stored = await see(database, outcome["result"]["rows"][0]["enrollment_id"])
        assert (WAITLISTED, True) == (stored.status, stored.retake)


async def test_each_row_says_what_it_is_and_has_its_own_problem(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        (class_id,) = await _classes(database, cast, 1, maximum=1)
        rows = [
            {"class_id": class_id, "user_id": cast.sam_id, "completion": "attending", "location": None, "note": "First"},
            {"class_id": class_id, "user_id": cast.sue_id},
            {"class_id": class_id, "user_id": NOBODY, "status": "waitlisted"},
            {"class_id": class_id, "user_id": cast.ivan_id, "status": "audit"},
        ]

        outcome = await caller.post("/enrollments/batch", {"rows": rows, "status": "enrolled"}, status=200)

        assert [None, "class_full", "student_not_found", None] == _codes(outcome)
        assert ["enrolled", None, None, "audit"] == [row["status"] for row in outcome["result"]["rows"]]
        full, missing = (outcome["result"]["rows"][index]["problem"] for index in (1, 2))
        assert ("P1", 409) == (full["rule"], full["status"])
        assert "$.rows[2].user_id" == missing["field"]
        assert "First" == (await see(database, outcome["result"]["rows"][0]["enrollment_id"])).note


async def test_all_or_none_tells_each_row_that_is_refused(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        (class_id,) = await _classes(database, cast, 1, maximum=1)
        body = {"class_ids": [class_id], "user_ids": [cast.sam_id, cast.sue_id, NOBODY], "status": "enrolled", "atomic": True}

        problem = await caller.post("/enrollments/batch", body, status=409)
        made = await caller.post("/enrollments/batch", {**body, "user_ids": [cast.sam_id]}, status=200)

        assert "rows_refused" == problem["code"]
        assert [(1, "class_full"), (2, "student_not_found"), (2, "class_full")] == [
            (each["row"], each["code"]) for each in problem["errors"]
        ]
        assert [(0, class_id, cast.sam_id, "enrolled")] == _told(made)


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_dry_run_tells_the_same_and_keeps_nothing(database: Database, *, atomic: bool) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        (class_id,) = await _classes(database, cast, 1, maximum=1)
        body = {"class_ids": [class_id], "user_ids": [cast.sam_id], "status": "enrolled", "atomic": atomic}

        dry = await caller.post("/enrollments/batch", body, status=200, dry_run="true")
        real = await caller.post("/enrollments/batch", body, status=200)

        assert (True, False) == (dry["dry_run"], real["dry_run"])
        assert _told(dry) == _told(real)
        assert dry["places"] == real["places"]


@pytest.mark.parametrize(
    "body",
    [
        {"class_ids": [1]},
        {"user_ids": [1]},
        {},
        {"class_ids": [1], "user_ids": [1], "rows": [{"class_id": 1, "user_id": 1}]},
        {"rows": []},
        {"class_ids": [], "user_ids": [1]},
        {"class_ids": list(range(1, 102)), "user_ids": list(range(1, 101))},
        {"rows": [{"class_id": 1, "user_id": 1, "x": 1}]},
        {"rows": [{"class_id": 1, "user_id": 1}], "atomic": None},
    ],
)
async def test_it_refuses_what_names_no_enrollments(database: Database, body: dict[str, Any]) -> None:
    async with database:
        cast = await gather(database)

        problem = await Caller(database, cast.ada_key).post("/enrollments/batch", body, status=422)

        assert problem["field"].startswith("$")


async def test_no_student_acts_on_many(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        headers = {"Rollbook-Acting-User": str(cast.sam_id)}
        body = {"class_ids": [1], "user_ids": [cast.sam_id]}

        answer = await caller.request("POST", "/enrollments/batch", json=body, headers=headers)

        assert 403 == answer.status_code


async def test_it_adds_the_students_of_another_class(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        source_id, class_id, waiting_id = await _classes(database, cast, 3, maximum=2)
        await enroll(database, class_id=source_id, user_id=cast.sam_id)
        await enroll(database, class_id=source_id, user_id=cast.sue_id)
        await enroll(database, class_id=source_id, user_id=cast.ivan_id, status=WAITLISTED)
        await enroll(database, class_id=class_id, user_id=cast.ivan_id)

        each = await caller.post(f"/classes/{class_id}/additions", {"from_class_id": source_id}, status=200)
        problem = await caller.post(f"/classes/{class_id}/additions", {"from_class_id": source_id, "atomic": True}, status=409)
        body = {"from_class_id": source_id, "status": "waitlisted", "atomic": True}
        waiting = await caller.post(f"/classes/{waiting_id}/additions", body, status=200)

        assert [(0, class_id, cast.sam_id, "enrolled"), (1, class_id, cast.sue_id, None)] == _told(each)
        assert {"enrollment_exists", "class_full"} >= {error["code"] for error in problem["errors"]}
        assert ["waitlisted", "waitlisted"] == [row["status"] for row in waiting["result"]["rows"]]


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_it_moves_everyone_and_tells_who_is_let_in(database: Database, dry_run: str) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        await prefer(database, cast, waitlist_promotion="always")
        source_id, class_id = await _classes(database, cast, 2, maximum=1)
        sam = await enroll(database, class_id=source_id, user_id=cast.sam_id)
        sue = await enroll(database, class_id=source_id, user_id=cast.sue_id, status=WAITLISTED)

        body = {"to_class_id": class_id, "statuses": ["enrolled"]}
        outcome = await caller.post(f"/classes/{source_id}/transfer", body, status=200, dry_run=dry_run)

        assert [(0, class_id, cast.sam_id, "enrolled")] == _told(outcome)
        assert [sue] == [each["enrollment_id"] for each in outcome["promoted"]]
        assert {sue} == {change["id"] for change in outcome["changes"]}
        kept = dry_run == "false"
        assert (class_id if kept else source_id) == (await see(database, sam)).class_id
        assert (ENROLLED if kept else WAITLISTED) is (await see(database, sue)).status


async def test_it_moves_all_or_none(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        source_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
        class_id = await add_class(database, cast)
        await enroll(database, class_id=source_id, user_id=cast.sam_id)
        await enroll(database, class_id=source_id, user_id=cast.sue_id, status=AUDIT)
        await enroll(database, class_id=source_id, user_id=cast.ivan_id, status=APPROVED)

        problem = await caller.post(f"/classes/{source_id}/transfer", {"to_class_id": class_id, "atomic": True}, status=409)
        outcome = await caller.post(f"/classes/{source_id}/transfer", {"to_class_id": class_id}, status=200)

        assert [(0, "enrollment_frozen")] == [(error["row"], error["code"]) for error in problem["errors"]]
        assert ["enrollment_frozen", None, None] == _codes(outcome)


async def test_it_tells_which_class_is_not_there(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast)

        await caller.post(f"/classes/{NOBODY}/additions", {"from_class_id": class_id}, status=404)
        addition = await caller.post(f"/classes/{class_id}/additions", {"from_class_id": NOBODY}, status=422)
        transfer = await caller.post(f"/classes/{class_id}/transfer", {"to_class_id": NOBODY}, status=422)
        itself = await caller.post(f"/classes/{class_id}/transfer", {"to_class_id": class_id}, status=422)
        inactive = await caller.post(f"/classes/{class_id}/transfer", {"to_class_id": 9, "statuses": ["denied"]}, status=422)

        assert ["$.from_class_id", "$.to_class_id", "$.to_class_id", "$.statuses"] == [
            problem["field"] for problem in (addition, transfer, itself, inactive)
        ]
