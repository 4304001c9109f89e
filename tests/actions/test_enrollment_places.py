import pytest

from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.seats import ClassFullError, MaximumBelowEnrolledError, RoomFullError
from rollbook.errors import SeveralRefusalsError
from tests.cast import DAY, HOUR, MAY, add_class, add_organization, add_room, add_user, enroll, gather, meeting
from tests.roster import (
    APPROVED,
    AUDIT,
    CANCELLED,
    DENIED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    breaches,
    change,
    change_class,
    drop,
    prefer,
    see,
)


async def test_p1_enrolled_students_never_pass_the_maximum(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, maximum=1) for _ in range(2)]
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=REQUESTED)
    sue_elsewhere = await enroll(database, class_id=other_id, user_id=cast.sue_id)

    for attempt in (
        enroll(database, class_id=class_id, user_id=cast.ivan_id),
        change(database, sue, status=ENROLLED),
        change(database, sue_elsewhere, class_id=class_id, user_id=cast.ivan_id),
    ):
        with pytest.raises(ClassFullError) as refused:
            await attempt
        assert (class_id, 1, 1) == (refused.value.class_id, refused.value.enrolled, refused.value.maximum)
    await change(database, sam, status=CANCELLED)
    assert await change(database, sue, status=ENROLLED)
    with pytest.raises(ClassFullError):
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
    assert [] == await breaches(database)


async def test_p1_only_enrolled_students_take_a_place(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    for place, status in enumerate((REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT)):
        user_id = await add_user(database, f"Student{place}", organization_id=cast.organization_id)
        await enroll(database, class_id=class_id, user_id=user_id, status=status)

    assert await enroll(database, class_id=class_id, user_id=cast.sam_id)
    assert await enroll(database, class_id=class_id, user_id=cast.sue_id, status=AUDIT)


@pytest.mark.parametrize("maximum", [0, None])
async def test_p1_zero_is_no_place_and_no_maximum_is_no_limit(database: Database, maximum: int | None) -> None:
    cast = await gather(database)
    await prefer(database, cast, default_maximum="1")
    class_id = await add_class(database, cast, maximum=maximum)

    full = 0
    for user_id in (cast.sam_id, cast.sue_id):
        try:
            await enroll(database, class_id=class_id, user_id=user_id)
        except ClassFullError:
            full += 1

    assert (2 if maximum == 0 else 0) == full


async def test_p1_the_one_who_holds_the_last_place_is_not_in_their_own_way(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert await change(database, enrollment_id, grade=1, user_id=cast.sue_id)
    assert await change(database, enrollment_id, status=AUDIT)
    assert await change(database, enrollment_id, status=ENROLLED)
    assert await change(database, enrollment_id, status=CANCELLED)
    assert enrollment_id == await enroll(database, class_id=class_id, user_id=cast.sue_id)
    await drop(database, enrollment_id)
    assert await enroll(database, class_id=class_id, user_id=cast.sam_id)


async def test_p3_the_maximum_cannot_be_set_under_the_number_enrolled(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    for user_id, status in ((cast.sam_id, ENROLLED), (cast.sue_id, ENROLLED), (cast.ivan_id, AUDIT)):
        await enroll(database, class_id=class_id, user_id=user_id, status=status)

    with pytest.raises(MaximumBelowEnrolledError) as refused:
        await change_class(database, class_id, maximum=1)
    await change_class(database, class_id, maximum=2)

    assert (2, 1) == (refused.value.enrolled, refused.value.maximum)


async def test_p2_seats_count_over_every_class_that_meets_in_the_room_at_that_moment(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=2)
    morning, noon, evening = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=meetings)
        for meetings in ((meeting(MAY, hours=4),), (meeting(MAY + 3 * HOUR, hours=4),), (meeting(MAY + 7 * HOUR, hours=4),))
    ]
    nora_id, tim_id = [await add_user(database, name, organization_id=cast.organization_id) for name in ("Nora", "Tim")]
    await enroll(database, class_id=morning, user_id=cast.sam_id)
    await enroll(database, class_id=evening, user_id=cast.sue_id)
    await enroll(database, class_id=evening, user_id=cast.ivan_id, status=AUDIT)

    assert await enroll(database, class_id=noon, user_id=nora_id, status=AUDIT)
    for class_id in (morning, noon):
        with pytest.raises(RoomFullError) as refused:
            await enroll(database, class_id=class_id, user_id=tim_id)
        assert (room_id, 2, 2) == (refused.value.room.id, refused.value.taken, refused.value.capacity)
        assert f"room {room_id} (Workshop) is full (2 of 2 seats); raise its capacity" in str(refused.value)
    assert [] == await breaches(database)


async def test_p2_each_moment_of_the_overlap_counts_by_itself(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=2)
    long, early, late = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=meetings)
        for meetings in (
            (meeting(MAY), meeting(MAY + DAY)),
            (meeting(MAY, hours=2),),
            (meeting(MAY + 2 * HOUR, hours=2), meeting(MAY + DAY, hours=1)),
        )
    ]
    await enroll(database, class_id=early, user_id=cast.sam_id)
    await enroll(database, class_id=late, user_id=cast.sam_id)

    assert await enroll(database, class_id=long, user_id=cast.sue_id)
    with pytest.raises(RoomFullError):
        await enroll(database, class_id=long, user_id=cast.ivan_id)


async def test_p2_seats_count_whatever_the_organization_and_remote_ones_too(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    room_id = await add_room(database, cast, organization_id=branch_id, capacity=1)
    here = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),), organization_id=branch_id)
    there = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),), organization_id=cast.other_organization_id)
    online = await add_class(database, cast, delivery=Delivery.VIRTUAL, meetings=(meeting(),))
    hers = await enroll(database, class_id=there, user_id=cast.olga_id)

    sam = await enroll(database, class_id=online, user_id=cast.sam_id)
    seated_remotely = change(database, sam, location=LocationType.REMOTE_CLASSROOM, classroom_id=room_id)
    for attempt in (enroll(database, class_id=here, user_id=cast.sue_id), seated_remotely):
        with pytest.raises(RoomFullError):
            await attempt
    await change(database, hers, location=LocationType.TO_BE_DETERMINED)
    assert await change(database, sam, classroom_id=room_id)
    for attempt in (enroll(database, class_id=here, user_id=cast.sue_id), change(database, hers, classroom_id=room_id)):
        with pytest.raises(RoomFullError):
            await attempt
    assert LocationType.REMOTE_CLASSROOM is (await see(database, sam)).location


async def test_p2_who_does_not_attend_or_whose_class_is_off_takes_no_seat(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id, off_id = [await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(LONG_AGO),)) for _ in range(2)]
    await enroll(database, class_id=off_id, user_id=cast.ivan_id)
    await change_class(database, off_id, status=ClassStatus.CANCELLED)
    for user_id, status in ((cast.sue_id, WAITLISTED), (cast.olga_id, APPROVED)):
        await enroll(database, class_id=class_id, user_id=user_id, status=status, location=LocationType.CLASSROOM, classroom_id=room_id)

    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert (LocationType.CLASSROOM, room_id) == ((await see(database, sam)).location, (await see(database, sam)).classroom_id)
    assert [] == await breaches(database)


async def test_p2_a_frozen_student_of_a_class_that_is_off_may_be_placed_anywhere(database: Database) -> None:
    cast = await gather(database)
    forge, smithy = [await add_room(database, cast, name=name, capacity=1) for name in ("Forge", "Smithy")]
    off_id = await add_class(database, cast, classroom_ids=(forge, smithy), meetings=(meeting(LONG_AGO),))
    other_id = await add_class(database, cast, classroom_ids=(smithy,), meetings=(meeting(LONG_AGO),))
    frozen = await enroll(database, class_id=off_id, user_id=cast.sam_id, classroom_id=forge)
    await change_class(database, off_id, status=ClassStatus.CANCELLED)
    await enroll(database, class_id=other_id, user_id=cast.sue_id)

    assert await change(database, frozen, classroom_id=smithy)
    assert smithy == (await see(database, frozen)).classroom_id


async def test_p2_a_seat_is_asked_for_once_and_given_back(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert await change(database, sam, status=AUDIT, location=LocationType.CLASSROOM, classroom_id=room_id)
    assert await change(database, sam, status=ENROLLED)
    assert await change(database, sam, user_id=cast.sue_id)
    with pytest.raises(RoomFullError):
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
    assert await change(database, sam, location=LocationType.TO_BE_DETERMINED)
    second = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    with pytest.raises(RoomFullError):
        await change(database, sam, classroom_id=room_id)
    assert await change(database, second, status=WAITLISTED)
    assert await change(database, sam, classroom_id=room_id)
    with pytest.raises(RoomFullError):
        await change(database, second, status=ENROLLED)


async def test_p2_a_class_without_meetings_counts_its_own_students(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id, other_id = [await add_class(database, cast, classroom_ids=(room_id,)) for _ in range(2)]
    for each in (class_id, other_id):
        await enroll(database, class_id=each, user_id=cast.sam_id)

    with pytest.raises(RoomFullError):
        await enroll(database, class_id=class_id, user_id=cast.sue_id)


async def test_p2_a_room_without_a_capacity_has_no_limit_and_one_of_zero_no_seat(database: Database) -> None:
    cast = await gather(database)
    closet, hall = [await add_room(database, cast, capacity=capacity) for capacity in (0, None)]
    class_id = await add_class(database, cast, classroom_ids=(closet, hall), meetings=(meeting(),))

    for user_id in (cast.sam_id, cast.sue_id):
        assert await enroll(database, class_id=class_id, user_id=user_id, classroom_id=hall)
    with pytest.raises(RoomFullError):
        await enroll(database, class_id=class_id, user_id=cast.ivan_id, classroom_id=closet)


async def test_p1_and_p2_are_told_together(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=0)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),), maximum=0)

    with pytest.raises(SeveralRefusalsError) as refused:
        await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert ["P1", "P2"] == [each.rule for each in refused.value.refusals]
