import pytest

from rollbook.classes.details import ClassChanges
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.queries.sight import EnrollmentRow, get_enrollment
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.actions.preferences import set_preference
from tests.cast import DAY, TESTS, Cast, add_class, add_user, enroll, gather, meeting

LONG_AGO = 1_700_000_000


async def _enrollment(database: Database, *, class_id: int, user_id: int) -> EnrollmentRow:
    return await database.read(get_enrollment, viewer=TESTS.viewer, class_id=class_id, user_id=user_id)


async def _set_status(database: Database, cast: Cast, class_id: int, status: ClassStatus) -> None:
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(status=status))


@pytest.mark.parametrize("status", [ClassStatus.CANCELLED, ClassStatus.DENIED])
async def test_it_cancels_every_active_enrollment(database: Database, status: ClassStatus) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=CompletionStatus.ATTENDING)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=EnrollmentStatus.WAITLISTED)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=EnrollmentStatus.DENIED)

    await _set_status(database, cast, class_id, status)

    sam, sue, ivan = [
        await _enrollment(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id)
    ]
    assert (EnrollmentStatus.CANCELLED, CompletionStatus.UNKNOWN, False, 2) == (sam.status, sam.completion, sam.late_cancel, sam.version)
    assert (EnrollmentStatus.CANCELLED, None, 2) == (sue.status, sue.waiting_since, sue.version)
    assert (EnrollmentStatus.DENIED, 1) == (ivan.status, ivan.version)


async def test_it_is_never_late(database: Database) -> None:
    cast = await gather(database)
    await database.write(set_preference, actor=TESTS, organization_id=cast.organization_id, name="late_cancel_days", text="3650")
    await database.write(set_preference, actor=TESTS, organization_id=cast.organization_id, name="freeze_enrolled_at_start", text="off")
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    await _set_status(database, cast, class_id, ClassStatus.CANCELLED)

    sam = await _enrollment(database, class_id=class_id, user_id=cast.sam_id)
    assert (EnrollmentStatus.CANCELLED, False) == (sam.status, sam.late_cancel)


async def test_it_passes_over_the_frozen_ones(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=EnrollmentStatus.AUDIT)

    await _set_status(database, cast, class_id, ClassStatus.CANCELLED)

    sam, sue = [await _enrollment(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]
    assert [EnrollmentStatus.ENROLLED, EnrollmentStatus.CANCELLED] == [sam.status, sue.status]
    assert [1, 2] == [sam.version, sue.version]


async def test_it_records_each_cancellation_beside_the_class(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    sam_enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    rehearsal = await database.rehearse(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(status=ClassStatus.CANCELLED))

    assert [(class_id, "class.updated"), (sam_enrollment_id, "enrollment.cancelled")] == [
        (each.subject_id, each.record["kind"]) for each in rehearsal.recorded
    ]
    assert '{"status":60}' == rehearsal.recorded[1].record["before"]
    assert EnrollmentStatus.ENROLLED is (await _enrollment(database, class_id=class_id, user_id=cast.sam_id)).status


async def test_setting_it_back_brings_no_one_back(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    await _set_status(database, cast, class_id, ClassStatus.CANCELLED)
    await _set_status(database, cast, class_id, ClassStatus.SCHEDULED)

    assert EnrollmentStatus.CANCELLED is (await _enrollment(database, class_id=class_id, user_id=cast.sam_id)).status


async def test_a_class_that_moves_to_the_future_as_it_is_cancelled_freezes_no_one(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    changes = ClassChanges(status=ClassStatus.CANCELLED, meetings=(meeting(),))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    assert EnrollmentStatus.CANCELLED is (await _enrollment(database, class_id=class_id, user_id=cast.sam_id)).status


async def test_other_classes_keep_their_students(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    other_id = await add_class(database, cast, meetings=(meeting(meeting().ends_at + DAY),))
    newcomer_id = await add_user(database, "Nora", organization_id=cast.organization_id)
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=other_id, user_id=newcomer_id)

    await _set_status(database, cast, class_id, ClassStatus.CANCELLED)

    assert EnrollmentStatus.ENROLLED is (await _enrollment(database, class_id=other_id, user_id=newcomer_id)).status
