"""Who is moved up the line by an administrator, and what becomes of the others."""

from itertools import pairwise

import pytest

from rollbook.database.transaction import Database
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import NotUpwardsError, NotWaitingError
from rollbook.history.versions import VersionChangedError
from tests.cast import NOBODY, TESTS, add_class, enroll, gather
from tests.recorded import history_of
from tests.roster import APPROVED, AUDIT, CANCELLED, DENIED, ENROLLED, REQUESTED, WAITLISTED, breaches, change, last_change, see
from tests.waiting import add_students, line_of, move_up, promote, put


@pytest.mark.parametrize("status", [REQUESTED, WAITLISTED])
async def test_w1_exactly_the_moved_one_stands_at_the_position(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    one, two, three, four, five = await put(database, class_id, *await add_students(database, cast, 5), status=status)

    await move_up(database, four, 2)
    assert [one, four, two, three, five] == await line_of(database, class_id, status=status)
    await move_up(database, five, 1)
    assert [five, one, four, two, three] == await line_of(database, class_id, status=status)
    await move_up(database, four, 2)
    assert [five, four, one, two, three] == await line_of(database, class_id, status=status)
    assert [] == await breaches(database)


async def test_w1_whoever_is_moved_up_again_and_again_moves_nobody_else_in_the_line(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    line = await put(database, class_id, *await add_students(database, cast, 6))

    for _ in range(4):
        moved = line.pop()
        line.insert(1, moved)
        await move_up(database, moved, 2)
        assert line == await line_of(database, class_id)

    moments = [(await see(database, each)).waiting_since for each in line]
    assert all(earlier is not None and later is not None and earlier <= later for earlier, later in pairwise(moments))


async def test_w1_the_history_keeps_the_reason_and_the_position(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    first, second = await put(database, class_id, cast.sam_id, cast.sue_id)
    before = (await see(database, second)).waiting_since

    await move_up(database, second, 1, actor=cast.ada)

    row = await see(database, second)
    entry = await last_change(database, second)
    assert ("enrollment.moved_up", "Ada", {"waiting_since": before}) == (entry.kind, entry.actor_name, entry.before)
    assert {"waiting_since": row.waiting_since, "reason": "First come", "position": 1} == entry.after
    assert (2, 1) == (row.version, len(await history_of(database, "enrollment", first)))


async def test_w1_who_is_moved_up_gets_in_first(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    first, second = await put(database, class_id, cast.sam_id, cast.sue_id)

    await move_up(database, second, 1)

    assert ([second], []) == await promote(database, class_id)
    assert WAITLISTED == (await see(database, first)).status


async def test_w1_each_status_has_a_line_of_its_own(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    await put(database, class_id, cast.sam_id)
    asked = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=REQUESTED)
    await put(database, other_id, cast.ivan_id)

    with pytest.raises(NotUpwardsError) as refused:
        await move_up(database, asked, 1)

    assert (asked, 1, 1) == (refused.value.enrollment_id, refused.value.stands_at, refused.value.position)


@pytest.mark.parametrize("position", [2, 3, 9])
async def test_w1_nobody_is_moved_down_or_left_where_they_are(database: Database, position: int) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    line = await put(database, class_id, cast.ivan_id, cast.sam_id, cast.sue_id)

    with pytest.raises(NotUpwardsError):
        await move_up(database, line[1], position)

    assert line == await line_of(database, class_id)


@pytest.mark.parametrize("status", [CANCELLED, APPROVED, DENIED, AUDIT, ENROLLED])
async def test_w1_who_does_not_wait_stands_nowhere(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id, status=status)

    with pytest.raises(NotWaitingError):
        await move_up(database, enrollment_id, 1)


async def test_only_who_sees_the_enrollment_at_the_version_asked_for_moves_it(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    first, second = await put(database, class_id, cast.sam_id, cast.sue_id)
    await change(database, second, note="Needs the certificate by May")

    with pytest.raises(VersionChangedError):
        await move_up(database, second, 1, if_version=1)
    for enrollment_id, actor in ((second, cast.olga), (NOBODY, TESTS)):
        with pytest.raises(EnrollmentNotFoundError):
            await move_up(database, enrollment_id, 1, actor=actor)
    assert [first, second] == await line_of(database, class_id)
    await move_up(database, second, 1, if_version=2)
    assert [second, first] == await line_of(database, class_id)
