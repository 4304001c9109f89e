"""The commands about class enrollments, as they are documented."""

from typing import Any

import pytest

from rollbook.database import open_database
from tests.api.enrollment_scene import DONE, set_up
from tests.cast import NOBODY
from tests.recorded import history_of


async def test_an_enrollment_that_was_created_is_shown_with_all_that_was_given(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)

        enrollment_id = await scene.create(
            externalId="e 1",
            completionStatusId="Attending",
            lateCancel="false",
            retake="true",
            LocationTypeId=10,
            ClassroomId=scene.room_id,
            HoursSpent=3,
            Grade=95,
        )

        expected = {
            "Id": enrollment_id,
            "ExternalId": "e 1",
            "UserId": scene.sam_id,
            "ClassId": scene.class_id,
            "EnrollmentStatusId": 60,
            "CompletionStatusId": 10,
            "LateCancel": False,
            "Retake": True,
            "LocationTypeId": 10,
            "ClassroomId": scene.room_id,
            "HoursSpent": 3,
            "Grade": 95,
            "Version": 1,
        }
        answer = {"Status": 0, "Error": None, "Results": [expected]}
        assert answer == await scene.door.call(f"GetClassEnrollment/{enrollment_id}")
        assert answer == await scene.door.call("GetClassEnrollment", id=enrollment_id)
        assert answer == await scene.door.call("GetClassEnrollmentByClassAndUser", classId=scene.class_id, userId=scene.sam_id)
        assert answer == await scene.door.call("GetClassEnrollmentByExternalId", id="e 1")
        assert answer == await scene.door.call("GetClassEnrollmentByExternalId/e%201")


async def test_what_is_not_given_on_creation_has_its_default(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)

        shown = await scene.get(await scene.create())

        defaults = {"LateCancel": False, "Retake": False, "LocationTypeId": 0, "Version": 1}
        empty = dict.fromkeys(["ExternalId", "ClassroomId", "HoursSpent", "Grade"])
        assert {**shown, **defaults, **empty} == shown


@pytest.mark.parametrize(
    "method, address, request_of",
    [
        pytest.param("GET", "UpdateClassEnrollment/{id}", {"params": {}}, id="GET with the id in the path"),
        pytest.param("GET", "UpdateClassEnrollment/{id}/", {"params": {}}, id="GET with a slash at the end"),
        pytest.param("GET", "UpdateClassEnrollment", {"params": {"id": 1}}, id="GET with the id as a parameter"),
        pytest.param("GET", "UpdateClassEnrollment/{id}", {"params": {"id": 1}}, id="GET with the id twice"),
        pytest.param("GET", "updateCLASSenrollment/", {"params": {"ID": 1}}, id="GET in another case"),
        pytest.param("POST", "UpdateClassEnrollment/{id}", {"data": {}}, id="a form"),
        pytest.param("POST", "UpdateClassEnrollment", {"data": {"Id": "1"}}, id="a form with the id in it"),
        pytest.param("POST", "UpdateClassEnrollment/{id}", {"json": {}}, id="JSON"),
        pytest.param("POST", "UpdateClassEnrollment/{id}", {"params": {}}, id="POST with a query"),
        pytest.param("POST", "UpdateClassEnrollment?Grade=70", {"json": {"id": "1", "Grade": 70}}, id="JSON beside a query"),
    ],
)
async def test_an_update_comes_in_any_documented_form(
    method: str, address: str, request_of: dict[str, dict[str, Any]], sqlite_url: str
) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create()
        assert 1 == enrollment_id
        ((how, first),) = request_of.items()

        response = await scene.door.request(method, address.format(id=enrollment_id), **{how: {**scene.values(Grade=70), **first}})

        assert 200 == response.status_code
        assert "application/json" == response.headers["content-type"]
        assert "no-store" == response.headers["cache-control"]
        assert DONE == response.json()
        assert (70, 2) == ((shown := await scene.get(enrollment_id))["Grade"], shown["Version"])


async def test_json_takes_numbers_truths_and_null_as_they_are(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create(externalId="e1", Grade=5)

        body = scene.values(id=enrollment_id, retake=True, externalId="null", Grade=None, HoursSpent=12)
        response = await scene.door.request("POST", "UpdateClassEnrollment", json=body)

        assert DONE == response.json()
        shown = await scene.get(enrollment_id)
        assert (True, "null", None, 12) == (shown["Retake"], shown["ExternalId"], shown["Grade"], shown["HoursSpent"])


async def test_null_clears_and_blank_leaves_as_it_is(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        given = {"externalId": "e1", "retake": "true", "LocationTypeId": 10, "ClassroomId": scene.room_id, "HoursSpent": 3, "Grade": 95}
        enrollment_id = await scene.create(**given)
        before = await scene.get(enrollment_id)

        assert DONE == await scene.update(enrollment_id, **dict.fromkeys([*given, "lateCancel"], ""))
        unchanged = await scene.get(enrollment_id)
        assert DONE == await scene.update(enrollment_id)
        assert DONE == await scene.update(enrollment_id, externalId="null", ClassroomId="null", HoursSpent="null", Grade="null")
        cleared = await scene.get(enrollment_id)

        assert before == unchanged
        empty = dict.fromkeys(["ExternalId", "ClassroomId", "HoursSpent", "Grade"])
        assert {**before, **empty, "LocationTypeId": 0, "Version": 2} == cleared


async def test_a_dry_run_tells_what_would_change_and_changes_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create(Grade=5)
        before = await scene.get(enrollment_id)

        told = await scene.update(enrollment_id, enrollmentStatusId="Waitlist", Grade=7, dryRun="true")
        told_of_nothing = await scene.update(enrollment_id, dryRun="1")
        refused = await scene.update(enrollment_id, userId=NOBODY, dryRun="true")

        changes = [
            {"object": "ClassEnrollment", "id": enrollment_id, "field": "EnrollmentStatusId", "before": 60, "after": 20},
            {"object": "ClassEnrollment", "id": enrollment_id, "field": "Grade", "before": 5, "after": 7},
        ]
        assert DONE == {name: told[name] for name in DONE}
        assert changes == sorted((each for each in told["changes"] if each["field"] != "WaitingSince"), key=lambda each: str(each["field"]))
        assert {**DONE, "changes": []} == told_of_nothing
        assert 10 == refused["status"]
        assert before == await scene.get(enrollment_id)
        assert 1 == len(await history_of(database, "enrollment", enrollment_id))


async def test_a_dry_run_of_a_creation_gives_no_id(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)

        told = await scene.door.call("CreateClassEnrollment", **scene.values(dryRun="true"))

        assert {**DONE, "ClassEnrollmentId": None} == {name: told[name] for name in (*DONE, "ClassEnrollmentId")}
        assert {"object": "ClassEnrollment", "id": None, "field": "EnrollmentStatusId", "before": None, "after": 60} in told["changes"]
        assert 0 == (await scene.door.ask("SearchClassEnrollments"))["TotalCount"]


async def test_a_dry_run_of_a_deletion_keeps_the_enrollment(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create()

        told = await scene.door.ask("DeleteClassEnrollment", id=enrollment_id, dryRun="true")

        change = {"object": "ClassEnrollment", "id": enrollment_id, "field": "EnrollmentStatusId", "before": 60, "after": None}
        assert change in told["changes"]
        assert 1 == (await scene.get(enrollment_id))["Version"]


@pytest.mark.parametrize("command", ["UpdateClassEnrollment", "DeleteClassEnrollment"])
async def test_a_version_that_is_no_longer_is_refused(command: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create()
        await scene.update(enrollment_id, Grade=1)
        values = scene.values(Grade=2) if command == "UpdateClassEnrollment" else {}

        refused = await scene.door.call(f"{command}/{enrollment_id}", **values, ifVersion=1)
        unchanged = await scene.get(enrollment_id)
        done = await scene.door.call(f"{command}/{enrollment_id}", **values, ifVersion=2)

        told = f"ifVersion: enrollment {enrollment_id} is at version 2, not 1; read it again and decide anew"
        assert [10, told] == list(refused.values())
        assert (1, 2) == (unchanged["Grade"], unchanged["Version"])
        assert [0, None] == list(done.values())


async def test_a_version_is_refused_where_there_is_none_to_compare_with(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)

        refused = await scene.door.call("CreateClassEnrollment", **scene.values(ifVersion=1))

        assert 10 == refused["status"]
        assert refused["error"].startswith("ifVersion: ")
        assert refused["ClassEnrollmentId"] is None


async def test_unknown_parameters_are_ignored_and_listed(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create()

        values = scene.values(Grade=4, Grde=5, **{"a b": "", "": "x"})
        response = await scene.door.request("GET", f"UpdateClassEnrollment/{enrollment_id}", params=values)
        plain = await scene.door.request("GET", f"UpdateClassEnrollment/{enrollment_id}", params=scene.values())

        assert DONE == response.json()
        assert "Grde, a%20b" == response.headers["x-rollbook-ignored"]
        assert "x-rollbook-ignored" not in plain.headers


async def test_a_deleted_enrollment_is_not_found(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create()

        assert {"Status": 0, "Error": None} == await scene.door.call("DeleteClassEnrollment", id=enrollment_id)

        nothing: dict[str, Any] = {"Status": 20, "Error": None, "Results": []}
        assert nothing == await scene.door.call(f"GetClassEnrollment/{enrollment_id}")
        assert nothing == await scene.door.call("GetClassEnrollmentByClassAndUser", classId=scene.class_id, userId=scene.sam_id)
        assert nothing == await scene.door.call("GetClassEnrollmentByExternalId", id="e1")
        assert {"status": 20, "error": None} == await scene.update(enrollment_id)
        assert {"Status": 20, "Error": None} == await scene.door.call(f"DeleteClassEnrollment/{enrollment_id}")
        assert enrollment_id < await scene.create()


async def test_rules_are_told_all_at_once_with_their_numbers(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create()
        await scene.door.ask(f"UpdateClass/{scene.class_id}", CourseId=1, MaxStudents=1)

        refused = await scene.door.call(
            "CreateClassEnrollment", **scene.values(userId=scene.sue_id, LocationTypeId=10, ClassroomId=NOBODY, HoursSpent=1)
        )
        unattended = await scene.update(enrollment_id, enrollmentStatusId=30, completionStatusId=20)

        assert refused == {"status": 10, "error": refused["error"], "ClassEnrollmentId": None}
        assert f"P1: class {scene.class_id} is full (1 of 1 places)" in refused["error"]
        assert f"P5: room {NOBODY} is not one of class {scene.class_id}" in refused["error"]
        assert (10, "S5: ") == (unattended["status"], unattended["error"][:4])


async def test_any_number_of_enrollments_share_an_external_id(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        ids = [await scene.create(externalId="shared", userId=user_id) for user_id in (scene.sue_id, scene.sam_id)]

        found = await scene.door.ask("GetClassEnrollmentByExternalId", id=" shared ")
        one_of_another_case = await scene.door.call("GetClassEnrollmentByExternalId", id="SHARED")

        assert sorted(ids) == [each["Id"] for each in found["Results"]]
        assert {"Status": 20, "Error": None, "Results": []} == one_of_another_case


async def test_creating_where_a_cancelled_one_stands_opens_it_again(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        scene = await set_up(database)
        enrollment_id = await scene.create(externalId="e1", Grade=4)
        assert DONE == await scene.update(enrollment_id, enrollmentStatusId=10)

        assert enrollment_id == await scene.create()

        shown = await scene.get(enrollment_id)
        assert (60, "e1", None) == (shown["EnrollmentStatusId"], shown["ExternalId"], shown["Grade"])
