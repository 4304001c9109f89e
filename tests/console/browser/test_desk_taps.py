"""The desk's script, while the connection comes and goes."""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rollbook.database import open_database
from tests.cli.server import serving
from tests.console.browser.browsing import Site
from tests.console.center import Center, Role
from tests.console.todays import Todays, make_todays


@pytest.fixture(scope="module")
def served(center_template: tuple[Path, Center], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Todays]]:
    """A server on a training center with a class of today, and that class."""
    folder = tmp_path_factory.mktemp("served_desk")
    file = shutil.copy(center_template[0], folder / "rollbook.db")

    async def make() -> Todays:
        async with open_database(f"sqlite:///{file}") as database:
            return await make_todays(database, center_template[1])

    # A browser that is open in this process has an event loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        todays = thread.submit(lambda: asyncio.run(make())).result()
    with serving(folder, ROLLBOOK_DATABASE_URL=f"sqlite:///{file}", ROLLBOOK_LOG_LEVEL="warning") as server:
        yield server.url, todays


@pytest.fixture
def desk(browser: Browser, served: tuple[str, Todays], center: Center) -> Iterator[Site]:
    """The site, where what fails while there is no connection is no fault."""
    site = Site(browser, served[0], center)
    yield site
    site.close()
    assert [] == [fault for fault in site.faults if "DISCONNECTED" not in fault]


def tap(page: Page, what: str, who: str) -> None:
    page.get_by_role("button", name=f"{what} {who} Example").click()


def test_taps_made_without_a_connection_are_kept_and_sent_once(desk: Site, served: tuple[str, Todays]) -> None:
    address = f"/check-in?class_id={served[1].class_id}"
    page = desk.visitor(Role.DESK)
    page.clock.install()
    page.goto(address)
    count, waiting = page.locator("summary .count"), page.locator("[data-waiting]")
    page.get_by_role("button", name="Check in Zoe Example").dblclick()
    expect(page.locator(f"[data-student='{served[1].zoe}']")).to_contain_text("Here since")
    expect(count).to_have_text("1 of 2 are here")

    page.context.set_offline(True)
    tap(page, "Check in", "Amy")
    page.clock.fast_forward(1_000)
    tap(page, "Undo", "Zoe")
    expect(waiting).to_contain_text("2 waiting to be sent")
    tap(page, "Check in", "Zoe")
    expect(waiting).to_contain_text("2 waiting to be sent")
    expect(count).to_have_text("2 of 2 are here")
    # Even where the page is left meanwhile, they are sent when it is opened again.
    page.context.set_offline(False)
    page.goto(address)
    expect(waiting).to_be_hidden()
    expect(count).to_have_text("2 of 2 are here")

    other = desk.visitor(Role.COORDINATOR, java_script_enabled=False)
    other.goto(address)
    expect(other.locator("summary .count")).to_have_text("2 of 2 are here")


def test_names_are_found_as_one_types(desk: Site) -> None:
    page = desk.visitor(Role.DESK)
    page.goto("/check-in")

    page.get_by_label("Find a student of today").fill("ZOE ex")

    expect(page.locator("[data-student]:visible")).to_have_count(1)
    expect(page.locator("[data-found]")).to_have_text("1 found")


def test_a_tick_of_the_chart_is_saved_at_once_and_taken_back_where_it_cannot_be(desk: Site, served: tuple[str, Todays]) -> None:
    page = desk.visitor(Role.INSTRUCTOR)
    page.goto(f"/classes/{served[1].class_id}/attendance")
    box = page.get_by_role("checkbox", name="Zoe Example").last
    expect(page.get_by_role("button", name="Save the changes")).to_be_hidden()

    box.check()
    expect(box).not_to_have_attribute("aria-busy", "true")
    page.context.set_offline(True)
    box.click()
    expect(page.get_by_role("alert")).to_contain_text("the tick was not saved")
    expect(box).to_be_checked()

    page.context.set_offline(False)
    page.reload()
    expect(box).to_be_checked()
