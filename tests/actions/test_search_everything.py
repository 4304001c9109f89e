import pytest

from rollbook.access.actor import Viewer
from rollbook.database.transaction import Database
from rollbook.enrollments.queries import searching_everything
from rollbook.enrollments.queries.searching_everything import MOST_OF_EACH, Findings, search_everything
from tests.cast import DAY, MAY, add_class, add_course, add_user, enroll, gather, meeting
from tests.roster import LONG_AGO


async def search(database: Database, viewer: Viewer, typed: str) -> tuple[list[int], list[int], list[int]]:
    """Give the ids of classes, people and enrollments."""
    found: Findings = await database.search(search_everything, viewer=viewer, typed=typed)
    return (
        [each.training_class.row.id for each in found.classes],
        [person.id for person in found.people],
        [enrollment.id for enrollment in found.enrollments],
    )


async def test_one_box_finds_classes_people_and_enrollments(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, name="Metalwork")
    past = await add_class(database, cast, course_id=course_id, name="Welding, then", meetings=(meeting(LONG_AGO),))
    before = await add_class(database, cast, course_id=course_id, name="Welding, before", meetings=(meeting(LONG_AGO - DAY),))
    later = await add_class(database, cast, course_id=course_id, name="Welding, later", meetings=(meeting(MAY + DAY),))
    soon = await add_class(database, cast, course_id=course_id, name="Welding, soon", meetings=(meeting(MAY),))
    open_end = await add_class(database, cast, course_id=course_id, name="Welding alone")
    one = await enroll(database, class_id=past, user_id=cast.sam_id, external_id="ERP 12")
    two = await enroll(database, class_id=soon, user_id=cast.sam_id)
    await enroll(database, class_id=soon, user_id=cast.sue_id)
    viewer = cast.ada.viewer
    welding = [soon, later, open_end, past, before]

    for expected, typed in (
        (([], [], []), "  "),
        ((welding, [], []), "welding"),
        ((welding, [], []), "metal"),
        (([], [cast.sam_id], [two, one]), "SAM"),
        (([], [cast.sam_id], [two, one]), "sam@example.com"),
        (([], [], [two]), "soon sam"),
        (([], [], [one]), "ERP 12"),
        (([], [], []), "nobody"),
        (([], [], []), "olga"),
        (([], [], []), "1" * 5000),
        (([], [], []), "9999999999"),
    ):
        assert expected == await search(database, viewer, typed), typed
        if typed.strip():
            assert ([], [], []) == await search(database, cast.olga.viewer, typed) or typed == "olga"

    # What leads to the enrollments changes nothing of what is found, where it is not too much.
    for few in (1, 2, 3):
        monkeypatch.setattr(searching_everything, "_FEW", few)
        assert ([], [], [two]) == await search(database, viewer, "soon sam")


async def test_a_number_finds_what_has_it(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, name="Class")
    named = await add_class(database, cast, name=f"Class {class_id} again")
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    classes, _, enrollments = await search(database, cast.ada.viewer, str(class_id))
    _, people, _ = await search(database, cast.ada.viewer, f" {cast.sue_id} ")

    assert {class_id, named} == set(classes)
    assert class_id == classes[0]
    assert cast.sue_id == people[0]
    assert enrollment_id in (await search(database, cast.ada.viewer, str(enrollment_id)))[2]
    for number in {class_id, cast.sue_id, enrollment_id}:
        classes, people, enrollments = await search(database, cast.olga.viewer, str(number))
        assert ([], []) == (classes, enrollments)
        assert cast.sue_id not in people


async def test_it_tells_ten_of_each_at_most(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    for number in range(MOST_OF_EACH + 1):
        kim_id = await add_user(database, f"Kim{number}", organization_id=cast.organization_id)
        class_id = await add_class(database, cast, course_id=course_id, name=f"Kim {number}")
        await enroll(database, class_id=class_id, user_id=kim_id)

    found = await search(database, cast.ada.viewer, "kim")

    assert [MOST_OF_EACH] * 3 == [len(ids) for ids in found]
