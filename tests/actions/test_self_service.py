"""What students do alone: asking, waiting, enrolling, leaving."""

from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, update

from rollbook import clock
from rollbook.access.actor import EVERYTHING, ActingStudent, Actor, ActorKind
from rollbook.access.roles import ROLES, Permission
from rollbook.classes.model import classes
from rollbook.classes.statuses import ClassStatus
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.entering import ClassToEnterNotFoundError
from rollbook.enrollments.actions.line import promote_waiting
from rollbook.enrollments.actions.update import update as update_enrollment
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.reopening import EnrollmentExistsError
from rollbook.enrollments.seats import RoomFullError
from rollbook.enrollments.self_service import (
    AdministratorNeededError,
    ApprovalNeededError,
    NotOfferedError,
    NotOneselfError,
    RoleMissingError,
    SelfEnrollmentNotAllowedError,
    SelfServiceClosedError,
)
from rollbook.enrollments.statuses import ClassOffError, EnrollmentStatus, OutsideCompanyError
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.people.queries.acting import ActingUserNoStudentError, DisabledActingUserError, UnknownActingUserError, get_acting_user
from tests.cast import (
    DAY,
    HOUR,
    NOBODY,
    SELF_ENROLLMENT,
    acting,
    add_class,
    add_company,
    add_organization,
    add_room,
    add_user,
    enroll,
    gather,
    meeting,
)
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
    breaches,
    change,
    change_class,
    change_user,
    last_change,
    prefer,
    see,
)
from tests.waiting import add_open_class, enter_alone, leave_alone, line_of, promote, put, statuses_of

ENTRANCES = [REQUESTED, WAITLISTED, ENROLLED]
_DISABLE_CLASS = Command(update(classes).where(classes.c.id == bindparam("class_id", type_=Integer)).values(enabled=False))


@pytest.mark.parametrize("status", ENTRANCES)
async def test_a_student_enters_a_class_that_is_open(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)

    enrollment_id = await enter_alone(database, acting(cast, cast.sam_id), class_id, status=status)

    row = await see(database, enrollment_id)
    assert (status, cast.sam_id, status is not ENROLLED) == (row.status, row.user_id, row.waiting_since is not None)
    (entry,) = await history_of(database, "enrollment", enrollment_id)
    assert "student" == entry.actor_name


@pytest.mark.parametrize("before", [CANCELLED, REQUESTED, WAITLISTED, APPROVED])
@pytest.mark.parametrize("after", ENTRANCES)
async def test_a_student_goes_on_from_where_the_enrollment_stands(
    database: Database, before: EnrollmentStatus, after: EnrollmentStatus
) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=before)
    student = acting(cast, cast.sam_id)

    if before is after:
        assert not await change(database, enrollment_id, actor=student, status=after)
    elif after is REQUESTED and before is not CANCELLED:
        with pytest.raises(AdministratorNeededError):
            await change(database, enrollment_id, actor=student, status=after)
    else:
        assert await change(database, enrollment_id, actor=student, status=after)
        assert after == (await see(database, enrollment_id)).status


async def test_asking_again_for_what_one_is_changes_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert not await change(database, enrollment_id, actor=acting(cast, cast.sam_id), status=ENROLLED)
    assert not await change(database, enrollment_id, actor=acting(cast, cast.sam_id))
    assert 1 == (await see(database, enrollment_id)).version


async def test_creating_reopens_what_the_student_cancelled_and_nothing_else(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)
    student = acting(cast, cast.sam_id)
    enrollment_id = await enter_alone(database, student, class_id)

    with pytest.raises(EnrollmentExistsError):
        await enter_alone(database, student, class_id)
    await leave_alone(database, student, enrollment_id)
    assert enrollment_id == await enter_alone(database, student, class_id, status=REQUESTED)
    await change(database, enrollment_id, status=DENIED)
    with pytest.raises(AdministratorNeededError):
        await enter_alone(database, student, class_id, status=REQUESTED)


async def test_a1_a_student_enrolls_nobody_else(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)

    with pytest.raises(NotOneselfError) as refused:
        await enter_alone(database, acting(cast, cast.sam_id), class_id, user_id=cast.sue_id)

    assert ("A1", "user_id") == (refused.value.rule, refused.value.field)


async def test_a1_the_enrollments_of_others_do_not_exist_for_a_student(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_open_class(database, cast), user_id=cast.sue_id)

    for changes in ({"status": CANCELLED}, {"grade": 100}):
        with pytest.raises(EnrollmentNotFoundError):
            await change(database, enrollment_id, actor=acting(cast, cast.sam_id), **changes)


@pytest.mark.parametrize(
    "details",
    [
        {"grade": 100},
        {"external_id": "mine"},
        {"late_cancel": False},
        {"retake": True},
        {"location": None},
        {"classroom_id": 1},
        {"hours_spent": 8},
        {"note": "x"},
    ],
)
async def test_a1_a_student_gives_nothing_but_a_class_and_a_status(database: Database, details: dict[str, Any]) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)
    student = acting(cast, cast.sam_id)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=REQUESTED)

    with pytest.raises(AdministratorNeededError):
        await change(database, enrollment_id, actor=student, **details)
    with pytest.raises(AdministratorNeededError):
        await enter_alone(database, student, await add_open_class(database, cast), **details)


async def test_a1_a_student_moves_nowhere_replaces_nobody_and_deletes_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_open_class(database, cast) for _ in range(2)]
    student = acting(cast, cast.sam_id)
    enrollment_id = await enter_alone(database, student, class_id)

    for changes in ({"class_id": other_id}, {"user_id": cast.sue_id}):
        with pytest.raises(AdministratorNeededError):
            await change(database, enrollment_id, actor=student, **changes)
    with pytest.raises(AdministratorNeededError):
        await database.write(delete, caller=student, enrollment_id=enrollment_id)
    assert 1 == (await see(database, enrollment_id)).version


@pytest.mark.parametrize("status", [CANCELLED, APPROVED, DENIED, AUDIT])
async def test_a1_a_student_becomes_nothing_that_others_decide(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)

    with pytest.raises(AdministratorNeededError):
        await enter_alone(database, acting(cast, cast.sam_id), class_id, status=status)


@pytest.mark.parametrize(
    "permissions, refused",
    [
        (frozenset(), {REQUESTED: RoleMissingError, WAITLISTED: SelfEnrollmentNotAllowedError, ENROLLED: SelfEnrollmentNotAllowedError}),
        (ROLES[0].permissions, {WAITLISTED: SelfEnrollmentNotAllowedError, ENROLLED: SelfEnrollmentNotAllowedError}),
        (frozenset({Permission.ENROLL_ONESELF}), {REQUESTED: RoleMissingError}),
    ],
    ids=["none", "student", "no asking"],
)
async def test_a1_a2_the_role_says_what_a_student_may_do(
    database: Database, permissions: frozenset[Permission], refused: dict[EnrollmentStatus, type[RollbookError]]
) -> None:
    cast = await gather(database)
    student = acting(cast, cast.sam_id, permissions=permissions)

    for status in ENTRANCES:
        class_id = await add_open_class(database, cast)
        if status in refused:
            with pytest.raises(refused[status]):
                await enter_alone(database, student, class_id, status=status)
        else:
            await enter_alone(database, student, class_id, status=status)


async def test_a1_whoever_lost_the_role_still_leaves(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)

    assert await leave_alone(database, acting(cast, cast.sam_id, permissions=frozenset()), enrollment_id)


async def test_a2_students_enroll_only_where_the_class_allows_it_and_ask_everywhere(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, allow_self_enrollment=False)
    student = acting(cast, cast.sam_id)

    for status in (WAITLISTED, ENROLLED):
        with pytest.raises(SelfEnrollmentNotAllowedError) as refused:
            await enter_alone(database, student, class_id, status=status)
        assert not refused.value.by_role
    await enter_alone(database, student, class_id, status=REQUESTED)


async def test_a3_where_somebody_approves_a_student_asks_first(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, requires_approval=True, maximum=1)
    student = acting(cast, cast.sam_id)

    for status in (WAITLISTED, ENROLLED):
        with pytest.raises(ApprovalNeededError):
            await enter_alone(database, student, class_id, status=status)
    enrollment_id = await enter_alone(database, student, class_id, status=REQUESTED)
    with pytest.raises(ApprovalNeededError):
        await change(database, enrollment_id, actor=student, status=ENROLLED)
    await change(database, enrollment_id, status=APPROVED)
    await change(database, enrollment_id, actor=student, status=ENROLLED)

    assert ENROLLED == (await see(database, enrollment_id)).status


async def test_a3_who_was_approved_and_had_to_wait_enrolls_when_the_turn_comes(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, requires_approval=True, maximum=0)
    student = acting(cast, cast.sam_id)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=APPROVED)
    await change(database, enrollment_id, actor=student, status=ENROLLED)
    assert WAITLISTED == (await see(database, enrollment_id)).status

    await change_class(database, class_id, maximum=1)
    await change(database, enrollment_id, actor=student, status=ENROLLED)

    assert ENROLLED == (await see(database, enrollment_id)).status


@pytest.mark.parametrize("status", ENTRANCES)
async def test_a4_students_enter_until_the_hours_before_the_first_meeting(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    student = acting(cast, cast.sam_id)
    await prefer(database, cast, self_service_closes_hours="48", student_conflicts="allow")
    now = clock.now()
    soon, later, started, never = [
        await add_open_class(database, cast, meetings=meetings)
        for meetings in ((meeting(now + 2 * DAY - HOUR),), (meeting(now + 2 * DAY + HOUR),), (meeting(LONG_AGO),), ())
    ]

    for class_id in (soon, started):
        with pytest.raises(SelfServiceClosedError):
            await enter_alone(database, student, class_id, status=status)
    for class_id in (later, never):
        await enter_alone(database, student, class_id, status=status)


@pytest.mark.parametrize("before", [REQUESTED, WAITLISTED, APPROVED, AUDIT, ENROLLED])
async def test_a4_students_leave_until_the_class_starts(database: Database, before: EnrollmentStatus) -> None:
    cast = await gather(database)
    student = acting(cast, cast.sam_id)
    await prefer(database, cast, self_service_closes_hours="48", freeze_enrolled_at_start="off")
    soon, started = [
        await add_open_class(database, cast, meetings=(meeting(starts_at),)) for starts_at in (clock.now() + 10 * HOUR, LONG_AGO)
    ]

    for class_id in (soon, started):
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=before)
        if class_id == soon:
            assert await leave_alone(database, student, enrollment_id)
        else:
            with pytest.raises(SelfServiceClosedError):
                await leave_alone(database, student, enrollment_id)


async def test_l1_a_student_who_cancels_late_is_marked_so(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, late_cancel_days="2")
    class_id = await add_open_class(database, cast, meetings=(meeting(clock.now() + DAY),))
    student = acting(cast, cast.sam_id)
    enrollment_id = await enter_alone(database, student, class_id)

    await leave_alone(database, student, enrollment_id)

    assert (await see(database, enrollment_id)).late_cancel


@pytest.mark.parametrize("status", ENTRANCES)
async def test_a5_only_a_class_that_is_offered_is_entered_alone(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    ours, other = cast.organization_id, cast.other_organization_id
    west_id, east_id = [await add_organization(database, name, parent_id=ours) for name in ("West", "East")]
    walt_id = await add_user(database, "Walt", organization_id=west_id)
    student = ActingStudent(walt_id, None, f"/{ours}/{west_id}/", SELF_ENROLLMENT)
    walt = Actor(ActorKind.USER, walt_id, "walt", EVERYTHING, key_id=cast.ada.id, student=student)
    values: dict[str, dict[str, Any]] = {
        "public": {"organization_id": other, "is_public": True},
        "of the organization above": {},
        "of the own organization": {"organization_id": west_id},
        "made available to the own": {"organization_id": other, "available_to_organization_ids": (west_id,)},
        "made available to the one above": {"organization_id": other, "available_to_organization_ids": (east_id, ours)},
        "of a sister": {"organization_id": east_id},
        "of another tree": {"organization_id": other},
        "made available to a sister": {"organization_id": other, "available_to_organization_ids": (east_id,)},
    }
    offered: dict[str, bool] = {}

    for name, given in values.items():
        class_id = await add_class(database, cast, allow_self_enrollment=True, **given)
        try:
            await enter_alone(database, walt, class_id, status=status)
        except NotOfferedError:
            offered[name] = False
        else:
            offered[name] = True

    assert dict.fromkeys(list(values)[:5], True) | dict.fromkeys(list(values)[5:], False) == offered


async def test_a5_a_disabled_class_is_offered_to_nobody(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)

    async def disable(transaction: Transaction) -> None:
        await transaction.run(_DISABLE_CLASS, class_id=class_id)

    await database.write(disable)

    with pytest.raises(NotOfferedError):
        await enter_alone(database, acting(cast, cast.sam_id), class_id)


async def test_a_class_outside_of_the_key_s_tree_does_not_exist_for_a_student(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, organization_id=cast.other_organization_id)

    for missing in (class_id, NOBODY):
        with pytest.raises(ClassToEnterNotFoundError):
            await enter_alone(database, acting(cast, cast.sam_id), missing)


async def test_the_other_rules_hold_for_students_too(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    room_id = await add_room(database, cast, capacity=0)
    student = acting(cast, cast.sam_id)
    refusals: list[tuple[dict[str, Any], type[RollbookError]]] = [
        ({"company_id": company_id}, OutsideCompanyError),
        ({"classroom_ids": (room_id,)}, RoomFullError),
        ({"status": ClassStatus.CANCELLED}, ClassOffError),
    ]

    for values, refusal in refusals:
        class_id = await add_open_class(database, cast, **values)
        with pytest.raises(refusal):
            await enter_alone(database, student, class_id)


async def test_all_that_keeps_a_student_out_is_told_at_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, allow_self_enrollment=False, requires_approval=True, meetings=(meeting(LONG_AGO),))

    with pytest.raises(SeveralRefusalsError) as refused:
        await enter_alone(database, acting(cast, cast.sam_id), class_id)

    assert ["A4", "A2", "A3"] == [each.rule for each in refused.value.refusals]


async def test_w6_a_student_who_enrolls_in_a_full_class_joins_the_waitlist(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=1)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id)

    enrollment_id = await enter_alone(database, acting(cast, cast.sam_id), class_id)

    row = await see(database, enrollment_id)
    assert (WAITLISTED, [enrollment_id]) == (row.status, await line_of(database, class_id))
    assert "enrollment.waitlisted" == (await last_change(database, enrollment_id)).kind


@pytest.mark.parametrize("before", [None, CANCELLED, APPROVED, REQUESTED, WAITLISTED])
async def test_w6_a_student_who_enrolls_where_others_wait_stands_behind_them(database: Database, before: EnrollmentStatus | None) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)
    line = await put(database, class_id, cast.ivan_id, cast.sue_id)
    student = acting(cast, cast.sam_id)

    if before is None:
        enrollment_id = await enter_alone(database, student, class_id)
    else:
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=before)
        await change(database, enrollment_id, actor=student, status=ENROLLED)

    assert [*line, enrollment_id] == await line_of(database, class_id)
    assert not any("passed_waitlist" in (entry.after or {}) for entry in await history_of(database, "enrollment", enrollment_id))


async def test_w6_the_first_in_the_line_takes_a_place_that_is_free(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=1)
    first, second = await put(database, class_id, cast.sam_id, cast.sue_id)

    assert not await change(database, second, actor=acting(cast, cast.sue_id), status=ENROLLED)
    assert await change(database, first, actor=acting(cast, cast.sam_id), status=ENROLLED)
    assert not await change(database, second, actor=acting(cast, cast.sue_id), status=ENROLLED)

    assert [ENROLLED, WAITLISTED] == await statuses_of(database, class_id)
    assert "passed_waitlist" not in ((await last_change(database, first)).after or {})


async def test_w6_who_only_asked_is_not_in_the_way(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=REQUESTED)

    enrollment_id = await enter_alone(database, acting(cast, cast.sam_id), class_id)

    assert ENROLLED == (await see(database, enrollment_id)).status


async def test_w2_a_student_who_leaves_lets_in_the_next_of_both_lines(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=1)
    first, second = acting(cast, cast.sam_id), acting(cast, cast.sue_id)
    leaving = await enter_alone(database, first, class_id)
    asked = await enter_alone(database, acting(cast, cast.ivan_id), class_id, status=REQUESTED)
    waiting = await enter_alone(database, second, class_id)

    await leave_alone(database, first, leaving)
    assert [CANCELLED, REQUESTED, ENROLLED] == [(await see(database, each)).status for each in (leaving, asked, waiting)]
    await leave_alone(database, second, waiting)
    assert [CANCELLED, ENROLLED, CANCELLED] == [(await see(database, each)).status for each in (leaving, asked, waiting)]
    assert [] == await breaches(database)


async def test_a_rehearsal_tells_everything_and_keeps_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_open_class(database, cast, maximum=1)
    student = acting(cast, cast.sam_id)
    leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    (waiting,) = await put(database, class_id, cast.sue_id)

    entering = await database.rehearse(create, actor=student, wanted=NewEnrollment(class_id=class_id, user_id=cast.sam_id, status=ENROLLED))
    leave = EnrollmentChanges(status=CANCELLED)
    left = await database.rehearse(update_enrollment, caller=acting(cast, cast.ivan_id), enrollment_id=leaving, changes=leave)

    assert ["enrollment.waitlisted"] == [each.record["kind"] for each in entering.recorded]
    assert [(leaving, "enrollment.cancelled"), (waiting, "enrollment.promoted")] == [
        (each.subject_id, each.record["kind"]) for each in left.recorded
    ]
    assert [ENROLLED, WAITLISTED] == await statuses_of(database, class_id)
    assert [1, 1] == [len(await history_of(database, "enrollment", each)) for each in (leaving, waiting)]


async def test_a_rehearsed_promotion_keeps_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    line = await put(database, class_id, cast.sam_id, cast.sue_id)
    await change_user(database, cast.sam_id, disabled=True)

    rehearsal = await database.rehearse(promote_waiting, actor=cast.ada, class_id=class_id)

    assert [(line[1], "enrollment.promoted"), (line[0], "enrollment.passed_over")] == [
        (each.subject_id, each.record["kind"]) for each in rehearsal.recorded
    ]
    assert [WAITLISTED, WAITLISTED] == await statuses_of(database, class_id)
    assert ([line[1]], [line[0]]) == await promote(database, class_id)


async def test_a_key_acts_for_a_user_of_its_tree_with_the_rights_of_the_user_s_roles(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    tim_id = await add_user(database, "Tim", organization_id=cast.organization_id, company_id=company_id, role_ids=(1, 2))

    student = await database.read(get_acting_user, holder=cast.ada, user_id=tim_id)

    assert (tim_id, "tim", cast.ada.id, cast.ada.viewer) == (student.id, student.name, student.key_id, student.viewer)
    assert student.student is not None
    assert (tim_id, company_id, f"/{cast.organization_id}/") == (
        student.student.user_id,
        student.student.company_id,
        student.student.path,
    )
    assert ROLES[1].permissions | ROLES[2].permissions == student.student.permissions
    for holder, user_id in ((cast.olga, tim_id), (cast.ada, NOBODY)):
        with pytest.raises(UnknownActingUserError):
            await database.read(get_acting_user, holder=holder, user_id=user_id)
    await change_user(database, tim_id, disabled=True)
    with pytest.raises(DisabledActingUserError):
        await database.read(get_acting_user, holder=cast.ada, user_id=tim_id)


async def test_a_key_acts_for_no_user_without_the_role_of_a_student(database: Database) -> None:
    cast = await gather(database)
    instructor_id = await add_user(database, "Ines", organization_id=cast.organization_id, role_ids=(2,))

    with pytest.raises(ActingUserNoStudentError) as refused:
        await database.read(get_acting_user, holder=cast.ada, user_id=instructor_id)

    assert ("A1", instructor_id) == (refused.value.rule, refused.value.user_id)
