"""The course assignments of the REST API."""

from typing import Any

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, Cast, add_organization, add_user, gather
from tests.self_paced import add_self_paced_course, assign, change_assignment, subscribe

DAY_ONE, DAY_TWO, DAY_THREE = (f"2023-11-{day}T12:00:00Z" for day in (15, 16, 17))
BY_SECONDS = 1_700_049_600
"""DAY_ONE."""


async def test_it_creates_changes_and_deletes_an_assignment(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_self_paced_course(database, cast, name="Welding")
        subscription_id = await subscribe(database, cast, user_id=cast.sam_id, course_id=course_id)
        body = {
            "course_id": course_id,
            "user_id": cast.sam_id,
            "subscription_id": subscription_id,
            "external_id": "A",
            "expires_at": DAY_THREE,
            "target_completion_at": DAY_TWO,
        }

        rehearsed = await caller.post("/assignments", body, status=200, dry_run="true")
        made = await caller.post("/assignments", body)
        path = f"/assignments/{made['result']['id']}"
        started = await caller.patch(path, {"started_at": "2023-11-15T14:00:00+02:00"}, headers={"If-Match": '"1"'})
        stale = await caller.patch(path, {"expires_at": None}, headers={"If-Match": '"1"'}, status=412)
        completed = await caller.patch(path, {"completed_at": DAY_TWO, "expires_at": None})
        kept = (await caller.request("DELETE", path)).json()
        await caller.patch(path, {"completed_at": None})
        gone = await caller.request("DELETE", path, headers={"If-Match": '"4"'})

        assert body.items() <= made["result"].items()
        assert ("Welding", "Sam", "Example", cast.organization_id, "subscription", "not_started") == tuple(
            made["result"][name] for name in ("course_name", "first_name", "last_name", "organization_id", "payment", "progress")
        )
        assert (True, "Welding") == (rehearsed["dry_run"], rehearsed["result"]["course_name"])
        assert ("incomplete", DAY_ONE) == (started["result"]["progress"], started["result"]["started_at"])
        assert [{"object": "assignment", "id": made["result"]["id"], "field": "started_at", "before": None, "after": DAY_ONE}] == started[
            "changes"
        ]
        assert (2, DAY_THREE) == (stale["current"]["version"], stale["current"]["expires_at"])
        assert ("complete", DAY_TWO, None) == tuple(completed["result"][name] for name in ("progress", "completed_at", "expires_at"))
        assert ("assignment_completed", "T5") == (kept["code"], kept["rule"])
        assert (200, None) == (gone.status_code, gone.json()["result"])
        await caller.get(path, status=404)
        kinds = [change["kind"] for change in (await caller.get(f"{path}/history"))["items"]]
        assert ["deleted", "updated", "completed", "started", "created"] == [kind.removeprefix("assignment.") for kind in kinds]


async def test_a_deletion_can_ask_for_a_version_and_be_rehearsed(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        assignment_id = await assign(database, course_id=await add_self_paced_course(database, cast), user_id=cast.sam_id)
        path = f"/assignments/{assignment_id}"

        stale = await caller.request("DELETE", path, headers={"If-Match": '"2"'})
        rehearsed = await caller.request("DELETE", path, params={"dry_run": "true"})

        assert (412, 1) == (stale.status_code, stale.json()["current"]["version"])
        assert (True, None) == (rehearsed.json()["dry_run"], rehearsed.json()["result"])
        assert 1 == (await caller.get(path))["version"]


async def test_refusals_name_the_field_and_the_rule(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_self_paced_course(database, cast)
        archived_id = await add_self_paced_course(database, cast, archived=True)

        for body, status, field, rule in (
            ({"course_id": NOBODY}, 422, "$.course_id", None),
            ({"user_id": cast.olga_id}, 422, "$.user_id", None),
            ({"subscription_id": NOBODY}, 422, "$.subscription_id", None),
            ({"completed_at": "2999-01-01T00:00:00Z"}, 422, "$.completed_at", "T4"),
            ({"course_id": archived_id}, 409, "$.course_id", "T1"),
            ({"started_at": DAY_TWO, "completed_at": DAY_ONE}, 409, "$.completed_at", "T4"),
        ):
            given: dict[str, Any] = {"course_id": course_id, "user_id": cast.sam_id}
            problem = await caller.post("/assignments", given | body, status=status)
            assert (field, rule) == (problem["field"], problem.get("rule")), body


async def furnish(database: Database) -> tuple[Cast, int, int]:
    """Make three assignments, known by their external ids: one completed, one in progress, one not started."""
    cast = await gather(database)
    west_id = await add_organization(database, "West", parent_id=cast.organization_id)
    wes_id = await add_user(database, "Wes", organization_id=west_id, external_id="W")
    course_id, other_id = [await add_self_paced_course(database, cast) for _ in range(2)]
    subscription_id = await subscribe(database, cast, user_id=cast.sam_id, course_id=course_id, by_key=True)
    day = 86_400
    await assign(
        database,
        course_id=course_id,
        user_id=cast.sam_id,
        subscription_id=subscription_id,
        external_id="a",
        started_at=BY_SECONDS,
        completed_at=BY_SECONDS + day,
        expires_at=BY_SECONDS + 2 * day,
    )
    await assign(database, course_id=course_id, user_id=cast.sue_id, external_id="b", expires_at=BY_SECONDS + day)
    await assign(database, course_id=other_id, user_id=wes_id, external_id="c", expires_at=BY_SECONDS)
    await change_assignment(database, 2, started_at=BY_SECONDS + day)
    return cast, west_id, other_id


async def test_it_lists_assignments_by_every_condition(database: Database) -> None:
    async with database:
        cast, west_id, other_id = await furnish(database)
        caller = Caller(database, cast.ada_key)
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({}, "abc"),
            ({"user_id": cast.sue_id}, "b"),
            ({"user_external_id": "W"}, "c"),
            ({"organization_id": west_id}, "c"),
            ({"organization_id": cast.organization_id}, "abc"),
            ({"course_id": other_id}, "c"),
            ({"subscription_id": 1}, "a"),
            ({"external_id": "b"}, "b"),
            ({"progress": "not_started"}, "c"),
            ({"progress": "incomplete"}, "b"),
            ({"progress": ["not_started", "complete"]}, "ac"),
            ({"created_after": DAY_THREE}, "abc"),
            ({"created_before": DAY_THREE}, ""),
            ({"created_after": "2999-01-01T00:00:00Z"}, ""),
            ({"expires_after": DAY_TWO}, "ab"),
            ({"expires_before": DAY_TWO}, "bc"),
            ({"started_after": DAY_TWO}, "b"),
            ({"started_before": DAY_ONE}, "a"),
            ({"completed_after": DAY_TWO}, "a"),
            ({"completed_after": DAY_THREE}, ""),
            ({"completed_before": DAY_TWO}, "a"),
            ({"completed_before": DAY_ONE}, ""),
        )

        for query, expected in cases:
            items = (await caller.get("/assignments", **query))["items"]
            assert expected == "".join(item["external_id"] for item in items), query
        assert ["training_key", None, None] == [item["payment"] for item in (await caller.get("/assignments"))["items"]]


async def test_a_list_goes_on_where_its_page_ends(database: Database) -> None:
    async with database:
        cast, _, _ = await furnish(database)
        caller = Caller(database, cast.ada_key)

        first = await caller.get("/assignments", limit=2)
        second = await caller.get("/assignments", limit=2, cursor=first["next"])

        assert ("ab", "c", None) == (*("".join(item["external_id"] for item in page["items"]) for page in (first, second)), second["next"])


async def test_what_lies_in_another_tree_is_not_there(database: Database) -> None:
    async with database:
        cast, _, _ = await furnish(database)
        caller = Caller(database, cast.olga_key)

        assert [] == (await caller.get("/assignments"))["items"]
        await caller.get("/assignments/1", status=404)
        await caller.patch("/assignments/1", {"external_id": "x"}, status=404)
        assert 404 == (await caller.request("DELETE", "/assignments/1")).status_code
        await caller.get("/assignments/1/history", status=404)
