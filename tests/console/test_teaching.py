"""What instructors and coordinators see first: what they teach, and what takes place."""

from pathlib import Path

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import add_class
from tests.console.center import Center, Role
from tests.console.front_of_console import text_of
from tests.console.todays import make_todays, window
from tests.presence import around_now
from tests.roster import REQUESTED, WAITLISTED, change, change_class, change_user


@pytest.fixture
def database(center_file: Path) -> Database:
    return open_database(f"sqlite:///{center_file}")


async def test_an_instructor_sees_what_they_teach_with_their_own_clock_beside_it(database: Database, center: Center) -> None:
    todays = await make_todays(database, center, minimum=1, maximum=5)
    later = {"course_id": center.own["course_id"], "instructor_ids": (center.people[Role.INSTRUCTOR],)}
    await add_class(database, todays.cast, name="Brazing", meetings=around_now((48, 49)), **later)
    away = "Asia/Kathmandu"
    await change_user(database, center.people[Role.INSTRUCTOR], time_zone=find_time_zone(away))

    page = await window(database, center, Role.INSTRUCTOR).open("/teaching")

    told = text_of(page)
    assert told.index("Today") < told.index("Welding") < told.index("The next seven days") < told.index("Brazing")
    assert "2 of 5 enrolled" in told
    assert "on your clock" in told
    for place in ("roster", "attendance", "completion", "sign-in-sheet"):
        assert f'href="/classes/{todays.class_id}/{place}"' in page.text
    assert "You teach no class today." in text_of(await window(database, center, Role.OTHER_INSTRUCTOR).open("/teaching"))


async def test_a_coordinator_sees_what_takes_place_and_what_waits(database: Database, center: Center) -> None:
    todays = await make_todays(database, center, meetings=around_now((1, 2)), minimum=9)
    await change(database, todays.zoe, status=REQUESTED)
    await change_class(database, todays.class_id, maximum=1)
    browser = window(database, center, Role.COORDINATOR)

    page = await browser.open("/overview")

    told = text_of(page)
    assert f'<a href="/classes/{todays.class_id}">Welding</a>' in page.text
    assert f'<a href="/enrollments/{todays.zoe}">Zoe Example</a>' in page.text
    assert "8 more for 9" in told
    assert "asked for a place" in told
    await change(database, todays.zoe, status=WAITLISTED)
    told = text_of(await browser.open("/overview"))
    assert "1 waiting for Welding" in told
    assert "put on the waitlist" in told
    foreign = text_of(await window(database, center, Role.FOREIGNER).open("/overview"))
    assert "Welding" not in foreign
    assert "Zoe" not in foreign
