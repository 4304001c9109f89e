import pytest

from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.classes import ClassNotFoundError, get_class
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.calling_off import CallingOff, call_off
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.queries.calling_off import Affected
from rollbook.history.versions import VersionChangedError
from tests.cast import DAY, MAY, TESTS, add_class, add_room, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import AUDIT, CANCELLED, DENIED, ENROLLED, LONG_AGO, WAITLISTED, see


async def test_it_cancels_the_class_and_tells_what_that_does(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(
        database, cast, instructor_ids=(cast.ivan_id,), classroom_ids=(room_id,), meetings=(meeting(MAY + DAY), meeting())
    )
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=DENIED)

    told = await database.write(call_off, actor=cast.ada, class_id=class_id, reason="The roof leaks")

    expected = CallingOff(
        cancelled=(
            Affected(enrollment_id=sam, user_id=cast.sam_id, first_name="Sam", last_name="Example", status=ENROLLED),
            Affected(enrollment_id=sue, user_id=cast.sue_id, first_name="Sue", last_name="Example", status=WAITLISTED),
        ),
        frozen=(),
        freed_meetings=(meeting(), meeting(MAY + DAY)),
        freed_classroom_ids=(room_id,),
        freed_instructor_ids=(cast.ivan_id,),
        warnings=(),
    )
    assert expected == told
    assert [CANCELLED, CANCELLED] == [(await see(database, each)).status for each in (sam, sue)]
    assert ClassStatus.CANCELLED is (await database.read(get_class, viewer=TESTS.viewer, class_id=class_id)).row.status


async def test_the_history_keeps_the_reason(database: Database) -> None:
    cast = await gather(database)
    reasoned_id, silent_id = await add_class(database, cast), await add_class(database, cast)

    await database.write(call_off, actor=cast.ada, class_id=reasoned_id, reason="The roof leaks")
    await database.write(call_off, actor=cast.ada, class_id=silent_id)

    assert {"status": 2, "reason": "The roof leaks"} == (await history_of(database, "class", reasoned_id))[-1].after
    assert {"status": 2} == (await history_of(database, "class", silent_id))[-1].after


async def test_it_tells_who_stays_frozen_and_that_what_is_over_frees_nothing(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, instructor_ids=(cast.ivan_id,), classroom_ids=(room_id,), meetings=(meeting(LONG_AGO),))
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=AUDIT)

    told = await database.write(call_off, actor=cast.ada, class_id=class_id)

    assert ([sue], [sam]) == ([each.enrollment_id for each in told.cancelled], [each.enrollment_id for each in told.frozen])
    assert ((), (), ()) == (told.freed_meetings, told.freed_classroom_ids, told.freed_instructor_ids)


async def test_a_rehearsal_tells_the_same_and_changes_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    rehearsal = await database.rehearse(call_off, actor=cast.ada, class_id=class_id)

    assert [sam] == [each.enrollment_id for each in rehearsal.result.cancelled]
    assert ENROLLED is (await see(database, sam)).status


async def test_it_does_nothing_to_a_class_that_is_cancelled_already(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, instructor_ids=(cast.ivan_id,), meetings=(meeting(),))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(status=ClassStatus.CANCELLED))

    told = await database.write(call_off, actor=cast.ada, class_id=class_id, reason="Again")

    assert ((), (), (), ()) == (told.cancelled, told.frozen, told.freed_meetings, told.freed_instructor_ids)
    assert 2 == len(await history_of(database, "class", class_id))


async def test_it_stops_at_another_version_and_at_the_classes_of_others(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    with pytest.raises(VersionChangedError):
        await database.write(call_off, actor=cast.ada, class_id=class_id, if_version=7)
    with pytest.raises(ClassNotFoundError):
        await database.write(call_off, actor=cast.olga, class_id=class_id)
