"""The commands about classes."""

import json
from typing import Any

from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import DAY, HOUR, MAY, NOBODY, add_class, add_company, add_course, add_organization, add_room, enroll, gather, meeting

MEETINGS = json.dumps([{"Start": MAY, "End": MAY + 8 * HOUR}, {"Start": MAY + DAY, "End": MAY + DAY + 4 * HOUR}])


async def _get(door: FrontOfDoor, class_id: int) -> dict[str, Any]:
    (found,) = (await door.ask(f"GetClass/{class_id}"))["Results"]
    shown: dict[str, Any] = found
    return shown


async def test_a_course_and_meetings_are_enough(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, name="Welding")

        created = await door.ask("CreateClass/", courseId=course_id, ClassMeetings=MEETINGS)

        assert ["ClassId", "Error", "Status"] == sorted(created)
        assert await _get(door, created["ClassId"]) == {
            "Id": created["ClassId"],
            "ExternalId": None,
            "Name": "Welding",
            "Description": None,
            "HtmlDescription": None,
            "Enabled": True,
            "ConfirmationStatusId": 0,
            "CourseId": course_id,
            "OrganizationId": cast.organization_id,
            "OrganizationName": "Contoso Training",
            "CompanyId": None,
            "DeliveryTypeId": 1,
            "InstructorId": None,
            "InstructorFirstName": None,
            "InstructorLastName": None,
            "InstructorIds": [],
            "VirtualMeetingHostId": None,
            "VirtualMeetingId": None,
            "CustomVirtualClassroomUrl": None,
            "MinStudents": None,
            "MaxStudents": None,
            "AllowSelfEnrollment": False,
            "IsPublic": False,
            "RequiresApproval": False,
            "DisableLabs": False,
            "SurveyId": None,
            "StudentSurveyAvailabilityStartTypeId": None,
            "SurveyAvailabilityStartHours": None,
            "SurveyAvailabilityEndDays": None,
            "InstructorSurveyId": None,
            "OrganizationSurveyId": None,
            "OrganizationSurveyResponseId": None,
            "AvailableToOrganizationIds": [],
            "PrimaryClassroomId": None,
            "ClassroomIds": [],
            "ClassroomAddress1": None,
            "ClassroomAddress2": None,
            "ClassroomCity": None,
            "ClassroomState": None,
            "ClassroomCountry": None,
            "ClassroomZip": None,
            "TimeZoneId": "UTC",
            "EnableClassTrainingKey": False,
            "ClassTrainingKey": None,
            "CustomFields": [],
            "SessionTimes": [{"Start": MAY, "End": MAY + 8 * HOUR}, {"Start": MAY + DAY, "End": MAY + DAY + 4 * HOUR}],
        }


async def test_everything_that_is_given_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
        address = {"address1": "1 Rue", "address2": "B", "city": "Paris", "state": "IDF", "country": "FR", "zip": "75001"}
        rooms = [await add_room(database, cast, name="Forge"), await add_room(database, cast, name="Smithy", **address)]
        shown: dict[str, Any] = {
            "CourseId": await add_course(database, cast),
            "Name": "Évening",
            "Description": "Two\nlines",
            "ConfirmationStatusId": 4,
            "OrganizationId": branch_id,
            "CompanyId": await add_company(database, "Acme", organization_id=cast.organization_id),
            "DeliveryTypeId": 3,
            "VirtualMeetingHostId": 7,
            "CustomVirtualClassroomUrl": "https://meet.example.com/x?y=1",
            "MinStudents": 2,
            "MaxStudents": 20,
            "AllowSelfEnrollment": True,
            "IsPublic": True,
            "DisableLabs": True,
            "SurveyId": 1,
            "StudentSurveyAvailabilityStartTypeId": 2,
            "SurveyAvailabilityStartHours": 3,
            "SurveyAvailabilityEndDays": 4,
            "InstructorSurveyId": 5,
            "OrganizationSurveyId": 6,
            "ExternalId": "42",
            "TimeZoneId": "Eastern Standard Time",
        }

        created = await door.ask(
            "CreateClass",
            **shown,
            HtlmDescription="<b>x</b>",
            InstructorIds=f"{cast.sue_id},{cast.ivan_id}",
            PrimaryInstructorId=cast.ivan_id,
            ClassroomIds=[rooms[0], rooms[1]],
            PrimaryClassroomId=rooms[1],
            AvailableToOrganizationIds=f"{branch_id},{cast.organization_id}",
        )

        found = await _get(door, created["ClassId"])
        assert shown == {name: found[name] for name in shown}
        assert "<b>x</b>" == found["HtmlDescription"]
        assert (cast.ivan_id, "Ivan", [cast.sue_id, cast.ivan_id]) == tuple(
            found[name] for name in ("InstructorId", "InstructorFirstName", "InstructorIds")
        )
        assert (rooms[1], rooms, "Paris", "1 Rue", "B") == tuple(
            found[name] for name in ("PrimaryClassroomId", "ClassroomIds", "ClassroomCity", "ClassroomAddress1", "ClassroomAddress2")
        )
        assert [cast.organization_id, branch_id] == found["AvailableToOrganizationIds"]


async def test_a_place_to_meet_online_makes_a_class_virtual(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)
        url = "https://meet.example.com"

        virtual = await door.ask("CreateClass", CourseId=course_id, CustomVirtualClassroomUrl=url)
        physical = await door.ask("CreateClass", CourseId=course_id, CustomVirtualClassroomUrl=url, DeliveryTypeId="Physical")

        shown = [await _get(door, created["ClassId"]) for created in (virtual, physical)]
        assert [(2, url), (1, None)] == [(each["DeliveryTypeId"], each["CustomVirtualClassroomUrl"]) for each in shown]


async def test_what_is_left_out_of_an_update_stays_and_null_clears(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(
            database, cast, name="Evening", maximum=5, external_id="e", instructor_ids=(cast.ivan_id,), meetings=(meeting(),)
        )
        before = await _get(door, class_id)

        await door.ask("UpdateClass", id=class_id, CourseId=before["CourseId"], Name="", MaxStudents="", InstructorIds="", ClassMeetings="")
        assert before == await _get(door, class_id)
        await door.ask(
            f"UpdateClass/{class_id}", CourseId=before["CourseId"], MaxStudents="null", InstructorIds="null", ClassMeetings="null"
        )

        cleared: dict[str, Any] = {"MaxStudents": None, "InstructorIds": [], "SessionTimes": []}
        cleared |= {"InstructorId": None, "InstructorFirstName": None, "InstructorLastName": None}
        assert before | cleared == await _get(door, class_id)


async def test_an_update_needs_an_id_and_a_course(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(database, cast)

        assert "CourseId: is required; give a value" == await door.refused("UpdateClass", id=class_id)
        assert "id: is required; give a value" == await door.refused("UpdateClass", CourseId=1)
        assert "Name: cannot be cleared" in await door.refused("UpdateClass", id=class_id, CourseId=1, Name="null")


async def test_all_values_that_are_wrong_are_told_at_once(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        text = await door.refused(
            "CreateClass", CourseId="x", ConfirmationStatusId=8, TimeZoneId="Nowhere", MaxStudents=-1, ClassMeetings="[{}]"
        )

        told = [problem.partition(":")[0] for problem in text.split("; ") if ":" in problem]
        assert ["CourseId", "ConfirmationStatusId", "TimeZoneId", "MaxStudents", "ClassMeetings"] == told
        assert "ConfirmationStatusId: 8 is not a confirmation status (0, 1, 2, 3, 4, 5, 6 or 7)" in text


async def test_what_is_not_there_is_told_by_its_documented_name(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)

        text = await door.refused(
            "CreateClass", CourseId=course_id, CompanyId=NOBODY, PrimaryInstructorId=cast.olga_id, ClassroomIds=NOBODY
        )
        no_course = await door.refused("CreateClass", CourseId=NOBODY)
        no_organization = await door.refused("CreateClass", CourseId=course_id, OrganizationId=cast.other_organization_id)

        assert text.startswith(f"CompanyId: there is no company {NOBODY}")
        assert f"PrimaryInstructorId: there is no user {cast.olga_id}" in text
        assert f"ClassroomIds: there is no classroom {NOBODY}" in text
        assert no_course.startswith(f"CourseId: there is no course {NOBODY}")
        assert no_organization.startswith("OrganizationId: there is no organization")


async def test_refused_rules_are_told_with_their_numbers(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(database, cast, maximum=5)
        course_id = (await _get(door, class_id))["CourseId"]
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
        backward = json.dumps([{"Start": MAY, "End": MAY}])

        text = await door.refused("UpdateClass", id=class_id, CourseId=course_id, MaxStudents=0, ClassMeetings=backward)

        assert text.startswith("C2: the meeting that starts at")
        assert f"; P3: class {class_id} has 1 Enrolled students" in text


async def test_warnings_come_beside_the_answer(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        room_id = await add_room(database, cast)
        other_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
        course_id = await add_course(database, cast)

        created = await door.ask("CreateClass", CourseId=course_id, ClassroomIds=room_id, ClassMeetings=MEETINGS)
        updated = await door.ask("UpdateClass", id=created["ClassId"], CourseId=course_id, MinStudents=3, MaxStudents=2)

        assert [f"C3: class {other_id} has classroom {room_id} too"] == [text.partition(",")[0] for text in created["warnings"]]
        assert ["C3: the minimum of 3 students is above the maximum of 2"] == updated["warnings"]


async def test_a_dry_run_tells_what_cancelling_would_do_and_does_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(database, cast, meetings=(meeting(),))
        before = await _get(door, class_id)
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

        answer = await door.ask("UpdateClass", id=class_id, CourseId=before["CourseId"], ConfirmationStatusId=2, dryRun="true")

        assert answer["changes"] == [
            {"object": "Class", "id": class_id, "field": "ConfirmationStatusId", "before": 0, "after": 2},
            {"object": "ClassEnrollment", "id": enrollment_id, "field": "EnrollmentStatusId", "before": 60, "after": 10},
        ]
        assert before == await _get(door, class_id)


async def test_a_dry_run_of_a_creation_has_no_id(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)

        answer = await door.ask("CreateClass", CourseId=course_id, ClassMeetings=MEETINGS, dryRun=1)

        assert answer["ClassId"] is None
        assert {"CourseId", "Name", "OrganizationId", "ClassMeetings", "TimeZoneId"} <= {each["field"] for each in answer["changes"]}
        assert {None} == {each["id"] for each in answer["changes"]}
        assert 0 == (await door.ask("SearchClasses"))["TotalCount"]


async def test_a_class_can_be_got_by_its_external_id(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
        one = await add_class(database, cast, external_id="evening 1")
        several = [await add_class(database, cast, external_id="e", organization_id=each) for each in (cast.organization_id, branch_id)]

        assert [one] == [found["Id"] for found in (await door.ask("GetClassByExternalId", id="evening 1"))["Results"]]
        assert [one] == [found["Id"] for found in (await door.ask("GetClassByExternalId/evening%201"))["Results"]]
        text = await door.refused("GetClassByExternalId", id="e")

        assert f"({several[0]}, {several[1]})" in text


async def test_olga_finds_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.olga_key)
        class_id = await add_class(database, cast, external_id="evening")
        nothing = {"Status": 20, "Error": None}

        assert nothing | {"Results": []} == await door.call("GetClass", id=class_id)
        assert nothing | {"Results": []} == await door.call("GetClassByExternalId", id="evening")
        assert nothing == await door.call("UpdateClass", id=class_id, CourseId=1, Name="Mine")
        found = await door.ask("SearchClasses")
        assert (0, []) == (found["TotalCount"], found["Results"])


async def test_a_search_tells_how_full_classes_are(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        late = await add_class(database, cast, name="Late", meetings=(meeting(MAY + DAY),))
        early = await add_class(database, cast, name="Early", meetings=(meeting(MAY),), maximum=3, minimum=1)
        never = await add_class(database, cast, name="Never")
        await enroll(database, class_id=early, user_id=cast.sam_id)

        first = await door.ask("SearchClasses", pageSize=2)
        second = await door.ask("searchclasses", PAGESIZE=2, pageIndex=1)
        backward = await door.ask("SearchClasses", sort="name desc")
        beyond = await door.ask("SearchClasses", pageIndex=2_147_483_647, pageSize=1000)

        assert (3, 2) == (first["TotalCount"], first["TotalPages"])
        assert [early, late, never] == [found["Id"] for found in (*first["Results"], *second["Results"])]
        assert [never, late, early] == [found["Id"] for found in backward["Results"]]
        assert (3, []) == (beyond["TotalCount"], beyond["Results"])
        found = first["Results"][0]
        told = ("CourseName", "Enrolled", "MinStudents", "MaxStudents", "Start", "End")
        assert ("Welding", 1, 1, 3, MAY, MAY + 8 * HOUR) == tuple(found[name] for name in told)
        assert found == (await _get(door, early)) | {name: found[name] for name in ("CourseName", "Enrolled", "Start", "End")}


async def test_a_search_takes_every_documented_filter(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)
        class_id = await add_class(database, cast, name="Evening", course_id=course_id, meetings=(meeting(MAY),))
        await add_class(database, cast, name="Other")

        found = await door.ask(
            "SearchClasses",
            name="EVEN",
            courseId=course_id,
            startsAfter=MAY,
            startsBefore=MAY,
            endsAfter=MAY + 8 * HOUR,
            endsBefore=MAY + 8 * HOUR,
            hasLabs="false",
            availableOnline=0,
        )

        assert [class_id] == [each["Id"] for each in found["Results"]]
        assert 0 == (await door.ask("SearchClasses", hasLabs="true"))["TotalCount"]
        assert "sort: Size is not a sort key (Name, Course," in await door.refused("SearchClasses", sort="Size")
