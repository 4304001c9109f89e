"""The chart of a class, whole meetings, and closing, through the REST API."""

from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import CompletionStatus
from tests.api.rest.caller import Caller
from tests.cast import DAY, MAY, NOBODY, add_class, enroll, gather, meeting
from tests.presence import around_now, attended, check_in, mark, meeting_ids, midday_zone
from tests.roster import AUDIT, LONG_AGO, WAITLISTED, change_class, see


async def test_it_shows_who_attended_what_page_by_page(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1), (30, 31)))
        sam, sue = [
            await enroll(database, class_id=class_id, user_id=user_id, status=status)
            for user_id, status in ((cast.sam_id, AUDIT), (cast.sue_id, WAITLISTED))
        ]
        ivan = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
        first_id, second_id = await meeting_ids(database, class_id)
        checked = await check_in(database, sam)
        await mark(database, sam, second_id, attended=False)
        caller = Caller(database, cast.ada_key)

        first = await caller.request("GET", f"/classes/{class_id}/attendance", params={"limit": 1})
        second = await caller.request("GET", first.headers["link"].partition(">")[0].removeprefix("</api/v1"))

        chart = first.json()
        assert [first_id, second_id] == [each["id"] for each in chart["meetings"]]
        assert (class_id, midday_zone().iana) == (chart["class_id"], chart["time_zone"])
        (student,) = chart["items"]
        assert (sam, "Sam", "audit", "attending") == tuple(
            student[name] for name in ("enrollment_id", "first_name", "status", "completion")
        )
        marks = {each["meeting_id"]: each for each in student["attendance"]}
        assert {first_id: True, second_id: False} == {meeting_id: each["attended"] for meeting_id, each in marks.items()}
        assert checked.attendance is not None
        assert marks[first_id]["checked_in_at"] is not None
        assert marks[second_id]["checked_in_at"] is None
        assert [(ivan, [])] == [(each["enrollment_id"], each["attendance"]) for each in second.json()["items"]]
        assert second.json()["next"] is None
        assert sue not in {student["enrollment_id"], ivan}
        await Caller(database, cast.olga_key).get(f"/classes/{class_id}/attendance", status=404)


async def test_it_marks_a_whole_meeting_in_one_call(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, meetings=(meeting(), meeting(MAY + DAY)))
        sam, sue, ivan = [
            await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id)
        ]
        meeting_id, _ = await meeting_ids(database, class_id)
        path = f"/classes/{class_id}/meetings/{meeting_id}/attendance"
        caller = Caller(database, cast.ada_key)
        body = {"everyone": True, "students": [{"enrollment_id": sue, "attended": False}, {"enrollment_id": ivan, "attended": None}]}

        preview = (await caller.request("PUT", path, params={"dry_run": "true"}, json=body)).json()
        assert {} == await attended(database, sam)
        told = (await caller.request("PUT", path, json=body, headers={"If-Match": '"1"'})).json()

        assert preview == {**told, "dry_run": True}
        assert (1, 1, 1) == tuple(told["result"][name] for name in ("present", "absent", "unmarked"))
        assert (meeting_id, class_id, 1) == (told["result"]["meeting"]["id"], told["result"]["class_id"], told["result"]["version"])
        assert [(sam, None, True), (sue, None, False), (ivan, None, None)] == [
            (each["enrollment_id"], each["before"], each["after"]) for each in told["students"]
        ]
        assert {sam, sue} == {each["id"] for each in told["changes"]}
        assert [{meeting_id: True}, {meeting_id: False}, {}] == [await attended(database, each) for each in (sam, sue, ivan)]


async def test_it_marks_all_or_nothing(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, meetings=(meeting(),))
        sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        waiting = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
        (meeting_id,) = await meeting_ids(database, class_id)
        path = f"/classes/{class_id}/meetings/{meeting_id}/attendance"
        caller = Caller(database, cast.ada_key)

        def students(*ids: int) -> dict[str, object]:
            return {"students": [{"enrollment_id": enrollment_id, "attended": True} for enrollment_id in ids]}

        for status, code, body in (
            (422, "enrollments_not_in_class", students(sam, NOBODY)),
            (422, "student_named_twice", students(sam, sam)),
            (409, "not_attending", students(sam, waiting)),
        ):
            answer = await caller.request("PUT", path, json=body)
            assert (status, code) == (answer.status_code, answer.json()["code"])
        stale = await caller.request("PUT", path, json=students(sam), headers={"If-Match": '"7", "8"'})
        assert (412, class_id) == (stale.status_code, stale.json()["current"]["class_id"])
        for missing in (f"/classes/{class_id}/meetings/{NOBODY}/attendance", f"/classes/{NOBODY}/meetings/{meeting_id}/attendance"):
            assert 404 == (await caller.request("PUT", missing, json=students(sam))).status_code
        assert {} == await attended(database, sam)


async def test_it_previews_the_closing_of_a_class_and_closes_it(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO), meeting(LONG_AGO + DAY)))
        sam, sue, ivan = [
            await enroll(database, class_id=class_id, user_id=user_id, completion=completion)
            for user_id, completion in (
                (cast.sam_id, CompletionStatus.UNKNOWN),
                (cast.sue_id, CompletionStatus.ATTENDING),
                (cast.ivan_id, CompletionStatus.FAILED),
            )
        ]
        first_id, _ = await meeting_ids(database, class_id)
        await mark(database, sam, first_id, attended=True)
        caller = Caller(database, cast.ada_key)

        preview = await caller.post(f"/classes/{class_id}/closing", status=200, dry_run="true")
        assert CompletionStatus.UNKNOWN is (await see(database, sam)).completion
        closed = await caller.request("POST", f"/classes/{class_id}/closing", headers={"If-Match": '"1"'})
        told = closed.json()

        assert preview == {**told, "dry_run": True}
        assert ('"2"', "completed", 2) == (closed.headers["etag"], told["result"]["status"], told["meetings"])
        assert [
            (sam, "unknown", "complete", "attended", 1),
            (sue, "attending", "complete", "attended", 0),
            (ivan, "failed", "failed", "decided", 0),
        ] == [tuple(each[name] for name in ("enrollment_id", "before", "after", "reason", "attended")) for each in told["students"]]
        assert {("class", "status"), ("enrollment", "completion")} == {(each["object"], each["field"]) for each in told["changes"]}
        again = await caller.post(f"/classes/{class_id}/closing", status=200)
        assert ([], "completed") == (again["changes"], again["result"]["status"])
        await caller.post(f"/classes/{class_id}/closing", status=412, headers={"If-Match": '"1"'})


async def test_it_closes_no_class_that_is_off_or_not_over(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, meetings=(meeting(),))
        caller = Caller(database, cast.ada_key)

        early = await caller.post(f"/classes/{class_id}/closing", status=409)
        await change_class(database, class_id, status=ClassStatus.CANCELLED)
        off = await caller.post(f"/classes/{class_id}/closing", status=409)

        assert ("class_not_over", "closing_of_class_off") == (early["code"], off["code"])
        await caller.post(f"/classes/{NOBODY}/closing", status=404)
