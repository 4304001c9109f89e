"""Choosing from many things while one types, by the keyboard alone."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rollbook.classrooms.actions import NewClassroom, create_classroom
from rollbook.database.transaction import Database
from tests.cast import TESTS
from tests.cli.server import Server
from tests.console.browser.browsing import Site
from tests.console.center import Center, Role
from tests.console.on_a_thread import with_database

ROOMS = 25
"""More than a form shows at once."""


@pytest.fixture
def many_rooms(center_file: Path, center: Center) -> None:
    """Rooms named North 0 to North 24, in the training center."""
    with closing(sqlite3.connect(center_file)) as connection:
        asked = "SELECT organization_id FROM classrooms WHERE id = ?"
        (organization_id,) = connection.execute(asked, [center.own["classroom_id"]]).fetchone()

    async def build(database: Database) -> None:
        for number in range(ROOMS):
            classroom = NewClassroom(organization_id=organization_id, name=f"North {number}", capacity=12)
            await database.write(create_classroom, actor=TESTS, classroom=classroom)

    with_database(f"sqlite:///{center_file}", build)


@pytest.mark.usefixtures("many_rooms")
def test_rooms_are_found_while_one_types_and_chosen_by_keys(browser: Browser, own_server: Server, center: Center) -> None:
    site = Site(browser, own_server.url, center)
    page = site.visitor(Role.COORDINATOR)
    page.goto("/classes/new")
    rooms = page.get_by_role("group", name="Rooms")
    box = rooms.get_by_role("combobox", name="Search rooms")

    box.press_sequentially("north 2")
    expect(rooms.get_by_role("option")).to_have_count(6)
    box.press("ArrowDown")
    expect(rooms.get_by_role("option", selected=True)).to_contain_text("North 2")
    box.press("Enter")
    expect(rooms.get_by_role("checkbox", name="North 2")).to_be_checked()
    box.press_sequentially("north 24")
    expect(rooms.get_by_role("option")).to_have_count(1)
    box.press("Escape")
    expect(rooms.get_by_role("option")).to_have_count(0)
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    rooms.get_by_role("radio", name="main").last.check()
    page.locator("#select-course_id").select_option(index=1)
    page.get_by_label("Name").first.fill("In two rooms")
    page.get_by_role("button", name="Make the class").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("In two rooms")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"North 2\b"))
    expect(page.get_by_role("main")).to_contain_text("North 24")
    site.close()
    assert [] == site.faults
