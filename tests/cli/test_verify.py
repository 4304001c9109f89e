"""Everything that has to hold at every moment: whole after all that people do, and told where it is broken."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rollbook.accounts.queries.invariants import INVARIANTS
from rollbook.classes.details import ClassChanges
from rollbook.classes.model import classes
from rollbook.classes.statuses import ClassStatus
from rollbook.database import file_of
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.actions.preferences import set_preference
from tests.cast import (
    DAY,
    MAY,
    TESTS,
    Cast,
    acting,
    add_class,
    add_company,
    add_course,
    add_organization,
    add_room,
    add_user,
    enroll,
    gather,
    meeting,
)
from tests.cli.desk import Desk
from tests.cli.server import rollbook
from tests.furnished import furnish_further
from tests.presence import around_now, check_in, close, mark_all, meeting_ids, midday_zone, undo
from tests.roster import change_class, change_user
from tests.waiting import leave_alone, move_up, promote, put

GONE = 888_888


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, sqlite_url, monkeypatch, capsys)


async def furnish(database: Database) -> Cast:
    """Put at least one row into every table, by what people do."""
    cast = await gather(database)
    ours = cast.organization_id
    await database.write(set_preference, actor=TESTS, organization_id=ours, name="late_cancel_days", text="2")
    west_id = await add_organization(database, "West", parent_id=ours, external_id="W")
    company_id = await add_company(database, "Contoso", organization_id=ours, external_id="Co", owning_user_id=cast.sue_id)
    await add_user(
        database,
        "Bo",
        organization_id=ours,
        external_id="B",
        company_id=company_id,
        manager_id=cast.sam_id,
        managed_organization_ids=(west_id,),
    )
    room_id = await add_room(database, cast, external_id="R", capacity=2)
    course_id = await add_course(database, cast, external_id="C")
    class_id = await add_class(
        database,
        cast,
        course_id=course_id,
        external_id="K",
        maximum=2,
        company_id=None,
        instructor_ids=(cast.ivan_id,),
        classroom_ids=(room_id,),
        meetings=(meeting(), meeting(MAY + DAY)),
        available_to_organization_ids=(west_id,),
    )
    await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=CompletionStatus.ATTENDING)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=EnrollmentStatus.WAITLISTED)
    await furnish_further(database, cast)
    return cast


async def live(database: Database) -> None:
    """Do a little of everything that changes enrollments."""
    cast = await furnish(database)
    class_id = await add_class(database, cast, meetings=(meeting(MAY + 9 * DAY),))
    other_id = await add_class(database, cast)

    async def change(enrollment_id: int, changes: EnrollmentChanges) -> None:
        await database.write(update, caller=TESTS, enrollment_id=enrollment_id, changes=changes)

    moved = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    await mark_all(database, class_id, (await meeting_ids(database, class_id))[0], everyone=True)
    await change(moved, EnrollmentChanges(class_id=other_id))
    here_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
    there = await enroll(database, class_id=here_id, user_id=cast.sue_id)
    await check_in(database, there)
    await undo(database, there)
    await check_in(database, there)
    await change(moved, EnrollmentChanges(user_id=cast.sam_id))
    await change(moved, EnrollmentChanges(completion=CompletionStatus.COMPLETE, grade=90))
    await change(moved, EnrollmentChanges(status=EnrollmentStatus.CANCELLED))
    await enroll(database, class_id=other_id, user_id=cast.sam_id, status=EnrollmentStatus.REQUESTED)
    gone = await enroll(database, class_id=other_id, user_id=cast.sue_id)
    await database.write(delete, caller=TESTS, enrollment_id=gone)
    await enroll(database, class_id=other_id, user_id=cast.sue_id, status=EnrollmentStatus.APPROVED)
    await database.write(update_class, actor=TESTS, class_id=1, changes=ClassChanges(meetings=(meeting(MAY + 3 * DAY),)))
    await database.write(update_class, actor=TESTS, class_id=1, changes=ClassChanges(classroom_ids=()))
    await wait_and_leave(database, cast)
    await close(database, other_id)
    await database.write(update_class, actor=TESTS, class_id=other_id, changes=ClassChanges(status=ClassStatus.CANCELLED))


async def wait_and_leave(database: Database, cast: Cast) -> None:
    """Let students wait, be moved up, be passed over and be let in, as others leave."""
    class_id = await add_class(database, cast, maximum=1)
    leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    line = await put(database, class_id, cast.sam_id, cast.sue_id, await add_user(database, "Tim", organization_id=cast.organization_id))
    await move_up(database, line[2], 1)
    await change_user(database, cast.sam_id, disabled=True)
    await leave_alone(database, acting(cast, cast.ivan_id), leaving)
    await change_class(database, class_id, maximum=5)
    await promote(database, class_id)


def test_all_holds_after_what_people_do(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path, database_url, monkeypatch, capsys)
    desk.do(live)

    told = desk.run("verify")

    assert (0, "") == (told.status, told.err)
    assert told.out.startswith(f"{len(INVARIANTS)} invariants checked in ")
    assert told.out.endswith(" s, 0 broken\n")


def test_it_says_what_is_broken_and_by_what(desk: Desk) -> None:
    desk.do(furnish)
    desk.tamper("UPDATE classes SET maximum = 0 WHERE id = 1", "UPDATE enrollments SET completion = 20 WHERE id = 2")

    told = desk.run("verify")

    assert (2, "") == (told.status, told.err)
    assert "class 1: 1 students are Enrolled, the maximum is 0" in told.out
    assert "P1" in told.out
    assert "enrollment 2: it has the completion 20 with the status 20" in told.out
    assert told.lines[-1].endswith(", 2 broken")


def test_it_says_so_in_json(desk: Desk) -> None:
    desk.do(furnish)
    desk.tamper("UPDATE enrollments SET organization_id = 2 WHERE id = 1")

    told = desk.run("verify", "--json")

    assert 2 == told.status
    assert {
        "checked": len(INVARIANTS),
        "broken": [
            {
                "name": "organization of the class",
                "rule": None,
                "claim": "An enrollment belongs to the organization of its class.",
                "complete": True,
                "breaches": [{"table": "enrollments", "id": 1, "text": "enrollment 1: it belongs to organization 2, its class to 1"}],
            }
        ],
    } == json.loads(told.out)


def test_the_process_ends_with_the_status(desk: Desk) -> None:
    desk.do(furnish)
    assert 0 == rollbook(desk.folder, "verify", ROLLBOOK_DATABASE_URL=desk.url).returncode
    desk.tamper("UPDATE enrollments SET version = 0 WHERE id = 1")
    assert 2 == rollbook(desk.folder, "verify", ROLLBOOK_DATABASE_URL=desk.url).returncode


def test_it_finds_a_broken_rule_on_postgresql(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path, postgresql_url, monkeypatch, capsys)
    desk.do(furnish)
    desk.do(break_a_maximum)

    told = desk.run("verify", "--json")

    assert 2 == told.status
    assert ["places"] == [broken["name"] for broken in json.loads(told.out)["broken"]]


async def break_a_maximum(database: Database) -> None:
    """Lower a maximum, which the rule refuses, as if somebody had done so by hand."""

    async def lower(transaction: Transaction) -> None:
        await transaction.run(Command(classes.update().values(maximum=0)))

    await database.write(lower)


def test_it_waits_for_nobody_who_writes(desk: Desk) -> None:
    desk.do(furnish)
    with closing(sqlite3.connect(file_of(desk.url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE classes SET maximum = 0")
        assert 0 == desk.run("verify").status
        other.execute("COMMIT")
    assert 2 == desk.run("verify").status


def unconstrained(table: str) -> tuple[str, ...]:
    """Take every constraint off a table."""
    return (f"CREATE TABLE loose AS SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE loose RENAME TO {table}")


def doubled(table: str, values: str) -> tuple[str, ...]:
    """Give rows of a table twins that have everything but their ids in common."""
    return (
        *unconstrained(table),
        f"CREATE TABLE twins AS SELECT * FROM {table} WHERE {values} IS NOT NULL",
        f"UPDATE twins SET id = id + {GONE}",
        f"INSERT INTO {table} SELECT * FROM twins",
    )


def lost(table: str, column: str) -> tuple[str, ...]:
    """Let one row refer to what is not there."""
    return (f"UPDATE {table} SET {column} = {GONE} WHERE rowid = (SELECT min(rowid) FROM {table})",)


BREAKS: dict[str, tuple[str, ...]] = {
    "places": ("UPDATE classes SET maximum = 0",),
    "seats": ("UPDATE classrooms SET capacity = 0",),
    "completion": ("UPDATE enrollments SET completion = 30 WHERE status = 20",),
    "room of a location": ("UPDATE enrollments SET classroom_id = NULL WHERE status = 60",),
    "location": ("UPDATE classes SET delivery = 2",),
    "room of the class": ("DELETE FROM class_classrooms",),
    "waitlist": ("UPDATE enrollments SET waiting_since = 1 WHERE status = 60",),
    "passed over": ("UPDATE enrollments SET passed_over = 'P2' WHERE status = 60",),
    "attendance": (
        "INSERT INTO meetings (id, class_id, starts_at, ends_at) VALUES (900, 2, 0, 1)",
        "INSERT INTO attendance (meeting_id, enrollment_id, attended) VALUES (900, 1, 1)",
    ),
    "start of a completed assignment": ("UPDATE assignments SET started_at = 86400, completed_at = 86399",),
    "uses of training keys": ("UPDATE subscription_training_keys SET uses = uses + 1, maximum_uses = 9",),
    "most uses of training keys": ("UPDATE subscription_training_keys SET uses = 2, maximum_uses = 1",),
    "versions": ("UPDATE enrollments SET version = 0",),
    "history": ("UPDATE enrollments SET version = 7",),
    "meetings": ("UPDATE meetings SET ends_at = starts_at WHERE id = 1",),
    "overlaps": (f"UPDATE meetings SET ends_at = ends_at + {DAY} WHERE id = 1",),
    "first start and last end": ("UPDATE classes SET ends_at = NULL",),
    "enrollments: class and student": doubled("enrollments", "id"),
    "users: user name": doubled("users", "id"),
    "users: e-mail address": doubled("users", "id"),
    **{
        f"{table}: external id": doubled(table, "external_id")
        for table in ("organizations", "companies", "users", "courses", "classrooms", "classes")
    },
    "organization of the class": ("UPDATE enrollments SET organization_id = 2",),
    "paths": ("UPDATE organizations SET parent_id = 2 WHERE parent_id = 1",),
    **{
        name: lost(*name.split(": "))
        for name in (each.name for each in INVARIANTS)
        if name.endswith("_id") and not name.startswith("attendance")
    },
    # Nobody who is closed so keeps anything.
    **{each.name: ("UPDATE users SET closed_at = 1",) for each in INVARIANTS if each.name.startswith("closed accounts: ")},
    "custom fields: whose": (f"UPDATE custom_field_values SET subject_id = {GONE} WHERE custom_field_id = 1",),
    "custom fields: sort": ("UPDATE custom_fields SET subject = 'course'",),
    "custom fields: kind": ("UPDATE custom_field_values SET integer_value = 1, text_value = 'x'",),
    "custom fields: unique": (
        "UPDATE custom_fields SET is_unique = 1",
        (
            "INSERT INTO custom_field_values SELECT custom_field_id, subject, subject_id + 1, text_value, integer_value, boolean_value "
            "FROM custom_field_values WHERE custom_field_id = 1"
        ),
    ),
    "attendance: meeting_id": (f"INSERT INTO attendance (meeting_id, enrollment_id, attended) VALUES ({GONE}, 1, 1)",),
    "attendance: enrollment_id": (f"INSERT INTO attendance (meeting_id, enrollment_id, attended) VALUES (1, {GONE}, 1)",),
    **{
        f"{table}: {column}": (f"UPDATE {table} SET {column} = {column} || 'X' WHERE id = 1",)
        for table, column in (name.split(": ") for name in (each.name for each in INVARIANTS) if name.endswith("_folded"))
    },
}


def test_there_is_a_way_to_break_every_invariant() -> None:
    assert {each.name for each in INVARIANTS} == BREAKS.keys()
    assert len(INVARIANTS) == len(BREAKS)


def test_each_invariant_is_told_when_it_is_broken(desk: Desk) -> None:
    desk.do(furnish)
    whole = file_of(desk.url).read_bytes()

    for name, statements in BREAKS.items():
        file_of(desk.url).write_bytes(whole)
        desk.tamper(*statements)
        told = desk.run("verify", "--json")
        assert (name, 2) == (name, told.status), told.err
        broken = {each["name"]: each["breaches"] for each in json.loads(told.out)["broken"]}
        assert name in broken
        assert broken[name][0]["text"]


def test_a_room_may_have_been_fuller_than_it_is_now(desk: Desk) -> None:
    desk.do(furnish)
    desk.tamper(
        "UPDATE meetings SET starts_at = starts_at / 100, ends_at = ends_at / 100",
        "UPDATE classes SET starts_at = starts_at / 100, ends_at = ends_at / 100 WHERE starts_at IS NOT NULL",
        "UPDATE classrooms SET capacity = 0",
    )

    assert 0 == desk.run("verify").status


def test_a_class_without_meetings_fills_its_room_too(desk: Desk) -> None:
    desk.do(furnish)
    desk.tamper("DELETE FROM meetings", "UPDATE classes SET starts_at = NULL, ends_at = NULL", "UPDATE classrooms SET capacity = 0")

    assert ["seats"] == [broken["name"] for broken in json.loads(desk.run("verify", "--json").out)["broken"]]


def test_two_classes_fill_one_room_together_while_they_overlap(desk: Desk) -> None:
    desk.do(fill_a_room_by_two_classes)
    assert 0 == desk.run("verify").status

    desk.tamper(
        f"UPDATE meetings SET starts_at = {MAY}, ends_at = {MAY + 60}", f"UPDATE classes SET starts_at = {MAY}, ends_at = {MAY + 60}"
    )

    assert "classroom 1: 2 students sit there at once, the capacity is 1" in desk.run("verify").out
    desk.tamper("UPDATE classes SET status = 2 WHERE id = 1")
    assert 0 == desk.run("verify").status


async def fill_a_room_by_two_classes(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    for number, user_id in enumerate((cast.sam_id, cast.sue_id)):
        class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY + number * DAY),))
        await enroll(database, class_id=class_id, user_id=user_id)


def test_many_breaches_are_told_in_part(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollbook.cli.verifying.MOST_SHOWN", 1)
    desk.do(furnish)
    desk.tamper("UPDATE enrollments SET version = version + 7")

    assert "and 2 more" in desk.run("verify").out
