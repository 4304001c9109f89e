import asyncio

import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.marking import EnrollmentsNotInClassError
from rollbook.enrollments.attendance import NotAttendingError, version_of
from rollbook.enrollments.queries.attendance import MeetingNotFoundError
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from tests.cast import DAY, MAY, NOBODY, add_class, enroll, gather, meeting
from tests.presence import around_now, attended, check_in, mark, mark_all, meeting_ids, midday_zone
from tests.recorded import history_of
from tests.roster import AUDIT, CANCELLED, REQUESTED, WAITLISTED, breaches, change, last_change, prefer, see

UNKNOWN, ATTENDING, COMPLETE, INCOMPLETE, NO_SHOW, FAILED = CompletionStatus
TWO_DAYS = (meeting(), meeting(MAY + DAY))


async def test_a_mark_is_kept_with_its_history_and_leaves_the_enrollment_alone(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=TWO_DAYS)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first_id, second_id = await meeting_ids(database, class_id)

    for before, after, version in (
        (None, True, 2),
        (True, False, 3),
        (False, False, 3),
        (False, None, 1),
        (None, None, 1),
        (None, True, 2),
    ):
        told = await mark(database, enrollment_id, first_id, attended=after)
        assert (before, after) == (told.before and told.before.attended, told.after and told.after.attended)
        assert version == version_of(told.after)
    await mark(database, enrollment_id, second_id, attended=False)

    assert {first_id: True, second_id: False} == await attended(database, enrollment_id)
    stored = await see(database, enrollment_id)
    assert (UNKNOWN, 1) == (stored.completion, stored.version)
    _, *entries = await history_of(database, "enrollment", enrollment_id)
    name = str(first_id)
    assert [
        ({"attendance": {name: before}}, {"attendance": {name: after}})
        for before, after in ((None, True), (True, False), (False, None), (None, True))
    ] == [(entry.before, entry.after) for entry in entries[:4]]
    assert {"enrollment.attendance_marked"} == {entry.kind for entry in entries}
    assert [] == await breaches(database)


async def test_a_mark_that_denies_a_check_in_keeps_its_moment(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((-1, 1)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    checked = await check_in(database, enrollment_id)

    told = await mark(database, enrollment_id, checked.meeting.id, attended=False, if_version=2)

    assert checked.attendance is not None
    assert told.after is not None
    assert (False, checked.attendance.checked_in_at, 3) == (told.after.attended, told.after.checked_in_at, told.after.version)
    assert ATTENDING is (await see(database, enrollment_id)).completion
    again = await check_in(database, enrollment_id)
    assert (False, 4) == (again.already, again.attendance and again.attendance.version)
    await mark(database, enrollment_id, checked.meeting.id, attended=None)
    recorded = await last_change(database, enrollment_id)
    assert {"attendance", "checked_in_at"} == (recorded.before or {}).keys()


async def test_a_mark_asks_for_a_version_a_meeting_and_for_sight(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(MAY + day * DAY),)) for day in (0, 1)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    (meeting_id,), (elsewhere_id,) = [await meeting_ids(database, each) for each in (class_id, other_id)]

    with pytest.raises(EnrollmentNotFoundError):
        await mark(database, enrollment_id, meeting_id, attended=True, actor=cast.olga)
    with pytest.raises(MeetingNotFoundError) as refusal:
        await mark(database, enrollment_id, elsewhere_id, attended=True)
    assert (class_id, elsewhere_id) == (refusal.value.class_id, refusal.value.meeting_id)
    with pytest.raises(VersionChangedError):
        await mark(database, enrollment_id, meeting_id, attended=True, if_version=2)
    await mark(database, enrollment_id, meeting_id, attended=True, if_version=1, actor=cast.ada)
    with pytest.raises(VersionChangedError):
        await mark(database, enrollment_id, meeting_id, attended=False, if_version=1)


async def test_b1_who_does_not_attend_is_not_marked_but_loses_what_was(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=TWO_DAYS)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first_id, _ = await meeting_ids(database, class_id)
    await mark(database, enrollment_id, first_id, attended=True)
    await change(database, enrollment_id, status=CANCELLED)

    with pytest.raises(NotAttendingError):
        await mark(database, enrollment_id, first_id, attended=False)
    await mark(database, enrollment_id, first_id, attended=None)

    assert {} == await attended(database, enrollment_id)


async def test_a_whole_meeting_is_marked_in_one_call(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=TWO_DAYS)
    sam, sue, ivan = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id)]
    await change(database, ivan, status=WAITLISTED)
    await change(database, sue, status=AUDIT)
    first_id, second_id = await meeting_ids(database, class_id)

    told = await mark_all(database, class_id, first_id, everyone=True)
    assert [(sam, True), (sue, True)] == [(each.enrollment_id, each.after and each.after.attended) for each in told]
    told = await mark_all(database, class_id, first_id, everyone=True, students={sue: False})
    assert [(sam, True, True), (sue, True, False)] == [
        (each.enrollment_id, each.before and each.before.attended, each.after and each.after.attended) for each in told
    ]
    told = await mark_all(database, class_id, second_id, students={sam: True, ivan: None})
    assert [(sam, cast.sam_id), (ivan, cast.ivan_id)] == [(each.enrollment_id, each.user_id) for each in told]
    assert [] == await mark_all(database, class_id, second_id)

    assert [{first_id: True, second_id: True}, {first_id: False}, {}] == [await attended(database, each) for each in (sam, sue, ivan)]
    await mark_all(database, class_id, first_id, everyone=None)
    assert [{second_id: True}, {}] == [await attended(database, each) for each in (sam, sue)]
    assert [3, 4] == [len(await history_of(database, "enrollment", sam)) - 1, len(await history_of(database, "enrollment", sue)) - 1]
    assert [] == await breaches(database)


async def test_a_whole_meeting_is_marked_or_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(MAY + day * DAY),)) for day in (0, 1)]
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    waiting = [await enroll(database, class_id=class_id, user_id=user_id, status=REQUESTED) for user_id in (cast.sue_id, cast.ivan_id)]
    elsewhere = await enroll(database, class_id=other_id, user_id=cast.sam_id)
    (meeting_id,), (elsewhere_id,) = [await meeting_ids(database, each) for each in (class_id, other_id)]

    with pytest.raises(EnrollmentsNotInClassError) as strangers:
        await mark_all(database, class_id, meeting_id, students={sam: True, NOBODY: True, elsewhere: False})
    assert ("students", (elsewhere, NOBODY)) == (strangers.value.field, strangers.value.enrollment_ids)
    with pytest.raises(SeveralRefusalsError) as refusal:
        await mark_all(database, class_id, meeting_id, everyone=True, students=dict.fromkeys(waiting, False))
    assert [NotAttendingError, NotAttendingError] == [type(each) for each in refusal.value.refusals]
    with pytest.raises(MeetingNotFoundError):
        await mark_all(database, class_id, elsewhere_id, everyone=True)
    with pytest.raises(ClassNotFoundError):
        await mark_all(database, class_id, meeting_id, everyone=True, actor=cast.olga)
    assert {} == await attended(database, sam)


async def test_marks_that_come_at_once_are_all_kept(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=TWO_DAYS)
    students = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id)]
    first_id, second_id = await meeting_ids(database, class_id)

    await asyncio.gather(
        *(mark(database, each, first_id, attended=True) for each in students),
        mark_all(database, class_id, second_id, everyone=True),
        *(change(database, each, completion=ATTENDING) for each in students),
    )

    assert [{first_id: True, second_id: True}] * 3 == [await attended(database, each) for each in students]
    assert [ATTENDING] * 3 == [(await see(database, each)).completion for each in students]
    assert [] == await breaches(database)


async def test_b4_attending_fills_the_attendance_of_an_only_meeting(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, student_conflicts="allow")
    only, several, never = [await add_class(database, cast, meetings=meetings) for meetings in ((meeting(),), TWO_DAYS, ())]
    (meeting_id,) = await meeting_ids(database, only)

    for class_id, expected in ((only, {meeting_id: True}), (several, {}), (never, {})):
        created = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=ATTENDING)
        changed = await enroll(database, class_id=class_id, user_id=cast.sue_id)
        await change(database, changed, completion=ATTENDING)
        for enrollment_id in (created, changed):
            assert expected == await attended(database, enrollment_id)
    assert [] == await breaches(database)


async def test_b4_it_fills_when_the_completion_becomes_attending_and_only_then(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    other_id = await add_class(database, cast, meetings=(meeting(MAY + DAY),))
    (meeting_id,), (other_meeting_id,) = [await meeting_ids(database, each) for each in (class_id, other_id)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=COMPLETE)
    assert {} == await attended(database, enrollment_id)
    await change(database, enrollment_id, completion=ATTENDING)
    await mark(database, enrollment_id, meeting_id, attended=False)

    await change(database, enrollment_id, completion=ATTENDING, grade=5)
    assert {meeting_id: False} == await attended(database, enrollment_id)
    await change(database, enrollment_id, completion=UNKNOWN)
    await change(database, enrollment_id, completion=ATTENDING)
    assert {meeting_id: True} == await attended(database, enrollment_id)
    kinds = [entry.kind for entry in await history_of(database, "enrollment", enrollment_id)]
    assert ["enrollment.attendance_marked", "enrollment.updated"] == kinds[-2:]

    await change(database, enrollment_id, class_id=other_id, completion=ATTENDING)
    assert {other_meeting_id: True} == await attended(database, enrollment_id)
    await change(database, enrollment_id, user_id=cast.sue_id)
    assert {} == await attended(database, enrollment_id)
    assert [] == await breaches(database)


async def test_e2_who_is_enrolled_again_begins_without_attendance(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    (meeting_id,) = await meeting_ids(database, class_id)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=ATTENDING)
    await change(database, enrollment_id, status=CANCELLED)

    assert enrollment_id == await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert {} == await attended(database, enrollment_id)
    assert {str(meeting_id): True} == ((await last_change(database, enrollment_id)).before or {})["attendance"]
