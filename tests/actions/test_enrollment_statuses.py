from typing import Any

import pytest

from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import (
    ClassOffError,
    CompletionNeedsAttendanceError,
    CompletionStatus,
    EnrollmentFrozenError,
    EnrollmentStatus,
    OutsideCompanyError,
    UserDisabledError,
)
from rollbook.errors import SeveralRefusalsError
from tests.cast import DAY, MAY, add_class, add_company, add_organization, add_room, add_user, enroll, gather, meeting
from tests.roster import (
    APPROVED,
    AUDIT,
    CANCELLED,
    DENIED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    change,
    change_class,
    change_user,
    drop,
    last_change,
    prefer,
    see,
)


async def test_s1_an_administrator_may_go_from_any_status_to_any_other(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast, maximum=1), user_id=cast.sam_id, status=REQUESTED)
    waiting_since: set[int | None] = set()
    version = 1

    for before in EnrollmentStatus:
        for after in EnrollmentStatus:
            version += await change(database, enrollment_id, status=before)
            version += await change(database, enrollment_id, status=after)
            row = await see(database, enrollment_id)
            assert (after, version) == (row.status, row.version)
            assert (after in {REQUESTED, WAITLISTED}) == (row.waiting_since is not None)
            waiting_since.add(row.waiting_since)

    assert len(waiting_since) > 10


async def test_s2_an_enrolled_enrollment_keeps_its_status_once_the_class_has_started(database: Database) -> None:
    cast = await gather(database)
    forge, smithy = [await add_room(database, cast, name=name) for name in ("Forge", "Smithy")]
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO), meeting(MAY)), classroom_ids=(forge, smithy))
    frozen = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    for status in set(EnrollmentStatus) - {ENROLLED}:
        with pytest.raises(EnrollmentFrozenError) as refused:
            await change(database, frozen, status=status)
        assert (frozen, class_id) == (refused.value.enrollment_id, refused.value.class_id)

    values: dict[str, Any] = {
        "completion": CompletionStatus.COMPLETE,
        "hours_spent": 8,
        "grade": 90,
        "external_id": "s-1",
        "location": LocationType.CLASSROOM,
        "classroom_id": smithy,
    }
    await change(database, frozen, status=ENROLLED, **values)
    row = await see(database, frozen)
    assert (ENROLLED, 2, values) == (row.status, row.version, {name: getattr(row, name) for name in values})


async def test_s2_only_enrolled_ones_freeze(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=REQUESTED)

    for status in (WAITLISTED, APPROVED, DENIED, AUDIT, CANCELLED, AUDIT, ENROLLED):
        assert await change(database, enrollment_id, status=status)

    with pytest.raises(EnrollmentFrozenError):
        await change(database, enrollment_id, status=AUDIT)


async def test_s2_a_class_freezes_as_its_meetings_now_stand(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert await change(database, enrollment_id, status=AUDIT)
    assert await change(database, enrollment_id, status=ENROLLED)
    await change_class(database, class_id, meetings=(meeting(LONG_AGO),))
    with pytest.raises(EnrollmentFrozenError):
        await change(database, enrollment_id, status=AUDIT)
    await change_class(database, class_id, meetings=(meeting(),))
    assert await change(database, enrollment_id, status=AUDIT)


async def test_s2_the_preference_of_the_class_s_organization_decides(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    meetings = (meeting(LONG_AGO),)
    class_id = await add_class(database, cast, meetings=meetings, organization_id=branch_id)
    other_id = await add_class(
        database, cast, meetings=(meeting(LONG_AGO + DAY),), organization_id=cast.other_organization_id, status=ClassStatus.COMPLETED
    )
    here, there = [await enroll(database, class_id=each, user_id=cast.sam_id) for each in (class_id, other_id)]

    await prefer(database, cast, freeze_enrolled_at_start="off")

    assert await change(database, here, status=CANCELLED)
    with pytest.raises(EnrollmentFrozenError):
        await change(database, there, status=CANCELLED)


@pytest.mark.parametrize("off", [ClassStatus.CANCELLED, ClassStatus.DENIED])
async def test_s3_no_one_enters_a_class_that_is_off(database: Database, off: ClassStatus) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    frozen, cancelled = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]
    await prefer(database, cast, freeze_enrolled_at_start="off")
    await change(database, cancelled, status=CANCELLED)
    await prefer(database, cast, freeze_enrolled_at_start="on")
    await change_class(database, class_id, status=off)

    for status in (REQUESTED, WAITLISTED, APPROVED, AUDIT, ENROLLED):
        with pytest.raises(ClassOffError):
            await change(database, cancelled, status=status)
        with pytest.raises(ClassOffError):
            await enroll(database, class_id=class_id, user_id=cast.sue_id, status=status)
        with pytest.raises(ClassOffError):
            await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=status)
    assert await change(database, cancelled, status=DENIED)
    assert await change(database, frozen, completion=CompletionStatus.INCOMPLETE)
    assert await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=CANCELLED)


async def test_s3_who_is_in_a_class_that_is_off_attends_no_more_once_out(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    frozen = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await change_class(database, class_id, status=ClassStatus.CANCELLED)
    await prefer(database, cast, freeze_enrolled_at_start="off")

    assert await change(database, frozen, status=AUDIT)
    assert await change(database, frozen, status=ENROLLED)
    assert await change(database, frozen, status=APPROVED)
    with pytest.raises(ClassOffError):
        await change(database, frozen, status=ENROLLED)


async def test_s4_a_disabled_user_becomes_neither_active_nor_attending_but_stays(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    attending, waiting, cancelled = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for user_id, status in ((cast.sam_id, ENROLLED), (cast.sue_id, WAITLISTED), (cast.ivan_id, CANCELLED))
    ]
    for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id):
        await change_user(database, user_id, disabled=True)

    for enrollment_id, status in ((waiting, AUDIT), (waiting, ENROLLED), (cancelled, REQUESTED), (cancelled, ENROLLED)):
        with pytest.raises(UserDisabledError):
            await change(database, enrollment_id, status=status)
    with pytest.raises(UserDisabledError) as refused:
        await enroll(database, class_id=other_id, user_id=cast.sam_id, status=WAITLISTED)
    with pytest.raises(UserDisabledError):
        await change(database, attending, class_id=other_id)
    assert ("user_id", cast.sam_id) == (refused.value.field, refused.value.user_id)

    assert await change(database, waiting, status=APPROVED)
    assert await change(database, attending, status=AUDIT, grade=3)
    assert await change(database, attending, status=ENROLLED)
    assert await change(database, cancelled, status=DENIED)
    assert await enroll(database, class_id=other_id, user_id=cast.sue_id, status=DENIED)


async def test_s4_a_class_dedicated_to_a_company_takes_only_its_users(database: Database) -> None:
    cast = await gather(database)
    ours, theirs = [await add_company(database, name, organization_id=cast.organization_id) for name in ("Northwind", "Tailspin")]
    nora_id, tim_id = [
        await add_user(database, name, organization_id=cast.organization_id, company_id=company_id)
        for name, company_id in (("Nora", ours), ("Tim", theirs))
    ]
    class_id = await add_class(database, cast, company_id=ours)
    nora = await enroll(database, class_id=class_id, user_id=nora_id, status=REQUESTED)

    for user_id in (tim_id, cast.sam_id):
        with pytest.raises(OutsideCompanyError) as refused:
            await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED)
        assert (ours, user_id) == (refused.value.company_id, refused.value.user_id)
    await change_user(database, nora_id, company_id=theirs)
    with pytest.raises(OutsideCompanyError):
        await change(database, nora, status=ENROLLED)
    assert await change(database, nora, status=APPROVED)
    await change_class(database, class_id, company_id=None)
    assert await change(database, nora, status=ENROLLED)


async def test_s5_only_who_attends_after_the_change_has_a_completion(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)

    with pytest.raises(CompletionNeedsAttendanceError):
        await enroll(database, class_id=class_id, user_id=cast.sue_id, status=REQUESTED, completion=CompletionStatus.COMPLETE)
    for status in (REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED):
        with pytest.raises(CompletionNeedsAttendanceError) as refused:
            await change(database, enrollment_id, status=status, completion=CompletionStatus.NO_SHOW)
        assert ("completion", status) == (refused.value.field, refused.value.status)
    for status in (AUDIT, ENROLLED):
        assert await change(database, enrollment_id, status=status, completion=CompletionStatus.COMPLETE)
        assert CompletionStatus.COMPLETE is (await see(database, enrollment_id)).completion
        await change(database, enrollment_id, status=WAITLISTED)


@pytest.mark.parametrize("repeated", [True, False])
async def test_s5_where_attendance_ends_the_completion_becomes_unknown(database: Database, *, repeated: bool) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=CompletionStatus.ATTENDING)
    said: dict[str, Any] = {"completion": CompletionStatus.ATTENDING} if repeated else {}

    await change(database, enrollment_id, status=CANCELLED, **said)

    recorded = await last_change(database, enrollment_id)
    assert CompletionStatus.UNKNOWN is (await see(database, enrollment_id)).completion
    assert {"status": ENROLLED, "completion": CompletionStatus.ATTENDING} == recorded.before
    assert {"status": CANCELLED, "completion": CompletionStatus.UNKNOWN} == recorded.after


async def test_s5_an_update_that_ends_attendance_by_a_move_may_repeat_the_completion(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=CompletionStatus.ATTENDING)

    with pytest.raises(CompletionNeedsAttendanceError):
        await change(database, enrollment_id, class_id=other_id, status=WAITLISTED, completion=CompletionStatus.COMPLETE)
    await change(database, enrollment_id, class_id=other_id, status=WAITLISTED, completion=CompletionStatus.ATTENDING)

    assert CompletionStatus.UNKNOWN is (await see(database, enrollment_id)).completion


async def test_s5_who_begins_to_attend_elsewhere_or_in_place_of_another_begins_with_unknown(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=CompletionStatus.COMPLETE)

    elsewhere: dict[str, Any] = {"class_id": other_id}
    for said in (elsewhere, {"user_id": cast.sue_id}):
        await change(database, enrollment_id, completion=CompletionStatus.COMPLETE)
        await change(database, enrollment_id, **said)
        assert CompletionStatus.UNKNOWN is (await see(database, enrollment_id)).completion
    await change(database, enrollment_id, class_id=class_id, completion=CompletionStatus.FAILED)
    assert CompletionStatus.FAILED is (await see(database, enrollment_id)).completion


async def test_s6_an_administrator_may_enroll_into_a_class_that_has_ended_and_it_freezes_at_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    created = await enroll(database, class_id=class_id, user_id=cast.sam_id, completion=CompletionStatus.COMPLETE)
    approved = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=APPROVED)
    await change(database, approved, status=ENROLLED)

    for enrollment_id in (created, approved):
        with pytest.raises(EnrollmentFrozenError):
            await change(database, enrollment_id, status=CANCELLED)
        with pytest.raises(EnrollmentFrozenError):
            await drop(database, enrollment_id)


async def test_all_that_refuses_is_told_at_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),), maximum=0, status=ClassStatus.CANCELLED)
    started_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=started_id, user_id=cast.sam_id)
    await change_user(database, cast.sam_id, disabled=True)

    with pytest.raises(SeveralRefusalsError) as refused:
        await change(database, enrollment_id, class_id=class_id, location=LocationType.VIRTUAL)
    with pytest.raises(SeveralRefusalsError) as refused_creation:
        await enroll(
            database, class_id=class_id, user_id=cast.sam_id, status=APPROVED, completion=CompletionStatus.COMPLETE, classroom_id=1
        )

    assert ["S2", "P5", "S3", "S4", "P1"] == [each.rule for each in refused.value.refusals]
    assert ["P5", "S3", "S4", "S5"] == [each.rule for each in refused_creation.value.refusals]
