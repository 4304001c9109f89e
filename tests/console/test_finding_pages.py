import csv
import re
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from rollbook import clock
from rollbook.access.actor import EVERYTHING
from rollbook.classes.details import ClassChanges
from rollbook.console import list_address, times
from rollbook.console.pages import finding_classes, finding_enrollments, people
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.queries import listing_enrollments
from rollbook.people.queries.users import get_user
from tests.cast import DAY, TESTS, add_user, enroll
from tests.console.center import Center, Role
from tests.console.front_of_console import Browser, FrontOfConsole, text_of

MODULES = {"/classes": finding_classes, "/enrollments": finding_enrollments, "/people": people}


@pytest.fixture
def database(center_file: Path) -> Database:
    return open_database(f"sqlite:///{center_file}")


@pytest.fixture
def console(database: Database) -> FrontOfConsole:
    return FrontOfConsole(database)


@pytest.fixture
def coordinator(console: FrontOfConsole, center: Center) -> Browser:
    return console.browser(center.secrets[Role.COORDINATOR])


def classes_on(answer: httpx.Response) -> list[int]:
    """Give the classes of a list, in their order."""
    assert 200 == answer.status_code
    return [int(number) for number in re.findall(r'<th scope="row"><a href="/classes/(\d+)"', answer.text)]


def students_on(answer: httpx.Response) -> list[str]:
    """Give the first names of a list of enrollments, in their order."""
    assert 200 == answer.status_code
    return re.findall(r'<th scope="row">(?:<a href="/people/\d+">)?<bdi>.*?</bdi>, <bdi>(.*?)</bdi>', answer.text)


def cells(answer: httpx.Response) -> list[list[str]]:
    """Give the cells of a file."""
    assert (200, "text/csv; charset=utf-8") == (answer.status_code, answer.headers["content-type"].lower())
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))


def day_of(seconds: int) -> str:
    return times.machine_time(seconds)[:10]


async def organization_of(database: Database, user_id: int) -> int:
    return (await database.read(get_user, viewer=EVERYTHING, user_id=user_id)).organization_id


async def test_each_filter_of_classes_leaves_what_it_says(coordinator: Browser, database: Database, center: Center) -> None:
    today, coming, open_class, past = center.own["class_id"], center.coming_class_id, center.open_class_id, center.past_class_id
    instructor, other = center.people[Role.INSTRUCTOR], center.people[Role.OTHER_INSTRUCTOR]
    now = clock.now()

    for expected, query in (
        ([today, coming, open_class], ""),
        ([past, today, coming, open_class], "?when=any"),
        ([open_class, coming, today, past], "?when=any&sort=-starts"),
        ([past], "?when=ended"),
        ([today], "?when=now"),
        ([coming], "?words=COMING"),
        ([today, coming, open_class], "?words=course"),
        ([coming, open_class], f"?from={day_of(now + 3 * DAY)}"),
        ([past], f"?until={day_of(now - 3 * DAY)}"),
        ([], f"?until={day_of(now - 3 * DAY)}&when=open"),
        ([today, coming], f"?instructor_id={instructor}"),
        ([open_class], f"?instructor_id={other}"),
        ([today, coming, open_class], f"?classroom_id={center.own['classroom_id']}"),
        ([today], "?below_minimum=1"),
        ([coming], "?full=1"),
        ([], "?status=2&status=4"),
        ([today, coming, open_class], "?status=0&status=4"),
        ([], "?delivery=1"),
        ([today, coming, open_class], "?delivery=3"),
    ):
        assert expected == classes_on(await coordinator.open(f"/classes{query}")), query


async def test_each_filter_of_enrollments_leaves_what_it_says(coordinator: Browser, database: Database, center: Center) -> None:
    today, coming = center.own["class_id"], center.coming_class_id
    now = clock.now()
    of_today = ["Student", "student0", "student1", "student2", "student3", "student4", "student5"]
    of_coming = ["student0", "student1", "student2", "Student", "student3"]

    for expected, query in (
        (of_coming, ""),
        (of_coming, "?when=future"),
        (of_today, "?when=now"),
        (["Student"], "?when=past"),
        (["Student", *of_today, *of_coming], "?when=any"),
        (of_coming, f"?from={day_of(now + 3 * DAY)}"),
        (["Student"], f"?until={day_of(now - 3 * DAY)}"),
        ([], f"?until={day_of(now - 3 * DAY)}&when=future"),
        ([], f"?from={day_of(now + 3 * DAY)}&when=now"),
        (of_today, f"?class_id={today}"),
        (["student2", "student2"], "?student=student2%40EXAMPLE&when=any"),
        (["Student"] * 3, f"?person_id={center.own['user_id']}"),
        (of_coming, "?class_name=coming&when=any"),
        (["student0", "student1"], "?status=60"),
        (["Student", "student1", "student2", "student2"], "?status=10&status=20&when=any&sort=student&class_name=o"),
        ([], "?completion=20&when=any"),
        (of_coming, "?completion=0"),
        (of_coming, f"?company_id={center.own['company_id']}"),
        ([], "?late=1&when=any"),
        (of_coming, f"?created_from={day_of(now - 2 * DAY)}"),
        ([], f"?created_from={day_of(now + 2 * DAY)}"),
    ):
        found = students_on(await coordinator.open(f"/enrollments{query}"))
        assert sorted(expected) == sorted(found), query
    assert classes_on(await coordinator.open("/classes?when=now")) == [today]
    assert len(of_coming) == len(students_on(await coordinator.open(f"/enrollments?class_id={coming}")))


async def test_what_others_have_is_no_filter(coordinator: Browser, database: Database, center: Center) -> None:
    theirs = center.foreign
    for address in (
        f"/classes?instructor_id={theirs['user_id']}",
        f"/classes?classroom_id={theirs['classroom_id']}",
        f"/classes?organization_id={await organization_of(database, theirs['user_id'])}",
        f"/enrollments?class_id={theirs['class_id']}",
        f"/enrollments?person_id={theirs['user_id']}",
        f"/enrollments?company_id={theirs['company_id']}",
        f"/enrollments.csv?company_id={theirs['company_id']}",
        f"/people/{theirs['user_id']}",
    ):
        answer = await coordinator.open(address)
        assert (address, 404) == (address, answer.status_code)
        assert "Fabrikamonly" not in answer.text


async def test_a_value_that_cannot_be_read_is_told(coordinator: Browser, database: Database) -> None:
    for query in ("from=yesterday", "until=2026-13-01", "status=x", "instructor_id=0", f"words={'x' * 101}"):
        answer = await coordinator.open(f"/classes?{query}")
        assert (query, 422) == (query, answer.status_code)
    for query in ("from=0001-01-01", "until=9999-12-31"):
        assert 200 == (await coordinator.open(f"/enrollments?{query}")).status_code


async def test_each_filter_that_is_on_is_a_link_that_takes_it_away(coordinator: Browser, database: Database, center: Center) -> None:
    address = "/classes?words=o&status=0&status=1&delivery=3&below_minimum=1&when=any&sort=name"
    for filters in (5, 4, 3, 2, 1):
        page = await coordinator.open(address)
        chips = re.findall(r'<li><a href="([^"]+)"><span class="unseen">Take away the filter', page.text)
        assert filters == len(chips)
        address = chips[0].replace("&amp;", "&")
    assert "/classes?when=any&sort=name" == address
    assert "Take away the filter" not in (await coordinator.open(address)).text
    page = await coordinator.open("/classes")
    assert [("/classes?when=any", "Not ended yet")] == re.findall(
        r'<li><a href="([^"]+)"><span class="unseen">Take away the filter </span><bdi class="text">(.*?)<', page.text
    )


async def test_columns_and_order_stay_in_the_address_and_in_the_file(coordinator: Browser, database: Database, center: Center) -> None:
    page = await coordinator.open("/classes?when=any&columns=name&columns=enrolled&columns=zone&sort=-name")

    heads = re.findall(r'<th scope="col".*?>(.*?)</th>', page.text)
    assert ["Class", "Time zone", "Enrolled"] == [re.sub(r"<[^>]+>", "", head).rstrip(" ▾▴") for head in heads]
    assert 'aria-sort="descending"' in page.text
    assert "/classes?when=any&amp;columns=name&amp;columns=enrolled&amp;columns=zone&amp;sort=name" in page.text
    file = cells(await coordinator.open("/classes.csv?when=any&columns=name&columns=enrolled&columns=zone&sort=-name"))
    assert ["Class", "Time zone", "Enrolled"] == file[0]
    assert ["Today", "Past", "Open", "Coming"] == [row[0].split()[0] for row in file[1:]]
    assert ["1", "1", "0", "2"] == [row[2] for row in file[1:]]


async def test_a_file_has_so_many_rows_and_no_formula(
    coordinator: Browser, database: Database, center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(
        update_class, actor=TESTS, class_id=center.past_class_id, changes=ClassChanges(name='=HYPERLINK("http://evil.example")')
    )

    whole = await coordinator.open("/classes.csv?when=any&columns=name&sort=name")
    monkeypatch.setattr(finding_classes, "MOST_ROWS", 2)
    part = await coordinator.open("/classes.csv?when=any&columns=name&sort=name")

    assert ['\'=HYPERLINK("http://evil.example")'] == cells(whole)[1]
    assert 5 == len(cells(whole))
    assert cells(whole)[:3] == cells(part)


async def test_where_there_are_very_many_the_page_says_what_it_does_not_show(
    coordinator: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_enrollments, "MANY", 4)
    monkeypatch.setattr(finding_enrollments, "FARTHEST", 4)
    monkeypatch.setattr(finding_enrollments, "PAGE_SIZE", 2)
    monkeypatch.setattr(list_address, "PAGE_SIZE", 2)

    said = text_of(await coordinator.open("/enrollments?when=any&page=2"))

    assert "4 enrollments or more" in said
    assert "Page 2 of 2 that can be paged through; more filters find the others" in said
    assert "Save as CSV, 50,000 rows at most" in said


@pytest.mark.parametrize("noun", ["classes", "enrollments"])
async def test_every_column_can_be_shown_saved_and_sorted_by(coordinator: Browser, database: Database, noun: str) -> None:
    columns = MODULES[f"/{noun}"].COLUMNS
    chosen = "&".join(f"columns={column.name}" for column in columns)
    page = await coordinator.open(f"/{noun}?when=any&{chosen}")
    file = cells(await coordinator.open(f"/{noun}.csv?when=any&{chosen}"))

    assert [column.heading for column in columns] == file[0]
    assert len(file) - 1 == page.text.count('<th scope="row">')
    for column in columns:
        if column.sort is None:
            continue
        up, down = [cells(await coordinator.open(f"/{noun}.csv?when=any&{chosen}&sort={sign}{column.sort}"))[1:] for sign in ("", "-")]
        assert sorted(up) == sorted(down)
        place = columns.index(column)
        values, backwards = [[row[place] for row in rows if row[place]] for rows in (up, down)]
        assert len(set(values)) <= 1 or values != backwards


@pytest.mark.parametrize("path", ["/classes", "/enrollments", "/people"])
async def test_pages_together_are_the_list(coordinator: Browser, database: Database, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    whole = re.findall(r'<th scope="row"><a href="(/[a-z]+/\d+)"', (await coordinator.open(f"{path}?when=any")).text)
    monkeypatch.setattr(MODULES[path], "PAGE_SIZE", 3)
    monkeypatch.setattr(list_address, "PAGE_SIZE", 3)

    found: list[str] = []
    address: str | None = f"{path}?when=any"
    while address:
        page = await coordinator.open(address)
        found += re.findall(r'<th scope="row"><a href="(/[a-z]+/\d+)"', page.text)
        onward = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = onward[1].replace("&amp;", "&") if onward else None

    assert whole == found
    assert len(whole) > 3
    beyond = await coordinator.open(f"{path}?when=any&page=50")
    assert "The list ends before this page" in beyond.text
    assert 'rel="prev"' in beyond.text


async def test_where_nothing_is_found_the_page_says_what_to_do(coordinator: Browser, database: Database) -> None:
    for address, said in (
        ("/classes?words=zzz", "No class meets these filters"),
        ("/enrollments?student=zzz", "No enrollment meets these filters"),
        ("/people?words=zzz", "Nobody is found"),
        ("/search?q=zzz", "Nothing is found"),
    ):
        assert said in text_of(await coordinator.open(address))
    assert [["Class"]] == cells(await coordinator.open("/classes.csv?words=zzz&columns=name"))


async def test_who_follows_a_company_sees_its_enrollments_and_nothing_else(
    console: FrontOfConsole, database: Database, center: Center
) -> None:
    outsider_id = await add_user(database, "Outsider", organization_id=1, role_ids=(1,))
    await enroll(database, class_id=center.open_class_id, user_id=outsider_id)
    follower = console.browser(center.secrets[Role.COMPANY_MANAGER])
    coordinator = console.browser(center.secrets[Role.COORDINATOR])

    everything = students_on(await coordinator.open("/enrollments?when=any"))
    page = await follower.open("/enrollments?when=any")

    assert "Outsider" in everything
    assert sorted(everything) == sorted([*students_on(page), "Outsider"])
    for query in ("class_name=open", f"person_id={outsider_id}&student=outsider", f"class_id={center.open_class_id}&class_name=open"):
        assert [] == students_on(await follower.open(f"/enrollments?when=any&{query}"))
    assert "Outsider" not in (await follower.open("/enrollments.csv?when=any")).text
    links = set(re.findall(r'href="(/(?:classes|people|enrollments)/[^"]*)"', page.text))
    assert set() == links
    assert 303 == (home := await follower.open("/home")).status_code
    assert "/enrollments" == home.headers["location"]


async def test_who_follows_no_company_is_told_so(console: FrontOfConsole, database: Database) -> None:
    lonely = await console.browser_of(await add_user(database, "Lonely", organization_id=1, role_ids=(11,)))
    manager = await console.browser_of(await add_user(database, "Manager", organization_id=1, role_ids=(10,)))

    refused = await lonely.open("/enrollments")
    assert (403, True) == (refused.status_code, "you belong to none" in refused.text)
    assert 403 == (await manager.open("/enrollments")).status_code
    assert '/enrollments"' not in (await lonely.open("/my/password")).text


async def test_a_person_shows_who_they_are_and_what_they_are_in(coordinator: Browser, database: Database, center: Center) -> None:
    page = await coordinator.open(f"/people/{center.own['user_id']}")
    said = text_of(page)

    assert "student@example.com" in said
    assert "Self Enrollment" in said
    present, transcript = page.text.split("<h2>Transcript</h2>")
    assert {center.own["class_id"], center.coming_class_id} == {int(number) for number in re.findall(r"/classes/(\d+)/roster", present)}
    assert {center.own["class_id"], center.past_class_id} == {int(number) for number in re.findall(r"/classes/(\d+)/roster", transcript)}
    assert "place 2 in the line" in said
    nobody = text_of(await coordinator.open(f"/people/{center.people[Role.DESK]}"))
    assert "In no class that is not over" in nobody
    assert "Nothing attended yet" in nobody


async def test_a_link_to_set_a_password_is_shown_once(
    console: FrontOfConsole, coordinator: Browser, database: Database, center: Center
) -> None:
    address = f"/people/{center.own['user_id']}"
    page = await coordinator.send(f"{address}/password-link")
    link = re.search(r'<code class="secret-link">(http://rollbook.test(/password/[^<]+))</code>', page.text)

    assert link is not None
    assert 200 == (await console.browser().open(link[2])).status_code
    assert link[2] not in (await coordinator.open(address)).text
    desk = await console.browser(center.secrets[Role.DESK]).open(address)
    assert "password-link" not in desk.text
    refused = await coordinator.send(f"/people/{center.people[Role.ADMINISTRATOR]}/password-link", follow=True)
    assert "you may not make a link" in text_of(refused).lower()


async def test_a_search_shows_each_kind_as_a_page_and_as_a_part(coordinator: Browser, database: Database, center: Center) -> None:
    page = await coordinator.open("/search?q=student%40example.com")
    part = await coordinator.open("/search?q=student%40example.com", fetched=True)

    assert "<html" in page.text
    assert "<html" not in part.text
    assert part.text.strip() in page.text
    assert f'href="/people/{center.own["user_id"]}"' in part.text
    assert f'href="/enrollments/{center.own["enrollment_id"]}"' in part.text
    assert f'href="/classes/{center.coming_class_id}/roster"' in (await coordinator.open("/search?q=coming")).text
    assert f'href="/people/{center.own["user_id"]}"' in (await coordinator.open(f"/search?q={center.own['user_id']}")).text
    assert "Type one letter more" in (await coordinator.open("/search?q=r")).text
    assert "Type a name" in (await coordinator.open("/search")).text


async def test_a_search_that_finds_many_leads_to_all_of_them(coordinator: Browser, database: Database, center: Center) -> None:
    page = await coordinator.open("/search?q=example.com")

    (link,) = re.findall(r'href="(/people\?[^"]+)"', page.text)
    assert "/people?words=example.com" == unquote(link)
    assert len(re.findall(r'<th scope="row"><a href="/people/', (await coordinator.open(link)).text)) > 10
