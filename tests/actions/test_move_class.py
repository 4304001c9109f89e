import pytest
from sqlalchemy import Boolean, Integer, bindparam, insert

from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.classes import get_class
from rollbook.classes.schedule import AttendedMeetingRemovedError, Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.model import attendance
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.class_facts import list_stored_meetings
from rollbook.enrollments.queries.sight import get_enrollment
from rollbook.enrollments.seats import RoomTooSmallError
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, HOUR, MAY, TESTS, Cast, add_class, add_room, enroll, gather, meeting

LONG_AGO = 1_700_000_000
_ATTEND = Command(
    insert(attendance).values(
        meeting_id=bindparam("meeting_id", type_=Integer),
        enrollment_id=bindparam("enrollment_id", type_=Integer),
        attended=bindparam("attended", type_=Boolean),
    )
)


async def _move(database: Database, cast: Cast, class_id: int, *meetings: Meeting) -> list[str]:
    warnings = await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(meetings=meetings))
    return [f"{warning.rule}: {warning.text}" for warning in warnings]


async def _attend(transaction: Transaction, *, meeting_id: int, enrollment_id: int) -> None:
    await transaction.run(_ATTEND, meeting_id=meeting_id, enrollment_id=enrollment_id, attended=True)


async def test_a_meeting_with_the_same_start_keeps_its_identity(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(MAY), meeting(MAY + DAY), meeting(MAY + 2 * DAY)))
    before = await database.read(list_stored_meetings, class_id=class_id)

    await _move(database, cast, class_id, meeting(MAY), meeting(MAY + DAY, hours=4), meeting(MAY + 5 * DAY))

    after = await database.read(list_stored_meetings, class_id=class_id)
    assert [before[0].id, before[1].id] == [after[0].id, after[1].id]
    assert after[2].id not in {each.id for each in before}
    assert [MAY + 8 * HOUR, MAY + DAY + 4 * HOUR, MAY + 5 * DAY + 8 * HOUR] == [each.ends_at for each in after]
    row = (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row
    assert (MAY, MAY + 5 * DAY + 8 * HOUR) == (row.starts_at, row.ends_at)


async def test_a_class_can_lose_all_its_meetings(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(MAY),))

    await _move(database, cast, class_id)

    found = await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)
    assert ((), None, None) == (found.meetings, found.row.starts_at, found.row.ends_at)


async def test_a_meeting_with_attendance_stays(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(MAY), meeting(MAY + DAY)))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first, _ = await database.read(list_stored_meetings, class_id=class_id)
    await database.write(_attend, meeting_id=first.id, enrollment_id=enrollment_id)

    with pytest.raises(AttendedMeetingRemovedError) as refused:
        await _move(database, cast, class_id, meeting(MAY + DAY))
    await _move(database, cast, class_id, meeting(MAY, hours=2))

    assert [first.id] == [each.id for each in refused.value.meetings]
    assert [(first.id, True)] == [(each.id, each.has_attendance) for each in await database.read(list_stored_meetings, class_id=class_id)]


async def test_it_is_refused_where_a_room_would_be_too_small(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    first = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY),))
    second = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY + DAY),))
    await enroll(database, class_id=first, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sue_id)

    with pytest.raises(RoomTooSmallError) as refused:
        await _move(database, cast, second, meeting(MAY + HOUR))
    await _move(database, cast, second, meeting(MAY + 8 * HOUR))

    assert (room_id, 2) == (refused.value.room.id, refused.value.students)


async def test_seats_in_remote_rooms_count_as_well(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    first = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY),))
    second = await add_class(database, cast, delivery=Delivery.VIRTUAL, meetings=(meeting(MAY + DAY),))
    await enroll(database, class_id=first, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sue_id, location=LocationType.REMOTE_CLASSROOM, classroom_id=room_id)

    with pytest.raises(RoomTooSmallError):
        await _move(database, cast, second, meeting(MAY + HOUR))


async def test_a_class_that_is_off_needs_no_seats_until_it_is_taken_up_again(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    first = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(LONG_AGO),))
    await enroll(database, class_id=first, user_id=cast.sam_id)
    off = ClassChanges(status=ClassStatus.CANCELLED)
    await database.write(update_class, actor=cast.ada, class_id=first, changes=off)
    second = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(LONG_AGO),))
    await enroll(database, class_id=second, user_id=cast.sue_id)

    with pytest.raises(RoomTooSmallError):
        await database.write(update_class, actor=cast.ada, class_id=first, changes=ClassChanges(status=ClassStatus.SCHEDULED))
    await _move(database, cast, first, meeting(LONG_AGO + HOUR))
    elsewhere = ClassChanges(status=ClassStatus.SCHEDULED, meetings=(meeting(LONG_AGO + DAY),))
    await database.write(update_class, actor=cast.ada, class_id=first, changes=elsewhere)


async def test_it_warns_of_the_student_clashes_that_it_causes(database: Database) -> None:
    cast = await gather(database)
    first = await add_class(database, cast, meetings=(meeting(MAY),))
    second = await add_class(database, cast, meetings=(meeting(MAY + DAY),))
    await enroll(database, class_id=first, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sue_id)

    (warning,) = await _move(database, cast, second, meeting(MAY + HOUR))

    assert f"C4: class {first} has student {cast.sam_id} too" in warning


async def test_it_does_not_warn_again_of_a_clash_that_was_there(database: Database) -> None:
    cast = await gather(database)
    first = await add_class(database, cast, meetings=(meeting(MAY),))
    second = await add_class(database, cast, meetings=(meeting(MAY + DAY),))
    await enroll(database, class_id=first, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sam_id)
    await _move(database, cast, second, meeting(MAY + HOUR))

    assert [] == await _move(database, cast, second, meeting(MAY + 2 * HOUR))


async def test_it_names_no_class_that_the_caller_cannot_see(database: Database) -> None:
    cast = await gather(database)
    theirs = await add_class(database, cast, organization_id=cast.other_organization_id, meetings=(meeting(MAY),))
    ours = await add_class(database, cast, meetings=(meeting(MAY + DAY),))
    await enroll(database, class_id=theirs, user_id=cast.sam_id)
    await enroll(database, class_id=ours, user_id=cast.sam_id)

    (warning,) = await _move(database, cast, ours, meeting(MAY + HOUR))

    assert f"C4: another class has student {cast.sam_id} too" in warning
    assert str(theirs) not in warning.partition("during")[0].replace(str(cast.sam_id), "")


async def test_who_waits_is_neither_seated_nor_in_two_places(database: Database) -> None:
    cast = await gather(database)
    first = await add_class(database, cast, meetings=(meeting(MAY),))
    second = await add_class(database, cast, meetings=(meeting(MAY + DAY),))
    await enroll(database, class_id=first, user_id=cast.sam_id)
    await enroll(database, class_id=second, user_id=cast.sam_id, status=EnrollmentStatus.WAITLISTED)

    assert [] == await _move(database, cast, second, meeting(MAY))
    row = await database.read(get_enrollment, viewer=TESTS.viewer, class_id=second, user_id=cast.sam_id)
    assert 1 == row.version
