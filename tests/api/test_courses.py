"""The commands about courses."""

from typing import Any

from rollbook.courses.actions.course_details import CourseChanges
from rollbook.courses.actions.courses import update_course
from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_course, add_organization, gather


async def test_a_course_that_was_created_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
        shown: dict[str, Any] = {
            "Name": "Welding",
            "ExternalId": "w",
            "Description": "Short",
            "HtmlDescription": "<p>Long</p>",
            "OrganizationId": branch_id,
            "AvailableInstructorLed": False,
            "AvailableSelfPaced": True,
            "ContentProviderId": 4,
            "ContentProviderName": "Acme",
            "Duration": 90,
            "Archived": True,
        }

        created = await door.ask("CreateCourse", **shown)

        course = (await door.ask(f"GetCourse/{created['CourseId']}"))["Course"]
        assert course.pop("CourseDateCreated") == course.pop("CourseLastModifiedDate") > 1_700_000_000
        ours = {"Id": created["CourseId"], "OrganizationName": "Contoso Paris", "Activities": [], "Tags": [], "CustomFields": []}
        assert shown | ours == course


async def test_the_defaults_are_a_course_for_classes_of_the_key_s_organization(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        created = await door.ask("CreateCourse", Name="Welding")

        course = (await door.ask("GetCourse", id=created["CourseId"]))["Course"]
        assert (True, False, False) == (course["AvailableInstructorLed"], course["AvailableSelfPaced"], course["Archived"])
        assert (cast.organization_id, None) == (course["OrganizationId"], course["Duration"])
        assert "Name: is required; give a value" == await door.refused("CreateCourse", Name="")


async def test_an_update_changes_what_is_given_alone(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, name="Welding", external_id="w", description="Short", duration=90)

        await door.ask("UpdateCourse", id=course_id, Name="Soldering", Description="null", Duration="")

        course = (await door.ask("GetCourse", id=course_id))["Course"]
        assert ("Soldering", "w", None, 90) == tuple(course[name] for name in ("Name", "ExternalId", "Description", "Duration"))


async def test_a_dry_run_changes_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, name="Welding")

        answer = await door.ask("UpdateCourse", id=course_id, Name="Soldering", dryRun="true")

        assert [{"object": "Course", "id": course_id, "field": "Name", "before": "Welding", "after": "Soldering"}] == answer["changes"]
        assert "Welding" == (await door.ask("GetCourse", id=course_id))["Course"]["Name"]
        assert (await door.ask("CreateCourse", Name="New", dryRun="true"))["CourseId"] is None


async def test_a_course_can_be_got_by_its_external_id(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, external_id="w")
        branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)

        assert course_id == (await door.ask("GetCourseByExternalId", id="w"))["Course"]["Id"]
        twin_id = await add_course(database, cast, external_id="w", organization_id=branch_id)

        assert f"({course_id}, {twin_id})" in await door.refused("GetCourseByExternalId", id="w")


async def test_an_external_id_is_refused_where_another_course_has_it(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, external_id="w")

        text = await door.refused("CreateCourse", Name="Twin", ExternalId=" w ")

        assert text.startswith(f"ExternalId: course {course_id} of the organization has w already")


async def test_olga_finds_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.olga_key)
        course_id = await add_course(database, cast, external_id="w")
        nothing = {"Status": 20, "Error": None}

        assert nothing | {"Course": None} == await door.call("GetCourse", id=course_id)
        assert nothing | {"Course": None} == await door.call("GetCourseByExternalId", id="w")
        assert nothing == await door.call("UpdateCourse", id=course_id, Name="Mine")
        assert nothing | {"Course": None} == await door.call("GetCourse", id=NOBODY)
        assert [] == (await door.ask("SearchCourses"))["Results"]


async def test_a_search_takes_every_documented_filter(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, name="Welding", external_id="w")
        await add_course(database, cast, name="Other", available_instructor_led=False)
        await database.write(update_course, actor=cast.ada, course_id=course_id, changes=CourseChanges(duration=3))
        course = (await door.ask("GetCourse", id=course_id))["Course"]

        found = await door.ask(
            "SearchCourses",
            name="WELD",
            externalId="w",
            hasLabs="false",
            createdAfter=course["CourseDateCreated"],
            createdBefore=course["CourseDateCreated"],
            lastModifiedAfter=course["CourseLastModifiedDate"],
            lastModifiedBefore=course["CourseLastModifiedDate"],
            availableInstructorLed="true",
            availableSelfPaced="false",
        )

        times = {"Created": course["CourseDateCreated"], "LastModified": course["CourseLastModifiedDate"]}
        assert [course | times] == found["Results"]
        assert 0 == (await door.ask("SearchCourses", hasLabs="true"))["TotalCount"]


async def test_a_search_sorts_by_name_unless_told_otherwise(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        for name in ("b", "C", "A"):
            await add_course(database, cast, name=name)

        async def names(**parameters: str) -> list[str]:
            return [found["Name"] for found in (await door.ask("SearchCourses", **parameters))["Results"]]

        assert ["A", "b", "C"] == await names()
        assert ["C", "b", "A"] == await names(sort="Name DESC")
        assert ["b"] == await names(pageIndex="1", pageSize="1")
