"""What students see of their training, what was, and what they can choose."""

import re
from datetime import UTC, datetime

import pytest

from rollbook import clock
from rollbook.database.transaction import Database
from tests.cast import DAY, MAY, add_class, add_course, enroll, meeting
from tests.console.front_of_console import Browser, FrontOfConsole, text_of
from tests.console.students.campus import Campus
from tests.roster import LONG_AGO, prefer


@pytest.fixture
def console(campus_database: Database) -> FrontOfConsole:
    return FrontOfConsole(campus_database)


@pytest.fixture
def sam(campus_database: Database, console: FrontOfConsole, campus: Campus) -> Browser:
    return console.browser(campus.secrets["sam"])


def headings_of(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r"<h2[^>]*>(.*?)</h2>", text, re.DOTALL)]


async def test_training_is_told_by_what_it_is_now(campus_database: Database, sam: Browser) -> None:
    page = await sam.open("/my/training")

    assert headings_of(page.text) == ["Now", "Next", "Waiting for a place", "Asked for", "Approved"]
    names = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page.text)
    assert names == ["Running welding", "Welding today", "Next welding", "Awaited welding", "Requested welding", "Approved welding"]


async def test_training_tells_where_it_is_and_how_far_one_is_in_the_line(campus_database: Database, sam: Browser) -> None:
    page = await sam.open("/my/training")
    text = text_of(page)

    assert "Workshop 1 Main Street, Albany" in text
    assert 'href="https://meet.example.com/next"' in page.text
    assert "2nd in the line 1 person comes before you." in text
    assert "CET" in text or "CEST" in text


async def test_who_is_in_nothing_is_led_to_the_schedule(campus_database: Database, console: FrontOfConsole, campus: Campus) -> None:
    sue = console.browser(campus.secrets["sue"])

    training, transcript = await sue.open("/my/training"), await sue.open("/my/transcript")

    assert "You are in no class at the moment." in text_of(training)
    assert "You have attended no class yet." in text_of(transcript)
    assert all('href="/schedule"' in page.text for page in (training, transcript))


@pytest.mark.parametrize("path", ["/my/training", "/my/transcript", "/schedule", "/my/classes/{class_id}", "/my/classes/{class_id}/cancel"])
async def test_students_pages_are_for_students(campus_database: Database, console: FrontOfConsole, campus: Campus, path: str) -> None:
    asked = path.format(class_id=campus.classes["open"])

    assert (await console.browser(campus.secrets["rita"]).open(asked)).status_code == 403
    assert (await console.browser().open(asked)).headers["location"].startswith("/sign-in")


async def test_a_transcript_tells_what_became_of_each_class(campus_database: Database, sam: Browser) -> None:
    page = await sam.open("/my/transcript")

    rows = [text_of_row(row) for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)[1:]]
    assert [row.split()[0] for row in rows] == ["Welding", "Running", "Past"]
    assert rows[-1].endswith("Complete 16 92")
    assert "Next welding" not in page.text


def text_of_row(row: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


async def test_a_long_transcript_is_read_on(campus_database: Database, campus: Campus, console: FrontOfConsole) -> None:
    await prefer(campus_database, campus.cast, student_conflicts="allow")
    course_id = await add_course(campus_database, campus.cast)
    for number in range(51):
        class_id = await add_class(
            campus_database, campus.cast, course_id=course_id, name=f"Old {number}", meetings=(meeting(LONG_AGO - number * DAY),)
        )
        await enroll(campus_database, class_id=class_id, user_id=campus.people["sue"])
    sue = console.browser(campus.secrets["sue"])

    first = await sue.open("/my/transcript")
    further = re.findall(r'href="([^"]*behind=[^"]*)"', first.text)
    second = await sue.open(further[0])

    assert "Old 49<" in first.text
    assert "Old 50<" not in first.text
    assert "Old 50<" in second.text
    assert 'href="/my/transcript">From the beginning' in second.text
    assert (await sue.open("/my/transcript?behind=elsewhere")).status_code == 422


async def test_the_schedule_offers_each_class_with_the_button_that_fits(campus_database: Database, sam: Browser, campus: Campus) -> None:
    page = await sam.open("/schedule")

    offered = dict(re.findall(r'<h2><a href="/my/classes/\d+">(.*?)</a></h2>(.*?)</li>', page.text, re.DOTALL))
    acts = {name: re.findall(r'name="act" value="(\w+)"', found) for name, found in offered.items()}
    assert acts == {
        "Next welding": [],
        "Open welding": ["enroll"],
        "Full welding": ["waitlist"],
        "Awaited welding": [],
        "Requested welding": [],
        "Approved welding": ["enroll"],
        "Restricted welding": ["request"],
        "Bread": ["enroll"],
    }
    assert "1 person waits" in text_of(page)
    assert "Elsewhere" not in page.text


async def test_the_schedule_is_searched_by_words_course_day_and_place(campus_database: Database, sam: Browser) -> None:
    day = datetime.fromtimestamp(clock.now() + 17 * DAY, UTC).date()

    async def found(query: str) -> list[str]:
        page = await sam.open(f"/schedule?{query}")
        return re.findall(r'<h2><a href="/my/classes/\d+">(.*?)</a></h2>', page.text)

    assert await found("q=OPEN+weld") == ["Open welding"]
    assert await found("where=online") == ["Next welding", "Bread"]
    assert "Bread" not in await found("where=room")
    assert await found(f"from={day.isoformat()}") == ["Restricted welding", "Bread"]
    courses = (await sam.open("/schedule")).text
    baking = re.findall(r'<option value="(\d+)">Baking</option>', courses)[0]
    assert await found(f"course={baking}") == ["Bread"]
    nothing = await sam.open("/schedule?q=nothing")
    assert "No class fits." in text_of(nothing)
    for unreadable in ("from=tomorrow", "from=1066-10-14", "course=welding", "behind=1"):
        assert (await sam.open(f"/schedule?{unreadable}")).status_code == 422


async def test_a_long_schedule_is_read_on_with_what_was_asked(campus_database: Database, campus: Campus, sam: Browser) -> None:
    course_id = await add_course(campus_database, campus.cast, name="Gardening")
    for number in range(27):
        meetings = () if number == 26 else (meeting(MAY + number * DAY),)
        await add_class(campus_database, campus.cast, course_id=course_id, name=f"Garden {number}", meetings=meetings)

    first = await sam.open("/schedule?q=garden")
    further = re.findall(r'href="([^"]*behind=[^"]*)"', first.text)[0].replace("&amp;", "&")
    second = await sam.open(further)
    last = await sam.open(f"/schedule?q=garden&behind=none.{2_000_000_000}")

    assert "Garden 24<" in first.text
    assert "Garden 25<" not in first.text
    assert re.findall(r">(Garden \d+)</a></h2>", second.text) == ["Garden 25", "Garden 26"]
    assert 'href="/schedule?q=garden">From the beginning' in second.text
    assert "There are no more classes." in text_of(last)


async def test_an_organization_that_offers_nothing_says_what_happens_next(
    campus_database: Database, console: FrontOfConsole, campus: Campus
) -> None:
    olga = console.browser(campus.secrets["olga"])
    page = await olga.open("/schedule?from=2098-01-01")

    assert "No class fits." in text_of(page)
    assert "Elsewhere" in (await olga.open("/schedule")).text
    assert "welding" not in (await olga.open("/schedule")).text
