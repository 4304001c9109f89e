"""Check-ins that say which meeting they are for, and that are said again, later, or elsewhere."""

import pytest

from rollbook.classes.schedule import Meeting
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.checking_in import CheckedIn, check_student_in
from rollbook.enrollments.attendance import NoMeetingTodayError, NotCheckedInError, OtherMeetingError
from rollbook.enrollments.queries.attendance import MeetingNotFoundError
from rollbook.enrollments.statuses import CompletionStatus
from tests.cast import NOBODY, TESTS, add_class, enroll, gather
from tests.presence import around_now, attended, check_in, mark, meeting_ids, midday_zone, undo
from tests.recorded import history_of
from tests.roster import breaches, change_class, see


async def check_in_to(database: Database, enrollment_id: int, meeting_id: int) -> CheckedIn:
    """Check a student in to a meeting and no other."""
    return await database.write(check_student_in, actor=TESTS, enrollment_id=enrollment_id, meeting_id=meeting_id)


async def test_b3_a_check_in_to_a_meeting_said_again_counts_once_however_late(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1), (2, 3)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first_id, _ = await meeting_ids(database, class_id)

    answers = [await check_in_to(database, enrollment_id, first_id) for _ in range(3)]
    # Hours later the first meeting is over: its start stays, so that it keeps its attendance, and the second one is what check-ins count for.
    (first, second) = around_now((-1, 1), (2, 3))
    await change_class(database, class_id, meetings=(Meeting(starts_at=answers[0].meeting.starts_at, ends_at=first.starts_at + 60), second))
    late = await check_in_to(database, enrollment_id, first_id)

    assert [False, True, True, True] == [answer.already for answer in (*answers, late)]
    assert first_id == late.meeting.id
    assert {first_id: True} == await attended(database, enrollment_id)
    assert 2 == len(await history_of(database, "enrollment", enrollment_id))


async def test_b2_a_check_in_meant_for_a_meeting_that_is_over_checks_in_to_no_other(database: Database) -> None:
    cast = await gather(database)
    class_id, over_id = [
        await add_class(database, cast, time_zone=midday_zone(), meetings=meetings)
        for meetings in (around_now((-3, -2), (-1, 1), (2, 3)), around_now((-3.5, -3.1)))
    ]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    elsewhere = await enroll(database, class_id=over_id, user_id=cast.sam_id)
    first_id, second_id, third_id = await meeting_ids(database, class_id)
    (over_meeting_id,) = await meeting_ids(database, over_id)

    for meeting_id in (first_id, third_id):
        with pytest.raises(OtherMeetingError, match="mark the attendance of that one instead") as refused:
            await check_in_to(database, enrollment_id, meeting_id)
        assert (class_id, meeting_id, second_id) == (refused.value.class_id, refused.value.meeting_id, refused.value.current_id)
    with pytest.raises(NoMeetingTodayError):
        await check_in_to(database, elsewhere, over_meeting_id)
    for meeting_id in (over_meeting_id, NOBODY):
        with pytest.raises(MeetingNotFoundError):
            await check_in_to(database, enrollment_id, meeting_id)
    assert {} == await attended(database, enrollment_id)

    assert second_id == (await check_in_to(database, enrollment_id, second_id)).meeting.id
    assert [] == await breaches(database)


async def test_b3_who_was_marked_absent_or_whose_check_in_was_undone_can_be_checked_in_to_the_meeting_again(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    (meeting_id,) = await meeting_ids(database, class_id)

    await mark(database, enrollment_id, meeting_id, attended=False)
    assert not (await check_in_to(database, enrollment_id, meeting_id)).already
    await undo(database, enrollment_id, meeting_id=meeting_id)
    with pytest.raises(NotCheckedInError):
        await undo(database, enrollment_id, meeting_id=meeting_id)
    assert {meeting_id: False} == await attended(database, enrollment_id)

    assert not (await check_in(database, enrollment_id)).already
    assert (await check_in_to(database, enrollment_id, meeting_id)).already
    assert CompletionStatus.ATTENDING is (await see(database, enrollment_id)).completion
