"""Editing classes in a browser without scripts."""

import pytest

from rollbook.classes.details import ClassChanges
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.actions.preferences import set_preference
from tests.cast import TESTS, add_organization, enroll, meeting
from tests.console.filled_form import FilledForm
from tests.console.front_of_console import text_of
from tests.console.training_place import Place, at, opened

NEW = "/classes/new"


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


async def test_editing_changes_what_was_changed_and_keeps_the_rest(database: Database) -> None:
    place = await Place(database).open()
    odd = Meeting(starts_at=at("2027-01-11T08:00") + 17, ends_at=at("2027-01-11T10:00") + 42)
    class_id = await place.add_class(description=" Text\r\nin lines ", meetings=(odd,), status=ClassStatus.COMPLETED)
    before = (await place.see(class_id)).details()
    address = f"/classes/{class_id}/edit"
    form = await opened(place, address)

    nothing = await place.carl.send(address, form.and_button("save"))
    assert f"/classes/{class_id}" == nothing.headers["location"]
    assert before == (await place.see(class_id)).details()
    assert 1 == (await place.see(class_id)).row.version

    answer = await place.carl.send(address, form.and_button("save", name="Cranes again", maximum="", is_public="1", reason="A wish."))
    assert 303 == answer.status_code
    after = (await place.see(class_id)).details()
    assert ("Cranes again", None, True, (odd,)) == (after.name, after.maximum, after.is_public, after.meetings)
    assert before.description == after.description
    assert "Because: A wish." in text_of(await place.carl.open(f"/classes/{class_id}/history"))


async def test_a_change_that_means_something_for_students_is_told_first(database: Database) -> None:
    place = await Place(database).open()
    await database.write(set_preference, actor=TESTS, organization_id=place.cast.organization_id, name="waitlist_promotion", text="always")
    class_id = await place.add_class(maximum=1)
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    await enroll(database, class_id=class_id, user_id=place.cast.sue_id, status=EnrollmentStatus.WAITLISTED)
    address = f"/classes/{class_id}/edit"
    form = await opened(place, address)

    larger = await place.carl.send(address, form.and_button("save", maximum="2"))
    assert "1 student is let in from the waitlist: Sue Example." in text_of(larger)
    denied = await place.carl.send(address, form.and_button("save", status="6"))
    assert "2 students are cancelled, as the class does not happen: Sam Example, Sue Example." in text_of(denied)
    homeless = await place.carl.send(address, form.having(("save", "1"), without=("classroom_ids",)))
    assert "1 student gets another place to sit: Sam Example." in text_of(homeless)
    assert 1 == (await place.see(class_id)).row.maximum

    done = await place.carl.send(address, FilledForm(larger, address).and_button("accepted"), follow=True)
    assert "The class is saved." in text_of(done)
    assert "1 student is let in from the waitlist: Sue Example." in text_of(done)
    assert 2 == (await place.see(class_id)).row.maximum


async def test_a_refusal_stands_beside_its_field(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(maximum=4)
    for user_id in (place.cast.sam_id, place.cast.sue_id):
        await enroll(database, class_id=class_id, user_id=user_id)
    address = f"/classes/{class_id}/edit"
    form = await opened(place, address)

    answer = await place.carl.send(address, form.and_button("save", maximum="1"))

    assert 409 == answer.status_code
    assert "has 2 Enrolled students, more than a maximum of 1" in text_of(answer)
    assert "1" == FilledForm(answer, address).value("maximum")


async def test_what_somebody_else_changed_meanwhile_is_shown_and_ones_own_is_kept(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(maximum=4, is_public=True)
    address = f"/classes/{class_id}/edit"
    form = await opened(place, address)
    others = ClassChanges(maximum=7, is_public=False, classroom_ids=())
    await database.write(update_class, actor=TESTS, class_id=class_id, changes=others)

    answer = await place.carl.send(address, form.and_button("save", name="Mine", maximum="5"))

    assert 409 == answer.status_code
    told = text_of(answer)
    assert "the server (tests) changed the class" in told
    assert "Maximum: 7" in told
    again = FilledForm(answer, address)
    assert ("Mine", "7", "2") == (again.value("name"), again.value("maximum"), again.value("version"))
    assert {"is_public", "classroom_ids"}.isdisjoint(name for name, _ in again.pairs)
    assert 303 == (await place.carl.send(address, again.and_button("save"))).status_code
    row = (await place.see(class_id)).row
    assert ("Mine", 7, False) == (row.name, row.maximum, row.is_public)


async def test_the_meetings_move_with_the_zone_in_which_they_are_told(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(meetings=(meeting(at("2027-01-11T08:00"), hours=2),))
    address = f"/classes/{class_id}/edit"
    form = await opened(place, address)

    await place.carl.send(address, form.and_button("save", time_zone="America/New_York"))

    assert at("2027-01-11T14:00") == (await place.see(class_id)).meetings[0].starts_at


async def test_who_only_edits_enrollments_makes_and_edits_no_class(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    desk = await place.browser_of("Dora", role_id=10)

    for address in (NEW, f"/classes/{class_id}/edit", f"/classes/{class_id}/clone", f"/classes/{class_id}/cancel"):
        assert 403 == (await desk.open(address)).status_code
        assert 403 == (await desk.send(address, {"name": "Hers"})).status_code


async def test_a_class_moves_to_a_branch_with_its_enrollments(database: Database) -> None:
    place = await Place(database).open()
    branch_id = await add_organization(database, "Branch", parent_id=place.cast.organization_id)
    class_id = await place.add_class()
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    address = f"/classes/{class_id}/edit"
    form = await opened(place, address)

    asked = await place.carl.send(address, form.and_button("save", organization_id=branch_id))
    assert "1 student goes along to the other organization: Sam Example." in text_of(asked)
    await place.carl.send(address, FilledForm(asked, address).and_button("accepted"))
    assert branch_id == (await place.see(class_id)).row.organization_id
