"""The page of a class and its history: what they tell, and to whom."""

import re

import pytest

from rollbook.classes.details import ClassChanges
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.custom_fields.values import Subject
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import TESTS, add_organization, add_user, enroll, meeting
from tests.console.front_of_console import text_of
from tests.console.training_place import Place
from tests.custom_fields import add_field, give


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


async def test_it_tells_all_of_a_class(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(minimum=3, note="Mind the step.", external_id="X-1", is_public=True, enable_training_key=True)
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    await enroll(database, class_id=class_id, user_id=place.cast.sue_id, status=EnrollmentStatus.REQUESTED)

    told = text_of(await place.carl.open(f"/classes/{class_id}"))

    for fact in ("Crane Signals", "Dock Lab", "Ruth Example", "1 enrolled of 4", "3 free", "minimum 3", "Mind the step.", "X-1", "CET"):
        assert fact in told or (fact == "CET" and "CEST" in told), fact
    assert "It is below its minimum: 1 of 3 are enrolled." in told
    assert "1 student asks for a place and waits for an answer." in told
    assert "7 of 8 seats free" in told
    assert str((await place.see(class_id)).row.training_key) in told


async def test_what_cannot_be_done_now_is_there_with_the_reason(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    off_id = await place.add_class(status=ClassStatus.CANCELLED)
    desk = await place.browser_of("Dora", role_id=10)

    to_carl = text_of(await place.carl.open(f"/classes/{class_id}"))
    to_dora = await desk.open(f"/classes/{class_id}")

    assert "Attendance: opens when the first meeting starts." in to_carl
    assert "Waitlist: nobody waits." in to_carl
    assert "Edit: needs the role of an operations manager." in text_of(to_dora)
    assert f'href="/classes/{class_id}/edit"' not in to_dora.text
    assert "Cancel the class: it is cancelled already." in text_of(await place.carl.open(f"/classes/{off_id}"))


async def test_it_says_what_is_missing_and_what_clashes(database: Database) -> None:
    place = await Place(database).open()
    other_id = await place.add_class(name="Signals")
    class_id = await place.add_class()
    bare_id = await place.add_class(meetings=(), classroom_ids=(), instructor_ids=(), delivery=Delivery.MIXED)

    clashing = text_of(await place.carl.open(f"/classes/{class_id}"))
    bare = text_of(await place.carl.open(f"/classes/{bare_id}"))

    assert f"The room Dock Lab is wanted by class {other_id}, Signals too, during the meeting" in clashing
    assert f"The instructor Ruth Example is wanted by class {other_id}, Signals too" in clashing
    for sentence in ("no meetings yet", "no instructor yet", "no room yet", "no address to meet online yet", "not on the public schedule"):
        assert sentence in bare


async def test_a_class_that_is_over_and_not_closed_says_so(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(in_days=-3, classroom_ids=())

    told = text_of(await place.carl.open(f"/classes/{class_id}"))

    assert "It is over, and not closed yet" in told
    assert "no room yet" not in told
    assert "Sign-in sheet: the class is over." in told


async def test_places_that_are_free_while_somebody_waits_are_told(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(maximum=1)
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id, status=EnrollmentStatus.WAITLISTED)

    assert "It has free places, while 1 student waits." in text_of(await place.carl.open(f"/classes/{class_id}"))
    await enroll(database, class_id=class_id, user_id=place.cast.sue_id)
    assert "It is full, and 1 student waits for a place." in text_of(await place.carl.open(f"/classes/{class_id}"))


async def test_its_history_tells_who_changed_what_from_what_to_what(database: Database) -> None:
    place = await Place(database).open()
    start = 1_800_000_000
    class_id = await place.add_class(meetings=(meeting(start, hours=2),))
    field_id = await add_field(database, place.cast, subject=Subject.CLASS, name="Catering")
    await give(database, Subject.CLASS, class_id, field_id, text_value="Lunch")
    changes = ClassChanges(
        maximum=6, status=ClassStatus.GUARANTEED_TO_RUN, classroom_ids=(), is_public=True, meetings=(meeting(start, hours=3),)
    )
    await database.write(update_class, actor=TESTS, class_id=class_id, changes=changes, reason="A larger group.")

    told = text_of(await place.carl.open(f"/classes/{class_id}/history"))

    assert "the server (tests) changed the class" in told
    assert "Because: A larger group." in told
    assert "Maximum 4 became → 6" in told
    assert "Status Scheduled became → Guaranteed to run" in told
    assert "Rooms Dock Lab became → nothing" in told
    assert "On the public schedule no became → yes" in told
    assert "Fri 15 Jan 2027, 09:00-11:00 became → Fri 15 Jan 2027, 09:00-12:00" in told.replace("\N{EN DASH}", "-")
    assert "Catering nothing became → Lunch" in told
    assert told.index("A larger group") < told.index("Catering") < told.index("made the class")


async def test_a_long_history_comes_in_pages(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    for maximum in range(10, 62):
        await database.write(update_class, actor=TESTS, class_id=class_id, changes=ClassChanges(maximum=maximum))

    first = await place.carl.open(f"/classes/{class_id}/history")
    second = await place.carl.open(
        first.text.split(f'<a href="/classes/{class_id}/history?behind=')[1]
        .split('"')[0]
        .join((f"/classes/{class_id}/history?behind=", ""))
    )

    assert "made the class" not in text_of(first)
    assert "made the class" in text_of(second)
    assert "Maximum 60 became → 61" in text_of(first)


async def test_in_a_branch_the_fields_of_the_organization_above_have_their_names(database: Database) -> None:
    place = await Place(database).open()
    branch_id = await add_organization(database, "Branch", parent_id=place.cast.organization_id)
    class_id = await place.add_class(organization_id=branch_id)
    field_id = await add_field(database, place.cast, subject=Subject.CLASS, name="Catering")
    await give(database, Subject.CLASS, class_id, field_id, text_value="Lunch")
    bea_id = await add_user(database, "Bea", organization_id=branch_id, role_ids=(20,), managed_organization_ids=(branch_id,))
    bea = await place.console.browser_of(bea_id)

    assert "Catering Lunch" in text_of(await bea.open(f"/classes/{class_id}"))
    assert "Catering nothing became → Lunch" in text_of(await bea.open(f"/classes/{class_id}/history"))


async def test_an_instructor_sees_the_class_and_is_led_nowhere_that_is_not_for_them(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class(maximum=1)
    await enroll(database, class_id=class_id, user_id=place.cast.sam_id)
    await enroll(database, class_id=class_id, user_id=place.cast.sue_id, status=EnrollmentStatus.WAITLISTED)
    ruth = await place.console.browser_of(place.ruth_id)

    page = await ruth.open(f"/classes/{class_id}")

    assert "It is full, and 1 student waits for a place." in text_of(page)
    main = page.text.partition("<main")[2].partition("</main>")[0]
    for path in sorted(set(re.findall(r'href="(/[^"#?]*)"', main))):
        assert 200 == (await ruth.open(path)).status_code, path
