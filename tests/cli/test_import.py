"""Rows that come as a file: found, created, updated, refused, each by itself."""

import csv
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rollbook.database import file_of
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import Cast, add_class, add_company, add_organization, enroll, gather, meeting
from tests.cli.desk import Desk
from tests.cli.server import command_line, environment, serving


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, sqlite_url, monkeypatch, capsys)


@pytest.fixture
def cast(desk: Desk) -> Cast:
    return desk.do(gather)


def ours(cast: Cast) -> tuple[str, str]:
    return ("--organization", str(cast.organization_id))


def test_it_creates_what_is_not_there_and_updates_what_is(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in(
        "users",
        "id,USERNAME,Email,firstName,LastName,Title",
        ",uma,uma@example.com,Uma,Example,",
        f"{cast.sam_id},,,,,Welder",
        f"{cast.sue_id},,,,Example,",
        options=ours(cast),
    )

    uma_id = cast.olga_id + 1
    assert [
        f"line 2: created {uma_id}",
        f"line 3: updated {cast.sam_id}",
        f"line 4: unchanged {cast.sue_id}",
        "users: 1 created, 1 updated, 1 unchanged, 0 failed",
    ] == told.lines
    assert 0 == told.status
    assert [("Uma", None), ("Sam", "Welder")] == desk.ask(
        f"SELECT first_name, title FROM users WHERE id IN ({uma_id}, {cast.sam_id}) ORDER BY 1 DESC"
    )
    assert [("system", "import users")] == desk.ask(
        f"SELECT actor_kind, actor_name FROM history WHERE subject = 'user' AND subject_id = {uma_id}"
    )


def test_it_finds_what_is_there_by_the_external_id(desk: Desk, cast: Cast) -> None:
    desk.hand_in("courses", "ExternalId,Name", "C-1,Welding", options=ours(cast))

    told = desk.hand_in("courses", "ExternalId,Name", "C-1,Welding for Beginners", "C-2,Soldering", options=ours(cast))

    assert ["line 2: updated 1", "line 3: created 2"] == told.lines[:2]
    assert [("Welding for Beginners",), ("Soldering",)] == desk.ask("SELECT name FROM courses ORDER BY id")


def test_it_finds_an_external_id_in_the_organization_that_the_row_names(desk: Desk, cast: Cast) -> None:
    desk.do(lambda database: add_organization(database, "West", parent_id=cast.organization_id, external_id="W"))
    west_id = cast.other_organization_id + 1
    desk.hand_in("courses", "ExternalId,Name,OrganizationExternalId", "C-1,Welding,", options=ours(cast))

    elsewhere = desk.hand_in("courses", "ExternalId,Name,OrganizationExternalId", "C-1,Welding,W", options=ours(cast))
    unclear = desk.hand_in("courses", "ExternalId,Name", "C-1,Soldering", options=ours(cast))

    assert ["line 2: created 2"] == elsewhere.lines[:1]
    assert ["line 2: failed: several have the external id C-1 (1, 2); give the id of one of them"] == unclear.lines[:1]
    assert [(1, cast.organization_id), (2, west_id)] == desk.ask("SELECT id, organization_id FROM courses")


def test_it_finds_an_enrollment_by_its_class_and_its_user(desk: Desk, cast: Cast) -> None:
    class_id = desk.do(lambda database: add_class(database, cast))
    lines = ("ClassId,UserId,EnrollmentStatusId,CompletionStatusId,ExternalId", f"{class_id},{cast.sam_id},Enroll,0,batch 7")

    first = desk.hand_in("enrollments", *lines, f"{class_id},{cast.sue_id},60,0,batch 7", options=ours(cast))
    again = desk.hand_in("enrollments", *lines, f"{class_id},{cast.sue_id},Audit,0,", options=ours(cast))

    assert ["line 2: created 1", "line 3: created 2"] == first.lines[:2]
    assert ["line 2: unchanged 1", "line 3: updated 2"] == again.lines[:2]


def test_it_takes_external_ids_for_what_a_row_refers_to(desk: Desk, cast: Cast) -> None:
    desk.hand_in("companies", "Name,ExternalId", 'Contoso,"Con, toso"', options=ours(cast))
    desk.hand_in("courses", "Name,ExternalId", "Welding,C-1", options=ours(cast))
    desk.hand_in("classrooms", "Name,ExternalId", "Hall,R-1", "Loft,R-2", options=ours(cast))
    desk.hand_in(
        "users",
        "ExternalId,UserName,Email,FirstName,LastName,CompanyExternalId,ManagerExternalId",
        'E-1,mo,mo@example.com,Mo,Example,"Con, toso",',
        "E-2,lu,lu@example.com,Lu,Example,,E-1",
        options=ours(cast),
    )

    told = desk.hand_in(
        "classes",
        "CourseExternalId;ExternalId;InstructorExternalIds;ClassroomExternalIds",
        "C-1;K-1;E-2, E-1;R-2",
        "C-9;K-2;;",
        options=ours(cast),
    )
    enrolled = desk.hand_in(
        "enrollments", "ClassExternalId\tUserExternalId\tEnrollmentStatusId\tCompletionStatusId", "K-1\tE-2\t60\t0", options=ours(cast)
    )

    assert [
        "line 2: created 1",
        "line 3: failed: CourseExternalId: none of the courses has the external id C-9; import that one first",
    ] == told.lines[:2]
    assert ["line 2: created 1"] == enrolled.lines[:1]
    mo_id = cast.olga_id + 1
    assert [(1, None), (None, mo_id)] == desk.ask(f"SELECT company_id, manager_id FROM users WHERE id >= {mo_id} ORDER BY id")
    assert [(mo_id + 1,), (mo_id,)] == desk.ask("SELECT user_id FROM class_instructors ORDER BY position")
    assert [(2,)] == desk.ask("SELECT classroom_id FROM class_classrooms")


def test_it_refuses_two_columns_that_contradict_each_other(desk: Desk, cast: Cast) -> None:
    desk.hand_in("courses", "Name,ExternalId", "Welding,C-1", options=ours(cast))

    told = desk.hand_in("classes", "CourseId,CourseExternalId", "2,C-1", "1,C-1", options=ours(cast))

    assert "line 2: failed: CourseExternalId: does not stand for the same as the column of ids; give one of the two" == told.lines[0]
    assert "line 3: created 1" == told.lines[1]


def test_a_row_that_a_rule_refuses_touches_no_other(desk: Desk, cast: Cast) -> None:
    class_id = desk.do(lambda database: add_class(database, cast, maximum=1))

    told = desk.hand_in(
        "enrollments",
        "ClassId,UserId,EnrollmentStatusId,CompletionStatusId",
        f"{class_id},{cast.sam_id},60,0",
        f"{class_id},{cast.sue_id},60,0",
        f"{class_id},{cast.ivan_id},Waitlist,0",
        options=ours(cast),
    )

    assert 1 == told.status
    assert [
        "line 2: created 1",
        f"line 3: failed: P1: class {class_id} is full (1 of 1 places); raise its maximum, or use status Waitlist",
        "line 4: created 2",
        "enrollments: 2 created, 0 updated, 0 unchanged, 1 failed",
    ] == told.lines


def test_it_tells_every_value_that_is_wrong_as_the_command_does(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in("users", "UserName,Email,FirstName,LastName,CompanyId", "uma,none,Uma,,x", options=ours(cast))

    assert (
        "line 2: failed: CompanyId: x is not an id (1 to 2147483647); Email: none is not an e-mail address; LastName: is required; give a value"
        == told.lines[0]
    )


def test_a_blank_changes_nothing_and_null_clears(desk: Desk, cast: Cast) -> None:
    desk.hand_in("courses", "ExternalId,Name,Description,Duration", "C-1,Welding,Hot,60", options=ours(cast))

    told = desk.hand_in("courses", "ExternalId,Name,Description,Duration", "C-1,,null,", options=ours(cast))
    refused = desk.hand_in("courses", "ExternalId,Name", "C-1,null", options=ours(cast))

    assert ["line 2: updated 1"] == told.lines[:1]
    assert [("Welding", None, 60)] == desk.ask("SELECT name, description, duration FROM courses")
    assert ["line 2: failed: Name: cannot be cleared; give a value or leave it out"] == refused.lines[:1]


def test_an_unknown_id_fails(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in("courses", "Id,Name", "77,Welding", options=ours(cast))

    assert ["line 2: failed: there is no course 77; give the id of a course of your organization or of one beneath it"] == told.lines[:1]
    assert 1 == told.status


def test_what_belongs_to_another_organization_does_not_exist(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in("users", "Id,Title", f"{cast.olga_id},Spy", options=ours(cast))

    assert told.lines[0].startswith(f"line 2: failed: there is no user {cast.olga_id}")


def test_it_asks_for_the_organization_where_several_are_meant(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in("courses", "Name", "Welding")

    ids = f"{cast.organization_id}, {cast.other_organization_id}"
    assert (1, "", f"rollbook: there are several root organizations ({ids}); give --organization ID\n") == told


def test_it_asks_for_an_organization_where_there_is_none(desk: Desk) -> None:
    told = desk.hand_in("courses", "Name", "Welding")

    assert (1, "", "rollbook: there is no organization yet; create one: rollbook organization create NAME\n") == told


def test_the_only_tree_of_organizations_need_not_be_named(desk: Desk) -> None:
    root_id = desk.do(lambda database: add_organization(database, "Contoso"))
    desk.do(lambda database: add_organization(database, "West", parent_id=root_id))

    assert "line 2: created 1" == desk.hand_in("courses", "Name", "Welding").lines[0]
    assert [(root_id,)] == desk.ask("SELECT organization_id FROM courses")


def test_a_dry_run_keeps_nothing(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in(
        "users",
        "Id,UserName,Email,FirstName,LastName",
        ",uma,u@example.com,U,E",
        f"{cast.sam_id},sammy,,,",
        options=("--dry-run", *ours(cast)),
    )

    assert [
        "line 2: created",
        f"line 3: updated {cast.sam_id}",
        "users: 1 created, 1 updated, 0 unchanged, 0 failed (dry run: nothing was kept)",
    ] == told.lines
    assert [] == desk.ask("SELECT id FROM users WHERE user_name IN ('uma', 'sammy')")


def test_rows_about_the_same_are_taken_one_after_the_other(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in(
        "users",
        "ExternalId,UserName,Email,FirstName,LastName,ManagerExternalId,Title",
        "E-1,mo,mo@example.com,Mo,Example,,",
        "E-2,lu,lu@example.com,Lu,Example,E-1,",
        "E-1,,,,,,Boss",
        options=ours(cast),
    )

    mo_id = cast.olga_id + 1
    assert [f"line 2: created {mo_id}", f"line 3: created {mo_id + 1}", f"line 4: updated {mo_id}"] == told.lines[:3]
    assert [(mo_id,)] == desk.ask("SELECT manager_id FROM users WHERE external_id = 'E-2'")


def test_it_writes_the_results_to_a_file(desk: Desk, cast: Cast) -> None:
    results = desk.folder / "results.csv"

    desk.hand_in("courses", "Name,Duration", "Welding,60", ",long", options=("--results", str(results), *ours(cast)))

    with results.open(newline="", encoding="utf-8") as file:
        text = "Duration: long is not a whole number (0 to 2147483647); Name: is required; give a value"
        assert [["Line", "Result", "Id", "Text"], ["2", "created", "1", ""], ["3", "failed", "", text]] == list(csv.reader(file))


def test_it_warns_of_clashes(desk: Desk, cast: Cast) -> None:
    taught = meeting()
    class_id = desk.do(lambda database: add_class(database, cast, meetings=(taught,), instructor_ids=(cast.ivan_id,)))
    times = f'"[{{""Start"":{taught.starts_at},""End"":{taught.ends_at}}}]"'

    told = desk.hand_in("classes", "CourseId,ClassMeetings,InstructorIds", f"{class_id},{times},{cast.ivan_id}", options=ours(cast))

    assert told.lines[0].startswith("line 2: created 2: ")
    assert "instructor" in told.lines[0]


def test_columns_can_be_left_out(desk: Desk, cast: Cast) -> None:
    told = desk.hand_in("courses", "Id,Name,Remark", "77,Welding,good", options=("--leave-out", "id", "--leave-out", "REMARK", *ours(cast)))

    assert ["line 2: created 1"] == told.lines[:1]


def test_a_password_is_taken_for_new_users_only(desk: Desk, cast: Cast) -> None:
    lines = ("ExternalId,UserName,Email,FirstName,LastName,Password", "E-1,uma,uma@example.com,Uma,Example,correct horse")

    first = desk.hand_in("users", *lines, options=ours(cast))
    ((hashed,),) = desk.ask("SELECT password_hash FROM users WHERE user_name = 'uma'")
    again = desk.hand_in("users", *lines, options=ours(cast))

    assert (0, "") == (first.status, first.err)
    assert hashed.startswith("$argon2id$")
    assert "line 2: unchanged" in again.lines[0]
    assert "Password: taken for new users only, those that are there keep theirs\n" == again.err
    assert [(hashed,)] == desk.ask("SELECT password_hash FROM users WHERE user_name = 'uma'")


def test_it_reopens_and_moves_as_the_update_command_does(desk: Desk, cast: Cast) -> None:
    class_id = desk.do(lambda database: add_class(database, cast))
    other_id = desk.do(lambda database: add_class(database, cast))
    desk.do(lambda database: enroll(database, class_id=class_id, user_id=cast.sam_id, status=EnrollmentStatus.CANCELLED))

    told = desk.hand_in(
        "enrollments", "Id,ClassId,UserId,EnrollmentStatusId,CompletionStatusId", f"1,{other_id},{cast.sam_id},60,0", options=ours(cast)
    )

    assert ["line 2: updated 1"] == told.lines[:1]
    assert [(other_id, 60)] == desk.ask("SELECT class_id, status FROM enrollments")


def test_it_stops_where_the_database_does_not_answer(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollbook.database.sqlite_batches.BUSY_LIMIT_SECONDS", 0.05)
    monkeypatch.setattr("rollbook.cli.importing.FIRST_AT_ONCE", 2)

    with closing(sqlite3.connect(file_of(desk.url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = desk.hand_in("courses", "Name", "Welding", "Soldering", "Brazing", options=ours(cast))

    assert 1 == told.status
    assert told.lines[0].startswith("line 2: failed: another process is writing to the database")
    assert "courses: 0 created, 0 updated, 0 unchanged, 2 failed, 1 not tried" == told.lines[-1]


def test_a_company_takes_its_users(desk: Desk, cast: Cast) -> None:
    company_id = desk.do(lambda database: add_company(database, "Contoso", organization_id=cast.organization_id))

    told = desk.hand_in("companies", "Id,OwningUserId", f"{company_id},{cast.sam_id}", options=ours(cast))

    assert [f"line 2: updated {company_id}"] == told.lines[:1]


def test_who_comes_first_in_the_file_comes_first_to_the_last_place(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path, database_url, monkeypatch, capsys)
    cast = desk.do(gather)
    class_id = desk.do(lambda database: add_class(database, cast, maximum=1))
    desk.hand_in("users", "Id,ExternalId", f"{cast.sam_id},S", options=ours(cast))

    told = desk.hand_in(
        "enrollments",
        "ClassId,UserId,UserExternalId,EnrollmentStatusId,CompletionStatusId",
        # To find this one takes longer.
        f"{class_id},,S,60,0",
        f"{class_id},{cast.sue_id},,60,0",
        options=ours(cast),
    )

    assert ["line 2: created 1", "line 3: failed: P1"] == [line[:18] for line in told.lines[:2]]


def test_it_holds_up_a_running_server_for_moments_only(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo") as server:
        file = tmp_path / "courses.csv"
        file.write_text("Name\n" + "".join(f"Course {number}\n" for number in range(2_000)))
        importing = subprocess.Popen(command_line("import", "courses", str(file)), cwd=tmp_path, env=environment(), stdout=subprocess.PIPE)
        answers: list[Any] = []
        while importing.poll() is None:
            answers.append(server.call("UpdateUser", id=1, city=f"City {len(answers)}"))
        output, _ = importing.communicate()

    assert 0 == importing.returncode
    assert output.decode().endswith("courses: 2000 created, 0 updated, 0 unchanged, 0 failed\n")
    assert len(answers) > 10
    assert [] == [answer for answer in answers if answer != {"Status": 0, "Error": None}]
