"""
The whole road of two students and their coordinator, in a browser.

Both ask and are approved; the class fills with the first, and the second waits; the first cancels late, the second is let in, is checked in,
is marked complete, and sees the transcript.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, Page, expect

from rollbook import clock
from rollbook.database.transaction import Database
from rollbook.people.passwords import hash_password
from tests.cast import HOUR, add_class, add_room, add_user, gather, meeting
from tests.cli.server import Server, serving
from tests.console.browser.browsing import Site
from tests.console.center import zone_of_noon
from tests.console.on_a_thread import with_database
from tests.postgresql_server import PostgresqlServer
from tests.roster import change_class, prefer

PASSWORD = "four words do well"
CLASS = "Welding at noon"


class Place(Struct, frozen=True):
    """
    A server and its database.

    Attributes:
        scripts: Whether the browsers run scripts here.
    """

    server: Server
    database_url: str
    class_id: int
    scripts: bool


async def prepare(database: Database) -> int:
    """Make the people and a class, which has one place and begins soon, and give its id."""
    cast = await gather(database)
    await prefer(database, cast, late_cancel_days="1", late_cancel_warning="Tell your manager.")
    own: dict[str, Any] = {"organization_id": cast.organization_id, "password_hash": await hash_password(PASSWORD)}
    await add_user(database, "Carla", role_ids=(20,), managed_organization_ids=(cast.organization_id,), **own)
    for name in ("Rosa", "Theo"):
        await add_user(database, name, role_ids=(1,), **own)
    return await add_class(
        database,
        cast,
        name=CLASS,
        maximum=1,
        classroom_ids=(await add_room(database, cast, capacity=4),),
        is_public=True,
        allow_self_enrollment=True,
        requires_approval=True,
        time_zone=zone_of_noon(clock.now()),
        meetings=(meeting(clock.now() + 2 * HOUR, hours=1),),
    )


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_file: Path,
    postgresql_server: PostgresqlServer,
    migrated_template: str,
) -> Iterator[Place]:
    """Serve the road on either engine: to browsers with scripts on the one, without on the other, for neither asks what the other is."""
    folder = tmp_path_factory.mktemp("road")
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(migrated_file, folder / 'rollbook.db')}"
    else:
        postgresql_server.create_database("road", template=migrated_template)
        url = postgresql_server.url("road")
    class_id = with_database(url, prepare)
    with serving(folder, ROLLBOOK_DATABASE_URL=url, ROLLBOOK_LOG_LEVEL="warning") as server:
        yield Place(server, url, class_id, scripts=request.param == "sqlite")
    if request.param == "postgresql":
        postgresql_server.drop_database("road")


def signed_in(site: Site, name: str, *, scripts: bool) -> Page:
    page = site.visitor(java_script_enabled=scripts)
    page.goto("/sign-in")
    page.get_by_label("E-mail address or user name").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("summary").get_by_text(f"{name} Example")).to_be_visible()
    return page


def ask(student: Page) -> None:
    student.goto("/schedule")
    student.get_by_role("button", name=f"Ask for a place in {CLASS}").click()
    student.goto("/my/training")
    expect(student.get_by_role("region", name="Asked for")).to_contain_text(CLASS)


def approve(coordinator: Page, class_id: int, name: str) -> None:
    coordinator.goto(f"/classes/{class_id}/roster")
    coordinator.get_by_role("link", name=f"Change {name} Example").click()
    line = coordinator.locator("tr.changing")
    line.get_by_label("Status").select_option(label="Approved")
    line.get_by_role("button", name="Save").click()
    expect(line).to_have_count(0)
    expect(coordinator.get_by_role("row").filter(has_text=name)).to_contain_text("Approved")


def take_the_place(student: Page) -> None:
    student.goto("/my/training")
    student.get_by_role("link", name="Enroll or look").click()
    student.get_by_role("button", name=f"Enroll in {CLASS}").click()
    expect(student.get_by_text("You have a place.")).to_be_visible()


def wait_in_line(student: Page, class_id: int) -> None:
    student.goto(f"/my/classes/{class_id}")
    expect(student.get_by_text("This class is full.")).to_be_visible()
    student.get_by_role("button", name=f"Join the waitlist of {CLASS}").click()
    student.goto("/my/training")
    expect(student.get_by_role("region", name="Waiting for a place")).to_contain_text("1st in the line")


def cancel_late(student: Page, class_id: int) -> None:
    student.goto(f"/my/classes/{class_id}")
    student.get_by_role("link", name="Cancel my place").click()
    expect(student.get_by_text("This cancellation is late.")).to_be_visible()
    expect(student.get_by_text("Tell your manager.")).to_be_visible()
    student.get_by_role("button", name="Cancel my place").click()
    student.goto(f"/my/classes/{class_id}")
    expect(student.get_by_text("The cancellation counts as late.")).to_be_visible()


def check_in(coordinator: Page, name: str) -> None:
    coordinator.goto("/check-in")
    coordinator.get_by_role("button", name=f"Check in {name} Example").click()
    expect(coordinator.get_by_role("listitem").filter(has_text=name)).to_contain_text("Here since")
    expect(coordinator.get_by_role("button", name=f"Undo {name} Example")).to_be_visible()


def complete(coordinator: Page, class_id: int, name: str) -> None:
    coordinator.goto(f"/classes/{class_id}/completion")
    coordinator.get_by_label(f"Completion of {name} Example").select_option(label="Complete")
    coordinator.get_by_role("button", name="Save the completions").click()
    expect(coordinator.get_by_role("row").filter(has_text=name).get_by_text("Complete").first).to_be_visible()


def test_the_whole_road(browser: Browser, place: Place) -> None:
    site, class_id = Site(browser, place.server.url), place.class_id
    coordinator, rosa, theo = (signed_in(site, name, scripts=place.scripts) for name in ("Carla", "Rosa", "Theo"))

    for student, name in ((rosa, "Rosa"), (theo, "Theo")):
        ask(student)
        approve(coordinator, class_id, name)
    take_the_place(rosa)
    wait_in_line(theo, class_id)
    cancel_late(rosa, class_id)
    theo.goto("/my/training")
    expect(theo.locator("li").filter(has_text=CLASS)).to_contain_text("Enrolled")

    # Two hours go by.
    begun = meeting(clock.now() - HOUR // 2, hours=1)
    with_database(place.database_url, lambda database: change_class(database, class_id, meetings=(begun,)))
    check_in(coordinator, "Theo")
    complete(coordinator, class_id, "Theo")
    theo.goto("/my/transcript")
    expect(theo.get_by_role("row").filter(has_text=CLASS)).to_contain_text("Complete")

    site.close()
    assert [] == site.faults
