"""Rows that leave as a file which import reads again."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from rollbook.cli.exchanged_nouns import NOUNS
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import DAY, MAY, Cast, add_class, add_company, add_course, add_organization, add_room, add_user, enroll, gather, meeting
from tests.cli.desk import Desk

IN_ORDER = ("companies", "users", "courses", "classrooms", "classes", "enrollments")


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, sqlite_url, monkeypatch, capsys)


async def furnish(database: Database) -> Cast:
    """Create something of every noun in which every column has a value somewhere, and all but the cast has external ids."""
    cast = await gather(database)
    ours = cast.organization_id
    await add_organization(database, "West", parent_id=ours, external_id="W")
    # Ids differ from those that another database would give.
    await add_course(database, cast, name="Gone", external_id="C-0")
    company_id = await add_company(
        database, "Con, toso", organization_id=ours, external_id="Co,1", email="co@example.com", description="a\r\nb"
    )
    boss_id = await add_user(database, "Bo", organization_id=ours, external_id="E-1", company_id=company_id, role_ids=(30, 2))
    student_id = await add_user(
        database,
        "null",
        organization_id=ours,
        external_id="null",
        manager_id=boss_id,
        company_id=company_id,
        time_zone=find_time_zone("Central Standard Time"),
        title='the "great"',
        disabled=False,
    )
    waiting_id = await add_user(database, "Wu", organization_id=ours + 2, external_id="E,3")
    course_id = await add_course(database, cast, name="Welding", external_id="C-1", duration=60, html_description="<b>\nhot</b>")
    hall_id = await add_room(database, cast, name="Hall", external_id="R-1", capacity=9)
    loft_id = await add_room(database, cast, name="Loft", external_id="R-2")
    class_id = await add_class(
        database,
        cast,
        course_id=course_id,
        external_id="K-1",
        company_id=company_id,
        maximum=1,
        instructor_ids=(student_id, boss_id),
        primary_instructor_id=boss_id,
        classroom_ids=(loft_id, hall_id),
        meetings=(meeting(), meeting(MAY + DAY)),
        available_to_organization_ids=(ours + 2,),
    )
    bare_id = await add_class(database, cast, course_id=course_id, external_id="K-2", maximum=None, name="null")
    await enroll(
        database,
        class_id=class_id,
        user_id=student_id,
        completion=CompletionStatus.COMPLETE,
        location=LocationType.CLASSROOM,
        classroom_id=hall_id,
        hours_spent=3,
        grade=90,
        external_id="batch",
    )
    await enroll(database, class_id=bare_id, user_id=waiting_id, status=EnrollmentStatus.WAITLISTED, external_id="batch", retake=True)
    await enroll(database, class_id=bare_id, user_id=boss_id, status=EnrollmentStatus.CANCELLED, late_cancel=True)
    return cast


def test_importing_what_was_exported_changes_nothing(desk: Desk) -> None:
    cast = desk.do(furnish)
    ours = ("--organization", str(cast.organization_id))

    for noun in NOUNS:
        rows = desk.exported(noun, *ours)
        told = desk.run("import", noun, str(desk.folder / f"{noun}.csv"), *ours)
        assert len(rows) > 0
        assert f"{noun}: 0 created, 0 updated, {len(rows)} unchanged, 0 failed" == told.lines[-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def other(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A desk at another server, on each engine in turn."""
    if request.param == "postgresql":
        return Desk(tmp_path, request.getfixturevalue("postgresql_url"), monkeypatch, capsys)
    return Desk(tmp_path, f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'other.db')}", monkeypatch, capsys)


def test_another_server_makes_the_same_of_an_export_without_ids(desk: Desk, other: Desk) -> None:
    cast = desk.do(furnish)
    ours = ("--organization", str(cast.organization_id))
    desk.hand_in("users", "Id,ExternalId", f"{cast.ivan_id},I", f"{cast.sam_id},Sa", f"{cast.sue_id},Su", options=ours)
    root_id = other.do(lambda database: add_organization(database, "Elsewhere"))
    other.do(lambda database: add_organization(database, "West there", parent_id=root_id, external_id="W"))

    for noun in IN_ORDER:
        rows = desk.exported(noun, "--without-ids", *ours)
        told = other.run("import", noun, str(desk.folder / f"{noun}.csv"))
        assert f"{noun}: {len(rows)} created, 0 updated, 0 unchanged, 0 failed" == told.lines[-1], told.out
        assert rows == other.exported(noun, "--without-ids")
    assert 0 == other.run("verify").status


def test_it_refuses_to_leave_out_the_id_of_what_has_no_other(desk: Desk) -> None:
    cast = desk.do(gather)
    class_id = desk.do(lambda database: add_class(database, cast, external_id="K-1"))
    desk.do(lambda database: enroll(database, class_id=class_id, user_id=cast.sam_id))
    path = desk.folder / "enrollments.csv"

    told = desk.run("export", "enrollments", str(path), "--without-ids", "--organization", str(cast.organization_id))

    assert 1 == told.status
    assert (
        f"rollbook: users: {cast.sam_id} has no external id, by which another server could know it; give it one, or export with ids\n"
        == told.err
    )
    assert ["rollbook.db"] == [each.name for each in desk.folder.iterdir() if each.suffix not in {".db-wal", ".db-shm"}]


def test_it_writes_values_as_they_are_documented(desk: Desk) -> None:
    cast = desk.do(furnish)
    ours = ("--organization", str(cast.organization_id))

    training_class = desk.exported("classes", *ours)[0]
    users = {row["FirstName"]: row for row in desk.exported("users", *ours)}
    enrollments = desk.exported("enrollments", *ours)

    assert ("0", "1", "UTC", "false") == tuple(
        training_class[name] for name in ("ConfirmationStatusId", "DeliveryTypeId", "TimeZoneId", "IsPublic")
    )
    times = ",".join(f'{{"Start":{each.starts_at},"End":{each.ends_at}}}' for each in (meeting(), meeting(MAY + DAY)))
    assert f"[{times}]" == training_class["ClassMeetings"]
    assert "2,1" == training_class["ClassroomIds"]
    assert "2,30" == users["Bo"]["RoleId"]
    assert ("null", "", "null") == tuple(users["Bo"][name] for name in ("TimeZoneId", "ManagerId", "Title"))
    assert (" null", "Central Standard Time") == (users[" null"]["ExternalId"], users[" null"]["TimeZoneId"])
    assert ["60", "20", "10"] == [row["EnrollmentStatusId"] for row in enrollments]
    assert ("20", "10", "3", "90") == tuple(
        enrollments[0][name] for name in ("CompletionStatusId", "LocationTypeId", "HoursSpent", "Grade")
    )
    assert "Password" not in users["Bo"]


def test_it_writes_one_external_id_a_line_where_one_has_a_comma(desk: Desk) -> None:
    cast = desk.do(gather)
    ours = ("--organization", str(cast.organization_id))
    ids = [desk.do(lambda database, name=name: add_room(database, cast, external_id=name)) for name in ("a", "b,c")]  # type: ignore[misc] # mypy does not infer lambdas with defaults
    course_id = desk.do(lambda database: add_course(database, cast, external_id="C"))
    desk.do(lambda database: add_class(database, cast, course_id=course_id, external_id="K", classroom_ids=tuple(ids)))

    (row,) = desk.exported("classes", "--without-ids", *ours)

    assert "a\nb,c\n" == row["ClassroomExternalIds"]
    assert "line 2: unchanged 1" == desk.run("import", "classes", str(desk.folder / "classes.csv"), *ours).lines[0]


def test_nobody_else_s_rows_are_written(desk: Desk) -> None:
    cast = desk.do(gather)

    names = [row["FirstName"] for row in desk.exported("users", "--organization", str(cast.organization_id))]

    assert ["Ivan", "Sam", "Sue"] == names


def test_it_goes_through_every_page(desk: Desk) -> None:
    desk.do(lambda database: add_organization(database, "Contoso"))
    desk.run("import", "courses", desk.write("many.csv", "Name\n" + "".join(f"Course {number}\n" for number in range(450))))

    assert [f"Course {number}" for number in range(450)] == [row["Name"] for row in desk.exported("courses")]


def test_without_a_file_it_writes_to_standard_output(desk: Desk) -> None:
    desk.do(lambda database: add_organization(database, "Contoso"))
    desk.run("import", "courses", desk.write("file.csv", "Name,ExternalId\nSchweißen,C-1\n"))

    told = desk.run("export", "courses")

    assert (0, "1 courses written\n") == (told.status, told.err)
    assert told.out.startswith("Id,ExternalId,Name,")
    assert "\r\n1,C-1,Schweißen," in told.out


def test_a_file_that_it_cannot_write_is_told(desk: Desk) -> None:
    desk.do(lambda database: add_organization(database, "Contoso"))

    told = desk.run("export", "courses", str(desk.folder / "none" / "courses.csv"))

    assert 1 == told.status
    assert 1 == len(told.err.splitlines())


def test_an_export_is_as_readable_as_any_file_of_its_writer(desk: Desk) -> None:
    desk.do(lambda database: add_organization(database, "Contoso"))
    desk.exported("courses")

    mask = os.umask(0)
    os.umask(mask)
    assert 0o666 & ~mask == stat.S_IMODE((desk.folder / "courses.csv").stat().st_mode)
