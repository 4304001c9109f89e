"""Making classes in a browser without scripts."""

import httpx
import pytest

from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.organizations.actions.preferences import set_preference
from tests.cast import TESTS, add_course, meeting
from tests.console.filled_form import FilledForm
from tests.console.front_of_console import text_of
from tests.console.training_place import Place, at, opened

NEW = "/classes/new"


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


async def test_a_class_is_made_with_all_that_the_form_says(database: Database) -> None:
    place = await Place(database).open()
    form = await opened(place, NEW)

    answer = await place.carl.send(
        NEW,
        form.having(
            ("course_id", place.course_id),
            ("time_zone", "Europe/Berlin"),
            ("meeting_count", 2),
            ("meeting_date_0", "2027-01-11"),
            ("meeting_start_0", "09:00"),
            ("meeting_end_0", "17:00"),
            ("meeting_date_1", "2027-01-12"),
            ("meeting_start_1", "22:00"),
            ("meeting_end_1", "02:00"),
            ("meeting_until_1", "2027-01-13"),
            ("delivery", 3),
            ("classroom_ids", place.room_id),
            ("instructor_ids", place.ruth_id),
            ("instructor_ids", place.cast.ivan_id),
            ("main_instructor_ids", place.cast.ivan_id),
            ("minimum", 2),
            ("maximum", 8),
            ("is_public", 1),
            ("requires_approval", 1),
            ("note", "Line one\r\nLine two"),
            ("save", 1),
        ),
    )

    assert 303 == answer.status_code
    made = await place.see(int(answer.headers["location"].rpartition("/")[2]))
    row = made.row
    assert ("Crane Signals", ClassStatus.SCHEDULED, Delivery.MIXED, 2, 8) == (row.name, row.status, row.delivery, row.minimum, row.maximum)
    assert ("Europe/Berlin", True, True, False) == (row.time_zone_iana, row.is_public, row.requires_approval, row.allow_self_enrollment)
    assert "Line one\nLine two" == row.note
    assert ((place.ruth_id, place.cast.ivan_id), place.cast.ivan_id) == (made.instructor_ids, row.primary_instructor_id)
    assert (
        Meeting(starts_at=at("2027-01-11T08:00"), ends_at=at("2027-01-11T16:00")),
        Meeting(starts_at=at("2027-01-12T21:00"), ends_at=at("2027-01-13T01:00")),
    ) == made.meetings
    assert "The class is made." in text_of(await place.carl.open(answer.headers["location"]))


async def test_a_new_class_begins_with_what_its_organization_prefers(database: Database) -> None:
    place = await Place(database).open()
    await database.write(set_preference, actor=TESTS, organization_id=place.cast.organization_id, name="default_maximum", text="14")

    form = await opened(place, NEW)
    chosen = FilledForm(await place.carl.open(f"{NEW}?course_id={place.course_id}"), NEW)

    assert ("14", "0", "1") == (form.value("maximum"), form.value("status"), form.value("delivery"))
    assert str(place.course_id) == chosen.value("course_id")


async def test_rows_are_added_and_taken_out_by_buttons_and_nothing_is_saved(database: Database) -> None:
    place = await Place(database).open()
    form = await opened(place, NEW)
    entered = {"name": "Kept", "meeting_date_0": "2027-01-31", "meeting_start_0": "09:00", "meeting_end_0": "12:00"}

    added = FilledForm(await place.carl.send(NEW, form.and_button("add_meeting", **entered)), NEW)
    assert ("2", "Kept") == (added.value("meeting_count"), added.value("name"))
    assert ("2027-02-01", "09:00", "12:00") == tuple(added.value(f"meeting_{field}_1") for field in ("date", "start", "end"))

    taken = FilledForm(await place.carl.send(NEW, added.and_button("remove_meeting")), NEW)
    assert ("1", "2027-02-01") == (taken.value("meeting_count"), taken.value("meeting_date_0"))
    assert await place.carl.open("/classes/1") is not None
    assert 404 == (await place.carl.open("/classes/1")).status_code


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"course_id": ""}, "Choose a course."),
        ({"minimum": "many"}, "Minimum must be a whole number"),
        ({"maximum": "-1"}, "Maximum must be a whole number"),
        ({"external_id": "x" * 256}, "at most 255 characters"),
        ({"meeting_date_0": "2027-01-11"}, "Give a date such as 2027-01-31 and a time such as 09:00."),
        ({"meeting_date_0": "2027-01-11", "meeting_start_0": "12:00", "meeting_end_0": "09:00"}, "It ends before it begins."),
        (
            {"meeting_date_0": "2027-03-28", "meeting_start_0": "02:30", "meeting_end_0": "09:00"},
            "on 2027-03-28 there is no 02:30 in Europe/Berlin",
        ),
        ({"meeting_date_0": "9999-12-31", "meeting_start_0": "12:00", "meeting_end_0": "13:00"}, "between 1970 and 9999"),
        ({"meeting_date_0": "0001-01-01", "meeting_start_0": "12:00", "meeting_end_0": "13:00"}, "between 1970 and 9999"),
        ({"time_zone": "Middle/Earth"}, "'Middle/Earth' is not a time zone"),
        ({"delivery": "9"}, "Choose one of these."),
        ({"status": ""}, "This is needed."),
        ({"classroom_ids": "99"}, "There is no classroom 99"),
        ({"organization_id": "2"}, "There is no organization 2"),
    ],
)
async def test_what_is_wrong_is_told_beside_the_field_and_what_was_entered_is_kept(
    database: Database, given: dict[str, str], sentence: str
) -> None:
    place = await Place(database).open()
    form = await opened(place, NEW)
    values = {"course_id": place.course_id, "time_zone": "Europe/Berlin", "name": "Kept", **given}

    answer = await place.carl.send(NEW, form.having(*values.items(), ("save", 1)))

    assert 422 == answer.status_code
    assert sentence in text_of(answer)
    assert "Kept" == FilledForm(answer, NEW).value("name")
    assert 404 == (await place.carl.open("/classes/1")).status_code


async def test_overlapping_meetings_are_told_in_local_time(database: Database) -> None:
    place = await Place(database).open()
    form = await opened(place, NEW)
    rows = [
        pair
        for number, start in enumerate(("09:00", "10:00"))
        for pair in ((f"meeting_date_{number}", "2027-01-11"), (f"meeting_start_{number}", start), (f"meeting_end_{number}", "12:00"))
    ]

    answer = await place.carl.send(
        NEW, form.having(("course_id", place.course_id), ("time_zone", "Europe/Berlin"), ("meeting_count", 2), *rows, ("save", 1))
    )

    assert 422 == answer.status_code
    assert "The meeting Mon 11 Jan 2027, 09:00-12:00 overlaps the one Mon 11 Jan 2027, 10:00-12:00." in plain(answer)


def plain(answer: httpx.Response) -> str:
    return text_of(answer).replace("\N{EN DASH}", "-")


async def test_a_time_that_comes_twice_is_asked_about(database: Database) -> None:
    place = await Place(database).open()
    form = await opened(place, NEW)
    entered: list[tuple[str, object]] = [
        ("course_id", place.course_id),
        ("time_zone", "Europe/Berlin"),
        ("meeting_date_0", "2026-10-25"),
        ("meeting_start_0", "02:30"),
        ("meeting_end_0", "04:00"),
    ]

    asked = await place.carl.send(NEW, form.having(*entered, ("save", 1)))
    assert "the first time is meant" in text_of(asked)
    second = await place.carl.send(NEW, FilledForm(asked, NEW).having(("meeting_second_0", 1), ("save", 1)))
    assert "the second time is meant" in text_of(second)
    answer = await place.carl.send(NEW, FilledForm(second, NEW).and_button("accepted"))

    (met,) = (await place.see(int(answer.headers["location"].rpartition("/")[2]))).meetings
    assert Meeting(starts_at=at("2026-10-25T01:30"), ends_at=at("2026-10-25T03:00")) == met


async def test_warnings_are_told_before_they_are_accepted(database: Database) -> None:
    place = await Place(database).open()
    other_id = await place.add_class(meetings=(meeting(at("2027-01-11T08:00"), hours=2),), name="Signals")
    form = await opened(place, NEW)
    values = form.having(
        ("course_id", place.course_id),
        ("time_zone", "Europe/Berlin"),
        ("classroom_ids", place.room_id),
        ("meeting_date_0", "2027-01-11"),
        ("meeting_start_0", "10:00"),
        ("meeting_end_0", "12:00"),
        ("save", 1),
    )

    asked = await place.carl.send(NEW, values)
    assert 200 == asked.status_code
    assert f"The room Dock Lab is wanted by class {other_id}, Signals too, during the meeting Mon 11 Jan 2027, 10:00-12:00." in plain(asked)
    again = FilledForm(asked, NEW)
    # Who accepts one thing has not accepted another.
    other = await place.carl.send(
        NEW, [*again.having(("minimum", 9), ("maximum", 8)), *[pair for pair in again.buttons if pair[0] == "accepted"]]
    )
    assert "the minimum of 9 students is above the maximum of 8" in text_of(other).lower()

    answer = await place.carl.send(NEW, again.and_button("accepted"))
    assert 303 == answer.status_code


async def test_of_many_courses_one_searches_without_a_script(database: Database) -> None:
    place = await Place(database).open()
    for number in range(21):
        await add_course(database, place.cast, name=f"Welding {number:02}")
    form = await opened(place, NEW)
    assert not any(name == "course_id" for name, _ in form.pairs)

    found = await place.carl.send(NEW, [*form.having(("course_id_search", "crane"), ("name", "Kept")), ("look", "course_id")])
    assert 'name="course_id" value="' in found.text
    assert "Crane Signals" in text_of(found)
    assert "Kept" == FilledForm(found, NEW).value("name")
    nothing = await place.carl.send(NEW, [*form.having(("course_id_search", "zebra")), ("look", "course_id")])
    assert "Nothing was found by" in text_of(nothing)


@pytest.mark.parametrize(
    "given",
    [
        {"meeting_count": "9" * 5_000},
        {"meeting_count": "many"},
        {"remove_meeting": "9" * 5_000},
        {"version": "x"},
        {"course_id": "x"},
        {"name": "\x00"},
        {"meeting_was_0": "9-99999999999999", "meeting_date_0": "1970-01-01"},
        {"meeting_was_0": f"{253_402_300_000}-{999_999_999_999}", "meeting_date_0": "9999-12-30", "meeting_start_0": "23:59"},
    ],
)
async def test_a_form_that_no_browser_sends_makes_no_class(database: Database, given: dict[str, str]) -> None:
    place = await Place(database).open()
    form = await opened(place, NEW)
    values = {"course_id": place.course_id, "status": "5" if "version" in given else "0", **given}

    answer = await place.carl.send(NEW, form.having(*values.items(), ("maximum", "-5"), ("save", 1)))

    assert answer.status_code in {200, 422}
    assert 404 == (await place.carl.open("/classes/1")).status_code
