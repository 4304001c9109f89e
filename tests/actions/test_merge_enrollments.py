"""Merging two users who are one person: what becomes of their enrollments."""

import asyncio
from typing import Any

import pytest

from rollbook.accounts.actions.deleting import delete_user
from rollbook.accounts.merging import FrozenDuplicateError
from rollbook.classes.clashes import StudentConflictError
from rollbook.database.postgresql import PostgresqlDatabase
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.entering import StudentNotFoundError
from rollbook.enrollments.queries.attendance import list_attendance
from rollbook.enrollments.queries.sight import find_enrollment
from rollbook.people.queries.users import UserNotFoundError
from tests.actions.test_merge_users import merge, user_of
from tests.actions.test_past_rosters import roster_at, set_back
from tests.cast import (
    DAY,
    MAY,
    TESTS,
    add_class,
    add_user,
    enroll,
    gather,
    meeting,
)
from tests.database.postgresql_neighbour import neighbour, waiting_for_a_lock
from tests.recorded import history_of
from tests.roster import AUDIT, CANCELLED, ENROLLED, LONG_AGO, WAITLISTED, attend, breaches, change, drop, prefer, see


async def of_class(database: Database, class_id: int, user_id: int) -> Any:
    return await database.read(find_enrollment, viewer=TESTS.viewer, class_id=class_id, user_id=user_id)


async def test_enrollments_keep_everything_but_the_user(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sue_id, external_id="E", note="n")
    before = await see(database, enrollment_id)

    await merge(database, cast.sam_id, cast.sue_id, actor=cast.ada)

    after = await see(database, enrollment_id)
    changed = {name: getattr(after, name) for name in after.__struct_fields__ if getattr(after, name) != getattr(before, name)}
    assert {"user_id": cast.sam_id, "version": 2} == {name: value for name, value in changed.items() if name != "modified_at"}
    last = (await history_of(database, "enrollment", enrollment_id))[-1]
    assert ("enrollment.merged", "Ada", {"user_id": cast.sue_id}, {"user_id": cast.sam_id}) == (
        last.kind,
        last.actor_name,
        last.before,
        last.after,
    )
    assert [] == await breaches(database)


async def test_of_two_enrollments_in_a_class_the_one_stays_that_got_further_and_the_place_goes_on(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=2, meetings=(meeting(),))
    sams = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    sues = await enroll(database, class_id=class_id, user_id=cast.sue_id, external_id="S")
    waiting = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=WAITLISTED)

    await merge(database, cast.sam_id, cast.sue_id)

    assert (sams, ENROLLED, "S") == ((await of_class(database, class_id, cast.sam_id)).id, *_told(await see(database, sams)))
    assert "enrollment.deleted" == (await history_of(database, "enrollment", sues))[-1].kind
    assert ENROLLED == (await see(database, waiting)).status
    assert [] == await breaches(database)


def _told(row: Any) -> tuple[Any, Any]:
    return row.status, row.external_id


async def test_a_seat_is_not_lost_for_waiting_under_another_name(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1, meetings=(meeting(),))
    sues = await enroll(database, class_id=class_id, user_id=cast.sue_id)
    sams = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
    cancelled_class = await add_class(database, cast)
    await enroll(database, class_id=cancelled_class, user_id=cast.sam_id)
    await enroll(database, class_id=cancelled_class, user_id=cast.sue_id)
    await enroll_cancelled(database, cancelled_class, cast.sue_id)

    await merge(database, cast.sam_id, cast.sue_id)

    assert (cast.sam_id, ENROLLED) == ((await see(database, sues)).user_id, (await see(database, sues)).status)
    assert "enrollment.deleted" == (await history_of(database, "enrollment", sams))[-1].kind
    assert ENROLLED == (await of_class(database, cancelled_class, cast.sam_id)).status
    assert [] == await breaches(database)


async def enroll_cancelled(database: Database, class_id: int, user_id: int) -> None:
    await change(database, (await of_class(database, class_id, user_id)).id, status=CANCELLED)


async def test_what_is_frozen_is_refused_and_nothing_is_changed(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    other_id = await add_class(database, cast)
    for user_id in (cast.sam_id, cast.sue_id):
        await enroll(database, class_id=class_id, user_id=user_id)
    elsewhere = await enroll(database, class_id=other_id, user_id=cast.sue_id)

    with pytest.raises(FrozenDuplicateError) as refused:
        await merge(database, cast.sam_id, cast.sue_id)

    assert (class_id, "S2", "merged_user_id") == (refused.value.class_id, refused.value.rule, refused.value.field)
    assert cast.sue_id == (await see(database, elsewhere)).user_id
    await prefer(database, cast, freeze_enrolled_at_start="off")
    await merge(database, cast.sam_id, cast.sue_id)
    assert cast.sam_id == (await see(database, elsewhere)).user_id


async def test_nobody_comes_to_attend_two_classes_at_once_from_now_on(database: Database) -> None:
    cast = await gather(database)
    first, second = [await add_class(database, cast, meetings=(meeting(),)) for _ in range(2)]
    past, other_past = [await add_class(database, cast, meetings=(meeting(LONG_AGO),)) for _ in range(2)]
    await enroll(database, class_id=first, user_id=cast.sam_id)
    sues = await enroll(database, class_id=second, user_id=cast.sue_id)
    await enroll(database, class_id=past, user_id=cast.sam_id)
    await enroll(database, class_id=other_past, user_id=cast.sue_id)

    with pytest.raises(StudentConflictError) as refused:
        await merge(database, cast.sam_id, cast.sue_id, actor=cast.ada)
    assert (second, first) == (refused.value.class_id, refused.value.other_class_id)

    # Who waits does not attend.
    await change(database, sues, status=WAITLISTED)
    await merge(database, cast.sam_id, cast.sue_id, actor=cast.ada)
    assert [WAITLISTED, ENROLLED] == [(await of_class(database, each, cast.sam_id)).status for each in (second, other_past)]


async def test_the_preference_allows_two_classes_at_once(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, student_conflicts="allow")
    first, second = [await add_class(database, cast, meetings=(meeting(),)) for _ in range(2)]
    await enroll(database, class_id=first, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sue_id, status=AUDIT)

    await merge(database, cast.sam_id, cast.sue_id)

    assert AUDIT == (await of_class(database, second, cast.sam_id)).status


async def test_a_roster_of_the_past_shows_the_person_under_the_account_that_is_left(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    gone_id = await add_user(database, "Max", organization_id=cast.organization_id)
    ids = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id, gone_id)]
    await set_back(database, 100)
    await drop(database, ids[2])
    await database.write(delete_user, actor=TESTS, user_id=gone_id)
    await merge(database, cast.sam_id, cast.sue_id)
    await set_back(database, 200)

    now, before = [await roster_at(database, cast, class_id, moment) for moment in (200, 100)]

    assert [(ids[0], "Sam")] == [(entry.id, entry.student.first_name) for entry in now.entries]
    assert [(ids[2], f"Deleted user {gone_id}"), (ids[0], "Example"), (ids[1], "Example")] == [
        (entry.id, entry.student.last_name) for entry in before.entries
    ]
    assert [gone_id, cast.sam_id, cast.sam_id] == [entry.student.id for entry in before.entries]


async def test_attendance_follows(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sue_id)
    meeting_id = await attend(database, enrollment_id)

    await merge(database, cast.sam_id, cast.sue_id)

    rows = await database.read(list_attendance, enrollment_id=enrollment_id)
    assert [(meeting_id, True)] == [(row.meeting_id, row.attended) for row in rows]


async def test_two_merges_at_once_leave_one_user_with_everything(database: Database) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast) for _ in range(3)]
    for class_id, user_id in zip(class_ids, (cast.sam_id, cast.sue_id, cast.ivan_id), strict=True):
        await enroll(database, class_id=class_id, user_id=user_id)
    await asyncio.gather(*(database.check() for _ in range(3)))

    outcomes = await asyncio.gather(
        merge(database, cast.sam_id, cast.sue_id),
        merge(database, cast.sue_id, cast.sam_id),
        merge(database, cast.sue_id, cast.ivan_id),
        return_exceptions=True,
    )

    assert all(outcome is None or isinstance(outcome, UserNotFoundError) for outcome in outcomes), outcomes
    assert 1 == sum(outcome is None for outcome in outcomes[:2])
    left = [user_id for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id) if await _is_there(database, user_id)]
    assert 3 - sum(outcome is None for outcome in outcomes) == len(left)
    assert 3 == sum([await _number_of_enrollments(database, class_ids, user_id) for user_id in left])
    assert [] == await breaches(database)


async def _is_there(database: Database, user_id: int) -> bool:
    try:
        await user_of(database, user_id)
    except UserNotFoundError:
        return False
    return True


async def _number_of_enrollments(database: Database, class_ids: list[int], user_id: int) -> int:
    return sum([await of_class(database, class_id, user_id) is not None for class_id in class_ids])


async def test_a_merge_while_the_one_who_goes_is_being_enrolled_loses_nothing(database: Database) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast, maximum=1, meetings=(meeting(MAY + number * DAY, hours=2),)) for number in range(6)]
    for class_id in class_ids[:2]:
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await asyncio.gather(*(database.check() for _ in range(7)))

    *enrolled, merged = await asyncio.gather(
        *(enroll(database, class_id=class_id, user_id=cast.sue_id) for class_id in class_ids[2:]),
        *(enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED) for class_id in class_ids[:2]),
        merge(database, cast.sam_id, cast.sue_id),
        return_exceptions=True,
    )

    assert merged is None
    assert all(isinstance(each, int | StudentNotFoundError) for each in enrolled), enrolled
    in_new = sum(isinstance(each, int) for each in enrolled[:4])
    assert 2 + in_new == await _number_of_enrollments(database, class_ids, cast.sam_id)
    assert 0 == await _number_of_enrollments(database, class_ids, cast.sue_id)
    assert [] == await breaches(database)


async def test_a_merge_starts_again_for_a_class_that_both_come_to_be_in_while_it_waits(postgresql_url: str) -> None:
    async with PostgresqlDatabase(postgresql_url, connections=4) as database:
        cast = await gather(database)
        class_id = await add_class(database, cast)
        sams_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        held, waiting = asyncio.Event(), asyncio.Event()

        async def come_in(transaction: Transaction) -> None:
            await create(transaction, actor=TESTS, wanted=NewEnrollment(class_id=class_id, user_id=cast.sue_id, status=WAITLISTED))
            held.set()
            await waiting.wait()

        coming = asyncio.create_task(database.write(come_in))
        await held.wait()
        merging = asyncio.create_task(merge(database, cast.sam_id, cast.sue_id))
        try:
            async with neighbour(postgresql_url) as onlooker:
                await waiting_for_a_lock(onlooker)
        finally:
            waiting.set()
        await asyncio.gather(coming, merging)

        assert (sams_id, ENROLLED) == ((left := await of_class(database, class_id, cast.sam_id)).id, left.status)
        assert await of_class(database, class_id, cast.sue_id) is None
        assert [] == await breaches(database)
