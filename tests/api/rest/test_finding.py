"""Finding classes and enrollments over the REST API."""

from typing import Any

from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import CompletionStatus
from tests.api.rest.caller import Caller
from tests.cast import DAY, MAY, add_class, add_course, add_room, enroll, gather, meeting
from tests.roster import CANCELLED, LONG_AGO, REQUESTED, WAITLISTED

MAY_TEXT = "2100-05-01T00:00:00Z"


Expected = tuple[tuple[dict[str, Any], list[int]], ...]


async def every_page(caller: Caller, path: str, **query: Any) -> list[dict[str, Any]]:
    """Follow the links of a list to its end."""
    items: list[dict[str, Any]] = []
    answer = await caller.request("GET", path, params=query)
    while True:
        page = answer.json()
        items += page["items"]
        if page["next"] is None:
            assert "link" not in answer.headers
            return items
        answer = await caller.request("GET", answer.headers["link"].partition(">")[0].removeprefix("</api/v1"))


async def test_it_finds_classes(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast, name="Welding")
        room_id = await add_room(database, cast, name="Hall", city="Albany")
        soon = await add_class(
            database,
            cast,
            course_id=course_id,
            name="Soon",
            meetings=(meeting(MAY),),
            maximum=1,
            minimum=1,
            is_public=True,
            primary_instructor_id=cast.ivan_id,
            instructor_ids=(cast.ivan_id,),
            classroom_ids=(room_id,),
            primary_classroom_id=room_id,
            note="Secret",
        )
        later = await add_class(database, cast, course_id=course_id, name="Later", meetings=(meeting(MAY + DAY),))
        never = await add_class(database, cast, course_id=course_id, name="Never")
        await enroll(database, class_id=soon, user_id=cast.sam_id)
        await enroll(database, class_id=soon, user_id=cast.sue_id, status=WAITLISTED)

        found = await caller.get("/classes", limit=2)
        (full,) = (await caller.get("/classes", has_free_places="false"))["items"]

        assert [soon, later] == [item["id"] for item in found["items"]]
        assert (1, 1, 0, "Ivan Example", "Hall", "Albany", MAY_TEXT) == tuple(
            full[name] for name in ("enrolled", "waiting", "free_places", "primary_instructor", "primary_classroom", "city", "starts_at")
        )
        assert (None, None) == tuple(found["items"][1][name] for name in ("primary_instructor", "free_places"))
        sorts: Expected = (
            ({}, [soon, later, never]),
            ({"descending": "true"}, [later, soon, never]),
            ({"sort": "name"}, [later, never, soon]),
            ({"sort": "created", "descending": "true"}, [never, later, soon]),
        )
        for sort, expected in sorts:
            assert expected == [item["id"] for item in await every_page(caller, "/classes", limit=1, **sort)]
        queries: Expected = (
            ({"status": ["cancelled", "scheduled"], "starts_after": "2100-05-01T02:00:00+02:00"}, [soon, later]),
            ({"starts_before": MAY_TEXT}, [soon]),
            ({"ends_after": "2100-05-02T00:00:00Z", "instructor_id": cast.ivan_id}, []),
            ({"classroom_id": room_id, "course_id": course_id, "below_minimum": "false"}, [soon]),
            ({"name": "LAT"}, [later]),
        )
        for query, expected in queries:
            assert expected == [item["id"] for item in await every_page(caller, "/classes", **query)]


async def test_with_a_cursor_of_another_order_a_list_begins_anew(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        class_id = await add_class(database, cast)
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
        strange: tuple[tuple[str, dict[str, Any]], ...] = (
            ("/classes", {"cursor": "tQQ.99"}),
            ("/classes", {"cursor": "i99999999999.99", "sort": "name"}),
            ("/enrollments", {"cursor": "i7.99"}),
            ("/enrollments", {"cursor": "n.99", "sort": "created"}),
        )

        for path, query in strange:
            assert 1 == len((await caller.get(path, **query))["items"])


async def test_it_finds_enrollments(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast)
        past = await add_class(database, cast, course_id=course_id, name="Then", meetings=(meeting(LONG_AGO),))
        soon = await add_class(database, cast, course_id=course_id, name="Soon", meetings=(meeting(MAY),))
        done = await enroll(database, class_id=past, user_id=cast.sam_id, completion=CompletionStatus.COMPLETE, note="Secret")
        left = await enroll(database, class_id=past, user_id=cast.sue_id, status=CANCELLED, late_cancel=True)
        asks = await enroll(database, class_id=soon, user_id=cast.sam_id, status=REQUESTED)
        waits = await enroll(database, class_id=soon, user_id=cast.sue_id, status=WAITLISTED)

        (shown,) = (await caller.get("/enrollments", completion="complete"))["items"]

        assert (done, "Then", "Sam", "enrolled", "complete", "Secret", None, "2023-11-14T22:13:20Z") == tuple(
            shown[name] for name in ("id", "class_name", "first_name", "status", "completion", "note", "position", "class_starts_at")
        )
        queries: Expected = (
            ({}, [done, left, asks, waits]),
            ({"descending": "true"}, [waits, asks, left, done]),
            ({"sort": "student_name"}, [done, asks, left, waits]),
            ({"sort": "class_start", "descending": "true"}, [waits, asks, left, done]),
            ({"sort": "created"}, [done, left, asks, waits]),
        )
        for query, expected in queries:
            assert expected == [item["id"] for item in await every_page(caller, "/enrollments", limit=1, **query)]
        queries = (
            ({"status": ["requested", "waitlisted"]}, [asks, waits]),
            ({"waiting": "true", "class_id": soon}, [asks, waits]),
            ({"late_cancel": "true"}, [left]),
            ({"user_id": cast.sam_id}, [done, asks]),
            ({"student_name": "SUE EX", "class_name": "so"}, [waits]),
            ({"starts_after": MAY_TEXT}, [asks, waits]),
            ({"has_taken_course": "true"}, [asks]),
            ({"created_before": "2001-01-01T00:00:00Z"}, []),
        )
        for query, expected in queries:
            assert expected == [item["id"] for item in await every_page(caller, "/enrollments", **query)]
        positions = {item["id"]: item["position"] for item in (await caller.get("/enrollments", class_id=soon))["items"]}
        assert {waits: 1, asks: 1} == positions


async def test_it_shows_training_and_transcript(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast)
        past = [await add_class(database, cast, course_id=course_id, meetings=(meeting(LONG_AGO + day * DAY),)) for day in range(2)]
        soon = await add_class(database, cast, course_id=course_id, meetings=(meeting(MAY),))
        first, second = [await enroll(database, class_id=class_id, user_id=cast.sam_id, grade=9, note="Secret") for class_id in past]
        waits = await enroll(database, class_id=soon, user_id=cast.sam_id, status=WAITLISTED)

        training = await caller.get(f"/users/{cast.sam_id}/training")
        transcript = await every_page(caller, f"/users/{cast.sam_id}/transcript", limit=1)

        assert [(waits, 1)] == [(item["id"], item["position"]) for item in training["items"]]
        assert [(second, 9, "Secret"), (first, 9, "Secret")] == [(item["id"], item["grade"], item["note"]) for item in transcript]
        await caller.get(f"/users/{cast.olga_id}/training", status=404)
        await caller.get(f"/users/{cast.olga_id}/transcript", status=404)


async def test_the_schedule_shows_what_is_public(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast)
        soon = await add_class(database, cast, course_id=course_id, name="Soon", meetings=(meeting(MAY),), is_public=True, note="Secret")
        never = await add_class(database, cast, course_id=course_id, name="Never", is_public=True, requires_approval=True)
        await add_class(database, cast, course_id=course_id, name="Then", meetings=(meeting(LONG_AGO),), is_public=True)
        await add_class(database, cast, course_id=course_id, name="Hidden", meetings=(meeting(MAY),))

        shown = await every_page(caller, "/schedule", limit=1)
        approved = await caller.get("/schedule", requires_approval="true")

        assert [soon, never] == [item["id"] for item in shown]
        assert [never] == [item["id"] for item in approved["items"]]
        assert "note" not in shown[0]


async def test_a_student_sees_the_own_things_and_the_schedule_alone(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        headers = {"Rollbook-Acting-User": str(cast.sam_id)}
        class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO), meeting(MAY)), is_public=True)
        own = await enroll(database, class_id=class_id, user_id=cast.sam_id, note="Secret")
        await enroll(database, class_id=class_id, user_id=cast.sue_id)

        for path in ("/enrollments", f"/users/{cast.sam_id}/training", f"/users/{cast.sam_id}/transcript"):
            (item,) = (await caller.get(path, headers=headers))["items"]

            assert own == item["id"]
            assert "note" not in item
        assert [] == (await caller.get("/enrollments", headers=headers, user_id=cast.sue_id))["items"]
        assert [] == (await caller.get("/schedule", headers=headers))["items"]
        await caller.get(f"/users/{cast.sue_id}/training", headers=headers, status=404)
        await caller.get(f"/users/{cast.sue_id}/transcript", headers=headers, status=404)
        for path in ("/classes", f"/classes/{class_id}/roster", f"/classes/{class_id}/roster/summary", f"/enrollments/{own}/history"):
            refused = await caller.get(path, headers=headers, status=403)

            assert "not_for_students" == refused["code"]
