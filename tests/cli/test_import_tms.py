"""Importing from another TMS: between two Rollbooks nothing differs that the TMS API tells."""

import asyncio
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rollbook.access.actor import EVERYTHING
from rollbook.courses.actions.course_details import CourseChanges
from rollbook.courses.actions.courses import update_course
from rollbook.custom_fields.values import LISTS, DataType, Subject
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import update_organization
from rollbook.organizations.queries.organizations import page_organizations
from tests.api.estate import Estate, build
from tests.cast import TESTS, Cast, add_class, add_organization, add_user, enroll, gather
from tests.cli.server import Server, rollbook, serving
from tests.course_contents import add_activity, add_section, rate
from tests.custom_fields import add_field, give
from tests.roster import change
from tests.self_paced import assign, subscribe

COUNTS = re.compile(r"│ (\w+) +│ (\d+) +│ (\d+) +│ (\d+) +│")


async def fill(url: str) -> str:
    """Fill a database with whatever the TMS API tells, and give a key that sees all of it."""
    async with open_database(url) as database:
        cast = await gather(database)
        beneath = await add_organization(database, "Beneath", parent_id=cast.organization_id)
        first = await build(database, cast, organization_id=cast.organization_id, mark="first")
        await build(database, cast, organization_id=beneath, mark="second")
        # What is sold by others is in nobody's sight, and no import can take it over.
        for organization in await database.read(page_organizations, viewer=EVERYTHING):
            if organization.name.startswith("Seller"):
                moved = OrganizationChanges(parent_id=cast.organization_id)
                await database.write(update_organization, actor=TESTS, organization_id=organization.id, changes=moved)
        class_id = await add_class(database, cast, maximum=20, instructor_ids=(cast.ivan_id, cast.sue_id))
        await add_everything_else(database, cast, first)
        for number in range(30):
            company_id = first.company_id if number % 2 else None
            user_id = await add_user(database, f"S{number}", organization_id=beneath, manager_id=cast.sam_id, company_id=company_id)
            status = EnrollmentStatus.ENROLLED if number < 20 else EnrollmentStatus.WAITLISTED
            enrollment_id = await enroll(database, class_id=class_id, user_id=user_id, status=status)
            # What was changed there has a longer history than here.
            await change(database, enrollment_id, note=f"Note {number}", retake=True)
        return cast.ada_key


async def add_everything_else(database: Database, cast: Cast, estate: Estate) -> None:
    """Add what hangs together: activities beneath others, tags of courses, values of every sort of custom field, subscriptions by keys."""
    section_id = await add_section(database, estate.course_id)
    await add_activity(database, estate.course_id, "Beneath", parent_id=section_id)
    await database.write(update_course, actor=TESTS, course_id=estate.course_id, changes=CourseChanges(tag_ids=(estate.tag_id,)))
    subscription_id = await subscribe(database, cast, user_id=cast.sam_id, course_id=estate.course_id, by_key=True, name="By key")
    await assign(database, course_id=estate.course_id, user_id=cast.sam_id, subscription_id=subscription_id)
    await rate(database, estate.course_id, estate.user_id, 2, "Too short")
    values: list[tuple[DataType, dict[str, Any]]] = [
        (DataType.TEXTBOX, {"text_value": "PO 7"}),
        (DataType.DROPDOWN_LIST, {"text_value": "red"}),
        (DataType.CHECKBOX, {"boolean_value": False}),
        (DataType.NUMBER, {"numeric_value": -3}),
        (DataType.USER_SELECTOR, {"numeric_value": cast.sue_id}),
        (DataType.CHECKBOX_LIST, {"separated_list_values": ("red", "blue")}),
    ]
    for subject, subject_id in ((Subject.CLASS, estate.class_id), (Subject.COURSE, estate.course_id), (Subject.USER, estate.user_id)):
        for data_type, given in values:
            choices = ("red", "blue") if data_type in LISTS else ()
            said = {"subject": subject, "data_type": data_type, "name": data_type.name, "choices": choices}
            field_id = await add_field(database, cast, cascades=subject is Subject.COURSE, **said)
            await give(database, subject, subject_id, field_id, **given)


class Other:
    """A running Rollbook that is to be imported, and a key to it."""

    def __init__(self, server: Server, key: str) -> None:
        self.server = server
        self.key = key

    def imported(self, folder: Path, *options: str, **settings: str) -> tuple[int, str]:
        """Import it from a folder, and give the exit status and what was told."""
        settings = {"OTHER_KEY": self.key, **settings}
        ended = rollbook(folder, "import-tms", "--url", self.server.url, "--key-env", "OTHER_KEY", *options, **settings)
        return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "here"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Other]:
    """A full Rollbook, for tests that leave it as it is."""
    there = tmp_path_factory.mktemp("there")
    url = f"sqlite:///{shutil.copy(migrated_file, there / 'rollbook.db')}"
    key = asyncio.run(fill(url))
    with serving(there, ROLLBOOK_DATABASE_URL=url) as server:
        yield Other(server, key)


def counts_of(output: str) -> dict[str, tuple[int, int, int]]:
    """Read from what was told how many records of each kind are there, here, and how many of their fields differ."""
    return {kind: (int(there), int(here), int(differing)) for kind, there, here, differing in COUNTS.findall(output)}


def test_nothing_differs_between_two_rollbooks(other: Other, folder: Path, database_url: str) -> None:
    status, told = other.imported(folder, ROLLBOOK_DATABASE_URL=database_url)

    assert (0, True) == (status, told.endswith("everything is here as it is there\n")), told
    counts = counts_of(told)
    assert {"custom_fields": 24, "courses": 3, "classes": 3, "enrollments": 32, "profiles": 5, "training_keys": 3, "subscriptions": 3} == {
        kind: counts[kind][0]
        for kind in ("custom_fields", "courses", "classes", "enrollments", "profiles", "training_keys", "subscriptions")
    }
    assert {"tag_groups": 2, "feedback": 2, "assignments": 3, "users": 35, "classrooms": 2, "organizations": 6, "companies": 1} == {
        kind: counts[kind][0] for kind in ("tag_groups", "feedback", "assignments", "users", "classrooms", "organizations", "companies")
    }
    assert all(there == here and not differing for there, here, differing in counts.values())
    assert "broken" not in told
    assert 0 == rollbook(folder, "verify", ROLLBOOK_DATABASE_URL=database_url).returncode


def test_a_database_that_holds_something_is_left_alone(other: Other, folder: Path, sqlite_url: str) -> None:
    rollbook(folder, "organization", "create", "Mine", ROLLBOOK_DATABASE_URL=sqlite_url)

    status, told = other.imported(folder, ROLLBOOK_DATABASE_URL=sqlite_url)

    assert (1, True) == (status, "the database is not empty (history, organizations)" in told)


def test_what_was_answered_is_removed_in_the_end_unless_it_is_to_be_kept(other: Other, folder: Path) -> None:
    other.imported(folder, ROLLBOOK_DATABASE_URL="sqlite:///first.db")
    other.imported(folder, "--spool", "kept", "--keep-spool", ROLLBOOK_DATABASE_URL="sqlite:///second.db")

    assert ["kept"] == [path.name for path in folder.iterdir() if "spool" in path.name or path.name == "kept"]
    assert 0o600 == stat.S_IMODE((folder / "kept").stat().st_mode)


def test_what_was_kept_of_one_system_is_not_taken_for_another(other: Other, folder: Path) -> None:
    (folder / "kept").write_text('{"source":"https://elsewhere.example/api/2.0","version":1}\n')

    status, told = other.imported(folder, "--spool", "kept")

    assert (1, True) == (status, "kept does not belong to this import" in told)


def test_a_key_that_the_other_system_does_not_take_is_told(other: Other, folder: Path) -> None:
    status, told = Other(other.server, "nonsense").imported(folder)

    assert (1, True) == (status, "does not take the API key" in told)


def test_a_variable_that_holds_no_key_is_told(other: Other, folder: Path) -> None:
    status, told = Other(other.server, "").imported(folder)

    assert (1, True) == (status, "the environment variable OTHER_KEY is not set" in told)


def test_an_address_that_is_none_is_told(folder: Path) -> None:
    ended = rollbook(folder, "import-tms", "--url", "tms.example.com", "--key-env", "OTHER_KEY", OTHER_KEY="x")

    assert (1, True) == (ended.returncode, "tms.example.com is not the address of a TMS" in ended.stderr)


def test_what_is_no_tms_is_told(other: Other, folder: Path) -> None:
    ended = rollbook(folder, "import-tms", "--url", f"{other.server.url}/health", "--key-env", "OTHER_KEY", OTHER_KEY=other.key)

    assert (1, True) == (ended.returncode, "does not answer SearchCustomFields as a TMS does (HTTP 404)" in ended.stderr)
