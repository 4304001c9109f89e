"""Cloning and cancelling classes in a browser without scripts."""

import pytest

from rollbook import clock
from rollbook.classes.details import ClassChanges
from rollbook.classes.statuses import ClassStatus
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, HOUR, TESTS, enroll, meeting
from tests.console.filled_form import FilledForm
from tests.console.front_of_console import text_of
from tests.console.training_place import Place, at, opened


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


async def test_a_clone_meets_at_the_same_hours_on_other_days(database: Database) -> None:
    place = await Place(database).open()
    meetings = (meeting(at("2027-03-22T08:00"), hours=2), meeting(at("2027-03-23T08:00"), hours=2))
    class_id = await place.add_class(meetings=meetings, note="Old", external_id="X")
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    address = f"/classes/{class_id}/clone"
    form = await opened(place, address)
    assert ("2027-03-29", "09:00") == (form.value("date"), form.value("start"))

    # The clocks have been put forward in between.
    answer = await place.carl.send(address, form.and_button("save", date="2027-03-29", start="09:00"))

    made = await place.see(int(answer.headers["location"].rpartition("/")[2]))
    assert [at("2027-03-29T07:00"), at("2027-03-30T07:00")] == [each.starts_at for each in made.meetings]
    assert (None, None, (place.room_id,)) == (made.row.note, made.row.external_id, made.classroom_ids)
    assert "without its students" in text_of(await place.carl.open(answer.headers["location"]))


async def test_a_clone_that_clashes_or_lies_in_the_past_is_asked_about(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(meetings=(meeting(at("2027-01-11T08:00"), hours=2),))
    address = f"/classes/{class_id}/clone"
    form = await opened(place, address)

    clashing = await place.carl.send(address, form.and_button("save", date="2027-01-11", start="10:00"))
    assert "Dock Lab is wanted by class" in text_of(clashing)
    past = await place.carl.send(address, form.and_button("save", date="2020-01-06", start="10:00"))
    assert "It begins in the past, Mon 6 Jan 2020, 10:00." in text_of(past)

    answer = await place.carl.send(address, [*FilledForm(past, address).and_button("accepted")])
    assert [at("2020-01-06T09:00")] == [
        each.starts_at for each in (await place.see(int(answer.headers["location"].rpartition("/")[2]))).meetings
    ]


@pytest.mark.parametrize(
    "given, sentence",
    [({"date": ""}, "Give a date such as"), ({"date": "2027-03-28", "start": "02:30"}, "there is no 02:30 in Europe/Berlin")],
)
async def test_a_clone_at_no_time_is_refused(database: Database, given: dict[str, str], sentence: str) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/clone"

    answer = await place.carl.send(address, (await opened(place, address)).and_button("save", **given))

    assert 422 == answer.status_code
    assert sentence in text_of(answer)


async def test_a_clone_at_a_time_that_comes_twice_is_asked_about(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/clone"

    asked = await place.carl.send(address, (await opened(place, address)).and_button("save", date="2027-10-31", start="02:30"))
    second = await place.carl.send(address, [*FilledForm(asked, address).pairs, ("second", "1"), ("save", "1")])
    answer = await place.carl.send(address, FilledForm(second, address).and_button("accepted"))

    assert at("2027-10-31T01:30") == (await place.see(int(answer.headers["location"].rpartition("/")[2]))).meetings[0].starts_at


async def test_a_class_without_meetings_is_cloned_without_any(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(meetings=())
    address = f"/classes/{class_id}/clone"

    answer = await place.carl.send(address, (await opened(place, address)).and_button("save"))

    assert () == (await place.see(int(answer.headers["location"].rpartition("/")[2]))).meetings


async def test_cancelling_tells_first_what_will_happen_and_then_does_it(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    await enroll(database, class_id=class_id, user_id=place.cast.sue_id, status=EnrollmentStatus.WAITLISTED)
    address = f"/classes/{class_id}/cancel"

    page = await place.carl.open(address)
    told = text_of(page)
    assert "2 enrollments are cancelled, none of them late: Sam Example Enrolled Sue Example Waitlisted" in told
    assert "1 meeting does not take place:" in told
    assert "Free again at these times: Dock Lab , Ruth Example ." in told
    assert ClassStatus.SCHEDULED is (await place.see(class_id)).row.status

    unsaid = await place.carl.send(address, FilledForm(page, address).having(("reason", " ")))
    assert (422, True) == (unsaid.status_code, "Say why" in text_of(unsaid))
    done = await place.carl.send(address, FilledForm(page, address).having(("reason", "Ruth is ill.")), follow=True)
    assert "The class is cancelled. 2 enrollments were cancelled with it." in text_of(done)
    assert ClassStatus.CANCELLED is (await place.see(class_id)).row.status
    assert "Because: Ruth is ill." in text_of(await place.carl.open(f"/classes/{class_id}/history"))
    assert "It is cancelled already" in text_of(await place.carl.open(address))


async def test_who_is_enrolled_in_a_class_that_has_begun_stays_so(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(meetings=(meeting(clock.now() - HOUR, hours=2), meeting(clock.now() + DAY, hours=2)))
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    address = f"/classes/{class_id}/cancel"

    page = await place.carl.open(address)
    assert "1 stays Enrolled, since the class has begun (S2): Sam Example" in text_of(page)
    done = await place.carl.send(address, FilledForm(page, address).having(("reason", "Storm.")), follow=True)
    assert "Enrolled they stay, as the class had begun: Sam Example." in text_of(done)


async def test_a_class_that_changed_since_is_not_cancelled_unseen(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/cancel"
    form = await opened(place, address)
    await database.write(update_class, actor=TESTS, class_id=class_id, changes=ClassChanges(maximum=9))

    answer = await place.carl.send(address, form.having(("reason", "Storm.")), follow=True)

    assert "is at version 2, not 1" in text_of(answer)
    assert ClassStatus.SCHEDULED is (await place.see(class_id)).row.status
