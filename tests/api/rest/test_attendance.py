"""Check-ins, marks and the lists of attendance, through the REST API."""

from datetime import UTC, datetime

import pytest

from rollbook import clock
from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import DAY, HOUR, MAY, NOBODY, Cast, add_class, enroll, gather, meeting
from tests.presence import around_now, attended, check_in, mark, meeting_ids, midday_zone
from tests.roster import CANCELLED, change, see


async def _today(database: Database) -> tuple[Cast, Caller, int, list[int]]:
    """Enroll Sam in a class that meets now and once more today."""
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1), (2, 3)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    return cast, Caller(database, cast.ada_key), enrollment_id, await meeting_ids(database, class_id)


async def test_it_checks_a_student_in_and_says_to_which_meeting_and_since_when(database: Database) -> None:
    async with database:
        _, caller, enrollment_id, (first_id, _) = await _today(database)

        preview = await caller.post(f"/enrollments/{enrollment_id}/check-in", status=200, dry_run="true")
        assert {} == await attended(database, enrollment_id)
        answer = await caller.request("POST", f"/enrollments/{enrollment_id}/check-in")
        told = answer.json()

        assert (200, '"2"', False) == (answer.status_code, answer.headers["etag"], told["already"])
        assert (True, preview["attendance"]["meeting_id"]) == (preview["dry_run"], first_id)
        assert ("attending", 2) == (told["result"]["completion"], told["result"]["version"])
        shown = told["attendance"]
        assert (first_id, True, midday_zone().iana, 2) == tuple(shown[name] for name in ("meeting_id", "attended", "time_zone", "version"))
        since = datetime.fromisoformat(shown["checked_in_at"])
        assert 0 <= clock.now() - since.timestamp() < 60
        changes = {each["field"]: each["after"] for each in told["changes"]}
        named = str(first_id)
        assert {"completion": "attending", "attendance": {named: True}, "checked_in_at": {named: shown["checked_in_at"]}} == changes
        again = await caller.post(f"/enrollments/{enrollment_id}/check-in", status=200)
        assert (True, [], shown) == (again["already"], again["changes"], again["attendance"])


async def test_it_undoes_a_check_in(database: Database) -> None:
    async with database:
        _, caller, enrollment_id, (first_id, second_id) = await _today(database)
        await check_in(database, enrollment_id)

        refused = await caller.request("DELETE", f"/enrollments/{enrollment_id}/check-in", params={"meeting_id": second_id})
        undone = await caller.request("DELETE", f"/enrollments/{enrollment_id}/check-in", headers={"If-Match": '"2"'})
        again = await caller.request("DELETE", f"/enrollments/{enrollment_id}/check-in", params={"meeting_id": first_id})

        assert (409, "not_checked_in", "B3") == (refused.status_code, refused.json()["code"], refused.json()["rule"])
        told = undone.json()
        assert (200, "unknown", '"3"') == (undone.status_code, told["result"]["completion"], undone.headers["etag"])
        assert (first_id, None, None) == tuple(told["attendance"][name] for name in ("meeting_id", "attended", "checked_in_at"))
        assert 409 == again.status_code


async def test_a_check_in_that_says_its_meeting_counts_for_no_other(database: Database) -> None:
    async with database:
        cast, caller, _, _ = await _today(database)
        class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-3, -2.5), (3, 4)))
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sue_id)
        over_id, next_id = await meeting_ids(database, class_id)
        address = f"/enrollments/{enrollment_id}/check-in"

        late = await caller.request("POST", address, params={"meeting_id": over_id})
        meant = await caller.request("POST", address, params={"meeting_id": next_id})

        assert (409, "other_meeting") == (late.status_code, late.json()["code"])
        assert next_id == meant.json()["attendance"]["meeting_id"]


async def test_it_says_why_a_student_is_not_checked_in(database: Database) -> None:
    async with database:
        cast, caller, _, _ = await _today(database)
        class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-2, -1), (24, 25)))
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sue_id)

        refused = await caller.post(f"/enrollments/{enrollment_id}/check-in", status=409)
        stale = await caller.post(f"/enrollments/{enrollment_id}/check-in", status=412, headers={"If-Match": '"9"'})
        await caller.post(f"/enrollments/{NOBODY}/check-in", status=404)
        acting = await caller.post(f"/enrollments/{enrollment_id}/check-in", status=403, headers={"Rollbook-Acting-User": str(cast.sue_id)})

        assert ("no_meeting_today", "B2") == (refused["code"], refused["rule"])
        assert "the next one starts on" in refused["detail"]
        assert (enrollment_id, 1) == (stale["current"]["id"], stale["current"]["version"])
        assert acting["code"]


async def test_it_marks_a_student_at_a_version_and_clears_it(database: Database) -> None:
    async with database:
        _, caller, enrollment_id, (first_id, second_id) = await _today(database)
        path = f"/enrollments/{enrollment_id}/attendance/{first_id}"

        unmarked = await caller.request("GET", path)
        marked = await caller.request("PUT", path, json={"attended": True}, headers={"If-Match": unmarked.headers["etag"]})
        stale = await caller.request("PUT", path, json={"attended": False}, headers={"If-Match": unmarked.headers["etag"]})
        several = await caller.request("PUT", path, json={"attended": False}, headers={"If-Match": '"1", "2"'})
        known = await caller.request("GET", path, headers={"If-None-Match": several.headers["etag"]})
        cleared = await caller.request("DELETE", path)

        assert (None, 1, '"1"') == (unmarked.json()["attended"], unmarked.json()["version"], unmarked.headers["etag"])
        assert (True, '"2"') == (marked.json()["result"]["attended"], marked.headers["etag"])
        assert [
            {
                "object": "enrollment",
                "id": enrollment_id,
                "field": "attendance",
                "before": {str(first_id): None},
                "after": {str(first_id): True},
            }
        ] == marked.json()["changes"]
        assert (412, True, '"2"') == (stale.status_code, stale.json()["current"]["attended"], stale.headers["etag"])
        assert (False, 304) == (several.json()["result"]["attended"], known.status_code)
        assert (None, 1) == (cleared.json()["result"]["attended"], cleared.json()["result"]["version"])
        for status, path, body in (
            (404, f"/enrollments/{enrollment_id}/attendance/{NOBODY}", {"attended": True}),
            (404, f"/enrollments/{NOBODY}/attendance/{second_id}", {"attended": True}),
            (422, f"/enrollments/{enrollment_id}/attendance/{second_id}", {"attended": None}),
        ):
            assert status == (await caller.request("PUT", path, json=body)).status_code


async def test_it_lists_every_meeting_of_a_student(database: Database) -> None:
    async with database:
        cast, caller, enrollment_id, (first_id, second_id) = await _today(database)
        await mark(database, enrollment_id, second_id, attended=False)

        listed = await caller.get(f"/enrollments/{enrollment_id}/attendance")

        assert [(first_id, None), (second_id, False)] == [(each["meeting_id"], each["attended"]) for each in listed["items"]]
        assert {("Sam", cast.sam_id, enrollment_id)} == {
            (each["first_name"], each["user_id"], each["enrollment_id"]) for each in listed["items"]
        }
        assert listed["next"] is None
        await Caller(database, cast.olga_key).get(f"/enrollments/{enrollment_id}/attendance", status=404)


@pytest.mark.parametrize(
    "query, expected",
    [
        ({}, [(0, 0), (0, 1), (1, 0), (2, 0)]),
        ({"attended": "true"}, [(0, 0), (2, 0)]),
        ({"checked_in": "true"}, [(2, 0)]),
        ({"checked_in": "false", "attended": "true"}, [(0, 0)]),
        ({"class_id": "1"}, [(0, 0), (0, 1), (1, 0)]),
        ({"user_id": "sue"}, [(0, 1)]),
        ({"starts_after": str(MAY + DAY)}, [(1, 0)]),
        ({"starts_before": str(MAY)}, [(0, 0), (0, 1), (2, 0)]),
        ({"starts_after": str(MAY), "starts_before": str(MAY)}, [(0, 0), (0, 1)]),
    ],
)
async def test_it_finds_what_is_marked(database: Database, query: dict[str, str], expected: list[tuple[int, int]]) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, meetings=(meeting(), meeting(MAY + DAY)))
        now_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
        sam, sue = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]
        now = await enroll(database, class_id=now_id, user_id=cast.sam_id)
        meetings = [*await meeting_ids(database, class_id), *await meeting_ids(database, now_id)]
        await mark(database, sam, meetings[0], attended=True)
        await mark(database, sam, meetings[1], attended=False)
        await mark(database, sue, meetings[0], attended=False)
        await check_in(database, now)
        caller = Caller(database, cast.ada_key)
        asked = {
            name: datetime.fromtimestamp(int(value), UTC).isoformat() if name.startswith("starts") else value
            for name, value in query.items()
        }
        if "user_id" in asked:
            asked["user_id"] = str(cast.sue_id)

        found = []
        page = await caller.request("GET", "/attendance", params={**asked, "limit": "2"})
        found += page.json()["items"]
        while "link" in page.headers:
            page = await caller.request("GET", page.headers["link"].partition(">")[0].removeprefix("</api/v1"))
            found += page.json()["items"]

        students = {cast.sam_id: 0, cast.sue_id: 1}
        assert expected == [(meetings.index(each["meeting_id"]), students[each["user_id"]]) for each in found]
        assert [] == (await Caller(database, cast.olga_key).get("/attendance"))["items"]
        assert [] == (await caller.get("/attendance", cursor="i999999999999.1"))["items"]


async def test_who_left_is_not_marked(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, meetings=(meeting(clock.now() + 3 * HOUR),))
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        (meeting_id,) = await meeting_ids(database, class_id)
        await change(database, enrollment_id, status=CANCELLED)
        caller = Caller(database, cast.ada_key)

        refused = await caller.request("PUT", f"/enrollments/{enrollment_id}/attendance/{meeting_id}", json={"attended": True})

        assert (409, "not_attending", "B1") == (refused.status_code, refused.json()["code"], refused.json()["rule"])
        assert "enroll the student first" == refused.json()["remedy"]
        assert CANCELLED is (await see(database, enrollment_id)).status
