from typing import Any

import pytest
from msgspec import UNSET

from rollbook.classes.statuses import Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import (
    LOCATIONS,
    ClassroomNeededError,
    ClassroomNotOfClassError,
    ContradictingPlaceError,
    LocationDoesNotFitError,
    LocationType,
    RemoteClassroomNotFoundError,
)
from rollbook.enrollments.seats import RoomFullError, RoomTooSmallError
from tests.cast import NOBODY, Cast, add_class, add_organization, add_room, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import APPROVED, AUDIT, CANCELLED, ENROLLED, WAITLISTED, breaches, change, change_class, last_change, see

TO_BE_DETERMINED, CLASSROOM, REMOTE_CLASSROOM, VIRTUAL = LocationType
NOWHERE = (TO_BE_DETERMINED, None)


async def _rooms(database: Database, cast: Cast, *names: str, **values: Any) -> list[int]:
    return [await add_room(database, cast, name=name, **values) for name in names]


async def _place(database: Database, enrollment_id: int) -> tuple[LocationType, int | None]:
    row = await see(database, enrollment_id)
    return row.location, row.classroom_id


@pytest.mark.parametrize("status", [AUDIT, ENROLLED])
async def test_p4_who_becomes_attending_sits_in_the_one_room_of_a_physical_class(database: Database, status: Any) -> None:
    cast = await gather(database)
    (room_id,) = await _rooms(database, cast, "Forge")
    class_id, other_id = [await add_class(database, cast, classroom_ids=(room_id,)) for _ in range(2)]

    created = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)
    updated = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=APPROVED)
    assert NOWHERE == await _place(database, updated)
    await change(database, updated, status=status)
    moved = await enroll(database, class_id=other_id, user_id=cast.ivan_id, status=status, location=TO_BE_DETERMINED)
    assert NOWHERE == await _place(database, moved)
    await change(database, moved, class_id=class_id)

    for enrollment_id in (created, updated, moved):
        assert (CLASSROOM, room_id) == await _place(database, enrollment_id)


async def test_p4_the_place_is_open_where_there_is_not_exactly_one_room_or_the_caller_says_so(database: Database) -> None:
    cast = await gather(database)
    rooms = await _rooms(database, cast, "Forge", "Smithy")
    one, two, none = [await add_class(database, cast, classroom_ids=each) for each in (rooms[:1], tuple(rooms), ())]
    online, mixed = [
        await add_class(database, cast, classroom_ids=tuple(rooms[:1]), delivery=delivery)
        for delivery in (Delivery.VIRTUAL, Delivery.MIXED)
    ]

    for class_id in (two, none, online, mixed):
        assert NOWHERE == await _place(database, await enroll(database, class_id=class_id, user_id=cast.sam_id))
    for user_id, values in (
        (cast.sam_id, {"location": TO_BE_DETERMINED}),
        (cast.sue_id, {"location": None}),
        (cast.ivan_id, {"classroom_id": None}),
    ):
        said: dict[str, Any] = values
        assert NOWHERE == await _place(database, await enroll(database, class_id=one, user_id=user_id, **said))


async def test_p4_a_change_into_a_full_room_is_refused_and_a_given_place_is_the_remedy(database: Database) -> None:
    cast = await gather(database)
    (room_id,) = await _rooms(database, cast, "Forge", capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    waiting = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

    with pytest.raises(RoomFullError) as refused:
        await change(database, waiting, status=ENROLLED)
    await change(database, waiting, status=ENROLLED, location=TO_BE_DETERMINED)

    assert f"room {room_id} (Forge) is full (1 of 1 seats); raise its capacity, choose another room" in str(refused.value)
    assert NOWHERE == await _place(database, waiting)


async def test_p4_placing_happens_only_on_becoming_attending(database: Database) -> None:
    cast = await gather(database)
    (room_id,) = await _rooms(database, cast, "Forge")
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await change_class(database, class_id, classroom_ids=(room_id,), delivery=Delivery.MIXED)
    await change_class(database, class_id, delivery=Delivery.PHYSICAL)

    await change(database, enrollment_id, status=AUDIT, grade=3)
    assert NOWHERE == await _place(database, enrollment_id)
    await change(database, enrollment_id, status=WAITLISTED)
    await change(database, enrollment_id, status=ENROLLED)
    assert (CLASSROOM, room_id) == await _place(database, enrollment_id)


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_p5_the_location_fits_the_class(database: Database, delivery: Delivery) -> None:
    cast = await gather(database)
    (room_id,) = await _rooms(database, cast, "Forge")
    class_id = await add_class(database, cast, classroom_ids=(room_id,), delivery=delivery)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, location=TO_BE_DETERMINED)

    for location in LocationType:
        classroom_id = room_id if location.has_room else UNSET
        if location in LOCATIONS[delivery]:
            await change(database, enrollment_id, location=location, classroom_id=classroom_id)
            assert (location, room_id if location.has_room else None) == await _place(database, enrollment_id)
        else:
            with pytest.raises(LocationDoesNotFitError):
                await change(database, enrollment_id, location=location, classroom_id=classroom_id)
            with pytest.raises(LocationDoesNotFitError):
                await enroll(database, class_id=class_id, user_id=cast.sue_id, location=location, classroom_id=classroom_id)
    assert [] == await breaches(database)


async def test_p5_classroom_takes_the_only_room_of_the_class_else_asks_for_it(database: Database) -> None:
    cast = await gather(database)
    rooms = await _rooms(database, cast, "Forge", "Smithy", "Garage")
    one, two, none = [
        await add_class(database, cast, classroom_ids=tuple(each), delivery=Delivery.MIXED) for each in (rooms[:1], rooms[:2], [])
    ]

    alone = await enroll(database, class_id=one, user_id=cast.sam_id, location=CLASSROOM)
    for class_id in (two, none):
        with pytest.raises(ClassroomNeededError):
            await enroll(database, class_id=class_id, user_id=cast.sam_id, location=CLASSROOM)
    with pytest.raises(ClassroomNotOfClassError) as refused:
        await enroll(database, class_id=two, user_id=cast.sam_id, location=CLASSROOM, classroom_id=rooms[2])
    chosen = await enroll(database, class_id=two, user_id=cast.sam_id, location=CLASSROOM, classroom_id=rooms[1])
    await change(database, chosen, location=VIRTUAL)
    with pytest.raises(ClassroomNeededError):
        await change(database, chosen, location=CLASSROOM)

    assert (CLASSROOM, rooms[0]) == await _place(database, alone)
    assert ("classroom_id", rooms[2]) == (refused.value.field, refused.value.classroom_id)


async def test_p5_a_remote_room_belongs_to_the_tree_of_the_class_s_organization(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    ours, branch, theirs = [
        await add_room(database, cast, organization_id=each) for each in (cast.organization_id, branch_id, cast.other_organization_id)
    ]
    class_id = await add_class(database, cast, delivery=Delivery.VIRTUAL)
    class_of_branch = await add_class(database, cast, delivery=Delivery.VIRTUAL, organization_id=branch_id)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, classroom_id=branch)

    assert (REMOTE_CLASSROOM, branch) == await _place(database, enrollment_id)
    await change(database, enrollment_id, location=REMOTE_CLASSROOM, classroom_id=ours)
    for room_id in (theirs, NOBODY):
        with pytest.raises(RemoteClassroomNotFoundError) as refused:
            await change(database, enrollment_id, classroom_id=room_id)
        assert "classroom_id" == refused.value.field
    with pytest.raises(RemoteClassroomNotFoundError):
        await enroll(database, class_id=class_of_branch, user_id=cast.sam_id, location=REMOTE_CLASSROOM, classroom_id=ours)
    with pytest.raises(ClassroomNeededError):
        await enroll(database, class_id=class_of_branch, user_id=cast.sam_id, location=REMOTE_CLASSROOM)
    assert (REMOTE_CLASSROOM, ours) == await _place(database, enrollment_id)


async def test_p5_a_location_without_a_room_clears_it_and_a_room_alone_tells_the_location(database: Database) -> None:
    cast = await gather(database)
    forge, smithy = await _rooms(database, cast, "Forge", "Smithy")
    class_id = await add_class(database, cast, classroom_ids=(forge,), delivery=Delivery.MIXED)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    steps: list[tuple[dict[str, Any], tuple[LocationType, int | None]]] = [
        ({"classroom_id": forge}, (CLASSROOM, forge)),
        ({"location": VIRTUAL}, (VIRTUAL, None)),
        ({"classroom_id": smithy}, (REMOTE_CLASSROOM, smithy)),
        ({"location": TO_BE_DETERMINED}, NOWHERE),
        ({"location": CLASSROOM}, (CLASSROOM, forge)),
        ({"classroom_id": None}, NOWHERE),
        ({"location": REMOTE_CLASSROOM, "classroom_id": smithy}, (REMOTE_CLASSROOM, smithy)),
        ({"classroom_id": None}, NOWHERE),
        ({"location": VIRTUAL, "classroom_id": None}, (VIRTUAL, None)),
        ({"location": None}, NOWHERE),
    ]

    for version, (said, expected) in enumerate(steps, 2):
        assert await change(database, enrollment_id, **said)
        assert expected == await _place(database, enrollment_id)
        assert version == (await see(database, enrollment_id)).version


async def test_p5_a_location_and_a_room_that_contradict_each_other_are_refused(database: Database) -> None:
    cast = await gather(database)
    (forge,) = await _rooms(database, cast, "Forge")
    class_id = await add_class(database, cast, classroom_ids=(forge,), delivery=Delivery.MIXED)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, location=CLASSROOM)

    contradictions = ((VIRTUAL, forge), (TO_BE_DETERMINED, forge), (CLASSROOM, None), (REMOTE_CLASSROOM, None))
    for location, classroom_id in contradictions:
        with pytest.raises(ContradictingPlaceError):
            await change(database, enrollment_id, location=location, classroom_id=classroom_id)
    assert (CLASSROOM, forge) == await _place(database, enrollment_id)


async def test_p5_what_repeats_the_stored_place_is_not_checked(database: Database) -> None:
    cast = await gather(database)
    forge, smithy = await _rooms(database, cast, "Forge", "Smithy", capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await change(database, enrollment_id, status=CANCELLED)
    await change_class(database, class_id, classroom_ids=(smithy,), delivery=Delivery.VIRTUAL)

    assert await change(database, enrollment_id, location=CLASSROOM, classroom_id=forge, grade=4)
    assert (CLASSROOM, forge) == await _place(database, enrollment_id)


async def test_c5_who_attends_goes_where_the_class_goes_and_history_tells(database: Database) -> None:
    cast = await gather(database)
    forge, smithy, closet = [
        await add_room(database, cast, name=name, capacity=capacity) for name, capacity in (("Forge", 5), ("Smithy", 5), ("Closet", 1))
    ]
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    sam, sue, ivan = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for user_id, status in ((cast.sam_id, ENROLLED), (cast.sue_id, AUDIT), (cast.ivan_id, WAITLISTED))
    ]

    with pytest.raises(RoomTooSmallError):
        await change_class(database, class_id, classroom_ids=(closet,))
    await change_class(database, class_id, classroom_ids=(smithy,))
    for enrollment_id in (sam, sue):
        assert (CLASSROOM, smithy) == await _place(database, enrollment_id)
        recorded = await last_change(database, enrollment_id)
        assert ("enrollment.updated", {"classroom_id": forge}, {"classroom_id": smithy}) == (recorded.kind, recorded.before, recorded.after)
    await change_class(database, class_id, delivery=Delivery.VIRTUAL)
    for enrollment_id in (sam, sue):
        assert (NOWHERE, 3) == (await _place(database, enrollment_id), (await see(database, enrollment_id)).version)
    assert 1 == len(await history_of(database, "enrollment", ivan))
    assert [] == await breaches(database)
