import asyncio

import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.closing import ClosedStudent, close_class
from rollbook.enrollments.closing import ClassNotOverError, ClosingOfClassOffError, Reason
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.history.versions import VersionChangedError
from tests.cast import DAY, TESTS, add_class, add_user, enroll, gather, meeting
from tests.presence import around_now, close, mark, meeting_ids
from tests.recorded import history_of
from tests.roster import AUDIT, LONG_AGO, breaches, change_class, last_change, see

UNKNOWN, ATTENDING, COMPLETE, INCOMPLETE, NO_SHOW, FAILED = CompletionStatus
OVER = (meeting(LONG_AGO), meeting(LONG_AGO + DAY))


async def test_b5_closing_completes_who_was_there_and_tells_why(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=OVER)
    names = ("Came", "Stayed", "Marked", "Failing", "Absent", "Waiting")
    users = [await add_user(database, name, organization_id=cast.organization_id) for name in names]
    came, stayed, marked, failing, absent, waiting = [
        await enroll(
            database,
            class_id=class_id,
            user_id=user_id,
            status=EnrollmentStatus.WAITLISTED if name == "Waiting" else AUDIT if name == "Stayed" else EnrollmentStatus.ENROLLED,
            completion={"Stayed": ATTENDING, "Marked": ATTENDING, "Failing": FAILED}.get(name, UNKNOWN),
        )
        for name, user_id in zip(names, users, strict=True)
    ]
    first_id, second_id = await meeting_ids(database, class_id)
    for enrollment_id, meeting_id, attended in (
        (came, second_id, True),
        (stayed, first_id, True),
        (stayed, second_id, True),
        (marked, first_id, False),
        (failing, first_id, True),
    ):
        await mark(database, enrollment_id, meeting_id, attended=attended)

    preview = await database.rehearse(close_class, actor=TESTS, class_id=class_id)
    assert UNKNOWN is (await see(database, came)).completion
    closed = await close(database, class_id)

    assert preview.result == closed
    assert (class_id, ClassStatus.SCHEDULED, 2) == (closed.class_id, closed.status_before, closed.meetings)
    assert [
        (came, UNKNOWN, COMPLETE, Reason.ATTENDED, 1),
        (stayed, ATTENDING, COMPLETE, Reason.ATTENDED, 2),
        (marked, ATTENDING, COMPLETE, Reason.ATTENDED, 0),
        (failing, FAILED, FAILED, Reason.DECIDED, 1),
        (absent, UNKNOWN, NO_SHOW, Reason.NEVER_ATTENDED, 0),
    ] == [(each.enrollment_id, each.before, each.after, each.reason, each.attended) for each in closed.students]
    for each in closed.students:
        assert each.after is (await see(database, each.enrollment_id)).completion
    assert UNKNOWN is (await see(database, waiting)).completion
    recorded = await last_change(database, absent)
    assert ("enrollment.updated", {"completion": 0}, {"completion": 40}) == (recorded.kind, recorded.before, recorded.after)
    *_, recorded = await history_of(database, "class", class_id)
    assert ("class.updated", {"status": 0}, {"status": 7}) == (recorded.kind, recorded.before, recorded.after)
    assert [] == await breaches(database)


async def test_b5_closing_again_changes_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=OVER)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await close(database, class_id, actor=cast.ada, if_version=1)

    again = await close(database, class_id, if_version=2)

    assert ClassStatus.COMPLETED is again.status_before
    told = ClosedStudent(enrollment_id=enrollment_id, user_id=cast.sam_id, before=NO_SHOW, after=NO_SHOW, reason=Reason.DECIDED, attended=0)
    assert [told] == again.students
    assert 2 == len(await history_of(database, "class", class_id)) == len(await history_of(database, "enrollment", enrollment_id))


async def test_b5_a_class_without_meetings_is_closed_any_time_by_what_is_said_of_its_students(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    for user_id, completion in ((cast.sam_id, ATTENDING), (cast.sue_id, UNKNOWN)):
        await enroll(database, class_id=class_id, user_id=user_id, completion=completion)

    closed = await close(database, class_id)

    assert [COMPLETE, NO_SHOW] == [each.after for each in closed.students]


async def test_b5_it_refuses_before_the_end_and_where_the_class_is_off(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=around_now((-2, -1), (1, 2)))

    with pytest.raises(ClassNotOverError):
        await close(database, class_id)
    with pytest.raises(VersionChangedError):
        await close(database, class_id, if_version=2)
    with pytest.raises(ClassNotFoundError):
        await close(database, class_id, actor=cast.olga)
    await change_class(database, class_id, status=ClassStatus.DENIED)
    with pytest.raises(ClosingOfClassOffError):
        await close(database, class_id)
    assert 2 == len(await history_of(database, "class", class_id))


async def test_b5_who_is_marked_while_the_class_is_closed_is_complete_or_was_too_late(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=OVER)
    students = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id)]
    first_id, _ = await meeting_ids(database, class_id)

    await asyncio.gather(
        close(database, class_id), *(mark(database, each, first_id, attended=True) for each in students), close(database, class_id)
    )

    for enrollment_id in students:
        kinds = [entry.kind for entry in await history_of(database, "enrollment", enrollment_id)]
        came_in_time = kinds.index("enrollment.attendance_marked") < kinds.index("enrollment.updated")
        assert (COMPLETE if came_in_time else NO_SHOW) is (await see(database, enrollment_id)).completion
        assert 1 == kinds.count("enrollment.updated")
    assert 2 == len(await history_of(database, "class", class_id))
    assert [] == await breaches(database)
