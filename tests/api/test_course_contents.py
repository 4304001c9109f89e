"""The commands about what belongs to courses."""

from typing import Any

import pytest

from rollbook.courses.model import activity_launches, catalog_searches, course_feedback
from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, Cast, add_class, add_course, enroll, gather
from tests.course_contents import add_activity, add_section, add_tag, add_tag_group, backdate, launch, look_up, rate


async def taken_course(database: Database, cast: Cast, **values: Any) -> int:
    """Create a course with a class in which Sam is enrolled."""
    course_id = await add_course(database, cast, **values)
    await enroll(database, class_id=await add_class(database, cast, course_id=course_id), user_id=cast.sam_id)
    return course_id


async def test_a_course_shows_its_activities_as_a_tree_and_its_tags(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        created = await door.ask("CreateCourseTagGroup", Name="Level", MutuallyExclusive="true")
        group_id = created["CourseTagGroupId"]
        tag_id = (await door.ask("CreateCourseTag", CourseTagGroupId=group_id, Name="Hard"))["CourseTagId"]
        course_id = (await door.ask("CreateCourse", Name="Welding", ExternalId="w", TagIds=tag_id))["CourseId"]
        section = await door.ask("CreateCourseActivity", CourseId=course_id, ActivityTypeId="section", Name="Part one", Required="true")
        section_id = section["CourseActivityId"]
        given = {
            "ActivityTypeId": 110,
            "ParentId": section_id,
            "Subtitle": "Five minutes",
            "Description": "Sparks\nand smoke",
            "Name": "Safety",
            "AllowRetake": False,
            "AllowReview": False,
            "Url": "https://example.com/{userId}",
            "SortOrder": 3,
            "AvailabilityTypeId": 10,
        }
        activity_id = (await door.ask("CreateCourseActivity", CourseId=course_id, **given))["CourseActivityId"]

        course = (await door.ask("GetCourse", id=course_id))["Course"]

        (shown,) = [dict(each) for each in course["Activities"]]
        ours = {"Id": activity_id, "ActivityTypeName": "Video", "Activities": [], "Required": False}
        assert [given | ours] == shown.pop("Activities")
        assert {
            "Id": section_id,
            "ActivityTypeId": 100,
            "ActivityTypeName": "Section",
            "ParentId": None,
            "Subtitle": None,
            "Description": None,
            "Name": "Part one",
            "AllowRetake": True,
            "AllowReview": True,
            "Url": None,
            "SortOrder": 0,
            "Required": True,
            "AvailabilityTypeId": 0,
        } == shown
        assert [{"Id": tag_id, "Name": "Hard", "CourseTagGroupId": group_id, "CourseTagGroupName": "Level"}] == course["Tags"]
        assert course == (await door.ask("GetCourseByExternalId", id="w"))["Course"]
        await add_course(database, cast, name="Zen")
        found = (await door.ask("SearchCourses"))["Results"]
        assert [course["Activities"], []] == [each["Activities"] for each in found]
        assert [course["Tags"], []] == [each["Tags"] for each in found]
        assert [course_id] == [each["Id"] for each in (await door.ask("SearchCourses", tagId=tag_id))["Results"]]


async def test_activities_are_changed_moved_and_deleted(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)
        section_id = await add_section(database, course_id)
        activity_id = await add_activity(database, course_id, parent_id=section_id)

        rehearsed = await door.ask("UpdateCourseActivity", id=activity_id, ActivityTypeId="Document", SortOrder="7", dryRun="true")
        await door.ask(f"UpdateCourseActivity/{activity_id}", ParentId="null", Name="Sparks", ActivityTypeId="120")
        refused = await door.refused("UpdateCourseActivity", id=section_id, ParentId=section_id)
        await door.ask("DeleteCourseActivity", id=section_id)

        changes = [(change["object"], change["field"], change["before"], change["after"]) for change in rehearsed["changes"]]
        assert [("CourseActivity", "ActivityTypeId", 110, 120), ("CourseActivity", "SortOrder", 0, 7)] == sorted(changes)
        assert refused.startswith("V2: ")
        (shown,) = (await door.ask("GetCourse", id=course_id))["Course"]["Activities"]
        assert (activity_id, None, "Sparks", "Document") == (shown["Id"], shown["ParentId"], shown["Name"], shown["ActivityTypeName"])
        nothing = {"Status": 20, "Error": None}
        assert nothing == await door.call("UpdateCourseActivity", id=NOBODY, Name="Gone")
        assert nothing == await door.call("DeleteCourseActivity", id=section_id)
        assert (await door.refused("CreateCourseActivity", CourseId=NOBODY, ActivityTypeId=100, Name="New")).startswith("CourseId: ")
        text = await door.refused("CreateCourseActivity", CourseId=course_id, ActivityTypeId=5, Name="New")
        assert text.startswith("ActivityTypeId: 5 is not an activity type (4, 100, 110,")


async def test_an_address_that_is_none_is_refused(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)

        for url in ("javascript:alert(1)", "https://{firstName}.example.com", "https://example.com/{password}", ""):
            text = await door.refused("CreateCourseActivity", CourseId=course_id, ActivityTypeId="Video", Name="New", Url=url)
            assert text.startswith("V3: ")


async def test_groups_and_tags_are_changed_and_deleted(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        group_id = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        tag_id, second_id = [await add_tag(database, group_id, name) for name in ("Hard", "Easy")]
        course_id = (await door.ask("CreateCourse", Name="Welding", TagIds=f"{tag_id},{second_id}"))["CourseId"]

        await door.ask("UpdateCourseTag", id=tag_id, Name="Harder")
        assert (await door.refused("UpdateCourseTagGroup", id=group_id, MutuallyExclusive="true")).startswith("V1: ")
        assert (await door.refused("DeleteCourseTag", id=tag_id)).startswith("1 courses have tag")
        await door.ask("UpdateCourse", id=course_id, TagIds=second_id)
        await door.ask("UpdateCourse", id=course_id, TagIds="")
        assert [second_id] == [tag["Id"] for tag in (await door.ask("GetCourse", id=course_id))["Course"]["Tags"]]
        await door.ask("UpdateCourseTagGroup", id=group_id, MutuallyExclusive="true", Expanded="true", Name="Levels")
        assert (await door.refused("UpdateCourse", id=course_id, TagIds=f"{tag_id},{second_id}")).startswith("V1: ")
        (shown,) = (await door.ask("SearchCourseTagGroups", name="LEVELS", pageIndex=0, pageSize=5, sort="Name DESC"))["Results"]

        assert shown.pop("LastModified") >= shown.pop("Created")
        assert {
            "Id": group_id,
            "Name": "Levels",
            "OrganizationId": cast.organization_id,
            "OrganizationName": "Contoso Training",
            "Enabled": True,
            "Expanded": True,
            "MutuallyExclusive": True,
            "Tags": [{"Id": second_id, "Name": "Easy"}, {"Id": tag_id, "Name": "Harder"}],
        } == shown
        await door.ask("DeleteCourseTag", id=tag_id)
        await door.ask("UpdateCourse", id=course_id, TagIds="null")
        await door.ask("DeleteCourseTagGroup", id=group_id)
        assert 0 == (await door.ask("SearchCourseTagGroups"))["TotalCount"]
        assert (await door.ask("CreateCourseTagGroup", Name="New", dryRun="true"))["CourseTagGroupId"] is None


async def test_a_student_rates_a_course(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await taken_course(database, cast)

        created = await door.ask("CreateCourseFeedback", courseId=course_id, userId=cast.sam_id, rating=4, comment="Loud\nbut good")

        (shown,) = (await door.ask("SearchCourseFeedback"))["Results"]
        assert shown.pop("LastModified") == shown.pop("Created") > 1_700_000_000
        assert {
            "Id": created["CourseFeedbackId"],
            "CourseId": course_id,
            "CourseName": "Welding",
            "UserId": cast.sam_id,
            "FirstName": "Sam",
            "LastName": "Example",
            "Rating": 4,
            "Comment": "Loud\nbut good",
        } == shown
        for rating in (0, 6):
            text = await door.refused("CreateCourseFeedback", courseId=course_id, userId=cast.sam_id, rating=rating)
            assert text.startswith(f"rating: {rating} is not a whole number (1 to 5)")
        assert (await door.refused("CreateCourseFeedback", courseId=course_id, userId=cast.sue_id, rating=1)).startswith("userId: ")
        rehearsed = await door.ask("CreateCourseFeedback", courseId=course_id, userId=cast.sam_id, rating=1, dryRun="true")
        assert rehearsed["CourseFeedbackId"] is None
        assert ("CourseFeedback", "Rating", 4, 1) in [
            tuple(each[key] for key in ("object", "field", "before", "after")) for each in rehearsed["changes"]
        ]


async def test_a_search_of_the_catalog_is_remembered_with_its_first_page(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        ids = [await add_course(database, cast, name=name) for name in ("Welding I", "Welding II", "Soldering")]

        first = await door.ask("SearchCourseCatalog", userId=cast.sam_id, text="weld", pageSize=1)
        second = await door.ask("SearchCourseCatalog", userId=cast.sam_id, text="weld", pageSize=1, pageIndex=1)
        everything = await door.ask("SearchCourseCatalog", userId=cast.sam_id)
        await door.ask("SearchCourseCatalog", userId=cast.sam_id, text="rehearsed", dryRun="true")

        assert [[ids[0]], [ids[1]]] == [[course["Id"] for course in page["Results"]] for page in (first, second)]
        assert (2, 2, 3) == (first["TotalCount"], first["TotalPages"], everything["TotalCount"])
        (shown,) = (await door.ask("SearchCourseCatalogSearchHistory"))["Results"]
        assert shown.pop("SearchTime") > 1_700_000_000
        assert shown.pop("Id") > 0
        assert {
            "UserId": cast.sam_id,
            "UserExternalId": None,
            "FirstName": "Sam",
            "LastName": "Example",
            "SearchText": "weld",
            "ResultCount": 2,
        } == shown
        assert (await door.refused("SearchCourseCatalog", userId=NOBODY, text="weld")).startswith("userId: ")


async def test_an_activity_is_opened_for_a_user(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await taken_course(database, cast)
        activity_id = await add_activity(database, course_id, url="https://example.com/?e={email}")

        await door.ask(f"LaunchCourseActivity/{activity_id}", userId=cast.sam_id, dryRun="true")
        launched = await door.ask("LaunchCourseActivity", activityId=activity_id, userId=cast.sam_id)

        assert "https://example.com/?e=sam%40example.com" == launched["Url"]
        (shown,) = (await door.ask("SearchCourseExternalActivityLaunches"))["Results"]
        assert shown.pop("LaunchTime") > 1_700_000_000
        assert shown.pop("Id") > 0
        assert {
            "UserId": cast.sam_id,
            "UserExternalId": None,
            "FirstName": "Sam",
            "LastName": "Example",
            "CourseId": course_id,
            "CourseName": "Welding",
            "ActivityId": activity_id,
            "ActivityName": "Safety",
            "ActivityTypeId": 110,
            "ActivityTypeName": "Video",
        } == shown
        assert (await door.refused("LaunchCourseActivity", activityId=activity_id, userId=cast.sue_id)).startswith("userId: ")
        assert {"Status": 20, "Error": None, "Url": None} == await door.call("LaunchCourseActivity", activityId=NOBODY, userId=cast.sam_id)


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({"userId": "sam"}, 1),
        ({"userId": "sue"}, 0),
        ({"userExternalId": "S"}, 1),
        ({"userExternalId": "T"}, 0),
        ({"courseId": "course"}, 1),
        ({"courseId": "other"}, 0),
        ({"activityType": "110"}, 1),
        ({"activityType": "External Link"}, 0),
        ({"launchedAfter": "1"}, 1),
        ({"launchedAfter": "9999999999"}, 0),
        ({"launchedBefore": "9999999999"}, 1),
        ({"launchedBefore": "1"}, 0),
    ],
)
async def test_a_search_for_launches_hands_every_filter_on(sqlite_url: str, filters: dict[str, str], expected: int) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await taken_course(database, cast)
        await launch(database, await add_activity(database, course_id), cast.sam_id)
        await door.ask("UpdateUser", Id=cast.sam_id, ExternalId="S")
        ids = {"sam": cast.sam_id, "sue": cast.sue_id, "course": course_id, "other": await add_course(database, cast)}

        found = await door.ask("SearchCourseExternalActivityLaunches", **{name: ids.get(value, value) for name, value in filters.items()})

        assert expected == found["TotalCount"] == len(found["Results"])


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({"userId": "sam"}, 1),
        ({"userId": "sue"}, 0),
        ({"userExternalId": "S"}, 1),
        ({"userExternalId": "T"}, 0),
        ({"searchedAfter": "1"}, 1),
        ({"searchedAfter": "9999999999"}, 0),
        ({"searchedBefore": "9999999999"}, 1),
        ({"searchedBefore": "1"}, 0),
    ],
)
async def test_a_search_for_searches_hands_every_filter_on(sqlite_url: str, filters: dict[str, str], expected: int) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        await look_up(database, cast.sam_id, "weld")
        await door.ask("UpdateUser", Id=cast.sam_id, ExternalId="S")
        ids = {"sam": cast.sam_id, "sue": cast.sue_id}

        found = await door.ask("SearchCourseCatalogSearchHistory", **{name: ids.get(value, value) for name, value in filters.items()})

        assert expected == found["TotalCount"] == len(found["Results"])


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({"courseId": "course"}, 1),
        ({"courseId": "other"}, 0),
        ({"name": "WELD"}, 1),
        ({"name": "solder"}, 0),
        ({"createdAfter": "1"}, 1),
        ({"createdAfter": "9999999999"}, 0),
        ({"createdBefore": "9999999999"}, 1),
        ({"createdBefore": "1"}, 0),
    ],
)
async def test_a_search_for_feedback_hands_every_filter_on(sqlite_url: str, filters: dict[str, str], expected: int) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await taken_course(database, cast)
        await rate(database, course_id, cast.sam_id)
        ids = {"course": course_id, "other": await add_course(database, cast)}

        found = await door.ask("SearchCourseFeedback", **{name: ids.get(value, value) for name, value in filters.items()})

        assert expected == found["TotalCount"] == len(found["Results"])


async def test_searches_show_the_latest_first_unless_told_otherwise(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        courses = [await taken_course(database, cast, name=name) for name in ("Alpha", "Beta")]
        for at, course_id in enumerate(courses, start=1):
            await backdate(database, course_feedback, await rate(database, course_id, cast.sam_id, at), created_at=at, modified_at=3 - at)
            await launch(database, await add_activity(database, course_id, name=f"Z{3 - at}"), cast.sam_id)
            await backdate(database, activity_launches, at, at=at)
            await look_up(database, cast.sam_id, str(at), at)
            await backdate(database, catalog_searches, at, at=at)

        async def order(command: str, key: str, **sort: str) -> list[Any]:
            return [row[key] for row in (await door.ask(command, **sort))["Results"]]

        assert [2, 1] == await order("SearchCourseFeedback", "Rating")
        assert [1, 2] == await order("SearchCourseFeedback", "Rating", sort="Created")
        assert [2, 1] == await order("SearchCourseFeedback", "Rating", sort="LastModified")
        assert [2, 1] == await order("SearchCourseFeedback", "Rating", sort="Rating DESC")
        assert [2, 1] == await order("SearchCourseFeedback", "Rating", sort="CourseName DESC")
        assert [2, 1] == await order("SearchCourseCatalogSearchHistory", "ResultCount")
        assert [1, 2] == await order("SearchCourseCatalogSearchHistory", "ResultCount", sort="searchtime")
        assert [1, 2] == await order("SearchCourseCatalogSearchHistory", "ResultCount", sort="LastName DESC")
        launches = "SearchCourseExternalActivityLaunches"
        assert ["Beta", "Alpha"] == await order(launches, "CourseName")
        assert ["Alpha", "Beta"] == await order(launches, "CourseName", sort="LaunchTime")
        assert ["Beta", "Alpha"] == await order(launches, "CourseName", sort="CourseName DESC")
        assert ["Beta", "Alpha"] == await order(launches, "CourseName", sort="ActivityName")
        assert ["Alpha", "Beta"] == await order(launches, "CourseName", sort="LastName")
