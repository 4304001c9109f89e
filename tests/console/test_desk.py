"""The check-in desk, as browsers without scripts and as its script use it."""

from pathlib import Path
from typing import Any

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.attendance import list_attendance, list_held_meetings
from tests.cast import add_class
from tests.console.center import Center, Role
from tests.console.front_of_console import Browser, text_of
from tests.console.todays import cast_of, make_todays, window
from tests.presence import around_now, midday_zone
from tests.recorded import history_of
from tests.roster import change_class


class Desk:
    """A class of today with two students, Zoe and Amy, and the desk's browser."""

    def __init__(self, database: Database, browser: Browser, class_id: int, students: list[int], meetings: list[int]) -> None:
        self.database = database
        self.browser = browser
        self.class_id = class_id
        self.zoe, self.amy = students
        self.now_id, self.later_id = meetings

    async def state(self, answer: Any = None) -> dict[int, tuple[bool, bool]]:
        """Give who is here, and by a check-in, as the script is told."""
        told = answer or await self.browser.open("/check-in", fetched=True)
        assert 200 == told.status_code
        (found,) = [each for each in told.json()["classes"] if each["id"] == self.class_id]
        assert found["here"] == sum(student["here"] for student in found["students"])
        return {student["id"]: (student["here"], student["checked"]) for student in found["students"]}


@pytest.fixture
def database(center_file: Path) -> Database:
    return open_database(f"sqlite:///{center_file}")


async def open_desk(database: Database, center: Center) -> Desk:
    """Make a class that meets now and again later, and open the desk."""
    todays = await make_todays(database, center)
    return Desk(database, window(database, center, Role.DESK), todays.class_id, [todays.zoe, todays.amy], todays.meetings)


async def test_a_tap_checks_a_student_in_and_the_page_offers_to_undo_it(database: Database, center: Center) -> None:
    desk = await open_desk(database, center)
    page = text_of(await desk.browser.open(f"/check-in?class_id={desk.class_id}"))
    assert "0 of 2 are here" in page
    assert "Check in Zoe Example" in page

    values = {"meeting_id": desk.now_id, "q": "Zoe", "class_id": desk.class_id}
    answer = await desk.browser.send(f"/check-in/{desk.zoe}", values)
    assert (303, f"/check-in?q=Zoe&class_id={desk.class_id}#class-{desk.class_id}") == (answer.status_code, answer.headers["location"])
    shown = await desk.browser.open(answer.headers["location"])
    assert f'action="/check-in/{desk.zoe}/undo"' in shown.text
    page = text_of(shown)
    assert "Zoe Example is checked in." in page
    assert "Here since" in page
    assert "1 of 2 are here" in page
    assert "Amy" not in page

    page = text_of(await desk.browser.send(f"/check-in/{desk.zoe}/undo", {"meeting_id": desk.now_id}, follow=True))
    assert "Zoe Example is not checked in any more." in page
    assert {} == {each.meeting_id: each.attended for each in await database.read(list_attendance, enrollment_id=desk.zoe)}


async def test_taps_that_are_sent_again_count_once(database: Database, center: Center) -> None:
    desk = await open_desk(database, center)

    for _ in range(3):
        answer = await desk.browser.send(f"/check-in/{desk.zoe}", {"meeting_id": desk.now_id}, fetched=True)
        assert {desk.amy: (False, False), desk.zoe: (True, True)} == await desk.state(answer)
    assert 2 == len(await history_of(database, "enrollment", desk.zoe))
    for _ in range(3):
        answer = await desk.browser.send(f"/check-in/{desk.zoe}/undo", {"meeting_id": desk.now_id}, fetched=True)
        assert {desk.amy: (False, False), desk.zoe: (False, False)} == await desk.state(answer)
    assert 3 == len(await history_of(database, "enrollment", desk.zoe))
    page = text_of(await desk.browser.send(f"/check-in/{desk.zoe}/undo", {"meeting_id": desk.now_id}, follow=True))
    assert "Zoe Example is not checked in." in page


@pytest.mark.parametrize("fetched", [True, False])
async def test_a_tap_that_was_kept_too_long_checks_in_to_no_other_meeting(database: Database, center: Center, fetched: bool) -> None:  # noqa: FBT001 - a parameter of the test
    desk = await open_desk(database, center)
    meetings = around_now((-2, -1), (2, 3))
    await change_class(database, desk.class_id, meetings=meetings)
    over_id, next_id = [meeting.id for meeting in await database.read(list_held_meetings, class_id=desk.class_id)]

    for meeting_id, told in (
        (over_id, "mark the attendance of that one instead"),
        (999_999, "has no meeting 999999"),
        ("", "has no meeting 0"),
    ):
        answer = await desk.browser.send(f"/check-in/{desk.zoe}", {"meeting_id": meeting_id}, fetched=fetched, follow=True)
        assert (409 if fetched else 200) == answer.status_code
        assert told in (" ".join(answer.json()["refused"]) if fetched else text_of(answer))
    assert {desk.amy: (False, False), desk.zoe: (False, False)} == await desk.state()

    assert {desk.amy: (False, False), desk.zoe: (True, True)} == await desk.state(
        await desk.browser.send(f"/check-in/{desk.zoe}", {"meeting_id": next_id}, fetched=True)
    )


async def test_a_tap_leads_back_to_its_class_among_many_which_is_open_then(database: Database, center: Center) -> None:
    desk = await open_desk(database, center)
    await add_class(database, await cast_of(database, center), name="Brazing", time_zone=midday_zone(), meetings=around_now((-1, 1)))
    assert "open>" not in (await desk.browser.open("/check-in")).text

    answer = await desk.browser.send(f"/check-in/{desk.zoe}", {"meeting_id": desk.now_id})

    assert f"/check-in?open={desk.class_id}#class-{desk.class_id}" == answer.headers["location"]
    page = (await desk.browser.open(answer.headers["location"])).text
    assert 1 == page.count(" open>")
    assert page.index(f'id="class-{desk.class_id}"') < page.index(" open>")


async def test_a_search_shows_the_students_of_today_by_parts_of_their_names(database: Database, center: Center) -> None:
    desk = await open_desk(database, center)

    found = text_of(await desk.browser.open("/check-in?q=EXAMPLE+zo"))
    nobody = text_of(await desk.browser.open("/check-in?q=nobody+is+called+so"))

    assert "1 found for “EXAMPLE zo”" in found
    assert "0 of 2 are here" in found
    assert "Amy" not in found
    assert "No student of today is called so" in nobody


async def test_a_class_that_does_not_meet_today_says_where_to_go_instead(database: Database, center: Center) -> None:
    browser = window(database, center, Role.DESK)

    page = await browser.open(f"/check-in?class_id={center.coming_class_id}")
    foreign = await window(database, center, Role.FOREIGNER).open("/check-in?class_id=1")

    assert "The class does not meet in a room today." in text_of(page)
    assert f"/classes/{center.coming_class_id}/attendance" in page.text
    assert "The class does not meet in a room today." in text_of(foreign)


async def test_who_comes_to_no_room_is_shown_without_a_tap(database: Database, center: Center) -> None:
    browser = window(database, center, Role.DESK)

    page = await browser.open(f"/check-in?class_id={center.own['class_id']}")

    assert "Comes to no room (to be determined)" in text_of(page)
    assert "Place" in text_of(page)
