"""Every documented filter and every documented sort key of the searches for classes, enrollments and courses, each alone."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, Table, bindparam, update

from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.courses.model import courses
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.api.front_of_door import FrontOfDoor
from tests.cast import DAY, HOUR, MAY, add_class, add_course, add_organization, enroll, gather, meeting


def _dating(table: Table) -> Command:
    return Command(
        update(table)
        .where(table.c.id == bindparam("row_id", type_=Integer))
        .values(created_at=bindparam("created", type_=BigInteger), modified_at=bindparam("modified", type_=BigInteger))
    )


_DATE = {table.name: _dating(table) for table in (courses, enrollments)}


async def date(database: Database, table: Table, row_id: int, *, created: int, modified: int) -> None:
    async def write(transaction: Transaction) -> None:
        await transaction.run(_DATE[table.name], row_id=row_id, created=created, modified=modified)

    await database.write(write)


async def found(door: FrontOfDoor, search: str, names: dict[int, str], **parameters: Any) -> str:
    """Give the letters of what a search finds, in its order."""
    answer = await door.ask(search, **parameters)
    assert answer["TotalCount"] == len(answer["Results"])
    return "".join(names[each["Id"]] for each in answer["Results"])


async def classes_to_find(database: Database) -> tuple[FrontOfDoor, dict[int, str], dict[str, int]]:
    cast = await gather(database)
    named = {name: await add_course(database, cast, name=name) for name in ("Baking", "cooking", "Dancing")}
    branches = {name: await add_organization(database, name, parent_id=cast.organization_id) for name in ("X", "y", "Z")}
    made: dict[str, dict[str, Any]] = {
        "a": {"name": "Early", "course_id": named["Dancing"], "organization_id": branches["Z"], "meetings": (meeting(MAY, hours=30),)},
        "b": {
            "name": "fast",
            "course_id": named["cooking"],
            "organization_id": branches["X"],
            "delivery": Delivery.VIRTUAL,
            "status": ClassStatus.TENTATIVE,
            "meetings": (meeting(MAY + DAY, hours=1),),
        },
        "c": {
            "name": "Delayed",
            "course_id": named["Baking"],
            "organization_id": branches["y"],
            "delivery": Delivery.MIXED,
            "status": ClassStatus.GUARANTEED_TO_RUN,
        },
    }
    names = {await add_class(database, cast, **values): letter for letter, values in made.items()}
    return FrontOfDoor(database, cast.ada_key), names, named


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, "abc"),
        ({"name": "LA"}, "c"),
        ({"name": "A"}, "abc"),
        ({"startsAfter": MAY + 1}, "b"),
        ({"startsAfter": MAY}, "ab"),
        ({"startsBefore": MAY}, "a"),
        ({"startsBefore": MAY - 1}, ""),
        ({"endsAfter": MAY + DAY + HOUR + 1}, "a"),
        ({"endsAfter": MAY + 30 * HOUR}, "a"),
        ({"endsBefore": MAY + DAY + HOUR}, "b"),
        ({"endsBefore": MAY + DAY + HOUR - 1}, ""),
        ({"hasLabs": "true"}, ""),
        ({"hasLabs": "false"}, "abc"),
        ({"availableOnline": "true"}, "bc"),
        ({"availableOnline": "false"}, "a"),
    ],
)
async def test_classes_are_found_by_each_filter(database: Database, given: dict[str, Any], expected: str) -> None:
    async with database:
        door, names, _ = await classes_to_find(database)

        assert expected == await found(door, "SearchClasses", names, **given)


async def test_classes_are_found_by_their_course(database: Database) -> None:
    async with database:
        door, names, named = await classes_to_find(database)

        assert "b" == await found(door, "SearchClasses", names, courseId=named["cooking"])


@pytest.mark.parametrize(
    "sort, ascending, descending",
    [
        ("Name", "cab", "bac"),
        ("Course", "cba", "abc"),
        ("ConfirmationStatus", "acb", "bca"),
        ("Start", "abc", "bac"),
        ("End", "bac", "abc"),
        ("Organization", "bca", "acb"),
    ],
)
async def test_classes_are_sorted_by_each_key(database: Database, sort: str, ascending: str, descending: str) -> None:
    async with database:
        door, names, _ = await classes_to_find(database)

        assert ascending == await found(door, "SearchClasses", names, sort=sort)
        assert descending == await found(door, "SearchClasses", names, sort=f"{sort} DESC")


async def test_classes_are_sorted_by_their_start_where_nothing_is_said(database: Database) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        names = {
            await add_class(database, cast, name=letter, meetings=(meeting(MAY - day * DAY),)): letter for day, letter in enumerate("abc")
        }

        assert "cba" == await found(door, "SearchClasses", names)


async def enrollments_to_find(database: Database) -> tuple[FrontOfDoor, dict[int, str], dict[str, int]]:
    cast = await gather(database)
    welding = await add_class(database, cast, name="welding", delivery=Delivery.VIRTUAL, meetings=(meeting(MAY),))
    cooking = await add_class(database, cast, name="Cooking", delivery=Delivery.VIRTUAL, meetings=(meeting(MAY + DAY),))
    reading = await add_class(database, cast, name="Reading", delivery=Delivery.VIRTUAL)
    waiting = EnrollmentStatus.WAITLISTED
    a = await enroll(database, class_id=reading, user_id=cast.sam_id, status=waiting)
    b = await enroll(database, class_id=welding, user_id=cast.sam_id)
    c = await enroll(database, class_id=cooking, user_id=cast.sue_id)
    for row_id, created, modified in ((a, 200, 300), (b, 100, 500), (c, 300, 400)):
        await date(database, enrollments, row_id, created=created, modified=modified)
    return FrontOfDoor(database, cast.ada_key), {a: "a", b: "b", c: "c"}, {"welding": welding, "sue": cast.sue_id}


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, "cab"),
        ({"className": "ING"}, "cab"),
        ({"className": "OK"}, "c"),
        ({"enrollmentStatusId": 60}, "cb"),
        ({"enrollmentStatusId": 20}, "a"),
        ({"createdAfter": 200}, "ca"),
        ({"createdAfter": 201}, "c"),
        ({"createdBefore": 200}, "ab"),
        ({"createdBefore": 199}, "b"),
    ],
)
async def test_enrollments_are_found_by_each_filter(database: Database, given: dict[str, Any], expected: str) -> None:
    async with database:
        door, names, _ = await enrollments_to_find(database)

        assert expected == await found(door, "SearchClassEnrollments", names, **given)


async def test_enrollments_are_found_by_their_class_and_by_their_student(database: Database) -> None:
    async with database:
        door, names, ids = await enrollments_to_find(database)

        assert "b" == await found(door, "SearchClassEnrollments", names, classId=ids["welding"])
        assert "c" == await found(door, "SearchClassEnrollments", names, studentId=ids["sue"])


@pytest.mark.parametrize(
    "sort, ascending, descending",
    [
        *((sort, "cab", "bac") for sort in ("Name", "Program", "CompanyOrganization", "Owner", "Company", "Expires", "Size", "Used")),
        ("Starts", "bca", "cba"),
        ("Created", "bac", "cab"),
        ("LastModified", "acb", "bca"),
    ],
)
async def test_enrollments_are_sorted_by_each_key(database: Database, sort: str, ascending: str, descending: str) -> None:
    async with database:
        door, names, _ = await enrollments_to_find(database)

        assert ascending == await found(door, "SearchClassEnrollments", names, sort=sort)
        assert descending == await found(door, "SearchClassEnrollments", names, sort=f"{sort} DESC")


async def courses_to_find(database: Database) -> tuple[FrontOfDoor, dict[int, str]]:
    cast = await gather(database)
    names: dict[int, str] = {}
    for letter, name, created, modified, values in (
        ("a", "welding", 200, 300, {"external_id": "w"}),
        ("b", "Cooking", 300, 500, {"available_self_paced": True, "external_id": "W"}),
        ("c", "Reading", 100, 400, {"available_instructor_led": False, "available_self_paced": True}),
    ):
        course_id = await add_course(database, cast, name=name, **values)
        await date(database, courses, course_id, created=created, modified=modified)
        names[course_id] = letter
    return FrontOfDoor(database, cast.ada_key), names


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, "bca"),
        ({"name": "OK"}, "b"),
        ({"externalId": "w"}, "a"),
        ({"hasLabs": "true"}, ""),
        ({"hasLabs": "false"}, "bca"),
        ({"createdAfter": 200}, "ba"),
        ({"createdAfter": 201}, "b"),
        ({"createdBefore": 200}, "ca"),
        ({"createdBefore": 199}, "c"),
        ({"lastModifiedAfter": 400}, "bc"),
        ({"lastModifiedAfter": 401}, "b"),
        ({"lastModifiedBefore": 400}, "ca"),
        ({"lastModifiedBefore": 399}, "a"),
        ({"availableInstructorLed": "true"}, "ba"),
        ({"availableInstructorLed": "false"}, "c"),
        ({"availableSelfPaced": "true"}, "bc"),
        ({"availableSelfPaced": "false"}, "a"),
    ],
)
async def test_courses_are_found_by_each_filter(database: Database, given: dict[str, Any], expected: str) -> None:
    async with database:
        door, names = await courses_to_find(database)

        assert expected == await found(door, "SearchCourses", names, **given)


@pytest.mark.parametrize("sort, ascending, descending", [("Name", "bca", "acb"), ("Created", "cab", "bac"), ("LastModified", "acb", "bca")])
async def test_courses_are_sorted_by_each_key(database: Database, sort: str, ascending: str, descending: str) -> None:
    async with database:
        door, names = await courses_to_find(database)

        assert ascending == await found(door, "SearchCourses", names, sort=sort)
        assert descending == await found(door, "SearchCourses", names, sort=f"{sort} DESC")
