"""SearchClassEnrollments, as it is documented."""

from typing import Any

import pytest

from rollbook.classes.statuses import Delivery
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.api.front_of_door import FrontOfDoor
from tests.cast import HOUR, MAY, add_class, add_user, enroll, gather, meeting

DOCUMENTED_SORTS = [
    "Name",
    "Program",
    "CompanyOrganization",
    "Owner",
    "Company",
    "Starts",
    "Expires",
    "Size",
    "Used",
    "Created",
    "LastModified",
]


async def set_up(database: Database) -> tuple[FrontOfDoor, list[int], list[int]]:
    """Give a caller, three classes (welding last by name and first by time, one without meetings), and three students, each in every class."""
    cast = await gather(database)
    welding = await add_class(database, cast, name="Welding 100%", delivery=Delivery.VIRTUAL, meetings=(meeting(),))
    cooking = await add_class(database, cast, name="Cooking", delivery=Delivery.VIRTUAL, meetings=(meeting(MAY + 10 * HOUR, hours=1),))
    reading = await add_class(database, cast, name="Élan", delivery=Delivery.VIRTUAL)
    students = [cast.sam_id, cast.sue_id, await add_user(database, "Stan", organization_id=cast.organization_id)]
    for class_id in (welding, cooking, reading):
        for user_id in students:
            status = EnrollmentStatus.WAITLISTED if user_id == students[2] else EnrollmentStatus.ENROLLED
            await enroll(database, class_id=class_id, user_id=user_id, status=status)
    return FrontOfDoor(database, cast.ada_key), [welding, cooking, reading], students


async def ids(door: FrontOfDoor, **parameters: Any) -> list[int]:
    return [found["Id"] for found in (await door.ask("SearchClassEnrollments", **parameters))["Results"]]


async def test_a_result_names_its_class_and_its_student(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, (welding, *_), (sam_id, *_) = await set_up(database)

        found = await door.ask("SearchClassEnrollments", classId=welding, studentId=sam_id)

        (shown,) = found["Results"]
        (got,) = (await door.ask(f"GetClassEnrollment/{shown['Id']}"))["Results"]
        more = {
            "ClassName": "Welding 100%",
            "FirstName": "Sam",
            "LastName": "Example",
            "Starts": MAY,
            "Ends": MAY + 8 * HOUR,
            "Created": shown["Created"],
            "LastModified": shown["Created"],
        }
        assert {**got, **more} == shown
        assert (1, 1) == (found["TotalCount"], found["TotalPages"])


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, 9),
        ({"className": "WELD"}, 3),
        ({"className": "0%"}, 3),
        ({"className": "%"}, 3),
        ({"className": "_"}, 0),
        ({"className": "élan"}, 3),
        ({"className": ""}, 9),
        ({"enrollmentStatusId": "60"}, 6),
        ({"enrollmentStatusId": "waitlist"}, 3),
        ({"enrollmentStatusId": "10"}, 0),
        ({"createdAfter": "0"}, 9),
        ({"createdBefore": "0"}, 0),
        ({"createdAfter": "253402300799"}, 0),
        ({"classId": "999999"}, 0),
        ({"studentId": "999999"}, 0),
    ],
)
async def test_it_finds_what_meets_a_criterion(given: dict[str, str], expected: int, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await set_up(database)

        found = await door.ask("SearchClassEnrollments", **given)

        assert (expected, expected) == (found["TotalCount"], len(found["Results"]))


async def test_criteria_are_met_together_and_times_are_inclusive(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, (welding, cooking, _), (sam_id, _, stan_id) = await set_up(database)
        (shown,) = (await door.ask("SearchClassEnrollments", classId=welding, studentId=sam_id))["Results"]
        (created,) = {shown["Created"]}

        assert [shown["Id"]] == await ids(
            door, classId=welding, studentId=sam_id, className="weld", enrollmentStatusId=60, createdAfter=created, createdBefore=created
        )
        assert [] == await ids(door, classId=cooking, className="weld")
        assert [] == await ids(door, studentId=stan_id, enrollmentStatusId=60)


@pytest.mark.parametrize("sort", DOCUMENTED_SORTS)
async def test_every_documented_sort_gives_everything_in_both_directions(sort: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await set_up(database)

        ascending = await ids(door, sort=sort.upper())
        descending = await ids(door, sort=f"{sort} desc")

        assert list(range(1, 10)) == sorted(ascending) == sorted(descending)


async def test_it_sorts_by_the_classs_name_then_by_id(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await set_up(database)

        by_name = [4, 5, 6, 1, 2, 3, 7, 8, 9]
        assert by_name == await ids(door)
        assert by_name == await ids(door, sort="Name")
        assert by_name == await ids(door, sort="Owner", pageSize="")
        assert [7, 8, 9, 1, 2, 3, 4, 5, 6] == await ids(door, sort="Name DESC")


async def test_it_sorts_classes_without_meetings_last_in_both_directions(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await set_up(database)

        assert [1, 2, 3, 4, 5, 6, 7, 8, 9] == await ids(door, sort="Starts")
        assert [4, 5, 6, 1, 2, 3, 7, 8, 9] == await ids(door, sort="Starts DESC")


@pytest.mark.parametrize("page_size", [1, 2, 4, 9, 10, 1000])
async def test_pages_neither_overlap_nor_skip(page_size: int, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door, _, _ = await set_up(database)
        pages = -(-9 // page_size)

        found = [await door.ask("SearchClassEnrollments", pageIndex=page, pageSize=page_size, sort="Created") for page in range(pages + 1)]

        assert [[9, pages]] * (pages + 1) == [[page["TotalCount"], page["TotalPages"]] for page in found]
        assert list(range(1, 10)) == [each["Id"] for page in found for each in page["Results"]]
        assert [] == found[-1]["Results"]


async def test_a_page_holds_100_where_nothing_else_is_asked(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        class_id = await add_class(database, cast, delivery=Delivery.VIRTUAL)
        for number in range(101):
            user_id = await add_user(database, f"s{number}", organization_id=cast.organization_id)
            await enroll(database, class_id=class_id, user_id=user_id)
        door = FrontOfDoor(database, cast.ada_key)

        assert 100 == len(await ids(door, pageIndex=""))
        assert 1 == len(await ids(door, pageIndex=1))


@pytest.mark.parametrize(
    "given, told",
    [
        ({"pageSize": "0"}, "pageSize: 0 is not a page size (1 to 1000)"),
        ({"pageSize": "1001"}, "pageSize: 1001 is not a page size (1 to 1000)"),
        ({"pageIndex": "-1"}, "pageIndex: -1 is not a page (0 to 2147483647)"),
        ({"sort": "Grade"}, "sort: Grade is not a sort key ("),
        ({"sort": "Name ASC"}, "sort: Name ASC is not a sort key ("),
        ({"enrollmentStatusId": "15"}, "enrollmentStatusId: 15 is not an enrollment status (0, 10, 20, 30, 40, 50 or 60)"),
        ({"createdAfter": "2020-01-01"}, "createdAfter: 2020-01-01 is not a time in Unix epoch seconds (0 to 253402300799)"),
        ({"classId": "0"}, "classId: 0 is not an id (1 to 2147483647)"),
        ({"dryRun": "true", "pageSize": "x"}, "pageSize: x is not a page size"),
    ],
)
async def test_it_refuses_a_criterion_by_its_name(given: dict[str, str], told: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door = FrontOfDoor(database, (await gather(database)).ada_key)

        refused = await door.call("SearchClassEnrollments", **given)

        assert refused == {"Status": 10, "Error": refused["Error"], "TotalCount": 0, "TotalPages": 0, "Results": []}
        assert refused["Error"].startswith(told)


async def test_those_of_a_class_are_found_the_same_few_or_many(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast)
        for user_id in (cast.ivan_id, cast.sam_id, cast.sue_id):
            await enroll(database, class_id=class_id, user_id=user_id)
        door = FrontOfDoor(database, cast.ada_key)
        few = [await door.ask("SearchClassEnrollments", **asked) for asked in ({"classId": class_id}, {"studentId": cast.sam_id})]

        monkeypatch.setattr("rollbook.api.tms.commands.enrollments.MOST_AT_ONCE", 0)
        many = [await door.ask("SearchClassEnrollments", **asked) for asked in ({"classId": class_id}, {"studentId": cast.sam_id})]

        assert [3, 1] == [answer["TotalCount"] for answer in few]
        assert few == many
