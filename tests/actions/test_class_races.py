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
from tests.cast import DAY, MAY, Cast, add_class, add_room, add_user, enroll, gather, meeting

CROWD = 12


async def _crowd(database: Database, cast: Cast) -> list[int]:
    return [await add_user(database, f"Student{number}", organization_id=cast.organization_id) for number in range(CROWD)]


async def _at_once(database: Database, *writes: Coroutine[Any, Any, Any]) -> int:
    """Run writes at the same time, and count those that a rule refused."""
    # Connections that are open already let them begin in the same moment.
    await asyncio.gather(*(database.check() for _ in writes))
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, ConflictError):
            raise outcome
    return sum(isinstance(outcome, ConflictError) for outcome in outcomes)


async def _later(turn: int, write: Coroutine[Any, Any, Any]) -> None:
    """Wait a little longer each turn, so that one of the writes meets another one halfway."""
    await asyncio.sleep(turn * 0.005)
    await write


async def _statuses(database: Database, class_id: int) -> list[EnrollmentStatus]:
    return [row.status for row in await database.write(list_roster, class_id=class_id)]


async def test_a_maximum_that_is_lowered_while_students_enroll_is_never_passed(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=CROWD)
    entering = [enroll(database, class_id=class_id, user_id=user_id) for user_id in await _crowd(database, cast)]
    lowering = [
        database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(maximum=maximum)) for maximum in (4, 6, 8)
    ]

    await _at_once(database, *entering[:5], *lowering, *entering[5:])

    maximum = (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.maximum
    assert maximum is not None
    assert (await _statuses(database, class_id)).count(EnrollmentStatus.ENROLLED) <= maximum


async def test_no_one_is_left_in_a_class_that_is_cancelled_while_students_enroll(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    entering = [enroll(database, class_id=class_id, user_id=user_id) for user_id in await _crowd(database, cast)]
    cancelling = database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(status=ClassStatus.CANCELLED))

    refused = await _at_once(database, *entering[:6], cancelling, *entering[6:])

    statuses = await _statuses(database, class_id)
    assert {EnrollmentStatus.CANCELLED} >= set(statuses)
    assert CROWD == len(statuses) + refused


async def test_a_room_that_shrinks_while_students_sit_down_never_holds_too_many(database: Database) -> None:
    cast = await gather(database)
    room_ids = [await add_room(database, cast, name=f"Room {number}") for number in range(CROWD)]
    class_ids = [await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),)) for room_id in room_ids]
    entering = [
        enroll(database, class_id=class_id, user_id=user_id)
        for class_id, user_id in zip(class_ids, await _crowd(database, cast), strict=True)
    ]
    changes = ClassroomChanges(capacity=0)
    closing = [
        _later(number, database.write(update_classroom, actor=cast.ada, classroom_id=room_id, changes=changes))
        for number, room_id in enumerate(room_ids)
    ]

    refused = await _at_once(database, *(write for pair in zip(entering, closing, strict=True) for write in pair))

    assert CROWD == refused
    for room_id, class_id in zip(room_ids, class_ids, strict=True):
        closed = (await database.read(get_classroom, viewer=cast.ada.viewer, classroom_id=room_id)).capacity == 0
        assert closed == ([] == await _statuses(database, class_id))


async def test_classes_that_move_to_the_same_time_do_not_share_too_small_a_room(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_ids = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY + place * DAY),)) for place in range(1, CROWD + 1)
    ]
    for class_id, user_id in zip(class_ids, await _crowd(database, cast), strict=True):
        await enroll(database, class_id=class_id, user_id=user_id)

    moves = [
        database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(meetings=(meeting(MAY),)))
        for class_id in class_ids
    ]

    assert CROWD - 1 == await _at_once(database, *moves)
