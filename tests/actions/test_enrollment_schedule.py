from typing import Any

import pytest

from rollbook.classes.clashes import StudentConflictError
from rollbook.classes.schedule import AttendedMeetingRemovedError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.attendance import list_attendance
from rollbook.enrollments.seats import RoomTooSmallError
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, HOUR, MAY, Cast, add_class, add_organization, add_room, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import APPROVED, AUDIT, ENROLLED, LONG_AGO, WAITLISTED, attend, breaches, change, change_class, prefer, see


async def _two_at_once(database: Database, cast: Cast, **values: Any) -> tuple[int, int]:
    first = await add_class(database, cast, meetings=(meeting(MAY), meeting(MAY + DAY)), **values)
    return first, await add_class(database, cast, meetings=(meeting(MAY + DAY + 7 * HOUR),))


async def test_c1_who_attends_one_class_attends_no_other_at_that_time(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = await _two_at_once(database, cast)
    await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)
    waiting = await enroll(database, class_id=other_id, user_id=cast.sam_id, status=WAITLISTED)
    sue = await enroll(database, class_id=other_id, user_id=cast.sue_id)

    with pytest.raises(StudentConflictError) as refused:
        await change(database, waiting, status=ENROLLED)
    with pytest.raises(StudentConflictError):
        await change(database, waiting, status=AUDIT)
    with pytest.raises(StudentConflictError):
        await enroll(database, class_id=class_id, user_id=cast.sue_id)
    assert await change(database, waiting, status=APPROVED)
    assert await change(database, sue, status=AUDIT)

    error = refused.value
    assert (cast.sam_id, other_id, class_id) == (error.user_id, error.class_id, error.other_class_id)
    assert f"attends class {class_id} during the meeting of class {other_id} from 2100-05-02 07:00 to 2100-05-02 15:00 UTC" in str(error)


async def test_c1_who_ends_as_the_other_class_begins_attends_both(database: Database) -> None:
    cast = await gather(database)
    class_ids = [
        await add_class(database, cast, meetings=meetings)
        for meetings in ((meeting(MAY, hours=1), meeting(MAY + 2 * HOUR, hours=1)), (meeting(MAY + HOUR, hours=1),), ())
    ]

    for class_id in class_ids:
        assert await enroll(database, class_id=class_id, user_id=cast.sam_id)


async def test_c1_who_only_waits_or_has_left_is_not_there(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = await _two_at_once(database, cast)
    first = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=APPROVED)
    second = await enroll(database, class_id=other_id, user_id=cast.sam_id)

    with pytest.raises(StudentConflictError):
        await change(database, first, status=ENROLLED)
    await change(database, second, status=WAITLISTED)
    assert await change(database, first, status=ENROLLED)


async def test_c1_a_class_that_is_off_takes_no_time(database: Database) -> None:
    cast = await gather(database)
    off_id, class_id = [await add_class(database, cast, meetings=(meeting(LONG_AGO),)) for _ in range(2)]
    frozen = await enroll(database, class_id=off_id, user_id=cast.sam_id)
    await change_class(database, off_id, status=ClassStatus.DENIED)

    assert await enroll(database, class_id=class_id, user_id=cast.sam_id)
    assert ENROLLED is (await see(database, frozen)).status


async def test_c1_counts_over_all_organizations_and_names_only_what_the_caller_may_see(database: Database) -> None:
    cast = await gather(database)
    _, other_id = await _two_at_once(database, cast)
    theirs = await add_class(database, cast, meetings=(meeting(MAY + DAY),), organization_id=cast.other_organization_id)
    await enroll(database, class_id=theirs, user_id=cast.sam_id)
    waiting = await enroll(database, class_id=other_id, user_id=cast.sam_id, status=WAITLISTED)

    with pytest.raises(StudentConflictError) as refused:
        await change(database, waiting, actor=cast.ada, status=ENROLLED)
    with pytest.raises(StudentConflictError) as told_to_all:
        await change(database, waiting, status=ENROLLED)

    assert refused.value.other_class_id is None
    assert "attends another class during" in str(refused.value)
    assert theirs == told_to_all.value.other_class_id


async def test_c1_the_preference_of_the_class_entered_decides(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    class_id, other_id = await _two_at_once(database, cast, organization_id=branch_id)
    theirs = await add_class(database, cast, meetings=(meeting(MAY + DAY),), organization_id=cast.other_organization_id)
    await enroll(database, class_id=other_id, user_id=cast.sam_id)
    await prefer(database, cast, student_conflicts="allow")

    assert await enroll(database, class_id=class_id, user_id=cast.sam_id)
    with pytest.raises(StudentConflictError):
        await enroll(database, class_id=theirs, user_id=cast.sam_id)


@pytest.mark.parametrize("status", [AUDIT, ENROLLED])
async def test_c1_who_attends_already_is_not_asked_again(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id, other_id = await _two_at_once(database, cast)
    await prefer(database, cast, student_conflicts="allow")
    ids = [await enroll(database, class_id=each, user_id=cast.sam_id, status=status) for each in (class_id, other_id)]
    await prefer(database, cast, student_conflicts="refuse")

    for enrollment_id in ids:
        assert await change(database, enrollment_id, grade=1, status=AUDIT if status is ENROLLED else ENROLLED)


async def test_c2_a_meeting_that_keeps_its_start_keeps_its_attendance_and_none_with_attendance_goes(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(MAY), meeting(MAY + DAY)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    meeting_id = await attend(database, enrollment_id)

    with pytest.raises(AttendedMeetingRemovedError):
        await change_class(database, class_id, meetings=(meeting(MAY + DAY),))
    await change_class(database, class_id, meetings=(meeting(MAY, hours=2),))

    (kept,) = await database.read(list_attendance, enrollment_id=enrollment_id)
    assert (meeting_id, True) == (kept.meeting_id, kept.attended)
    assert 1 == (await see(database, enrollment_id)).version


async def test_c4_a_move_that_breaks_seats_is_refused_and_student_clashes_are_told(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id, other_id = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(start),)) for start in (MAY, MAY + DAY)
    ]
    third_id = await add_class(database, cast, meetings=(meeting(MAY + 2 * DAY),))
    for each, user_id in ((class_id, cast.sam_id), (other_id, cast.sue_id), (third_id, cast.sam_id)):
        await enroll(database, class_id=each, user_id=user_id)

    with pytest.raises(RoomTooSmallError):
        await change_class(database, other_id, meetings=(meeting(MAY + HOUR),))
    (warning,) = await change_class(database, third_id, meetings=(meeting(MAY + HOUR),))

    assert "C4" == warning.rule
    assert f"class {class_id} has student {cast.sam_id} too" in warning.text
    assert [] == await breaches(database)


async def test_c4_a_class_that_is_no_longer_off_needs_its_seats_again(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id, other_id = [await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(LONG_AGO),)) for _ in range(2)]
    frozen = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await change_class(database, class_id, status=ClassStatus.CANCELLED)
    other = await enroll(database, class_id=other_id, user_id=cast.sue_id)

    with pytest.raises(RoomTooSmallError):
        await change_class(database, class_id, status=ClassStatus.SCHEDULED)
    await change(database, other, classroom_id=None)
    await change_class(database, class_id, status=ClassStatus.SCHEDULED)

    assert 1 == (await see(database, frozen)).version
    assert 1 == len(await history_of(database, "enrollment", frozen))
