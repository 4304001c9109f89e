"""Places that come free while many want them: none is lost, none given twice, and the line keeps its order."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from rollbook.classes.queries.classes import get_class
from rollbook.database import open_database
from rollbook.database.transaction import CrowdedError, Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.errors import ConflictError
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from tests.cast import DAY, MAY, acting, add_room, enroll, gather, meeting
from tests.database.postgresql_neighbour import neighbour, waiting_for_a_lock
from tests.recorded import history_of
from tests.roster import CANCELLED, ENROLLED, WAITLISTED, breaches, change, change_class, prefer, see
from tests.waiting import (
    add_open_class,
    add_students,
    enter_alone,
    leave_alone,
    line_of,
    move_up,
    promote,
    put,
    set_capacity,
    statuses_of,
)

CROWD = 10
MOST_CROWDED = 2
"""How many of a race's calls may be told to come again."""


async def _at_once(database: Database, *acts: Coroutine[Any, Any, Any]) -> list[Any]:
    """Take steps at the same time and give their answers; a few may be sent away, and their senders come again."""
    # Connections that are open already let them begin in the same moment.
    await asyncio.gather(*(database.check() for _ in acts))
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    unexpected = [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, ConflictError | CrowdedError)]
    assert [] == unexpected
    assert MOST_CROWDED >= sum(isinstance(each, CrowdedError) for each in outcomes)
    return outcomes


async def _check_whole(database: Database, *class_ids: int) -> None:
    """Check what holds after every race: no place is left that somebody could take, nor taken twice, and the line is in order."""
    for class_id in class_ids:
        assert ([], []) == await promote(database, class_id)
        rows = await database.write(list_roster, class_id=class_id)
        waiting = [row for row in rows if row.status is WAITLISTED]
        by_moment = [row.id for row in sorted(waiting, key=lambda row: (row.waiting_since, row.id))]
        assert by_moment == await line_of(database, class_id)
    assert [] == await breaches(database)


async def test_a_place_that_a_student_gives_up_while_ten_want_it_goes_to_the_first_in_the_line(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=1)
    leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    (first,) = await put(database, class_id, cast.sue_id)
    students = await add_students(database, cast, CROWD)

    await _at_once(
        database,
        *(enter_alone(database, acting(cast, user_id), class_id) for user_id in students[:5]),
        leave_alone(database, acting(cast, cast.ivan_id), leaving),
        *(enter_alone(database, acting(cast, user_id), class_id) for user_id in students[5:]),
    )

    statuses = await statuses_of(database, class_id)
    assert (CANCELLED, ENROLLED) == (statuses[0], statuses[1])
    assert {WAITLISTED} == set(statuses[2:])
    assert "enrollment.promoted" == (await history_of(database, "enrollment", first))[-1].kind
    await _check_whole(database, class_id)


async def test_a_place_that_a_student_gives_up_where_nobody_waits_goes_to_one_of_those_who_come(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=1)
    leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    students = await add_students(database, cast, CROWD)

    await _at_once(
        database,
        leave_alone(database, acting(cast, cast.ivan_id), leaving),
        *(enter_alone(database, acting(cast, user_id), class_id) for user_id in students),
    )

    assert 1 == (await statuses_of(database, class_id)).count(ENROLLED)
    await _check_whole(database, class_id)


async def test_a_maximum_that_is_raised_while_students_enroll_is_filled_and_never_passed(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_open_class(database, cast, maximum=1)
    line = await put(database, class_id, cast.sam_id, cast.sue_id)
    await promote(database, class_id)
    students = await add_students(database, cast, CROWD)

    await _at_once(
        database,
        *(enter_alone(database, acting(cast, user_id), class_id) for user_id in students[:5]),
        change_class(database, class_id, maximum=4),
        *(enter_alone(database, acting(cast, user_id), class_id) for user_id in students[5:]),
        change_class(database, class_id, maximum=6),
    )

    # Whichever of the two came last, as long as the students that were in by then allowed it.
    maximum = (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.maximum
    statuses = await statuses_of(database, class_id)
    assert maximum in {4, 6}
    assert maximum == statuses.count(ENROLLED)
    assert [ENROLLED, ENROLLED] == statuses[: len(line)]
    await _check_whole(database, class_id)


async def test_moves_across_two_classes_let_in_who_waits_in_both(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_ids = [await add_room(database, cast, name=name, capacity=9) for name in ("Forge", "Smithy")]
    here, there = [
        await add_open_class(database, cast, maximum=6, classroom_ids=(room_id,), meetings=(meeting(MAY + place * DAY),))
        for place, room_id in enumerate(room_ids)
    ]
    students = await add_students(database, cast, 12)
    moving_there = await put(database, here, *students[:3], status=ENROLLED)
    moving_here = await put(database, there, *students[3:6], status=ENROLLED)
    for class_id in (here, there):
        await change_class(database, class_id, maximum=4)
    waiting_here = await put(database, here, *students[6:9])
    waiting_there = await put(database, there, *students[9:])

    await _at_once(
        database,
        *(
            act
            for one, other in zip(moving_there, moving_here, strict=True)
            for act in (change(database, one, class_id=there), change(database, other, class_id=here))
        ),
    )

    for class_id, line in ((here, waiting_here), (there, waiting_there)):
        rows = {row.id: row.status for row in await database.write(list_roster, class_id=class_id)}
        assert 4 >= list(rows.values()).count(ENROLLED)
        let_in = [rows[each] is ENROLLED for each in line]
        assert sorted(let_in, reverse=True) == let_in
        assert [each for each in line if rows[each] is WAITLISTED] == await line_of(database, class_id)
    assert [] == await breaches(database)


async def test_students_who_leave_at_the_same_time_let_in_one_each_in_the_order_of_the_line(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=8, meetings=(meeting(),))
    students = await add_students(database, cast, 18)
    leaving = await put(database, class_id, *students[:8], status=ENROLLED)
    line = await put(database, class_id, *students[8:])

    outcomes = await _at_once(
        database,
        *(
            leave_alone(database, acting(cast, user_id), enrollment_id)
            for user_id, enrollment_id in zip(students[:8], leaving, strict=True)
        ),
    )

    left = outcomes.count(True)
    assert line[left:] == await line_of(database, class_id)
    assert [left, 8] == [(await statuses_of(database, class_id)).count(status) for status in (CANCELLED, ENROLLED)]
    await _check_whole(database, class_id)


async def test_leaving_and_letting_in_on_demand_meet_without_giving_a_place_twice(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=4)
    students = await add_students(database, cast, 12)
    leaving = await put(database, class_id, *students[:4], status=ENROLLED)
    line = await put(database, class_id, *students[4:])

    outcomes = await _at_once(
        database,
        *(
            act
            for user_id, enrollment_id in zip(students[:4], leaving, strict=True)
            for act in (promote(database, class_id), leave_alone(database, acting(cast, user_id), enrollment_id))
        ),
    )

    left = outcomes[1::2].count(True)
    assert line[left:] == await line_of(database, class_id)
    assert 4 == (await statuses_of(database, class_id)).count(ENROLLED)
    await _check_whole(database, class_id)


async def test_a_capacity_that_is_raised_while_students_enroll_is_never_passed(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id = await add_room(database, cast, capacity=0)
    class_ids = [await add_open_class(database, cast, maximum=9, classroom_ids=(room_id,), meetings=(meeting(),)) for _ in range(2)]
    students = await add_students(database, cast, 16)
    for class_id, users in zip(class_ids, (students[:3], students[3:6]), strict=True):
        await put(database, class_id, *users)
    coming = [
        enter_alone(database, acting(cast, user_id), class_ids[place % 2], status=ENROLLED) for place, user_id in enumerate(students[6:])
    ]

    await _at_once(database, *coming[:5], set_capacity(database, room_id, 4), *coming[5:])

    seated = [statuses.count(ENROLLED) for statuses in [await statuses_of(database, class_id) for class_id in class_ids]]
    assert 4 >= sum(seated)
    for class_id in class_ids:
        await promote(database, class_id)
    assert 4 == sum([(await statuses_of(database, class_id)).count(ENROLLED) for class_id in class_ids])
    assert [] == await breaches(database)


async def test_moving_up_meets_leaving_and_coming_and_the_line_stays_a_line(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=3)
    students = await add_students(database, cast, 14)
    leaving = await put(database, class_id, *students[:3], status=ENROLLED)
    line = await put(database, class_id, *students[3:9])

    await _at_once(
        database,
        *(move_up(database, enrollment_id, 1) for enrollment_id in line[3:]),
        *(leave_alone(database, acting(cast, user_id), each) for user_id, each in zip(students[:3], leaving, strict=True)),
        *(enter_alone(database, acting(cast, user_id), class_id) for user_id in students[9:]),
    )

    assert 3 == (await statuses_of(database, class_id)).count(ENROLLED)
    await _check_whole(database, class_id)


async def test_those_who_wait_for_two_classes_at_the_same_time_are_let_into_one_each(database: Database) -> None:
    cast = await gather(database)
    here, there = [await add_open_class(database, cast, maximum=3, meetings=(meeting(),)) for _ in range(2)]
    students = await add_students(database, cast, 12)
    leavers, others = students[:6], students[6:]
    leaving_here = await put(database, here, *leavers[:3], status=ENROLLED)
    leaving_there = await put(database, there, *leavers[3:], status=ENROLLED)
    await put(database, here, *others)
    await put(database, there, *reversed(others))

    await _at_once(
        database,
        *(
            leave_alone(database, acting(cast, user_id), each)
            for user_id, each in zip((*leavers[:3], *leavers[3:]), (*leaving_here, *leaving_there), strict=True)
        ),
    )

    attending = []
    for class_id in (here, there):
        await promote(database, class_id)
        rows = await database.write(list_roster, class_id=class_id)
        attending += [row.user_id for row in rows if row.status is ENROLLED]
    assert 6 == len(attending) == len(set(attending))
    assert [] == await breaches(database)


async def test_whoever_can_no_longer_come_when_the_place_is_given_is_passed_over_for_the_next(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as database, neighbour(postgresql_url) as watcher:
        cast = await gather(database)
        class_id = await add_open_class(database, cast, maximum=1)
        leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
        first, second = await put(database, class_id, cast.sam_id, cast.sue_id)
        done, go = asyncio.Event(), asyncio.Event()

        async def disable(transaction: Transaction) -> None:
            await update_user(transaction, actor=cast.ada, user_id=cast.sam_id, changes=UserChanges(disabled=True))
            done.set()
            await go.wait()

        disabling = asyncio.create_task(database.write(disable))
        await done.wait()
        leaves = asyncio.create_task(leave_alone(database, acting(cast, cast.ivan_id), leaving))
        await waiting_for_a_lock(watcher)
        go.set()
        await asyncio.gather(disabling, leaves)

        rows = [await see(database, each) for each in (first, second)]
        assert [(WAITLISTED, "S4"), (ENROLLED, None)] == [(row.status, row.passed_over) for row in rows]
        await _check_whole(database, class_id)


async def test_whoever_moves_to_another_class_meanwhile_is_moved_up_there(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as database, neighbour(postgresql_url) as watcher:
        cast = await gather(database)
        here, there = [await add_open_class(database, cast) for _ in range(2)]
        _, moving = await put(database, here, cast.sam_id, cast.sue_id)
        (other,) = await put(database, there, cast.sam_id)
        done, go = asyncio.Event(), asyncio.Event()

        async def move(transaction: Transaction) -> None:
            await update(transaction, caller=cast.ada, enrollment_id=moving, changes=EnrollmentChanges(class_id=there))
            done.set()
            await go.wait()

        moves = asyncio.create_task(database.write(move))
        await done.wait()
        moves_up = asyncio.create_task(move_up(database, moving, 1))
        await waiting_for_a_lock(watcher)
        go.set()
        await asyncio.gather(moves, moves_up)

        assert [moving, other] == await line_of(database, there)
