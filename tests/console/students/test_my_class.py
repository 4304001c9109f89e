"""What students do in a class by themselves, and what they are told of it."""

import re

import pytest

from rollbook.database.transaction import Database
from rollbook.enrollments.queries.sight import find_enrollment
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import NOBODY, enroll
from tests.console.front_of_console import Browser, FrontOfConsole, text_of
from tests.console.students.campus import WARNING, Campus
from tests.roster import CANCELLED, DENIED, ENROLLED, REQUESTED, WAITLISTED


@pytest.fixture
def console(campus_database: Database) -> FrontOfConsole:
    return FrontOfConsole(campus_database)


@pytest.fixture
def sam(console: FrontOfConsole, campus: Campus) -> Browser:
    return console.browser(campus.secrets["sam"])


async def standing(database: Database, campus: Campus, name: str, who: str = "sam") -> EnrollmentStatus | None:
    stored = await database.read(find_enrollment, viewer=campus.cast.ada.viewer, class_id=campus.classes[name], user_id=campus.people[who])
    return stored.status if stored else None


def acts_in(text: str) -> list[str]:
    return re.findall(r'name="act" value="(\w+)"', text)


@pytest.mark.parametrize(
    "case",
    [
        ("open", ["enroll"], False, "You are not in this class."),
        ("full", ["waitlist"], False, "This class is full. You can wait for a place."),
        ("restricted", ["request"], False, "You are not in this class."),
        ("waited", [], True, "All places of this class are taken. Somebody has to leave, or the class has to become larger."),
        ("asked", [], True, "A coordinator enrolls the students of this class."),
        ("approved", ["enroll"], True, "You may come, but you have no place yet. Take it now."),
        ("next", [], True, "You have a place. Come to the next meeting:"),
        ("today", [], False, "You have a place. It meets now:"),
        ("past", [], False, "This class is over. Complete"),
    ],
)
async def test_a_class_tells_where_one_stands_and_what_one_can_do(
    campus_database: Database, sam: Browser, campus: Campus, case: tuple[str, list[str], bool, str]
) -> None:
    name, act, cancels, said = case
    page = await sam.open(f"/my/classes/{campus.classes[name]}")

    assert page.status_code == 200
    assert acts_in(page.text) == act
    assert (f'href="/my/classes/{campus.classes[name]}/cancel"' in page.text) is cancels
    assert said in text_of(page)


async def test_a_class_tells_where_and_when_it_is_and_the_link_to_whoever_is_enrolled(
    campus_database: Database, sam: Browser, console: FrontOfConsole, campus: Campus
) -> None:
    sue = console.browser(campus.secrets["sue"])
    inside, outside = [await browser.open(f"/my/classes/{campus.classes['next']}") for browser in (sam, sue)]
    today = await sam.open(f"/my/classes/{campus.classes['today']}")
    described = await sam.open(f"/my/classes/{campus.classes['open']}")

    assert 'href="https://meet.example.com/next"' in inside.text
    assert "meet.example.com" not in outside.text
    assert "Workshop 1 Main Street, Albany" in text_of(today)
    assert "Bring &lt;b&gt;gloves&lt;/b&gt;." in described.text


async def test_an_address_that_is_none_of_the_web_is_no_link(campus_database: Database, sam: Browser, campus: Campus) -> None:
    await sam.send(f"/my/classes/{campus.classes['baking']}", {"act": "enroll"})

    page = await sam.open(f"/my/classes/{campus.classes['baking']}")

    assert "Online: javascript:alert(1)" in text_of(page)
    assert 'href="javascript' not in page.text


@pytest.mark.parametrize("name", ["foreign", "nothing"])
async def test_a_class_of_others_is_not_there(campus_database: Database, sam: Browser, campus: Campus, name: str) -> None:
    class_id = campus.classes.get(name, NOBODY)

    answers = [await sam.open(f"/my/classes/{class_id}{path}") for path in ("", "/cancel")]
    answers += [await sam.send(f"/my/classes/{class_id}", {"act": act}) for act in ("enroll", "request", "")]
    answers.append(await sam.send(f"/my/classes/{class_id}/cancel"))

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    "case",
    [
        ("open", "enroll", ENROLLED, "You are enrolled."),
        ("open", "request", REQUESTED, "You have asked for a place."),
        ("full", "waitlist", WAITLISTED, "You are on the waitlist, at position 2."),
        ("full", "enroll", WAITLISTED, "so that you wait too, at position 2."),
        ("approved", "enroll", ENROLLED, "You are enrolled."),
        ("open", "dance", None, "Act must be request, waitlist or enroll; correct it."),
        ("restricted", "enroll", None, "This class takes only students who were approved."),
        ("today", "request", ENROLLED, "You cannot do that by yourself as you stand in this class now."),
    ],
)
async def test_a_student_enters_a_class_and_is_told_what_became_of_it(
    campus_database: Database, sam: Browser, campus: Campus, case: tuple[str, str, EnrollmentStatus | None, str]
) -> None:
    name, act, becomes, said = case
    page = await sam.send(f"/my/classes/{campus.classes[name]}", {"act": act}, follow=True)

    assert said in text_of(page)
    assert await standing(campus_database, campus, name) is becomes


async def test_who_may_only_ask_asks(campus_database: Database, console: FrontOfConsole, campus: Campus) -> None:
    sue = console.browser(campus.secrets["sue"])
    address = f"/my/classes/{campus.classes['open']}"

    assert acts_in((await sue.open(address)).text) == ["request"]
    refused = await sue.send(address, {"act": "enroll"}, follow=True)
    assert "Your account may ask for places, but not enroll by itself." in text_of(refused)
    assert await standing(campus_database, campus, "open", "sue") is None
    await sue.send(address, {"act": "request"})
    assert await standing(campus_database, campus, "open", "sue") is REQUESTED


async def test_a_late_cancellation_warns_before_it_is_made(campus_database: Database, sam: Browser, campus: Campus) -> None:
    address = f"/my/classes/{campus.classes['next']}/cancel"

    asked = await sam.open(address)
    assert "This cancellation is late." in text_of(asked)
    assert WARNING in text_of(asked)
    assert await standing(campus_database, campus, "next") is ENROLLED

    done = await sam.send(address, follow=True)
    assert "You have cancelled." in text_of(done)
    assert WARNING in text_of(done)
    assert "The cancellation counts as late." in text_of(done)
    assert await standing(campus_database, campus, "next") is CANCELLED
    assert acts_in(done.text) == ["enroll"]


@pytest.mark.parametrize(
    "name, heading", [("waited", "Leave the line?"), ("asked", "Withdraw your request?"), ("approved", "Give up your place?")]
)
async def test_a_cancellation_in_time_does_not_warn(
    campus_database: Database, sam: Browser, campus: Campus, name: str, heading: str
) -> None:
    address = f"/my/classes/{campus.classes[name]}/cancel"

    asked = text_of(await sam.open(address))
    assert heading in asked
    assert "late" not in asked
    assert "late" not in text_of(await sam.send(address, follow=True))
    assert await standing(campus_database, campus, name) is CANCELLED


async def test_who_cannot_leave_alone_is_told_whom_to_ask(campus_database: Database, sam: Browser, campus: Campus) -> None:
    address = f"/my/classes/{campus.classes['today']}/cancel"

    asked, refused = await sam.open(address), await sam.send(address, follow=True)

    for page in (asked, refused):
        assert "The class has started, so that you can no longer cancel by yourself. Ask your training coordinator." in text_of(page)
    assert '<button class="danger big">' not in asked.text
    assert await standing(campus_database, campus, "today") is ENROLLED


async def test_there_is_nothing_to_cancel_where_one_is_not_in_a_class(campus_database: Database, sam: Browser, campus: Campus) -> None:
    page = await sam.open(f"/my/classes/{campus.classes['open']}/cancel")

    assert "there is nothing to cancel" in text_of(page)


async def test_who_was_denied_is_told_so(campus_database: Database, console: FrontOfConsole, campus: Campus) -> None:
    sue = console.browser(campus.secrets["sue"])
    await enroll(campus_database, class_id=campus.classes["full"], user_id=campus.people["sue"], status=DENIED)

    page = await sue.open(f"/my/classes/{campus.classes['full']}")

    assert "Your request was denied." in text_of(page)
    assert acts_in(page.text) == []
    refused = await sue.send(f"/my/classes/{campus.classes['full']}", {"act": "request"}, follow=True)
    assert "You cannot do that by yourself" in text_of(refused)
