"""The attendance chart, the completions and the sign-in sheet of a class."""

from pathlib import Path

import pytest

from rollbook.classes.queries.classes import get_class
from rollbook.classes.statuses import ClassStatus
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import CompletionStatus
from tests.cast import TESTS
from tests.console.center import Center, Role
from tests.console.front_of_console import text_of
from tests.console.todays import Todays, make_todays, window
from tests.presence import around_now, attended, check_in, mark
from tests.roster import AUDIT, WAITLISTED, change, see

UNKNOWN, _, COMPLETE, INCOMPLETE, NO_SHOW, _ = CompletionStatus


@pytest.fixture
def database(center_file: Path) -> Database:
    return open_database(f"sqlite:///{center_file}")


def ticks(todays: Todays, *, was: dict[int, list[int]], now: dict[int, list[int]]) -> list[tuple[str, object]]:
    """Give what the chart's form sends: every meeting, what was ticked when it was shown, and what is ticked now."""
    values: list[tuple[str, object]] = []
    for meeting_id in todays.meetings:
        values += [("meeting", meeting_id), (f"was_{meeting_id}", " ".join(map(str, was.get(meeting_id, []))))]
        values += [(f"meeting_{meeting_id}", enrollment_id) for enrollment_id in now.get(meeting_id, [])]
    return values


async def test_an_instructor_saves_the_ticks_that_differ_and_no_others(database: Database, center: Center) -> None:
    todays = await make_todays(database, center)
    browser = window(database, center, Role.INSTRUCTOR)
    address = f"/classes/{todays.class_id}/attendance"
    first_id, second_id = todays.meetings
    await mark(database, todays.zoe, first_id, attended=True)
    page = await browser.open(address)
    assert f'name="was_{first_id}" value="{todays.zoe}"' in page.text
    assert "1 of 2" in text_of(page)

    # Somebody else marks Amy meanwhile: she was not ticked on this page, and stays as she is.
    await mark(database, todays.amy, first_id, attended=True)
    answer = await browser.send(
        address, ticks(todays, was={first_id: [todays.zoe]}, now={second_id: [todays.zoe, todays.amy]}), follow=True
    )

    assert "3 marks were changed." in text_of(answer)
    assert {first_id: False, second_id: True} == await attended(database, todays.zoe)
    assert {first_id: True, second_id: True} == await attended(database, todays.amy)
    same = {first_id: [todays.amy]}
    assert "Nothing was changed." in text_of(await browser.send(address, ticks(todays, was=same, now=same), follow=True))


async def test_a_script_saves_one_tick_and_is_told_why_not(database: Database, center: Center) -> None:
    todays = await make_todays(database, center)
    browser = window(database, center, Role.DESK)
    address = f"/classes/{todays.class_id}/attendance"
    first_id, _ = todays.meetings

    saved = await browser.send(address, {"meeting": first_id, f"meeting_{first_id}": todays.zoe}, fetched=True)
    assert (200, {"marked": 1}) == (saved.status_code, saved.json())
    taken = await browser.send(address, {"meeting": first_id, f"was_{first_id}": todays.zoe}, fetched=True)
    assert 200 == taken.status_code
    assert {first_id: False} == await attended(database, todays.zoe)

    stranger = await browser.send(address, {"meeting": first_id, f"meeting_{first_id}": 999_999}, fetched=True)
    assert "no such enrollments (999999)" in " ".join(stranger.json()["refused"])
    unreadable = await browser.send(address, {"meeting": first_id, f"was_{first_id}": "x"}, fetched=True)
    assert 422 == unreadable.status_code


async def test_everyone_of_a_meeting_is_marked_with_one_button(database: Database, center: Center) -> None:
    todays = await make_todays(database, center)
    browser = window(database, center, Role.INSTRUCTOR)
    address = f"/classes/{todays.class_id}/attendance/everyone"
    first_id, _ = todays.meetings
    await mark(database, todays.zoe, first_id, attended=True)

    assert "1 mark was changed." in text_of(await browser.send(address, {"meeting_id": first_id}, follow=True))
    assert [{first_id: True}, {first_id: True}] == [await attended(database, each) for each in (todays.zoe, todays.amy)]
    assert "No meeting was chosen" in text_of(await browser.send(address, follow=True))


async def test_the_chart_opens_when_the_class_starts(database: Database, center: Center) -> None:
    browser = window(database, center, Role.DESK)

    coming = text_of(await browser.open(f"/classes/{center.coming_class_id}/attendance"))
    over = await browser.open(f"/classes/{center.past_class_id}/attendance")

    assert "The chart opens when the class starts." in coming
    assert "checkbox" in over.text


async def test_a_check_in_shows_in_the_chart(database: Database, center: Center) -> None:
    todays = await make_todays(database, center)
    await check_in(database, todays.zoe)

    page = await window(database, center, Role.DESK).open(f"/classes/{todays.class_id}/attendance")

    assert "Checked in at" in page.text


async def test_completions_are_proposed_for_who_attended_every_meeting_and_saved_by_hand(database: Database, center: Center) -> None:
    todays = await make_todays(database, center, meetings=around_now((-3, -2), (-1, 1)))
    browser = window(database, center, Role.INSTRUCTOR)
    address = f"/classes/{todays.class_id}/completion"
    for meeting_id in todays.meetings:
        await mark(database, todays.zoe, meeting_id, attended=True)
    await mark(database, todays.amy, todays.meetings[0], attended=True)
    page = text_of(await browser.open(address))
    assert "2 of 2" in page
    assert "1 of 2" in page
    assert "Close the class" not in page

    proposed = await browser.open(f"{address}?choose=attended")
    assert "Complete is chosen for 1 student who attended every meeting. Nothing is saved yet" in text_of(proposed)
    assert [UNKNOWN, UNKNOWN] == [(await see(database, each)).completion for each in (todays.zoe, todays.amy)]

    # Somebody else has decided about Amy meanwhile: this page did not choose anything for her.
    await change(database, todays.amy, completion=INCOMPLETE)
    values = [("student", todays.zoe), ("student", todays.amy)]
    shown = {f"was_{todays.zoe}": 0, f"completion_{todays.zoe}": 20, f"was_{todays.amy}": 0, f"completion_{todays.amy}": 0}
    answer = await browser.send(address, [*values, *shown.items()], follow=True)
    assert "The completion of 1 student was saved." in text_of(answer)
    assert [COMPLETE, INCOMPLETE] == [(await see(database, each)).completion for each in (todays.zoe, todays.amy)]
    assert "Nothing was changed." in text_of(await browser.send(address, follow=True))
    assert "There is nobody to choose Complete for" in text_of(await browser.open(f"{address}?choose=attended"))


async def test_completions_that_are_refused_name_the_students(database: Database, center: Center) -> None:
    todays = await make_todays(database, center, meetings=around_now((1, 2)))
    await change(database, todays.amy, status=WAITLISTED)
    values = {"student": todays.amy, f"was_{todays.amy}": 0, f"completion_{todays.amy}": 20}

    page = text_of(await window(database, center, Role.INSTRUCTOR).send(f"/classes/{todays.class_id}/completion", values, follow=True))

    assert f"Amy Example (enrollment {todays.amy}): only a student who is Enrolled or Audit" in page


async def test_a_class_is_closed_after_a_look_at_what_that_does(database: Database, center: Center) -> None:
    todays = await make_todays(database, center, meetings=around_now((-3, -2)))
    browser = window(database, center, Role.COORDINATOR)
    address = f"/classes/{todays.class_id}/completion"
    await mark(database, todays.zoe, todays.meetings[0], attended=True)

    preview = text_of(await browser.open(f"{address}?closing=1"))
    assert "Zoe Example Complete attended 1 of 1" in preview
    assert "Amy Example No show attended no meeting" in preview
    assert UNKNOWN is (await see(database, todays.zoe)).completion

    page = text_of(await browser.send(f"/classes/{todays.class_id}/closing", follow=True))
    assert "The class is closed, which marked 2 of its 2 students." in page
    assert [COMPLETE, NO_SHOW] == [(await see(database, each)).completion for each in (todays.zoe, todays.amy)]
    closed = await database.read(get_class, viewer=TESTS.viewer, class_id=todays.class_id)
    assert ClassStatus.COMPLETED is closed.row.status
    assert "Nobody: every completion is decided already." in text_of(await browser.open(f"{address}?closing=1"))


async def test_a_class_that_is_not_over_says_when_it_can_be_closed(database: Database, center: Center) -> None:
    todays = await make_todays(database, center)
    browser = window(database, center, Role.COORDINATOR)

    page = text_of(await browser.open(f"/classes/{todays.class_id}/completion?closing=1"))
    sent = text_of(await browser.send(f"/classes/{todays.class_id}/closing", follow=True))

    for told in (page, sent):
        assert "close the class after that" in told


async def test_the_sign_in_sheet_is_for_a_meeting_until_the_class_is_over(database: Database, center: Center) -> None:
    todays = await make_todays(database, center, meetings=around_now((1, 2), (3, 4)))
    await change(database, todays.zoe, status=AUDIT)
    browser = window(database, center, Role.INSTRUCTOR)
    address = f"/classes/{todays.class_id}/sign-in-sheet"

    page = text_of(await browser.open(address))
    later = await browser.open(f"{address}?meeting_id={todays.meetings[1]}")
    over = text_of(await browser.open(f"/classes/{center.past_class_id}/sign-in-sheet"))
    over = (
        over
        if "over" in over
        else text_of(await window(database, center, Role.DESK).open(f"/classes/{center.past_class_id}/sign-in-sheet"))
    )

    assert page.index("Amy") < page.index("Zoe")
    assert "2 students, by last name" in page
    assert 'aria-current="true"' in later.text
    assert 404 == (await browser.open(f"{address}?meeting_id=999999")).status_code
    assert "The class is over." in over
