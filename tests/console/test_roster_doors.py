"""Coming into a class and leaving it, on pages: adding, cancelling with a replacement, the waitlist, and one enrollment by itself."""

from typing import Any

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.cast import Cast, add_class, add_user, enroll, meeting
from tests.console.front_of_console import text_of
from tests.console.markup import faults_of
from tests.console.test_roster import Scene, fields_of, options_of, set_scene
from tests.roster import CANCELLED, ENROLLED, REQUESTED, WAITLISTED, change, change_class, change_user, last_change, see
from tests.waiting import line_of, promote, statuses_of


@pytest.fixture
def database(sqlite_url: str) -> Database:
    """The pages are the same on both engines, and what they call is tested on both."""
    return open_database(sqlite_url)


async def add_waiting(scene: Scene, *names: str, **values: Any) -> list[int]:
    cast: Cast = scene.cast
    return [
        await enroll(
            scene.database,
            class_id=scene.class_id,
            user_id=await add_user(scene.database, name, organization_id=cast.organization_id),
            **{"status": WAITLISTED, **values},
        )
        for name in names
    ]


async def test_people_are_looked_for_and_added(database: Database) -> None:
    scene = await set_scene(database)
    nora = await add_user(database, "Nora", organization_id=scene.cast.organization_id)
    adding = f"{scene.roster}/add"

    assert "Type a name" in text_of(await scene.carla.open(adding))
    page = await scene.carla.open(f"{adding}?q=nor")
    assert "Example, Nora" in text_of(page)
    assert [] == faults_of(page.text)
    assert "Example, Nora" in (await scene.carla.open(f"{adding}/people?q=nor", fetched=True)).text
    assert "Nobody is found" in text_of(await scene.carla.open(f"{adding}?q=Olga"))
    told = text_of(
        await scene.carla.send(
            f"{scene.roster}/students",
            [("user_id", nora), ("user_id", scene.cast.sue_id), ("user_id", scene.cast.olga_id), ("status", 20)],
            follow=True,
        )
    )
    assert "1 student was added." in told
    assert "Sue Example: User" in told
    assert f"User {scene.cast.olga_id}: There is no" in told
    assert "your last change: Nora Example: added" in told
    assert "Example, Nora in this class already: Waitlisted" in text_of(await scene.carla.open(f"{adding}?q=nor"))
    assert "nobody is chosen" in text_of(await scene.carla.send(f"{scene.roster}/students", follow=True)).lower()


async def test_an_addition_is_taken_back_by_undoing_it(database: Database) -> None:
    scene = await set_scene(database)
    two = [await add_user(database, name, organization_id=scene.cast.organization_id) for name in ("Nora", "Nils")]
    await scene.carla.send(f"{scene.roster}/students", [*(("user_id", each) for each in two), ("status", 20)])

    page = await scene.carla.open(scene.roster)
    assert "your last change: 2 students: added" in text_of(page)
    await scene.carla.send(f"{scene.roster}/undo", fields_of(page, f"{scene.roster}/undo"))

    assert [ENROLLED, WAITLISTED] == await statuses_of(database, scene.class_id)


async def test_the_students_of_another_class_are_added(database: Database) -> None:
    scene = await set_scene(database, maximum=5)
    other = await add_class(database, scene.cast, name="Soldering")
    for name in ("Nora", "Nils"):
        await enroll(database, class_id=other, user_id=await add_user(database, name, organization_id=scene.cast.organization_id))
    await enroll(database, class_id=other, user_id=scene.cast.sam_id)

    page = await scene.carla.open(f"{scene.roster}/add?class=solder")
    assert "Soldering" in text_of(page)
    assert [] == faults_of(page.text)
    assert "No class is found" in text_of(await scene.carla.open(f"{scene.roster}/add?class=nothing"))
    told = text_of(await scene.carla.send(f"{scene.roster}/students-of-class", {"from_class_id": other, "status": 60}, follow=True))

    assert "2 students were added." in told
    assert "Sam Example: User" in told
    assert 3 == (await statuses_of(database, scene.class_id)).count(ENROLLED)
    assert "no class is chosen" in text_of(await scene.carla.send(f"{scene.roster}/students-of-class", follow=True)).lower()
    missing = await scene.carla.send(f"{scene.roster}/students-of-class", {"from_class_id": 999_999}, follow=True)
    assert "There is no class 999999" in text_of(missing)


async def test_a_place_is_cancelled_and_given_to_a_chosen_one(database: Database) -> None:
    scene = await set_scene(database)
    (nora,) = await add_waiting(scene, "Nora")
    cancelling = f"{scene.roster}/cancel/{scene.sam}"
    page = await scene.carla.open(cancelling)
    assert "Nora Example" in text_of(page)
    assert [] == faults_of(page.text)

    fields = fields_of(page, cancelling)
    told = await scene.carla.send(cancelling, fields | {"replacement_enrollment_id": str(nora), "reason": "Ill"}, follow=True)

    assert "Sam Example is Cancelled, and Nora Example is Enrolled instead." in text_of(told)
    assert [CANCELLED, WAITLISTED, ENROLLED] == await statuses_of(database, scene.class_id)
    assert "Ill" == ((await last_change(database, scene.sam)).after or {})["reason"]
    assert "2 students changed together" in text_of(told)
    await scene.carla.send(f"{scene.roster}/undo", fields_of(told, f"{scene.roster}/undo"))
    assert [ENROLLED, WAITLISTED, WAITLISTED] == await statuses_of(database, scene.class_id)
    assert [scene.sue, nora] == await line_of(database, scene.class_id)


async def test_a_place_is_cancelled_for_nobody_and_a_refusal_comes_back(database: Database) -> None:
    scene = await set_scene(database)
    cancelling = f"{scene.roster}/cancel/{scene.sam}"
    old = fields_of(await scene.carla.open(cancelling), cancelling) | {"replacement_enrollment_id": ""}
    await change(database, scene.sam, grade=4)

    refused = await scene.carla.send(cancelling, old, follow=True)
    assert "read it again" in text_of(refused)
    missing = await scene.carla.send(cancelling, fields_of(refused, cancelling) | {"replacement_enrollment_id": "999999"}, follow=True)
    assert "There is no enrollment 999999" in text_of(missing)
    told = await scene.carla.send(cancelling, fields_of(refused, cancelling) | {"replacement_enrollment_id": ""}, follow=True)
    assert "Sam Example is Cancelled." in text_of(told)
    assert CANCELLED is (await see(database, scene.sam)).status


async def test_the_line_is_shown_with_who_was_passed_over_and_why(database: Database) -> None:
    scene = await set_scene(database)
    (nora,) = await add_waiting(scene, "Nora")
    await change_user(database, scene.cast.sue_id, disabled=True)
    await change_class(database, scene.class_id, maximum=2)
    await promote(database, scene.class_id)
    waitlist = f"/classes/{scene.class_id}/waitlist"

    page = await scene.carla.open(waitlist)

    assert f"S4 user {scene.cast.sue_id} is disabled" in text_of(page)
    assert [] == faults_of(page.text)
    assert ENROLLED is (await see(database, nora)).status
    await change_user(database, scene.cast.sue_id, disabled=False)
    await change_class(database, scene.class_id, maximum=3)
    assert "Nothing stands in the way any more." in text_of(await scene.carla.open(waitlist))


async def test_students_are_let_in_from_the_page(database: Database) -> None:
    scene = await set_scene(database)
    nora, nils = await add_waiting(scene, "Nora", "Nils")
    waitlist = f"/classes/{scene.class_id}/waitlist"

    assert "Nobody was let in" in text_of(await scene.carla.send(f"{waitlist}/promotions", follow=True))
    assert "is full" in text_of(await scene.carla.send(f"{waitlist}/{nora}/entry", follow=True))
    await change_class(database, scene.class_id, maximum=3)
    assert "Nora Example is Enrolled." in text_of(await scene.carla.send(f"{waitlist}/{nora}/entry", follow=True))
    told = text_of(await scene.carla.send(f"{waitlist}/promotions", {"places": 5}, follow=True))
    assert "1 student was let in." in told
    assert "Sue Example was let in from the waitlist." in told
    assert [nils] == await line_of(database, scene.class_id)
    elsewhere = await enroll(database, class_id=await add_class(database, scene.cast), user_id=scene.cast.sue_id, status=WAITLISTED)
    assert 404 == (await scene.carla.send(f"{waitlist}/{elsewhere}/entry")).status_code


async def test_students_are_moved_up_for_a_reason(database: Database) -> None:
    scene = await set_scene(database)
    (nora,) = await add_waiting(scene, "Nora")
    move = f"/classes/{scene.class_id}/waitlist/{nora}/position"

    assert "give a reason" in text_of(await scene.carla.send(move, {"position": 1}, follow=True))
    assert "to which position" in text_of(await scene.carla.send(move, {"reason": "First come"}, follow=True))
    assert "give a smaller position" in text_of(await scene.carla.send(move, {"position": 2, "reason": "Why not"}, follow=True))
    told = await scene.carla.send(move, {"position": 1, "reason": "First come"}, follow=True)

    assert "Nora Example stands at position 1 now." in text_of(told)
    assert [nora, scene.sue] == await line_of(database, scene.class_id)


async def test_it_tells_who_would_come_in_if_places_came_free(database: Database) -> None:
    scene = await set_scene(database)
    await add_waiting(scene, "Nora")
    await change_user(database, scene.cast.sue_id, disabled=True)
    waitlist = f"/classes/{scene.class_id}/waitlist"

    told = text_of(await scene.carla.open(f"{waitlist}?freed=1"))
    assert "Would be let in: Nora Example Would be passed over: Sue Example : S4" in told
    assert "Nobody would be let in." in text_of(await scene.carla.open(f"{waitlist}?freed=0"))
    empty = await add_class(database, scene.cast)
    assert "Nobody waits for this class" in text_of(await scene.carla.open(f"/classes/{empty}/waitlist"))


async def test_an_enrollment_says_why_it_is_so_and_what_is_needed(database: Database) -> None:
    scene = await set_scene(database)

    page = await scene.carla.open(f"/enrollments/{scene.sue}")

    text = text_of(page)
    for said in ("Why not enrolled", "P1 class", "What is needed: raise its maximum", "Why no other status?", "Waitlisted", "History"):
        assert said in text
    assert [] == faults_of(page.text)
    assert "What holds of this enrollment" in text_of(await scene.carla.open(f"/enrollments/{scene.sam}"))
    await change_class(database, scene.class_id, maximum=5)
    assert "Nothing stands in the way of enrolling" in text_of(await scene.carla.open(f"/enrollments/{scene.sue}"))


async def test_everything_of_an_enrollment_is_changed_on_its_page(database: Database) -> None:
    scene = await set_scene(database)
    address = f"/enrollments/{scene.sam}"
    fields = fields_of(await scene.carla.open(address), address)
    fields.pop("retake")
    fields.pop("late_cancel")

    told = await scene.carla.send(
        address, fields | {"grade": "5", "note": "By train", "external_id": "X1", "retake": "1", "reason": "A slip"}, follow=True
    )

    assert "The enrollment is changed." in text_of(told)
    row = await see(database, scene.sam)
    assert (5, "By train", "X1", True, False) == (row.grade, row.note, row.external_id, row.retake, row.late_cancel)
    values = (
        "grade: 5, was nothing",
        "retake: yes, was no",
        "external id: X1, was nothing",
        "note: By train, was nothing",
        "reason: A slip",
    )
    assert " ; ".join(values) in text_of(told)
    await scene.carla.send(address, fields | {"version": str(row.version), "note": "", "grade": "5", "external_id": "X1"})
    row = await see(database, scene.sam)
    assert (None, False) == (row.note, row.retake)
    same = fields_of(await scene.carla.open(address), address)
    same.pop("retake")
    same.pop("late_cancel")
    told = await scene.carla.send(address, same | {"external_id": "X1", "note": ""}, follow=True)
    assert "Nothing was changed." in text_of(told)


async def test_a_refused_change_shows_what_was_entered(database: Database) -> None:
    scene = await set_scene(database)
    address = f"/enrollments/{scene.sue}"
    fields = fields_of(await scene.carla.open(address), address)

    page = await scene.carla.send(address, fields | {"status": "60", "note": "Comes late", "place": "20-999999"})

    assert 409 == page.status_code
    assert "Comes late" in page.text
    assert "Enrolled" in options_of(page, "field-status")
    unreadable = await scene.carla.send(address, fields | {"grade": "x"})
    assert 422 == unreadable.status_code
    assert 404 == (await scene.carla.send("/enrollments/999999", fields)).status_code


async def test_a_place_that_is_no_more_is_told(database: Database) -> None:
    scene = await set_scene(database, delivery=3, meetings=(meeting(),))
    address = f"/enrollments/{scene.sue}"
    fields = fields_of(await scene.carla.open(address), address)

    page = await scene.carla.send(address, fields | {"place": "20-999999"})

    assert 422 == page.status_code
    assert "there is no room 999999" in text_of(page).lower()
    assert "Remote classroom: North" in options_of(page, "field-place")


async def test_what_was_asked_for_is_told_in_the_history(database: Database) -> None:
    scene = await set_scene(database)
    (nora,) = await add_waiting(scene, "Nora", status=REQUESTED, note="Long " * 40)

    text = text_of(await scene.carla.open(f"/enrollments/{nora}"))

    assert "sked for a place status: Requested" in text
    assert "\N{HORIZONTAL ELLIPSIS}" in text
