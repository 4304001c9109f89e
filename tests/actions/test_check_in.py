import asyncio

import pytest

from rollbook import clock
from rollbook.classes.schedule import AttendedMeetingRemovedError
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.postgresql import PostgresqlDatabase
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.attendance import (
    Attendance,
    CheckInToClassOffError,
    NoMeetingTodayError,
    NotAttendingError,
    NotCheckedInError,
    NotInClassroomError,
)
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.attendance import list_attendance
from rollbook.enrollments.queries.entrance import lock_classes
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from tests.cast import DAY, TESTS, add_class, add_room, enroll, gather, meeting
from tests.database.postgresql_neighbour import neighbour, waiting_for_a_lock
from tests.presence import around_now, attended, check_in, mark, meeting_ids, midday_zone, undo
from tests.recorded import history_of
from tests.roster import AUDIT, CANCELLED, LONG_AGO, WAITLISTED, breaches, change, change_class, drop, last_change, prefer, see

UNKNOWN, ATTENDING, COMPLETE, INCOMPLETE, NO_SHOW, FAILED = CompletionStatus


async def test_b3_a_check_in_keeps_the_moment_the_attendance_and_the_completion(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1), (2, 3)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first_id, _ = await meeting_ids(database, class_id)
    before = clock.now()

    told = await check_in(database, enrollment_id)

    assert (class_id, cast.sam_id, first_id, midday_zone().iana) == (told.class_id, told.user_id, told.meeting.id, told.time_zone)
    assert (ATTENDING, False) == (told.completion, told.already)
    assert [told.attendance] == await database.read(list_attendance, enrollment_id=enrollment_id)
    at = told.attendance.checked_in_at if told.attendance else None
    assert at is not None
    assert before <= at <= clock.now()
    assert Attendance(first_id, True, at, None, UNKNOWN, 2) == told.attendance  # noqa: FBT003 - it reads as the row does
    stored = await see(database, enrollment_id)
    assert (ATTENDING, 2) == (stored.completion, stored.version)
    recorded = await last_change(database, enrollment_id)
    meeting_id = str(first_id)
    assert "enrollment.checked_in" == recorded.kind
    assert {"completion": 0, "attendance": {meeting_id: None}, "checked_in_at": {meeting_id: None}} == recorded.before
    assert {"completion": 10, "attendance": {meeting_id: True}, "checked_in_at": {meeting_id: at}} == recorded.after
    assert [] == await breaches(database)


async def test_b3_sent_twice_it_counts_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((2, 3)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    answers = await asyncio.gather(*(check_in(database, enrollment_id) for _ in range(5)))

    assert [False, True, True, True, True] == sorted(answer.already for answer in answers)
    assert 1 == len({answer.attendance for answer in answers})
    assert 2 == len(await history_of(database, "enrollment", enrollment_id))


@pytest.mark.parametrize("completion", [ATTENDING, COMPLETE, INCOMPLETE, FAILED])
async def test_b3_another_completion_stays_and_so_does_the_version(database: Database, completion: CompletionStatus) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1), (2, 3)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=completion)

    told = await check_in(database, enrollment_id)

    assert completion is told.completion
    assert {told.meeting.id: True} == await attended(database, enrollment_id)
    assert 1 == (await see(database, enrollment_id)).version
    recorded = await last_change(database, enrollment_id)
    assert {"attendance", "checked_in_at"} == (recorded.after or {}).keys()
    assert [] == await breaches(database)


async def test_b2_it_counts_for_the_next_meeting_of_the_day_or_says_when_that_is(database: Database) -> None:
    cast = await gather(database)
    zone = midday_zone()
    today, tomorrow, over = [
        await add_class(database, cast, time_zone=zone, meetings=meetings)
        for meetings in (around_now((-3, -2), (1, 2), (3, 4)), around_now((-2, -1), (24, 25)), around_now((-2, -1)))
    ]
    await prefer(database, cast, student_conflicts="allow")
    ids = [await enroll(database, class_id=class_id, user_id=cast.sam_id) for class_id in (today, tomorrow, over)]

    _, second, _ = await meeting_ids(database, today)
    assert second == (await check_in(database, ids[0])).meeting.id
    for enrollment_id, told in ((ids[1], "the next one starts on "), (ids[2], "there is none to come")):
        with pytest.raises(NoMeetingTodayError, match=told):
            await check_in(database, enrollment_id)
        assert {} == await attended(database, enrollment_id)


async def test_b1_only_who_comes_to_a_classroom_is_checked_in(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    meetings = around_now((-1, 1))
    mixed, virtual, physical = [
        await add_class(database, cast, time_zone=midday_zone(), delivery=delivery, classroom_ids=(room_id,), meetings=meetings)
        for delivery in (Delivery.MIXED, Delivery.VIRTUAL, Delivery.PHYSICAL)
    ]
    await prefer(database, cast, student_conflicts="allow", freeze_enrolled_at_start="off")
    at_home = await enroll(database, class_id=mixed, user_id=cast.sue_id, location=LocationType.VIRTUAL)
    in_room = await enroll(database, class_id=mixed, user_id=cast.sam_id, location=LocationType.CLASSROOM, status=AUDIT)
    online = await enroll(database, class_id=virtual, user_id=cast.sam_id)
    waiting = await enroll(database, class_id=physical, user_id=cast.sam_id, status=WAITLISTED)

    assert True is (await check_in(database, in_room)).attendance.attended  # type: ignore[union-attr]  # else the test fails
    for enrollment_id, error in ((at_home, NotInClassroomError), (online, NotInClassroomError), (waiting, NotAttendingError)):
        with pytest.raises(error):
            await check_in(database, enrollment_id)

    await change_class(database, physical, status=ClassStatus.CANCELLED)
    with pytest.raises(SeveralRefusalsError) as refusal:
        await check_in(database, waiting)
    assert [CheckInToClassOffError, NotAttendingError] == [type(each) for each in refusal.value.refusals]


async def test_b3_undoing_brings_back_what_was_before(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-3, -2), (-1, 1)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=NO_SHOW)
    _, meeting_id = await meeting_ids(database, class_id)
    for marked in (None, False, True):
        await mark(database, enrollment_id, meeting_id, attended=marked)
        at = (await check_in(database, enrollment_id)).attendance.checked_in_at  # type: ignore[union-attr]  # else the test fails
        assert ATTENDING is (await see(database, enrollment_id)).completion

        told = await undo(database, enrollment_id)

        assert (meeting_id, NO_SHOW, marked) == (told.meeting.id, told.completion, told.attendance and told.attendance.attended)
        assert ({} if marked is None else {meeting_id: marked}) == await attended(database, enrollment_id)
        assert NO_SHOW is (await see(database, enrollment_id)).completion
        recorded = await last_change(database, enrollment_id)
        named = str(meeting_id)
        assert "enrollment.check_in_undone" == recorded.kind
        assert {"completion": 10, "attendance": {named: True}, "checked_in_at": {named: at}} == recorded.before
        assert {"completion": 40, "attendance": {named: marked}, "checked_in_at": {named: None}} == recorded.after
        with pytest.raises(NotCheckedInError):
            await undo(database, enrollment_id)
    assert [] == await breaches(database)


async def test_b3_undoing_an_earlier_check_in_leaves_the_completion_to_the_later_one(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((1, 2), (3, 4)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first = await check_in(database, enrollment_id)
    await change_class(database, class_id, meetings=(*around_now((-1, 0.5)), first.meeting))
    _, later_id = await meeting_ids(database, class_id)
    other = await check_in(database, enrollment_id)
    assert later_id == first.meeting.id != other.meeting.id

    # Both came in the same second or the one after: the order of the meetings' ids then is that of the check-ins.
    assert ATTENDING is (await undo(database, enrollment_id, meeting_id=first.meeting.id)).completion
    with pytest.raises(NotCheckedInError):
        await undo(database, enrollment_id, meeting_id=first.meeting.id)
    assert UNKNOWN is (await undo(database, enrollment_id)).completion
    assert {} == await attended(database, enrollment_id)
    assert [] == await breaches(database)


async def test_who_left_since_can_still_be_undone(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, freeze_enrolled_at_start="off")
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await check_in(database, enrollment_id)
    await change(database, enrollment_id, status=CANCELLED)

    told = await undo(database, enrollment_id)

    assert (UNKNOWN, None) == (told.completion, told.attendance)
    assert CANCELLED is (await see(database, enrollment_id)).status


async def test_a_check_in_asks_for_a_version_and_for_sight(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    for attempt in (check_in(database, enrollment_id, actor=cast.olga), undo(database, enrollment_id, actor=cast.olga)):
        with pytest.raises(EnrollmentNotFoundError):
            await attempt
    for attempt in (check_in(database, enrollment_id, if_version=2), undo(database, enrollment_id, if_version=2)):
        with pytest.raises(VersionChangedError):
            await attempt
    assert not (await check_in(database, enrollment_id, actor=cast.ada, if_version=1)).already


async def test_a_check_in_and_a_change_of_meetings_come_one_after_the_other(database: Database) -> None:
    cast = await gather(database)
    for _ in range(5):
        class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        later = (meeting(clock.now() + 3 * DAY),)

        checked, moved = await asyncio.gather(
            check_in(database, enrollment_id), change_class(database, class_id, meetings=later), return_exceptions=True
        )

        if isinstance(moved, BaseException):
            assert isinstance(moved, AttendedMeetingRemovedError)
            assert not isinstance(checked, BaseException)
        else:
            assert isinstance(checked, NoMeetingTodayError)
        await prefer(database, cast, freeze_enrolled_at_start="off")
        await drop(database, enrollment_id)
    assert [] == await breaches(database)


async def test_a_check_in_and_a_move_or_a_deletion_come_one_after_the_other(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, freeze_enrolled_at_start="off", student_conflicts="allow")
    meetings = around_now((-1, 1))
    for number in range(6):
        class_id, other_id = [await add_class(database, cast, time_zone=midday_zone(), meetings=meetings) for _ in range(2)]
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        leave = drop(database, enrollment_id) if number % 2 else change(database, enrollment_id, class_id=other_id)

        checked, left = await asyncio.gather(check_in(database, enrollment_id), leave, return_exceptions=True)

        assert not isinstance(left, BaseException)
        assert isinstance(checked, EnrollmentNotFoundError) or not isinstance(checked, BaseException)
        assert [] == await breaches(database)


async def test_what_a_move_takes_away_is_kept_with_its_check_ins(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, freeze_enrolled_at_start="off")
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-3, -2), (-1, 1)))
    other_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first_id, second_id = await meeting_ids(database, class_id)
    await mark(database, enrollment_id, first_id, attended=False)
    told = await check_in(database, enrollment_id)

    await change(database, enrollment_id, class_id=other_id)

    before = (await last_change(database, enrollment_id)).before or {}
    assert {str(first_id): False, str(second_id): True} == before["attendance"]
    assert {str(second_id): told.attendance and told.attendance.checked_in_at} == before["checked_in_at"]
    assert {} == await attended(database, enrollment_id)


async def test_a_check_in_follows_a_student_who_is_moved_while_it_waits(postgresql_url: str) -> None:
    async with PostgresqlDatabase(postgresql_url, connections=4) as database:
        cast = await gather(database)
        await prefer(database, cast, freeze_enrolled_at_start="off", student_conflicts="allow")
        class_id, other_id = [
            await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-hour, hour))) for hour in (1, 2)
        ]
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        held, waiting = asyncio.Event(), asyncio.Event()

        async def move(transaction: Transaction) -> None:
            await transaction.lock(lock_classes, ids=[class_id, other_id])
            held.set()
            await waiting.wait()
            await update(transaction, caller=TESTS, enrollment_id=enrollment_id, changes=EnrollmentChanges(class_id=other_id))

        moving = asyncio.create_task(database.write(move))
        await held.wait()
        checking = asyncio.create_task(check_in(database, enrollment_id))
        async with neighbour(postgresql_url) as onlooker:
            await waiting_for_a_lock(onlooker)
        waiting.set()
        await moving

        assert other_id == (await checking).class_id
        assert [] == await breaches(database)
