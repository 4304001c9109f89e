"""What a form sends in its fields is looked for where its user may look, and nowhere else."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.console.center import ELSEWHERE, Center, Role
from tests.console.front_of_console import FrontOfConsole
from tests.console.stored import contents, number

Ids = Mapping[str, int]
Naming = tuple[str, str, Callable[[Ids], dict[str, Any]]]

NEW_CLASS: Final[dict[str, Any]] = {"name": "New", "status": 0, "delivery": 1, "time_zone": "UTC", "meeting_count": 0, "save": 1}

NAMING: Final[tuple[Naming, ...]] = (
    ("a student to add", "/classes/{open}/roster/students", lambda ids: {"user_id": ids["user_id"], "status": 60}),
    ("a class to add from", "/classes/{open}/roster/students-of-class", lambda ids: {"from_class_id": ids["class_id"], "status": 60}),
    ("a selection", "/classes/{class_id}/roster/changes", lambda ids: {"enrollment_id": ids["enrollment_id"], "hours_spent": 5}),
    ("a selection", "/classes/{class_id}/roster/completions", lambda ids: {"enrollment_id": ids["enrollment_id"], "completion": 10}),
    (
        "a room on the roster",
        "/classes/{class_id}/roster/lines/{student0}",
        lambda ids: {"place": f"10-{ids['classroom_id']}", "status": 60},
    ),
    ("a room of an enrollment", "/enrollments/{student0}", lambda ids: {"place": f"10-{ids['classroom_id']}"}),
    ("whoever gets the place", "/classes/{coming}/roster/cancel/{leaving}", lambda ids: {"replacement_enrollment_id": ids["next"]}),
    ("marks", "/classes/{class_id}/attendance", lambda ids: {"meeting": ids["meeting"], f"meeting_{ids['meeting']}": ids["enrollment_id"]}),
    ("a meeting", "/classes/{class_id}/attendance/everyone", lambda ids: {"meeting_id": ids["meeting"]}),
    ("a meeting", "/check-in/{enrollment_id}", lambda ids: {"meeting_id": ids["meeting"]}),
    (
        "completions",
        "/classes/{class_id}/completion",
        lambda ids: {"student": ids["enrollment_id"], f"was_{ids['enrollment_id']}": 0, f"completion_{ids['enrollment_id']}": 20},
    ),
    ("a course", "/classes/new", lambda ids: NEW_CLASS | {"course_id": ids["course_id"], "organization_id": ids["our_organization"]}),
    (
        "an organization",
        "/classes/new",
        lambda ids: NEW_CLASS | {"course_id": ids["our_course"], "organization_id": ids["organization_id"]},
    ),
    *(
        (
            f"{name} of a new class",
            "/classes/new",
            lambda ids, name=name, key=key: (
                NEW_CLASS | {"course_id": ids["our_course"], "organization_id": ids["our_organization"], name: ids[key]}
            ),
        )
        for name, key in (("classroom_ids", "classroom_id"), ("instructor_ids", "user_id"), ("company_id", "company_id"))
    ),
)


@pytest.fixture
def database(center_file: Path) -> Database:
    return open_database(f"sqlite:///{center_file}")


def with_more(file: Path, center: Center, ids: Ids) -> dict[str, int]:
    """Give what the names stand for, and what belongs to these things."""
    enrolled = "SELECT min(id) FROM enrollments WHERE class_id = ? AND status = ?"
    return {
        **ids,
        "our_course": center.own["course_id"],
        "our_organization": number(file, "SELECT organization_id FROM courses WHERE id = ?", center.own["course_id"]),
        "organization_id": number(file, "SELECT organization_id FROM courses WHERE id = ?", ids["course_id"]),
        "meeting": number(file, "SELECT min(id) FROM meetings WHERE class_id = ?", ids["class_id"]),
        "open": center.open_class_id,
        "coming": center.coming_class_id,
        "student0": number(file, enrolled, center.own["class_id"], 50),
        "leaving": number(file, enrolled, center.coming_class_id, 60),
        "next": center.waiting_id if ids is center.own else ids["enrollment_id"],
    }


@pytest.mark.parametrize("path, values", [each[1:] for each in NAMING], ids=[f"{what} {path}" for what, path, _ in NAMING])
async def test_nothing_of_others_is_taken_for_ones_own(
    database: Database, center: Center, center_file: Path, path: str, values: Callable[[Ids], dict[str, Any]]
) -> None:
    browser = FrontOfConsole(database).browser(center.secrets[Role.ADMINISTRATOR])
    own, foreign = (with_more(center_file, center, ids) for ids in (center.own, center.foreign))
    before = contents(center_file)

    answer = await browser.send(path.format(**own), values(foreign), follow=True)

    assert ELSEWHERE not in answer.text
    assert before == contents(center_file)
    await browser.send(path.format(**own), values(own))
    assert before != contents(center_file)


async def test_the_e_mail_addresses_of_others_are_not_copied(database: Database, center: Center) -> None:
    browser = FrontOfConsole(database).browser(center.secrets[Role.ADMINISTRATOR])

    answer = await browser.send(
        f"/classes/{center.own['class_id']}/roster/emails", {"enrollment_id": center.foreign["enrollment_id"]}, follow=True
    )

    assert ELSEWHERE.lower() not in answer.text.lower()


async def test_nobody_works_in_an_organization_that_they_do_not_manage(database: Database, center: Center, center_file: Path) -> None:
    browser = FrontOfConsole(database).browser(center.secrets[Role.COORDINATOR])
    theirs = number(center_file, "SELECT organization_id FROM courses WHERE id = ?", center.foreign["course_id"])

    await browser.send("/organization", {"organization_id": theirs})

    assert ELSEWHERE not in (await browser.open("/classes?when=any")).text
    assert 404 == (await browser.open(f"/classes/{center.foreign['class_id']}")).status_code
