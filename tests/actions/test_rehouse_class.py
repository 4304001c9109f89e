import pytest

from rollbook.classes.details import ClassChanges
from rollbook.classes.statuses import Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import get_enrollment
from rollbook.enrollments.seats import RoomTooSmallError
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, MAY, TESTS, Cast, add_class, add_room, enroll, gather, meeting


async def _place(database: Database, class_id: int, user_id: int) -> tuple[LocationType, int | None, int]:
    row = await database.read(get_enrollment, viewer=TESTS.viewer, class_id=class_id, user_id=user_id)
    return row.location, row.classroom_id, row.version


async def _rooms(database: Database, cast: Cast, class_id: int, *rooms: int) -> None:
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(classroom_ids=rooms))


async def test_students_go_along_to_the_one_room_that_is_left(database: Database) -> None:
    cast = await gather(database)
    forge, smithy = [await add_room(database, cast, name=name, capacity=5) for name in ("Forge", "Smithy")]
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=EnrollmentStatus.WAITLISTED)

    await _rooms(database, cast, class_id, smithy)

    assert (LocationType.CLASSROOM, smithy, 2) == await _place(database, class_id, cast.sam_id)
    assert (LocationType.TO_BE_DETERMINED, None, 1) == await _place(database, class_id, cast.sue_id)


async def test_students_whose_room_is_left_stay_in_it(database: Database) -> None:
    cast = await gather(database)
    forge, smithy = [await add_room(database, cast, name=name) for name in ("Forge", "Smithy")]
    class_id = await add_class(database, cast, classroom_ids=(forge, smithy), meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id, classroom_id=forge)

    await _rooms(database, cast, class_id, forge)

    assert (LocationType.CLASSROOM, forge, 1) == await _place(database, class_id, cast.sam_id)


async def test_students_wait_for_a_place_where_no_one_room_is_left(database: Database) -> None:
    cast = await gather(database)
    forge, smithy, garage = [await add_room(database, cast, name=name) for name in ("Forge", "Smithy", "Garage")]
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    await _rooms(database, cast, class_id, smithy, garage)

    assert (LocationType.TO_BE_DETERMINED, None, 2) == await _place(database, class_id, cast.sam_id)


async def test_it_is_refused_where_the_one_room_is_too_small(database: Database) -> None:
    cast = await gather(database)
    forge = await add_room(database, cast, name="Forge")
    closet = await add_room(database, cast, name="Closet", capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    for user_id in (cast.sam_id, cast.sue_id):
        await enroll(database, class_id=class_id, user_id=user_id)

    with pytest.raises(RoomTooSmallError) as refused:
        await _rooms(database, cast, class_id, closet)

    assert (closet, 2, 1) == (refused.value.room.id, refused.value.students, refused.value.capacity)
    assert (LocationType.CLASSROOM, forge, 1) == await _place(database, class_id, cast.sam_id)


async def test_it_is_refused_where_another_class_fills_the_one_room(database: Database) -> None:
    cast = await gather(database)
    forge = await add_room(database, cast, name="Forge")
    closet = await add_room(database, cast, name="Closet", capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(MAY),))
    other_id = await add_class(database, cast, classroom_ids=(closet,), meetings=(meeting(MAY),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=other_id, user_id=cast.sue_id)

    with pytest.raises(RoomTooSmallError):
        await _rooms(database, cast, class_id, closet)
    changes = ClassChanges(classroom_ids=(closet,), meetings=(meeting(MAY + DAY),))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    assert (LocationType.CLASSROOM, closet, 2) == await _place(database, class_id, cast.sam_id)


async def test_students_of_a_class_that_goes_online_lose_their_room(database: Database) -> None:
    cast = await gather(database)
    forge = await add_room(database, cast, name="Forge")
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    online = ClassChanges(delivery=Delivery.VIRTUAL)
    rehearsal = await database.rehearse(update_class, actor=cast.ada, class_id=class_id, changes=online)
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=online)

    assert (LocationType.TO_BE_DETERMINED, None, 2) == await _place(database, class_id, cast.sam_id)
    assert ["class.updated", "enrollment.updated"] == [each.record["kind"] for each in rehearsal.recorded]


async def test_students_of_a_class_that_comes_back_from_online_go_to_its_room(database: Database) -> None:
    cast = await gather(database)
    forge = await add_room(database, cast, name="Forge")
    class_id = await add_class(database, cast, classroom_ids=(forge,), delivery=Delivery.VIRTUAL, meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id, location=LocationType.VIRTUAL)

    changes = ClassChanges(delivery=Delivery.PHYSICAL)
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    assert (LocationType.CLASSROOM, forge, 2) == await _place(database, class_id, cast.sam_id)
