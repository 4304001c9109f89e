import asyncio
from collections.abc import Coroutine
from typing import Any

from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.classes import get_class
from rollbook.classes.statuses import ClassStatus
from rollbook.classrooms.actions import ClassroomChanges
from rollbook.classrooms.queries import get_classroom
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.classroom_changes import update_classroom
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import ConflictError
from tests.cast import Cast, add_class, add_room, add_user, enroll, gather, meeting

CROWD = 12


async def _crowd(database: Database, cast: Cast) -> list[int]:
    return [await add_user(database, f"Student{number}", organization_id=cast.organization_id) for number in range(CROWD)]


async def _at_once(*writes: Coroutine[Any, Any, Any]) -> int:
    """Run writes at the same time, and count those that a rule refused."""
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, ConflictError):
            raise outcome
    return sum(isinstance(outcome, ConflictError) for outcome in outcomes)


async def _statuses(database: Database, class_id: int) -> list[EnrollmentStatus]:
    return [row.status for row in await database.write(list_roster, class_id=class_id)]


async def test_a_maximum_that_is_lowered_while_students_enroll_is_never_passed(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=CROWD)
    entering = [enroll(database, class_id=class_id, user_id=user_id) for user_id in await _crowd(database, cast)]
    lowering = [
        database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(maximum=maximum)) for maximum in (4, 6, 8)
    ]

    await _at_once(*entering[:5], *lowering, *entering[5:])

    maximum = (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.maximum
    assert maximum is not None
    assert (await _statuses(database, class_id)).count(EnrollmentStatus.ENROLLED) <= maximum


async def test_no_one_is_left_in_a_class_that_is_cancelled_while_students_enroll(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    entering = [enroll(database, class_id=class_id, user_id=user_id) for user_id in await _crowd(database, cast)]
    cancelling = database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(status=ClassStatus.CANCELLED))

    refused = await _at_once(*entering[:6], cancelling, *entering[6:])

    statuses = await _statuses(database, class_id)
    assert {EnrollmentStatus.CANCELLED} >= set(statuses)
    assert CROWD == len(statuses) + refused


async def test_a_room_that_shrinks_while_students_sit_down_never_holds_too_many(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=CROWD)
    class_ids = [await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),)) for _ in range(2)]
    entering = [
        enroll(database, class_id=class_ids[place % 2], user_id=user_id) for place, user_id in enumerate(await _crowd(database, cast))
    ]
    shrinking = [
        database.write(update_classroom, actor=cast.ada, classroom_id=room_id, changes=ClassroomChanges(capacity=capacity))
        for capacity in (4, 6, 8)
    ]

    await _at_once(*entering[:5], *shrinking, *entering[5:])

    capacity = (await database.read(get_classroom, viewer=cast.ada.viewer, classroom_id=room_id)).capacity
    assert capacity is not None
    seated = sum([(await _statuses(database, class_id)).count(EnrollmentStatus.ENROLLED) for class_id in class_ids])
    assert seated <= capacity


async def test_two_classes_that_move_to_the_same_time_do_not_share_too_small_a_room(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    day = 86_400
    class_ids = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(meeting().starts_at + place * day),))
        for place in (1, 2)
    ]
    for class_id, user_id in zip(class_ids, (cast.sam_id, cast.sue_id), strict=True):
        await enroll(database, class_id=class_id, user_id=user_id)

    moves = [
        database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(meetings=(meeting(),)))
        for class_id in class_ids
    ]

    assert 1 == await _at_once(*moves)
