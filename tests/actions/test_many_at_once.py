import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from rollbook.database.postgresql_connection import ConnectionTroubleError
from rollbook.database.transaction import CrowdedError, Database
from rollbook.enrollments.actions.create import NewEnrollment
from rollbook.enrollments.actions.entering import StudentNotFoundError
from rollbook.enrollments.actions.many import (
    MOST_ROWS,
    Row,
    RowOutcome,
    RowsRefusedError,
    TooManyRowsError,
    carry_out,
    carry_out_all,
    check_number,
    cross,
)
from rollbook.enrollments.actions.row_by_row import ROWS_TOGETHER, TRIES, carry_out_each
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.reopening import EnrollmentExistsError
from rollbook.enrollments.seats import ClassFullError
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import RollbookError, UnavailableError
from tests.cast import NOBODY, Cast, add_class, add_room, add_user, enroll, gather, meeting
from tests.roster import CANCELLED, ENROLLED, WAITLISTED, breaches, see


class Hindered:
    """A database whose first writes are hindered."""

    def __init__(self, database: Database, *hindrances: UnavailableError | None) -> None:
        self._database = database
        self._hindrances = list(hindrances)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def write(self, action: Any, /, **named: Any) -> Any:
        hindrance = self._hindrances.pop(0) if self._hindrances else None
        if hindrance:
            raise hindrance
        return await self._database.write(action, **named)


def row(class_id: int, user_id: int, status: EnrollmentStatus = ENROLLED, **values: Any) -> NewEnrollment:
    return NewEnrollment(class_id=class_id, user_id=user_id, status=status, **values)


async def crowd(database: Database, cast: Cast, number: int) -> list[int]:
    return [await add_user(database, f"Student{each}", organization_id=cast.organization_id) for each in range(number)]


async def each(database: Any, cast: Cast, rows: Sequence[Row]) -> list[RowOutcome]:
    return (await carry_out_each(database, actor=cast.ada, rows=rows)).outcomes


async def all_or_none(database: Database, cast: Cast, rows: Sequence[Row]) -> list[RowOutcome]:
    return await database.write(carry_out_all, actor=cast.ada, rows=rows)


def refusals(outcomes: Sequence[RowOutcome]) -> list[type[RollbookError] | None]:
    return [type(outcome.refusal) if outcome.refusal else None for outcome in outcomes]


async def statuses(database: Database, class_id: int) -> list[EnrollmentStatus]:
    return [enrollment.status for enrollment in await database.write(list_roster, class_id=class_id)]


async def test_every_user_gets_into_every_class(database: Database) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast) for _ in range(2)]
    rows = cross(class_ids, [cast.sam_id, cast.sue_id], shared=row(0, 0, WAITLISTED, retake=True))

    outcomes = await each(database, cast, rows)

    pairs = [(class_id, user_id) for class_id in class_ids for user_id in (cast.sam_id, cast.sue_id)]
    assert [(index, *pair, WAITLISTED, None) for index, pair in enumerate(pairs)] == [
        (outcome.index, outcome.class_id, outcome.user_id, outcome.status, outcome.refusal) for outcome in outcomes
    ]
    for outcome in outcomes:
        assert outcome.enrollment_id is not None
        stored = await see(database, outcome.enrollment_id)
        assert (outcome.class_id, outcome.user_id, WAITLISTED, True) == (stored.class_id, stored.user_id, stored.status, stored.retake)


async def test_each_row_has_its_own_result(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=5)
    class_id = await add_class(database, cast, maximum=2, classroom_ids=(room_id,), meetings=(meeting(),))
    enrolled = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    late_id = await add_user(database, "Nora", organization_id=cast.organization_id)

    rows = [
        row(class_id, cast.sam_id),
        row(class_id, cast.sam_id),
        row(class_id, NOBODY, WAITLISTED),
        row(class_id, cast.sue_id),
        row(class_id, cast.ivan_id),
        row(class_id, late_id, WAITLISTED, classroom_id=room_id),
    ]
    outcomes = await each(database, cast, rows)

    assert [None, EnrollmentExistsError, StudentNotFoundError, ClassFullError, EnrollmentExistsError, None] == refusals(outcomes)
    assert [0, 1, 2, 3, 4, 5] == [outcome.index for outcome in outcomes]
    assert [ENROLLED, None, None, None, None, WAITLISTED] == [outcome.status for outcome in outcomes]
    assert ENROLLED is (await see(database, enrolled)).status
    assert [] == await breaches(database)


async def test_a_cancelled_one_is_opened_again(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    cancelled = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=CANCELLED)

    (outcome,) = await each(database, cast, [row(class_id, cast.sam_id)])

    assert (cancelled, ENROLLED) == (outcome.enrollment_id, outcome.status)


async def test_all_or_none(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    rows = [row(class_id, user_id) for user_id in (cast.sam_id, cast.sue_id, NOBODY)]

    with pytest.raises(RowsRefusedError) as refused:
        await all_or_none(database, cast, rows)

    assert [1, 2] == [outcome.index for outcome in refused.value.refused]
    assert "2 of 3 enrollments are refused" in str(refused.value)
    assert [] == await statuses(database, class_id)
    assert 1 == len(await all_or_none(database, cast, rows[:1]))
    assert [ENROLLED] == await statuses(database, class_id)


async def test_a_long_refusal_quotes_the_first_ones(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=0)

    with pytest.raises(RowsRefusedError, match=r"row 4: .*; and 2 more$") as refused:
        await all_or_none(database, cast, [row(class_id, NOBODY + number) for number in range(7)])

    assert 7 == len(refused.value.refused)


async def test_a_rehearsal_tells_every_row_and_makes_none(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)

    rehearsal = await database.rehearse(carry_out, actor=cast.ada, rows=[row(class_id, cast.sam_id), row(class_id, cast.sue_id)])

    assert [None, ClassFullError] == refusals(rehearsal.result)
    assert [] == await statuses(database, class_id)


async def test_nobody_reaches_beyond_their_own_tree(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    done = await carry_out_each(database, actor=cast.olga, rows=[row(class_id, cast.olga_id)])

    assert "there is no class" in str(done.outcomes[0].refusal)
    assert [] == done.recorded


async def test_there_is_a_limit_to_one_call(database: Database) -> None:
    cast = await gather(database)
    too_many = [row(1, 1)] * (MOST_ROWS + 1)

    check_number(MOST_ROWS)
    with pytest.raises(TooManyRowsError):
        await each(database, cast, too_many)
    with pytest.raises(TooManyRowsError):
        cross(range(101), range(100), shared=row(0, 0))


async def test_more_rows_than_share_a_transaction_keep_their_order(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=3)
    user_ids = await crowd(database, cast, ROWS_TOGETHER + 5)

    waiting = await each(database, cast, [row(class_id, user_id, WAITLISTED) for user_id in reversed(user_ids)])
    moments = [(await see(database, outcome.enrollment_id or 0)).waiting_since or 0 for outcome in waiting]

    assert sorted(moments) == moments
    assert list(range(ROWS_TOGETHER + 5)) == [outcome.index for outcome in waiting]


async def test_the_limits_hold_while_several_fill_a_class(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=7)
    class_ids = [await add_class(database, cast, maximum=5, classroom_ids=(room_id,), meetings=(meeting(),)) for _ in range(2)]
    user_ids = await crowd(database, cast, 12)
    forth, back = cross(class_ids, user_ids, shared=row(0, 0)), cross(class_ids[::-1], user_ids[::-1], shared=row(0, 0))

    batches = await asyncio.gather(each(database, cast, forth), each(database, cast, back), each(database, cast, forth[6:]))

    enrolled = [outcome for batch in batches for outcome in batch if outcome.refusal is None]
    assert 7 == len(enrolled)
    assert 5 >= max([(await statuses(database, class_id)).count(ENROLLED) for class_id in class_ids])
    assert [] == await breaches(database)


async def test_two_that_cross_each_other_do_not_stand_in_each_others_way(database: Database) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast) for _ in range(4)]
    room_id = await add_room(database, cast)
    class_ids += [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(meeting().ends_at + number * 100_000),))
        for number in range(2)
    ]
    user_ids = await crowd(database, cast, 6)
    forth, back = cross(class_ids, user_ids, shared=row(0, 0)), cross(class_ids[::-1], user_ids[::-1], shared=row(0, 0))
    single = [enroll(database, class_id=class_id, user_id=cast.sam_id) for class_id in class_ids]

    forward, backward, *alone = await asyncio.gather(
        all_or_none(database, cast, forth), all_or_none(database, cast, back), *single, return_exceptions=True
    )

    assert [True, False] == sorted((isinstance(batch, RowsRefusedError) for batch in (forward, backward)), reverse=True)
    assert all(isinstance(enrollment_id, int) for enrollment_id in alone)
    assert [7] * 6 == [len(await statuses(database, class_id)) for class_id in class_ids]
    assert [] == await breaches(database)


async def test_rows_that_cannot_share_a_transaction_have_one_each(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    crowded = Hindered(database, CrowdedError(), CrowdedError())

    outcomes = await each(crowded, cast, [row(class_id, cast.sam_id), row(class_id, cast.sue_id)])

    assert [None, ClassFullError] == refusals(outcomes)
    assert [0, 1] == [outcome.index for outcome in outcomes]


async def test_what_stays_crowded_is_told_of_its_row_alone(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    crowded = Hindered(database, *[CrowdedError()] * (1 + TRIES))

    outcomes = await each(crowded, cast, [row(class_id, cast.sam_id), row(class_id, cast.sue_id)])

    assert [CrowdedError, None] == refusals(outcomes)


async def test_rows_that_meet_trouble_are_told_so_and_the_others_are_made(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    rows = [row(class_id, user_id) for user_id in await crowd(database, cast, ROWS_TOGETHER + 1)]

    outcomes = await each(Hindered(database, ConnectionTroubleError("is away")), cast, rows)

    assert [*[ConnectionTroubleError] * ROWS_TOGETHER, None] == refusals(outcomes)


async def test_a_database_that_stays_away_is_not_asked_for_ever(database: Database) -> None:
    cast = await gather(database)
    away = Hindered(database, *[ConnectionTroubleError("is away")] * 2)
    rows = [row(NOBODY, NOBODY)] * (3 * ROWS_TOGETHER + 1)

    outcomes = await each(away, cast, rows)

    assert [ConnectionTroubleError] * len(rows) == refusals(outcomes)
    assert list(range(len(rows))) == [outcome.index for outcome in outcomes]
