"""The commands about course assignments, and those about labs and surveys."""

from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import DAY, NOBODY, Cast, add_course, gather
from tests.recorded import history_of
from tests.self_paced import LONG_AGO, add_self_paced_course, assign, assignment_of, change_assignment, subscribe

SAMS, SUES = 1, 2
"""The ids of the subscriptions."""


async def scene(database: Database) -> tuple[FrontOfDoor, Cast, int]:
    """Give a caller with Ada's key, and a course that Sam has subscribed to first, and then Sue with a training key."""
    cast = await gather(database)
    course_id = await add_self_paced_course(database, cast, name="Welding")
    assert SAMS == await subscribe(database, cast, user_id=cast.sam_id, course_id=course_id)
    assert SUES == await subscribe(database, cast, user_id=cast.sue_id, course_id=course_id, by_key=True)
    return FrontOfDoor(database, cast.ada_key), cast, course_id


async def test_an_assignment_that_was_created_can_be_got(database: Database) -> None:
    async with database:
        door, cast, course_id = await scene(database)

        created = await door.call(
            "CreateCourseAssignment",
            ExternalId="A",
            CourseId=course_id,
            UserId=cast.sam_id,
            ClubMembershipId=SAMS,
            Expires="2030-02-01",
            TargetCompletionDate="2030-01-31",
        )

        assignment_id = created.pop("CourseAssignmentId")
        assert {"status": 0, "error": None} == created
        shown = {
            "Id": assignment_id,
            "ExternalId": "A",
            "CourseId": course_id,
            "UserId": cast.sam_id,
            "ClubMembershipId": SAMS,
            "Expire": int(datetime(2030, 2, 1, tzinfo=UTC).timestamp()),
            "TargetCompletion": int(datetime(2030, 1, 31, tzinfo=UTC).timestamp()),
            "Start": None,
            "Complete": None,
        }
        for name, values in (("GetCourseAssignment", {"id": assignment_id}), ("GetCourseAssignmentByExternalId", {"id": "A"})):
            assert [shown] == (await door.ask(name, **values))["Results"]


@pytest.mark.parametrize("given", ["path", "CourseAssignmentId", "id"])
async def test_an_update_takes_the_id_in_each_way_and_changes_what_is_given_alone(given: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, course_id = await scene(database)
        assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id, external_id="A", expires_at=LONG_AGO)
        address = f"UpdateCourseAssignment/{assignment_id}" if given == "path" else "UpdateCourseAssignment"
        values: dict[str, Any] = {} if given == "path" else {given: assignment_id}

        await door.ask(
            address, ExternalId="", Expires="null", Started="2023-11-15", Completed="2023-11-16", ClubMembershipId=SAMS, **values
        )

        row = await assignment_of(database, assignment_id)
        assert ("A", None, LONG_AGO, LONG_AGO + DAY, SAMS) == (
            row.external_id,
            row.expires_at,
            row.started_at,
            row.completed_at,
            row.subscription_id,
        )


async def test_an_update_can_change_course_and_user(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, course_id = await scene(database)
        assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id)
        other_id = await add_self_paced_course(database, cast)

        await door.ask(f"UpdateCourseAssignment/{assignment_id}", CourseId=other_id, UserId=cast.sue_id, TargetCompletionDate="2023-11-15")

        row = await assignment_of(database, assignment_id)
        assert (other_id, cast.sue_id, LONG_AGO) == (row.course_id, row.user_id, row.target_completion_at)


async def test_refusals_name_the_rule_or_the_documented_parameter(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, course_id = await scene(database)
        classroom_course_id = await add_course(database, cast)
        assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id, completed_at=LONG_AGO)

        async def error_of(command: str, **values: Any) -> str:
            answer = await door.call(command, **values)
            assert 10 == answer.get("status", answer.get("Status"))
            assert answer.get("CourseAssignmentId") is None
            return str(answer.get("error", answer.get("Error")))

        refused = await error_of("CreateCourseAssignment", CourseId=classroom_course_id, UserId=cast.sam_id, ClubMembershipId=SUES)
        named = await error_of("CreateCourseAssignment", CourseId=NOBODY, UserId=NOBODY, ClubMembershipId=NOBODY)
        missing = await error_of("CreateCourseAssignment", CourseId="null", Expires="31.1.2030", TargetCompletionDate="2030-02-30")
        deleted = await error_of("DeleteCourseAssignment", id=assignment_id)
        ahead = await error_of("UpdateCourseAssignment", CourseAssignmentId=assignment_id, Completed="9999-01-01")

        assert [text.partition(":")[0] for text in refused.split("; ") if ": " in text] == ["T1", "T3"]
        assert [text.partition(":")[0] for text in named.split("; ") if ": " in text] == ["UserId", "CourseId", "ClubMembershipId"]
        assert {"Expires", "TargetCompletionDate", "CourseId", "UserId"} == {
            text.partition(":")[0] for text in missing.split("; ") if ": " in text
        }
        assert deleted == f"T5: assignment {assignment_id} has been completed; clear its completion first"
        assert ahead.startswith("T4: the completion lies more than a day ahead")


async def test_an_assignment_can_be_deleted(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, course_id = await scene(database)
        assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id)

        await door.ask(f"DeleteCourseAssignment/{assignment_id}")

        for name in ("GetCourseAssignment", "DeleteCourseAssignment", "UpdateCourseAssignment"):
            assert 20 == (await door.call(f"{name}/{assignment_id}"))["Status"]
        assert {"Status": 20, "Error": None, "Results": []} == await door.call("GetCourseAssignmentByExternalId/A")
        assert "assignment.deleted" == (await history_of(database, "assignment", assignment_id))[-1].kind


async def test_a_dry_run_tells_the_documented_names_and_changes_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, course_id = await scene(database)
        assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id)

        answer = await door.ask(
            f"UpdateCourseAssignment/{assignment_id}",
            ClubMembershipId=SAMS,
            Completed="2023-11-15",
            Expires="2023-11-15",
            TargetCompletionDate="2023-11-15",
            dryRun="true",
        )
        created = await door.call("CreateCourseAssignment", CourseId=course_id, UserId=cast.sam_id, dryRun="true")

        assert {("CourseAssignment", assignment_id)} == {(change["object"], change["id"]) for change in answer["changes"]}
        assert {
            "ClubMembershipId": SAMS,
            "Completed": LONG_AGO,
            "Expires": LONG_AGO,
            "Started": LONG_AGO,
            "TargetCompletionDate": LONG_AGO,
        } == {change["field"]: change["after"] for change in answer["changes"]}
        assert 1 == (await assignment_of(database, assignment_id)).version
        assert (0, None) == (created["status"], created["CourseAssignmentId"])


async def furnish(database: Database) -> tuple[FrontOfDoor, Cast, int]:
    """Make three assignments: one completed, one in progress, one not started, each with other times."""
    door, cast, course_id = await scene(database)
    other_id = await add_self_paced_course(database, cast, name="Alloys")
    await door.ask("UpdateUser", Id=cast.sue_id, ExternalId="S", LastName="Adams")
    await assign(database, course_id=course_id, user_id=cast.sam_id, external_id="a", subscription_id=SAMS, expires_at=LONG_AGO + 3 * DAY)
    await assign(database, course_id=course_id, user_id=cast.sue_id, external_id="b", subscription_id=SUES, expires_at=LONG_AGO + 2 * DAY)
    await assign(
        database,
        course_id=other_id,
        user_id=cast.ivan_id,
        external_id="c",
        expires_at=LONG_AGO + DAY,
        target_completion_at=LONG_AGO,
    )
    await change_assignment(database, 1, started_at=LONG_AGO, completed_at=LONG_AGO + DAY)
    await change_assignment(database, 2, started_at=LONG_AGO + DAY)
    return door, cast, other_id


async def test_a_search_shows_the_object_and_more(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, other_id = await furnish(database)

        found = await door.ask("SearchCourseAssignments")

        first = found["Results"][0]
        (got,) = (await door.ask("GetCourseAssignment", id=1))["Results"]
        row = await assignment_of(database, 1)
        assert first == got | {
            "PaymentType": "Subscription",
            "CourseName": "Welding",
            "FirstName": "Sam",
            "LastName": "Example",
            "Created": row.created_at,
            "LastModified": row.modified_at,
        }
        assert ["Subscription", "Training Key", None] == [each["PaymentType"] for each in found["Results"]]
        assert (3, 1) == (found["TotalCount"], found["TotalPages"])
        assert (cast.ivan_id, other_id) == (found["Results"][2]["UserId"], found["Results"][2]["CourseId"])


SEVERAL: Final[list[tuple[dict[str, Any], str]]] = [
    ({"userExternalId": "S"}, "b"),
    ({"completionStatus": 0}, "c"),
    ({"completionStatus": 10}, "b"),
    ({"completionStatus": 20}, "bc"),
    ({"completionStatus": "notStartedOrIncomplete"}, "bc"),
    ({"completionStatus": 30}, "a"),
    ({"createdAfter": 4_000_000_000}, ""),
    ({"createdAfter": LONG_AGO}, "abc"),
    ({"createdBefore": LONG_AGO}, ""),
    ({"createdBefore": 4_000_000_000}, "abc"),
    ({"expiresAfter": LONG_AGO + 2 * DAY}, "ab"),
    ({"expiresBefore": LONG_AGO + 2 * DAY}, "bc"),
    ({"startedAfter": LONG_AGO + DAY}, "b"),
    ({"startedBefore": LONG_AGO}, "a"),
    ({"completedAfter": LONG_AGO + DAY}, "a"),
    ({"completedAfter": LONG_AGO + DAY + 1}, ""),
    ({"completedBefore": LONG_AGO + DAY}, "a"),
    ({"completedBefore": LONG_AGO}, ""),
    ({"pageIndex": 1, "pageSize": 2}, "c"),
]


async def test_a_search_takes_every_documented_filter(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, cast, other_id = await furnish(database)

        for asked, expected in [*SEVERAL, ({"userId": cast.sam_id}, "a"), ({"courseId": other_id}, "c")]:
            found = await door.ask("SearchCourseAssignments", **asked)
            assert expected == "".join(each["ExternalId"] for each in found["Results"]), asked


@pytest.mark.parametrize(
    "sort, expected",
    [
        ("Created", "abc"),
        ("Created DESC", "cba"),
        ("UserId", "cab"),
        ("ExternalUserId", "bac"),
        ("LastName", "bac"),
        ("CourseId DESC", "cab"),
        ("CourseName", "cab"),
        ("Expires", "cba"),
        ("TargetCompletion", "cab"),
        ("Started DESC", "bac"),
        ("Completed", "abc"),
        ("LastModified", "cab"),
    ],
)
async def test_a_search_takes_every_sort_key(sort: str, expected: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = count(1_800_000_000)
    monkeypatch.setattr("rollbook.clock.now", lambda: next(moments))
    async with open_database(sqlite_url) as database:
        door, _, _ = await furnish(database)

        found = await door.ask("SearchCourseAssignments", sort=sort)

        assert expected == "".join(each["ExternalId"] for each in found["Results"])


async def test_no_lab_is_ever_found_but_the_parameters_are_checked(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await scene(database)
        values: dict[str, Any] = {
            "pageIndex": 0,
            "pageSize": 10,
            "sort": "TotalRunTime DESC",
            "userId": 1,
            "userExternalId": "S-1",
            "labId": 1,
            "courseId": 1,
            "classId": 1,
            "classExternalId": "C-1",
            "completionStatus": 30,
            "startedAfter": 1,
            "startedBefore": 1,
            "endedAfter": 1,
            "endedBefore": 1,
            "lastActivityTimeAfter": 1,
            "lastActivityTimeBefore": 1,
        }

        found = await door.call("SearchLabInstances", **values)
        refused = await door.refused("SearchLabInstances", **{name: "-" for name in values if "External" not in name})

        assert {"Status": 0, "Error": None, "TotalCount": 0, "TotalPages": 0, "Results": []} == found
        assert {name for name in values if "External" not in name} == {
            text.partition(":")[0] for text in refused.split("; ") if ": " in text
        }


async def test_no_survey_is_ever_found(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await scene(database)

        assert {"Status": 20, "Error": None, "Results": []} == await door.call("ExportSurveyResponses/7")
        assert "id: is required; give a value" == await door.refused("ExportSurveyResponses")
