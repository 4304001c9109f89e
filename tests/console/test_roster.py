"""The roster by plain HTTP: what a browser without scripts can do, and what a script asks for."""

import html
import re
from typing import Any

import httpx
import pytest
from msgspec import Struct

from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import CompletionStatus
from tests.cast import NOBODY, Cast, add_class, add_room, add_user, enroll, gather, meeting
from tests.console.front_of_console import Browser, FrontOfConsole, text_of
from tests.console.markup import faults_of
from tests.roster import ENROLLED, LONG_AGO, WAITLISTED, change, change_class, prefer, see


class Scene(Struct, frozen=True):
    """
    A class with three places and two rooms, in which Sam is Enrolled and Sue waits; Carla coordinates, Ivan instructs.

    Attributes:
        rooms: North, and South with a single seat.
    """

    database: Database
    cast: Cast
    console: FrontOfConsole
    carla: Browser
    carla_id: int
    class_id: int
    rooms: tuple[int, int]
    sam: int
    sue: int

    @property
    def roster(self) -> str:
        return f"/classes/{self.class_id}/roster"


@pytest.fixture
def database(sqlite_url: str) -> Database:
    """The pages are the same on both engines, and what they call is tested on both."""
    return open_database(sqlite_url)


async def set_scene(database: Database, **values: Any) -> Scene:
    cast = await gather(database)
    north = await add_room(database, cast, name="North", capacity=9)
    south = await add_room(database, cast, name="South", capacity=1)
    shared = {"maximum": 1, "minimum": 2, "classroom_ids": (north, south), "meetings": (meeting(),), "instructor_ids": (cast.ivan_id,)}
    class_id = await add_class(database, cast, **{**shared, **values})
    carla_id = await coordinator(database, cast, "Carla")
    console = FrontOfConsole(database)
    return Scene(
        database,
        cast,
        console,
        await console.browser_of(carla_id),
        carla_id,
        class_id,
        (north, south),
        await enroll(database, class_id=class_id, user_id=cast.sam_id, classroom_id=north),
        await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED),
    )


async def coordinator(database: Database, cast: Cast, name: str) -> int:
    ours = cast.organization_id
    return await add_user(database, name, organization_id=ours, role_ids=(20,), managed_organization_ids=(ours,))


async def instructor(scene: Scene) -> Browser:
    user_id = await add_user(scene.database, "Ines", organization_id=scene.cast.organization_id, role_ids=(2,))
    await change_class(scene.database, scene.class_id, instructor_ids=(user_id,))
    return await scene.console.browser_of(user_id)


def fields_of(page: httpx.Response, action: str) -> dict[str, str]:
    """Give the fields of the form that is sent to an address, as a browser would send them untouched."""
    (form,) = re.findall(rf'<form [^>]*action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    fields = {name: html.unescape(value) for name, value in re.findall(r'<input [^>]*name="(\w+)"[^>]*value="([^"]*)"', form)}
    for name, select in re.findall(r'<select [^>]*name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected>', select) or re.findall(r'<option value="([^"]*)"', select)
        fields[name] = chosen[0]
    return fields


def options_of(page: httpx.Response, name: str) -> list[str]:
    """Give the words of a choice in the page."""
    (select,) = re.findall(rf'<select [^>]*id="{name}".*?</select>', page.text, re.DOTALL)
    return re.findall(r"<option[^>]*>(.*?)</option>", select)


async def test_it_shows_how_full_the_class_is_and_everybody_in_it(database: Database) -> None:
    scene = await set_scene(database)

    page = await scene.carla.open(scene.roster)

    assert 200 == page.status_code
    text = text_of(page)
    for said in ("Minimum 2", "Maximum 1", "Free places 0", "North 8 of 9 seats free", "South 1 of 1 seats free", "1 more needed"):
        assert said in text
    assert "Example, Sam sam@example.com Enrolled Not marked Classroom North" in text
    assert "Example, Sue sue@example.com Waitlisted no. 1" in text
    assert [] == faults_of(page.text)


async def test_it_can_be_shown_by_status(database: Database) -> None:
    scene = await set_scene(database)

    assert "Example, Sam" not in text_of(await scene.carla.open(f"{scene.roster}?status=20"))
    assert "Nobody has this status" in text_of(await scene.carla.open(f"{scene.roster}?status=40"))
    assert 422 == (await scene.carla.open(f"{scene.roster}?status=41")).status_code


async def test_an_empty_roster_says_what_to_do_next(database: Database) -> None:
    scene = await set_scene(database)
    empty = await add_class(database, scene.cast)

    assert f"/classes/{empty}/roster/add" in (await scene.carla.open(f"/classes/{empty}/roster")).text


async def test_a_line_is_changed_without_scripts(database: Database) -> None:
    scene = await set_scene(database)
    line = f"{scene.roster}/lines/{scene.sam}"

    page = await scene.carla.open(f"{scene.roster}?change={scene.sam}")
    fields = fields_of(page, line)
    assert [] == faults_of(page.text)
    assert ("60", "0", f"10-{scene.rooms[0]}", "", "") == tuple(
        fields[name] for name in ("status", "completion", "place", "hours_spent", "grade")
    )
    fields |= {"completion": "20", "place": f"10-{scene.rooms[1]}", "hours_spent": "8", "grade": "90"}
    told = await scene.carla.send(line, fields, follow=True)

    assert "Sam Example is changed." in text_of(told)
    row = await see(database, scene.sam)
    assert (CompletionStatus.COMPLETE, scene.rooms[1], 8, 90) == (row.completion, row.classroom_id, row.hours_spent, row.grade)
    again = fields_of(await scene.carla.open(f"{scene.roster}?change={scene.sam}"), line)
    assert "Nothing of Sam Example was changed." in text_of(await scene.carla.send(line, again, follow=True))
    await scene.carla.send(line, again | {"hours_spent": "", "place": "0"})
    assert (None, None) == ((row := await see(database, scene.sam)).hours_spent, row.classroom_id)


async def test_only_statuses_that_can_be_reached_are_offered_and_the_others_say_why(database: Database) -> None:
    scene = await set_scene(database)

    page = await scene.carla.open(f"{scene.roster}?change={scene.sue}")

    assert ["Requested", "Cancelled", "Waitlisted", "Approved", "Denied", "Audit"] == options_of(page, f"status-{scene.sue}")
    assert "Enrolled : class" in text_of(page)
    assert "is full (1 of 1 places)" in text_of(page)


async def test_a_frozen_status_says_why(database: Database) -> None:
    scene = await set_scene(database, meetings=(meeting(LONG_AGO),))

    page = await scene.carla.open(f"{scene.roster}?change={scene.sam}")

    assert ["Enrolled"] == options_of(page, f"status-{scene.sam}")
    assert "keeps that status" in text_of(page)
    told = await scene.carla.send(
        f"{scene.roster}/lines/{scene.sam}", fields_of(page, f"{scene.roster}/lines/{scene.sam}") | {"status": "10"}
    )
    assert 409 == told.status_code
    assert "has started, and stays so" in text_of(told)


async def test_what_is_refused_stays_in_the_form(database: Database) -> None:
    scene = await set_scene(database)
    line = f"{scene.roster}/lines/{scene.sue}"
    fields = fields_of(await scene.carla.open(f"{scene.roster}?change={scene.sue}"), line)

    page = await scene.carla.send(line, fields | {"status": "60", "grade": "7"})

    assert "is full" in text_of(page)
    assert ("60", "7") == ((entered := fields_of(page, line))["status"], entered["grade"])
    unreadable = await scene.carla.send(line, fields | {"grade": "many"})
    assert "Grade must be a whole number" in text_of(unreadable)
    for wrong in ("11", "10-99999999999", "room"):
        assert "one of those to choose from" in text_of(await scene.carla.send(line, fields | {"place": wrong}))


async def test_what_others_changed_meanwhile_is_not_lost(database: Database) -> None:
    scene = await set_scene(database)
    line = f"{scene.roster}/lines/{scene.sam}"
    fields = fields_of(await scene.carla.open(f"{scene.roster}?change={scene.sam}"), line)
    await change(database, scene.sam, grade=5)

    page = await scene.carla.send(line, fields | {"grade": "7"})

    assert "read it again and decide anew" in text_of(page)
    assert 5 == (await see(database, scene.sam)).grade
    await scene.carla.send(line, fields_of(page, line))
    assert 7 == (await see(database, scene.sam)).grade


async def test_a_script_gets_lines_and_what_a_change_brought_about(database: Database) -> None:
    scene = await set_scene(database)
    await prefer(database, scene.cast, waitlist_promotion="always")
    line = f"{scene.roster}/lines/{scene.sam}"

    shown = await scene.carla.open(line, fetched=True)
    assert shown.text.strip().startswith("<tr")
    form = await scene.carla.open(f"{line}?change=1", fetched=True)
    told = (await scene.carla.send(line, fields_of(form, line) | {"status": "10"}, fetched=True)).json()

    assert "Sam Example is changed." == told["done"]
    assert ["Sue Example was let in from the waitlist."] == told["warnings"]
    assert {str(scene.sam), str(scene.sue)} == told["lines"].keys()
    assert "Cancelled" in told["lines"][str(scene.sam)]
    assert "Maximum" in told["summary"]
    assert "Undo" in told["undo"]
    refused = await scene.carla.send(line, fields_of(form, line) | {"status": "60"}, fetched=True)
    assert 409 == refused.status_code
    assert "read it again" in refused.json()["refused"][0]


async def test_a_script_hears_of_what_others_changed_and_of_nothing_else(database: Database) -> None:
    scene = await set_scene(database)
    first = (await scene.carla.open(f"{scene.roster}/state", fetched=True)).json()

    assert 204 == (await scene.carla.open(f"{scene.roster}/state?seen={first['stamp']}", fetched=True)).status_code
    await change(database, scene.sam, grade=5)
    then = (await scene.carla.open(f"{scene.roster}/state?seen={first['stamp']}", fetched=True)).json()

    assert {str(scene.sam)} == {each for each, version in then["versions"].items() if first["versions"][each] != version}


async def test_many_are_changed_alike_and_each_refusal_names_its_student(database: Database) -> None:
    scene = await set_scene(database)
    page = await scene.carla.open(f"{scene.roster}?select=all")
    assert 2 == page.text.count(" checked>")
    chosen = [("enrollment_id", scene.sam), ("enrollment_id", scene.sue)]

    told = text_of(await scene.carla.send(f"{scene.roster}/changes", [*chosen, ("status", 60), ("grade", 3)], follow=True))
    assert "1 student was changed." in told
    assert f"Sue Example: Class {scene.class_id} is full" in told
    told = text_of(await scene.carla.send(f"{scene.roster}/changes", [*chosen, ("hours_spent", 8)], follow=True))
    assert "2 students were changed." in told
    told = text_of(await scene.carla.send(f"{scene.roster}/changes", [*chosen, ("hours_spent", 8)], follow=True))
    assert "0 students were changed; 2 had that already." in told
    for values in ([("grade", 1)], chosen, [*chosen, ("grade", "x")], [("enrollment_id", NOBODY), ("grade", 1)]):
        answer = await scene.carla.send(f"{scene.roster}/changes", values, follow=True)
        assert re.search(
            "nobody is selected|not chosen what to change|must be a whole number|has no such enrollments", text_of(answer), re.IGNORECASE
        )
    assert 3 == (await see(database, scene.sam)).grade


async def test_the_last_change_can_be_undone_from_the_page(database: Database) -> None:
    scene = await set_scene(database)
    chosen = [("enrollment_id", scene.sam), ("enrollment_id", scene.sue)]
    assert "your last change" not in (await scene.carla.open(scene.roster)).text
    await scene.carla.send(f"{scene.roster}/changes", [*chosen, ("status", 10)])

    page = await scene.carla.open(scene.roster)
    assert "your last change: 2 students: status: Cancelled" in text_of(page)
    told = await scene.carla.send(f"{scene.roster}/undo", fields_of(page, f"{scene.roster}/undo"), follow=True)

    assert "Undone: 2 students are as before." in text_of(told)
    assert [ENROLLED, WAITLISTED] == [(await see(database, each)).status for each in (scene.sam, scene.sue)]
    fields = fields_of(await scene.carla.open(scene.roster), f"{scene.roster}/undo")
    await change(database, scene.sue, grade=1)
    refused = text_of(await scene.carla.send(f"{scene.roster}/undo", fields, follow=True))
    assert "1 of 2 changes cannot be undone" in refused
    assert "Sue Example" in refused
    for wrong in ("", "1", "1-2-3", "a-b"):
        assert "what a page offers" in text_of(await scene.carla.send(f"{scene.roster}/undo", {"changes": wrong}, follow=True))


async def test_undoing_says_that_attendance_stays(database: Database) -> None:
    scene = await set_scene(database)
    line = f"{scene.roster}/lines/{scene.sam}"
    fields = fields_of(await scene.carla.open(f"{scene.roster}?change={scene.sam}"), line)
    page = await scene.carla.send(line, fields | {"completion": str(CompletionStatus.ATTENDING.value)}, follow=True)

    told = await scene.carla.send(f"{scene.roster}/undo", fields_of(page, f"{scene.roster}/undo"), follow=True)

    assert "Attendance that was marked stays marked" in text_of(told)
    assert CompletionStatus.UNKNOWN is (await see(database, scene.sam)).completion


async def test_nobody_is_offered_to_undo_what_others_did(database: Database) -> None:
    scene = await set_scene(database)
    await scene.carla.send(f"{scene.roster}/changes", [("enrollment_id", scene.sam), ("grade", 3)])
    other = await scene.console.browser_of(await coordinator(database, scene.cast, "Cleo"))

    assert "your last change: Sam Example: grade: 3, was nothing" in text_of(await scene.carla.open(scene.roster))
    assert "your last change" not in text_of(await other.open(scene.roster))


async def test_the_addresses_of_a_selection_are_there_to_be_copied(database: Database) -> None:
    scene = await set_scene(database)
    chosen = [("enrollment_id", scene.sam), ("enrollment_id", scene.sue), ("enrollment_id", NOBODY)]

    assert "sam@example.com; sue@example.com" in (await scene.carla.send(f"{scene.roster}/emails", chosen)).text
    told = await scene.carla.send(f"{scene.roster}/emails", chosen, fetched=True)
    assert ["sam@example.com", "sue@example.com"] == told.json()["addresses"]
    assert "None of them" in (await scene.carla.send(f"{scene.roster}/emails", [("enrollment_id", NOBODY)])).text


async def test_an_instructor_changes_completions_and_nothing_else(database: Database) -> None:
    scene = await set_scene(database)
    ines = await instructor(scene)
    page = await ines.open(f"{scene.roster}?change={scene.sam}")
    completion = f"{scene.roster}/lines/{scene.sam}/completion"
    assert {"form_token", "version", "completion"} == fields_of(page, completion).keys()
    assert "your last change" not in page.text
    assert f"/enrollments/{scene.sam}" not in page.text

    told = await ines.send(completion, {"completion": 20, "status": 10, "grade": 5, "user_id": scene.cast.sue_id}, follow=True)
    assert "Sam Example is changed." in text_of(told)
    row = await see(database, scene.sam)
    assert (ENROLLED, CompletionStatus.COMPLETE, None) == (row.status, row.completion, row.grade)
    told = await ines.send(f"{scene.roster}/completions", [("enrollment_id", scene.sam), ("completion", 50), ("status", 10)], follow=True)
    assert "1 student was changed." in text_of(told)
    assert (ENROLLED, CompletionStatus.FAILED) == ((row := await see(database, scene.sam)).status, row.completion)
    assert "not chosen what to change" in text_of(
        await ines.send(f"{scene.roster}/completions", [("enrollment_id", scene.sam), ("status", 10)], follow=True)
    )
    assert "only a student who is Enrolled" in text_of(
        await ines.send(f"{scene.roster}/completions", [("enrollment_id", scene.sue), ("completion", 20)], follow=True)
    )
    assert "one of those to choose" in text_of(await ines.send(completion, {"completion": ""}))
    assert 403 == (await ines.send(f"{scene.roster}/lines/{scene.sam}", {"status": 10})).status_code
    assert 403 == (await ines.send(f"{scene.roster}/changes", [("enrollment_id", scene.sam), ("status", 10)])).status_code


async def test_an_enrollment_of_another_class_is_not_in_this_one(database: Database) -> None:
    scene = await set_scene(database)
    elsewhere = await enroll(database, class_id=await add_class(database, scene.cast), user_id=scene.cast.sue_id)

    for path in ("", "/completion"):
        assert 404 == (await scene.carla.send(f"{scene.roster}/lines/{elsewhere}{path}", {"completion": 20})).status_code
    assert 404 == (await scene.carla.open(f"{scene.roster}/lines/{elsewhere}")).status_code
    assert "Why no other status" not in (await scene.carla.open(f"{scene.roster}?change={elsewhere}")).text
    await (await instructor(scene)).send(f"{scene.roster}/completions", [("enrollment_id", elsewhere), ("completion", 20)])
    assert CompletionStatus.UNKNOWN is (await see(database, elsewhere)).completion
