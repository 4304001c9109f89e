from typing import Any

import pytest

from rollbook.classes.clashes import StudentConflictError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.entering import StudentNotFoundError
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.attendance import list_attendance
from rollbook.enrollments.reopening import MoveEndsInactiveError, OtherEnrollmentExistsError
from rollbook.enrollments.seats import ClassFullError, RoomFullError
from rollbook.enrollments.statuses import (
    ClassOffError,
    CompletionStatus,
    EnrollmentFrozenError,
    EnrollmentStatus,
    OutsideCompanyError,
    UserDisabledError,
)
from tests.cast import DAY, MAY, NOBODY, add_class, add_company, add_organization, add_room, enroll, gather, meeting
from tests.recorded import Entry
from tests.roster import (
    AUDIT,
    CANCELLED,
    DENIED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    attend,
    breaches,
    change,
    change_class,
    change_user,
    last_change,
    prefer,
    see,
)

EVERYTHING: dict[str, Any] = {
    "external_id": "s-1",
    "completion": CompletionStatus.COMPLETE,
    "late_cancel": True,
    "retake": True,
    "hours_spent": 8,
    "grade": 90,
}


async def test_m1_a_move_keeps_external_id_and_retake_and_starts_the_rest_empty(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    forge, smithy = [await add_room(database, cast, name=name) for name in ("Forge", "Smithy")]
    class_id = await add_class(database, cast, classroom_ids=(forge,), meetings=(meeting(),))
    other_id = await add_class(database, cast, classroom_ids=(smithy,), meetings=(meeting(),), organization_id=branch_id)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, **EVERYTHING)
    meeting_id = await attend(database, enrollment_id)

    await change(database, enrollment_id, actor=cast.ada, class_id=other_id)

    before = {
        "class_id": class_id,
        "organization_id": cast.organization_id,
        "completion": CompletionStatus.COMPLETE,
        "late_cancel": True,
        "hours_spent": 8,
        "grade": 90,
        "classroom_id": forge,
    }
    after = {
        "class_id": other_id,
        "organization_id": branch_id,
        "completion": CompletionStatus.UNKNOWN,
        "late_cancel": False,
        "hours_spent": None,
        "grade": None,
        "classroom_id": smithy,
    }
    row = await see(database, enrollment_id)
    assert {**after, "external_id": "s-1", "retake": True, "version": 2, "status": ENROLLED} == {
        name: getattr(row, name) for name in (*after, "external_id", "retake", "version", "status")
    }
    left = {**before, "attendance": {str(meeting_id): True}}
    assert Entry("enrollment.moved", cast.organization_id, "Ada", left, after) == await last_change(database, enrollment_id)
    assert [] == await database.read(list_attendance, enrollment_id=enrollment_id)
    assert [] == await breaches(database)


async def test_m1_what_is_given_with_a_move_counts(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, external_id="s-1")

    await change(database, enrollment_id, class_id=other_id, status=AUDIT, **{**EVERYTHING, "external_id": None})

    row = await see(database, enrollment_id)
    assert {**EVERYTHING, "external_id": None} == {name: getattr(row, name) for name in EVERYTHING}
    assert AUDIT is row.status


async def test_m1_leaving_obeys_the_freeze_of_the_class_left(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(start),)) for start in (LONG_AGO, MAY)]
    sam, sue = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for user_id, status in ((cast.sam_id, ENROLLED), (cast.sue_id, AUDIT))
    ]

    with pytest.raises(EnrollmentFrozenError) as refused:
        await change(database, sam, class_id=other_id)
    assert await change(database, sue, class_id=other_id, status=ENROLLED)
    await prefer(database, cast, freeze_enrolled_at_start="off")
    assert await change(database, sam, class_id=other_id)
    assert class_id == refused.value.class_id


async def test_m1_entering_obeys_the_rules_of_the_class_entered(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Northwind", organization_id=cast.organization_id)
    room_id = await add_room(database, cast, capacity=0)
    class_id = await add_class(database, cast)
    await enroll(database, class_id=await add_class(database, cast, meetings=(meeting(MAY + DAY),)), user_id=cast.sam_id)
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    values: tuple[tuple[type[Exception], dict[str, Any]], ...] = (
        (ClassOffError, {"status": ClassStatus.CANCELLED}),
        (OutsideCompanyError, {"company_id": company_id}),
        (ClassFullError, {"maximum": 0}),
        (RoomFullError, {"classroom_ids": (room_id,)}),
        (StudentConflictError, {"meetings": (meeting(MAY + DAY),)}),
    )

    for error, said in values:
        other_id = await add_class(database, cast, **said)
        with pytest.raises(error):
            await change(database, sam, class_id=other_id)
    await change_user(database, cast.sam_id, disabled=True)
    with pytest.raises(UserDisabledError):
        await change(database, sam, class_id=await add_class(database, cast))
    assert (class_id, 1) == ((await see(database, sam)).class_id, (await see(database, sam)).version)


async def test_m1_the_class_left_is_not_in_the_way_of_the_class_entered(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id, other_id = [await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),), maximum=1) for _ in range(2)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert await change(database, enrollment_id, class_id=other_id)
    assert (LocationType.CLASSROOM, room_id) == (
        (await see(database, enrollment_id)).location,
        (await see(database, enrollment_id)).classroom_id,
    )
    assert await change(database, enrollment_id, class_id=class_id)


@pytest.mark.parametrize("status", [REQUESTED, WAITLISTED])
async def test_m1_who_waits_joins_the_new_list_anew(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)
    sue = await enroll(database, class_id=other_id, user_id=cast.sue_id, status=status)

    await change(database, sam, class_id=other_id)

    moments = [(await see(database, enrollment_id)).waiting_since or 0 for enrollment_id in (sue, sam)]
    assert 0 < moments[0] <= moments[1]


@pytest.mark.parametrize("status", [CANCELLED, DENIED])
async def test_m1_one_that_is_cancelled_may_move_and_reopen_but_none_ends_so(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    gone = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status, late_cancel=True, grade=3)
    enrolled = await enroll(database, class_id=class_id, user_id=cast.sue_id)

    for attempt in (change(database, gone, class_id=other_id), change(database, enrolled, class_id=other_id, status=status)):
        with pytest.raises(MoveEndsInactiveError):
            await attempt
    await change(database, gone, class_id=other_id, status=ENROLLED)

    row = await see(database, gone)
    assert (other_id, ENROLLED, False, None) == (row.class_id, row.status, row.late_cancel, row.grade)


async def test_m2_another_user_takes_the_place_with_location_and_room(database: Database) -> None:
    cast = await gather(database)
    rooms = [await add_room(database, cast, name=name, capacity=1) for name in ("Forge", "Smithy")]
    class_id = await add_class(database, cast, classroom_ids=tuple(rooms), maximum=1, meetings=(meeting(),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, classroom_id=rooms[1], **EVERYTHING)
    meeting_id = await attend(database, enrollment_id)

    await change(database, enrollment_id, user_id=cast.sue_id)

    row = await see(database, enrollment_id)
    empty = {
        "external_id": None,
        "completion": CompletionStatus.UNKNOWN,
        "late_cancel": False,
        "retake": False,
        "hours_spent": None,
        "grade": None,
    }
    assert empty == {name: getattr(row, name) for name in empty}
    assert (cast.sue_id, ENROLLED, rooms[1], 2) == (row.user_id, row.status, row.classroom_id, row.version)
    recorded = await last_change(database, enrollment_id)
    assert {"user_id": cast.sam_id, **EVERYTHING, "attendance": {str(meeting_id): True}} == recorded.before
    assert ("enrollment.replaced", {"user_id": cast.sue_id, **empty}) == (recorded.kind, recorded.after)
    assert [] == await database.read(list_attendance, enrollment_id=enrollment_id)
    assert await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)


async def test_m2_the_same_rules_hold_for_who_takes_the_place(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Northwind", organization_id=cast.organization_id)
    await change_user(database, cast.sam_id, company_id=company_id)
    class_id = await add_class(database, cast, company_id=company_id, meetings=(meeting(),))
    other_id = await add_class(database, cast, meetings=(meeting(),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=other_id, user_id=cast.sue_id)

    with pytest.raises(OutsideCompanyError):
        await change(database, enrollment_id, user_id=cast.ivan_id)
    await change_class(database, class_id, company_id=None)
    with pytest.raises(StudentConflictError):
        await change(database, enrollment_id, user_id=cast.sue_id)
    with pytest.raises(StudentNotFoundError):
        await change(database, enrollment_id, user_id=NOBODY)
    with pytest.raises(StudentNotFoundError):
        await change(database, enrollment_id, actor=cast.ada, user_id=cast.olga_id)
    await change_user(database, cast.ivan_id, disabled=True)
    with pytest.raises(UserDisabledError):
        await change(database, enrollment_id, user_id=cast.ivan_id)
    await change_class(database, class_id, meetings=(meeting(LONG_AGO),))
    with pytest.raises(EnrollmentFrozenError):
        await change(database, enrollment_id, user_id=cast.sue_id)
    assert 1 == (await see(database, enrollment_id)).version


async def test_m2_who_takes_a_place_in_the_list_joins_it_anew(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    first, second = [
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED) for user_id in (cast.sam_id, cast.sue_id)
    ]

    await change(database, first, user_id=cast.ivan_id)

    moments = [(await see(database, enrollment_id)).waiting_since or 0 for enrollment_id in (second, first)]
    assert 0 < moments[0] <= moments[1]


async def test_m1_and_m2_may_come_together(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(),)) for _ in range(2)]
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, **EVERYTHING)

    await change(database, enrollment_id, class_id=other_id, user_id=cast.sue_id)

    row = await see(database, enrollment_id)
    assert (other_id, cast.sue_id, None, False) == (row.class_id, row.user_id, row.external_id, row.retake)
    assert "enrollment.moved" == (await last_change(database, enrollment_id)).kind


async def test_m3_one_that_meets_another_of_the_class_and_the_student_is_refused(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    there = await enroll(database, class_id=other_id, user_id=cast.sam_id)
    here = await enroll(database, class_id=class_id, user_id=cast.sue_id)
    meetings: tuple[tuple[int, dict[str, Any]], ...] = ((there, {"class_id": other_id}), (here, {"user_id": cast.sue_id}))

    for status in EnrollmentStatus:
        remedy = "update" if status.is_active else "reopen"
        for other, said in meetings:
            await change(database, other, status=status)
            with pytest.raises(OtherEnrollmentExistsError) as refused:
                await change(database, sam, **said)
            assert other == refused.value.existing.id
            assert f"enrollment {other} " in str(refused.value)
            assert f"cancel this one and {remedy} that one" in str(refused.value)
    assert 1 == (await see(database, sam)).version
