import pytest

from rollbook.classes.details import ClassChanges
from rollbook.classes.statuses import ClassStatus
from rollbook.classrooms.actions import ClassroomChanges, ClassroomExternalIdTakenError
from rollbook.classrooms.queries import (
    ClassroomCriteria,
    ClassroomNotFoundError,
    SeveralClassroomsError,
    get_classroom,
    get_classroom_by_external_id,
    page_classrooms,
    search_classrooms,
)
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.classroom_changes import update_classroom
from rollbook.enrollments.seats import CapacityBelowFullestMomentError
from rollbook.errors import SeveralRefusalsError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from tests.cast import DAY, MAY, TESTS, Cast, add_class, add_organization, add_room, enroll, gather, meeting

LONG_AGO = 1_700_000_000


async def _set_capacity(database: Database, cast: Cast, room_id: int, capacity: int | None) -> None:
    await database.write(update_classroom, actor=cast.ada, classroom_id=room_id, changes=ClassroomChanges(capacity=capacity))


async def test_it_changes_what_is_given_and_keeps_the_rest(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, name="Forge", city="Paris", capacity=4, external_id="f")

    changes = ClassroomChanges(name="Smithy", city=None, capacity=None)
    rehearsal = await database.rehearse(update_classroom, actor=cast.ada, classroom_id=room_id, changes=changes)
    await database.write(update_classroom, actor=cast.ada, classroom_id=room_id, changes=changes)

    row = await database.read(get_classroom, viewer=cast.ada.viewer, classroom_id=room_id)
    assert ("Smithy", None, None, "f") == (row.name, row.city, row.capacity, row.external_id)
    assert ['{"name":"Forge","capacity":4,"city":"Paris"}'] == [each.record["before"] for each in rehearsal.recorded]


async def test_an_update_that_changes_nothing_records_nothing(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, name="Forge", capacity=4)

    changes = ClassroomChanges(name="Forge", capacity=4, organization_id=cast.organization_id)

    assert [] == (await database.rehearse(update_classroom, actor=cast.ada, classroom_id=room_id, changes=changes)).recorded


async def test_the_capacity_holds_the_fullest_moment_from_now_on(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_ids = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(start),)) for start in (LONG_AGO, MAY, MAY + DAY)
    ]
    await enroll(database, class_id=class_ids[0], user_id=cast.ivan_id)
    for class_id, user_ids in zip(class_ids, ((cast.sam_id, cast.sue_id), (cast.sam_id, cast.sue_id), (cast.sam_id,)), strict=True):
        for user_id in user_ids:
            await enroll(database, class_id=class_id, user_id=user_id)

    with pytest.raises(CapacityBelowFullestMomentError) as refused:
        await _set_capacity(database, cast, room_id, 1)
    await _set_capacity(database, cast, room_id, 2)

    assert (2, 1) == (refused.value.students, refused.value.capacity)


async def test_the_capacity_holds_a_class_without_meetings(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, classroom_ids=(room_id,))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    with pytest.raises(CapacityBelowFullestMomentError):
        await _set_capacity(database, cast, room_id, 0)
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(status=ClassStatus.CANCELLED))
    await _set_capacity(database, cast, room_id, 0)


async def test_an_external_id_is_unique_within_its_organization(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    here = await add_room(database, cast, external_id="forge")
    there = await add_room(database, cast, external_id="forge", organization_id=branch_id)

    with pytest.raises(ClassroomExternalIdTakenError) as taken:
        await add_room(database, cast, external_id="forge")
    changes = ClassroomChanges(organization_id=cast.organization_id)
    with pytest.raises(ClassroomExternalIdTakenError):
        await database.write(update_classroom, actor=cast.ada, classroom_id=there, changes=changes)
    with pytest.raises(SeveralClassroomsError) as several:
        await database.read(get_classroom_by_external_id, viewer=cast.ada.viewer, external_id="forge")

    assert here == taken.value.classroom_id
    assert (here, there) == several.value.classroom_ids


async def test_it_tells_all_that_refuses_at_once(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, classroom_ids=(room_id,))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    changes = ClassroomChanges(capacity=0, organization_id=cast.other_organization_id)
    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(update_classroom, actor=cast.ada, classroom_id=room_id, changes=changes)

    assert [OrganizationNotFoundError, CapacityBelowFullestMomentError] == [type(each) for each in refused.value.refusals]


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, external_id="forge")

    with pytest.raises(ClassroomNotFoundError):
        await database.read(get_classroom, viewer=cast.olga.viewer, classroom_id=room_id)
    with pytest.raises(ClassroomNotFoundError):
        await database.read(get_classroom_by_external_id, viewer=cast.olga.viewer, external_id="forge")
    with pytest.raises(ClassroomNotFoundError):
        await database.write(update_classroom, actor=cast.olga, classroom_id=room_id, changes=ClassroomChanges(name="Mine"))
    assert [] == await database.search(page_classrooms, viewer=cast.olga.viewer)


@pytest.mark.parametrize(
    "criteria,expected",
    [
        pytest.param(ClassroomCriteria(), ["Aula", "Closet", "forge"], id="all, by name whatever the case"),
        pytest.param(ClassroomCriteria(name="O"), ["Closet", "forge"], id="a part of the name"),
        pytest.param(ClassroomCriteria(external_id="a"), ["Aula"], id="an external id"),
        pytest.param(ClassroomCriteria(capacity_at_least=3), ["Aula", "forge"], id="enough seats"),
        pytest.param(ClassroomCriteria(name="x"), [], id="nothing"),
    ],
)
async def test_it_finds_classrooms(database: Database, criteria: ClassroomCriteria, expected: list[str]) -> None:
    cast = await gather(database)
    await add_room(database, cast, name="forge", capacity=8)
    await add_room(database, cast, name="Aula", external_id="a")
    await add_room(database, cast, name="Closet", capacity=2)
    await add_room(database, cast, name="Theirs", organization_id=cast.other_organization_id)

    page = await database.search(
        search_classrooms, viewer=cast.ada.viewer, criteria=criteria, sort="name", descending=False, offset=0, limit=10
    )

    assert (len(expected), expected) == (page.total, [row.name for row in page.rows])


async def test_pages_neither_overlap_nor_skip(database: Database) -> None:
    cast = await gather(database)
    for capacity in (None, 5, 3, 5, None):
        await add_room(database, cast, name="Same", capacity=capacity)
    found = []
    for offset in range(0, 6, 2):
        page = await database.search(
            search_classrooms, viewer=TESTS.viewer, criteria=ClassroomCriteria(), sort="capacity", descending=True, offset=offset, limit=2
        )
        found += [(row.capacity, row.id) for row in page.rows]

    assert [5, 5, 3, None, None] == [capacity for capacity, _ in found]
    assert sorted({room_id for _, room_id in found}) == sorted(room_id for _, room_id in found)
    assert [room_id for _, room_id in found[:2]] == sorted(room_id for _, room_id in found[:2])


async def test_a_classroom_is_found_by_the_id_that_another_system_gave_it(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, external_id="forge-1")

    assert room_id == (await database.read(get_classroom_by_external_id, viewer=cast.ada.viewer, external_id="forge-1")).id
