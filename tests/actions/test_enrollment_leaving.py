from typing import Any

import pytest

from rollbook import clock
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.attendance import list_attendance
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import EnrollmentFrozenError, EnrollmentStatus
from rollbook.history.versions import VersionChangedError
from tests.cast import DAY, HOUR, add_class, add_organization, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import (
    APPROVED,
    AUDIT,
    CANCELLED,
    DENIED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    attend,
    change,
    change_class,
    drop,
    last_change,
    prefer,
    see,
)


async def test_l1_cancelling_within_the_days_before_the_first_meeting_is_late(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, late_cancel_days="2", student_conflicts="allow")
    starts = clock.now() + 2 * DAY
    soon, later = [
        await add_class(database, cast, meetings=(meeting(start), meeting(start + DAY))) for start in (starts - HOUR, starts + HOUR)
    ]

    for status, late in ((ENROLLED, True), (AUDIT, True), (APPROVED, True), (WAITLISTED, False), (REQUESTED, False), (DENIED, False)):
        for class_id, expected in ((soon, late), (later, False)):
            enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)
            await change(database, enrollment_id, status=CANCELLED)
            assert expected == (await see(database, enrollment_id)).late_cancel
            await drop(database, enrollment_id)


async def test_l1_after_the_start_it_is_late_even_without_days(database: Database) -> None:
    cast = await gather(database)
    started, scheduled, without = [
        await add_class(database, cast, meetings=meetings) for meetings in ((meeting(LONG_AGO),), (meeting(clock.now() + HOUR),), ())
    ]

    for class_id, expected in ((started, True), (scheduled, False), (without, False)):
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)
        await change(database, enrollment_id, status=CANCELLED)
        assert expected == (await see(database, enrollment_id)).late_cancel


async def test_l1_the_preference_comes_from_the_class_s_organization_or_its_ancestor(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    meetings = (meeting(clock.now() + DAY),)
    here = await add_class(database, cast, meetings=meetings, organization_id=branch_id)
    there = await add_class(database, cast, meetings=meetings, organization_id=cast.other_organization_id)
    await prefer(database, cast, late_cancel_days="2")

    for class_id, expected in ((here, True), (there, False)):
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=APPROVED)
        await change(database, enrollment_id, status=CANCELLED)
        assert expected == (await see(database, enrollment_id)).late_cancel


@pytest.mark.parametrize("given", [True, False])
async def test_l1_a_value_given_by_the_caller_wins(database: Database, *, given: bool) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast, meetings=meetings) for meetings in ((meeting(LONG_AGO),), ())]

    for class_id in class_ids:
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)
        await change(database, enrollment_id, status=CANCELLED, late_cancel=given)
        assert given == (await see(database, enrollment_id)).late_cancel


async def test_l1_denying_moving_and_replacing_are_never_late(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(LONG_AGO + each * DAY),)) for each in range(2)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)

    steps: list[dict[str, Any]] = [
        {"status": DENIED},
        {"class_id": other_id, "status": AUDIT},
        {"user_id": cast.sue_id, "status": CANCELLED},
    ]
    for said in steps:
        await change(database, enrollment_id, **said)
        assert not (await see(database, enrollment_id)).late_cancel


async def test_l2_reopening_resets_it_unless_the_caller_gives_a_value(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=CANCELLED, late_cancel=True)

    await change(database, enrollment_id, status=APPROVED)
    assert not (await see(database, enrollment_id)).late_cancel
    await change(database, enrollment_id, status=CANCELLED)
    assert (await see(database, enrollment_id)).late_cancel
    await change(database, enrollment_id, status=DENIED)
    assert (await see(database, enrollment_id)).late_cancel
    await change(database, enrollment_id, status=AUDIT, late_cancel=True)
    assert (await see(database, enrollment_id)).late_cancel
    await change(database, enrollment_id, status=CANCELLED)
    await enroll(database, class_id=class_id, user_id=cast.sam_id, status=APPROVED)
    assert not (await see(database, enrollment_id)).late_cancel


@pytest.mark.parametrize("off", [ClassStatus.CANCELLED, ClassStatus.DENIED])
async def test_l3_calling_off_a_class_cancels_who_is_active_except_the_frozen(database: Database, off: ClassStatus) -> None:
    cast = await gather(database)
    await prefer(database, cast, late_cancel_days="100")
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    frozen, audit, denied = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for user_id, status in ((cast.sam_id, ENROLLED), (cast.sue_id, AUDIT), (cast.ivan_id, DENIED))
    ]

    await change_class(database, class_id, status=off)
    rows = [await see(database, enrollment_id) for enrollment_id in (frozen, audit, denied)]
    await change_class(database, class_id, status=ClassStatus.SCHEDULED)

    assert [(ENROLLED, 1), (CANCELLED, 2), (DENIED, 1)] == [(row.status, row.version) for row in rows]
    assert not rows[1].late_cancel
    recorded = await last_change(database, audit)
    assert ("enrollment.cancelled", {"status": AUDIT}, {"status": CANCELLED}) == (recorded.kind, recorded.before, recorded.after)
    assert [1, 2, 1] == [(await see(database, enrollment_id)).version for enrollment_id in (frozen, audit, denied)]


async def test_l4_deleting_removes_the_row_and_keeps_its_history(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),), maximum=1)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, grade=7)
    meeting_id = await attend(database, enrollment_id)
    await change(database, enrollment_id, grade=8)

    with pytest.raises(VersionChangedError):
        await drop(database, enrollment_id, if_version=1)
    await drop(database, enrollment_id, if_version=2)

    for attempt in (see(database, enrollment_id), drop(database, enrollment_id)):
        with pytest.raises(EnrollmentNotFoundError):
            await attempt
    created, changed, deleted = await history_of(database, "enrollment", enrollment_id)
    assert ["enrollment.enrolled", "enrollment.updated", "enrollment.deleted"] == [created.kind, changed.kind, deleted.kind]
    assert ({**(created.after or {}), "grade": 8, "attendance": {str(meeting_id): True}}, None) == (deleted.before, deleted.after)
    assert [] == await database.read(list_attendance, enrollment_id=enrollment_id)
    assert enrollment_id < await enroll(database, class_id=class_id, user_id=cast.sam_id)


async def test_l4_only_a_frozen_one_cannot_be_deleted(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))

    for status in EnrollmentStatus:
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)
        if status is ENROLLED:
            with pytest.raises(EnrollmentFrozenError):
                await drop(database, enrollment_id)
            await prefer(database, cast, freeze_enrolled_at_start="off")
        await drop(database, enrollment_id)
        with pytest.raises(EnrollmentNotFoundError):
            await see(database, enrollment_id)
