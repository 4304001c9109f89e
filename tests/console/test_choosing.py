"""Choosing courses, rooms and people: what the script is told; how a form without scripts shows it is tested with the pages of classes."""

from pathlib import Path
from typing import Any

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.cast import add_user, gather
from tests.console.center import ELSEWHERE, Center, Role
from tests.console.front_of_console import FrontOfConsole


@pytest.fixture
def console(center_file: Path) -> FrontOfConsole:
    return FrontOfConsole(open_database(f"sqlite:///{center_file}"))


async def told(console: FrontOfConsole, center: Center, source: str, typed: str, role: Role = Role.COORDINATOR) -> Any:
    answer = await console.browser(center.secrets[role]).open(f"/choose/{source}?q={typed}", fetched=True)
    assert 200 == answer.status_code
    return answer.json()


@pytest.mark.parametrize(
    "source, noun", [("courses", "course_id"), ("rooms", "classroom_id"), ("students", "user_id"), ("companies", "company_id")]
)
async def test_one_finds_what_lies_in_ones_own_organization_alone(console: FrontOfConsole, center: Center, source: str, noun: str) -> None:
    everything = await told(console, center, source, "")
    assert center.own[noun] in {option["id"] for option in everything["options"]}
    assert center.foreign[noun] not in {option["id"] for option in everything["options"]}

    assert {"options": [], "is_more": False} == await told(console, center, source, ELSEWHERE)
    assert [center.foreign[noun]] == [
        option["id"] for option in (await told(console, center, source, ELSEWHERE, Role.FOREIGNER))["options"]
    ]


async def test_instructors_are_those_whose_role_it_is(console: FrontOfConsole, center: Center) -> None:
    found = {option["id"] for option in (await told(console, center, "instructors", ""))["options"]}

    assert {center.people[Role.INSTRUCTOR], center.people[Role.OTHER_INSTRUCTOR]} <= found
    assert center.people[Role.STUDENT] not in found


async def test_of_many_the_first_twenty_are_told_and_that_there_are_more(database: Database) -> None:
    cast = await gather(database)
    manager_id = await add_user(
        database, "Carl", organization_id=cast.organization_id, role_ids=(10,), managed_organization_ids=(cast.organization_id,)
    )
    for number in range(21):
        await add_user(database, f"Ann{number:02}", organization_id=cast.organization_id, disabled=number == 0)
    browser = await FrontOfConsole(database).browser_of(manager_id)

    all_of_them = (await browser.open("/choose/students?q=ann", fetched=True)).json()
    assert (20, False) == (len(all_of_them["options"]), all_of_them["is_more"])
    everybody = (await browser.open("/choose/students", fetched=True)).json()
    assert (20, True) == (len(everybody["options"]), everybody["is_more"])
    assert {"id", "text", "hint"} == everybody["options"][0].keys()


@pytest.mark.parametrize("role", [Role.STUDENT, Role.INSTRUCTOR])
async def test_who_edits_nothing_has_nothing_to_choose(console: FrontOfConsole, center: Center, role: Role) -> None:
    assert 403 == (await console.browser(center.secrets[role]).open("/choose/students", fetched=True)).status_code
