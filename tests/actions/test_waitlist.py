"""Who gets the places that come free, and when."""

from collections.abc import Awaitable, Callable

import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import ClassPromotesNobodyError
from tests.cast import (
    DAY,
    HOUR,
    MAY,
    NOBODY,
    TESTS,
    Cast,
    acting,
    add_class,
    add_company,
    add_organization,
    add_room,
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
    drop,
    last_change,
    prefer,
    see,
)
from tests.waiting import add_students, leave_alone, line_of, promote, put, set_capacity, statuses_of

Trigger = Callable[[Database, Cast, int, int], Awaitable[object]]


async def _cancels_alone(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    student = acting(cast, (await see(database, enrollment_id)).user_id)
    await leave_alone(database, student, enrollment_id)


def _becomes(status: EnrollmentStatus) -> Trigger:
    async def act(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
        await change(database, enrollment_id, status=status)

    return act


async def _moves(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    await change(database, enrollment_id, class_id=await add_class(database, cast))


async def _moves_to_wait(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    await change(database, enrollment_id, class_id=await add_class(database, cast), status=WAITLISTED)


async def _is_replaced_by_who_waits(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    await change(database, enrollment_id, user_id=cast.ivan_id, status=WAITLISTED)


async def _is_deleted(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    await drop(database, enrollment_id)


async def _gets_a_place(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    await change_class(database, class_id, maximum=2)


async def _loses_its_limit(database: Database, cast: Cast, class_id: int, enrollment_id: int) -> None:
    await change_class(database, class_id, maximum=None)


TRIGGERS: dict[str, Trigger] = {
    "an administrator cancels": _becomes(CANCELLED),
    "an administrator denies": _becomes(DENIED),
    "who was Enrolled audits": _becomes(AUDIT),
    "who was Enrolled waits again": _becomes(WAITLISTED),
    "who was Enrolled asks again": _becomes(REQUESTED),
    "who was Enrolled is Approved only": _becomes(APPROVED),
    "who was Enrolled moves": _moves,
    "who was Enrolled moves to another line": _moves_to_wait,
    "another gets the enrollment and waits": _is_replaced_by_who_waits,
    "the enrollment is deleted": _is_deleted,
    "the maximum is raised": _gets_a_place,
    "the maximum is removed": _loses_its_limit,
}


@pytest.mark.parametrize("preference", ["off", "self_cancel", "always"])
@pytest.mark.parametrize("trigger", [pytest.param(act, id=name) for name, act in TRIGGERS.items()])
async def test_w2_what_frees_a_place_lets_the_first_in_where_the_preference_is_always(
    database: Database, trigger: Trigger, preference: str
) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion=preference)
    class_id = await add_class(database, cast, maximum=1)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    (waiting_id,) = await put(database, class_id, cast.sue_id)

    await trigger(database, cast, class_id, enrollment_id)

    assert (ENROLLED if preference == "always" else WAITLISTED) == (await see(database, waiting_id)).status
    assert [] == await breaches(database)


@pytest.mark.parametrize("preference, status", [("off", WAITLISTED), ("self_cancel", ENROLLED), ("always", ENROLLED)])
async def test_w2_a_student_who_cancels_lets_the_first_in_unless_the_preference_is_off(
    database: Database, preference: str, status: EnrollmentStatus
) -> None:
    cast = await gather(database)
    if preference != "self_cancel":  # which is the default
        await prefer(database, cast, waitlist_promotion=preference)
    class_id = await add_class(database, cast, maximum=1)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first, second = await put(database, class_id, cast.ivan_id, cast.sue_id)

    await _cancels_alone(database, cast, class_id, enrollment_id)

    assert [CANCELLED, status, WAITLISTED] == [(await see(database, each)).status for each in (enrollment_id, first, second)]


@pytest.mark.parametrize("before", [REQUESTED, WAITLISTED, APPROVED, AUDIT])
async def test_w2_who_holds_no_place_frees_none(database: Database, before: EnrollmentStatus) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=1)
    leaving, waiting = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for user_id, status in ((cast.sam_id, before), (cast.sue_id, WAITLISTED))
    ]

    await change(database, leaving, status=CANCELLED)
    await drop(database, leaving)

    assert WAITLISTED == (await see(database, waiting)).status


async def test_w2_a_lowered_maximum_or_another_change_of_the_class_lets_nobody_in(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=3)
    (waiting_id,) = await put(database, class_id, cast.sue_id)

    await change_class(database, class_id, maximum=2)
    await change_class(database, class_id, name="Welding for all", company_id=None)

    assert WAITLISTED == (await see(database, waiting_id)).status


async def test_w2_the_preference_is_that_of_the_class_that_is_left(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    here, there = [
        await add_class(database, cast, maximum=1, organization_id=organization_id)
        for organization_id in (cast.organization_id, cast.other_organization_id)
    ]
    branch = await add_class(database, cast, maximum=1, organization_id=branch_id)
    await prefer(database, cast, waitlist_promotion="always")

    for class_id, status in ((here, ENROLLED), (branch, ENROLLED), (there, WAITLISTED)):
        leaving = await enroll(database, class_id=class_id, user_id=cast.sam_id)
        (waiting,) = await put(database, class_id, cast.sue_id)
        await change(database, leaving, status=CANCELLED)
        assert status == (await see(database, waiting)).status


@pytest.mark.parametrize("raised_to, enrolled", [(3, 1), (4, 2), (None, 3)])
async def test_w5_a_raised_maximum_lets_in_as_many_as_it_adds(database: Database, raised_to: int | None, enrolled: int) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=2)
    await put(database, class_id, cast.ivan_id, cast.sam_id, cast.sue_id)

    await change_class(database, class_id, maximum=raised_to)

    assert enrolled == (await statuses_of(database, class_id)).count(ENROLLED)


async def test_w5_places_that_were_free_before_stay_free(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=5)
    leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    await put(database, class_id, cast.sam_id, cast.sue_id)

    await change(database, leaving, status=CANCELLED)

    assert [CANCELLED, ENROLLED, WAITLISTED] == await statuses_of(database, class_id)


@pytest.mark.parametrize("values", [{"status": ClassStatus.CANCELLED}, {"meetings": (meeting(LONG_AGO),)}], ids=["off", "started"])
async def test_w3_a_class_that_is_off_or_has_started_lets_nobody_in(database: Database, values: dict[str, object]) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always", freeze_enrolled_at_start="off")
    class_id = await add_class(database, cast, maximum=1, **values if "meetings" in values else {})
    leaving = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    (waiting,) = await put(database, class_id, cast.sue_id)
    await change_class(database, class_id, **values)

    await change(database, leaving, status=CANCELLED)
    await change_class(database, class_id, maximum=None)

    assert ENROLLED != (await see(database, waiting)).status
    with pytest.raises(ClassPromotesNobodyError):
        await promote(database, class_id)


async def test_w3_who_cannot_get_in_is_passed_over_and_keeps_the_place_in_the_line(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=1, company_id=None, meetings=(meeting(),))
    leaving = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    disabled, outside, busy, able = await add_students(database, cast, 4)
    for user_id in (cast.sam_id, busy, disabled, able):
        await change_user(database, user_id, company_id=company_id)
    line = await put(database, class_id, disabled, outside, busy, able)
    await change_class(database, class_id, company_id=company_id)
    await change_user(database, disabled, disabled=True)
    elsewhere = await add_class(database, cast, meetings=(meeting(MAY + HOUR, hours=1),))
    await enroll(database, class_id=elsewhere, user_id=busy)

    await change(database, leaving, status=CANCELLED)

    rows = [await see(database, each) for each in line]
    assert [("S4", WAITLISTED), ("S4", WAITLISTED), ("C1", WAITLISTED), (None, ENROLLED)] == [(row.passed_over, row.status) for row in rows]
    assert line[:3] == await line_of(database, class_id)
    passed = await last_change(database, line[2])
    assert ("enrollment.passed_over", "waitlist", {"passed_over": None}) == (passed.kind, passed.actor_name, passed.before)
    assert {"passed_over", "reason"} == (passed.after or {}).keys()
    assert f"user {busy} attends class {elsewhere} during the meeting of class {class_id}" in (passed.after or {})["reason"]
    assert [] == await breaches(database)


async def test_w3_the_history_says_once_for_each_new_reason_why_someone_is_passed_over(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=0)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    (waiting_id,) = await put(database, class_id, cast.sue_id)

    for _ in range(2):
        assert ([], [waiting_id]) == await promote(database, class_id)
    await change_user(database, cast.sue_id, disabled=True)
    for _ in range(2):
        assert ([], [waiting_id]) == await promote(database, class_id)
    await change_user(database, cast.sue_id, disabled=False)
    assert ([], [waiting_id]) == await promote(database, class_id)

    _, *changes = await history_of(database, "enrollment", waiting_id)
    assert ["P2", "S4", "P2"] == [(entry.after or {})["passed_over"] for entry in changes]
    assert 4 == (await see(database, waiting_id)).version


@pytest.mark.parametrize("status", [REQUESTED, APPROVED, CANCELLED, ENROLLED])
async def test_w3_the_reason_goes_with_the_waiting(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=0)
    class_id = await add_class(database, cast, classroom_ids=(room_id,))
    (waiting_id,) = await put(database, class_id, cast.sue_id)
    await promote(database, class_id)
    await set_capacity(database, room_id, None)
    await change(database, waiting_id, grade=1)
    assert "P2" == (await see(database, waiting_id)).passed_over

    await change(database, waiting_id, status=status)

    assert (await see(database, waiting_id)).passed_over is None
    assert [] == await breaches(database)


async def test_w3_another_class_or_another_student_begins_without_a_reason(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=0)
    class_id, other_id = [await add_class(database, cast, classroom_ids=(room_id,)) for _ in range(2)]
    moved, replaced = await put(database, class_id, cast.sue_id, cast.sam_id)
    await promote(database, class_id)

    await change(database, moved, class_id=other_id)
    await change(database, replaced, user_id=cast.ivan_id)

    assert [None, None] == [(await see(database, each)).passed_over for each in (moved, replaced)]


@pytest.mark.parametrize("preference, needs_approval, lets_in", [("on", False, True), ("off", False, False), ("on", True, False)])
async def test_w4_who_only_asked_comes_after_all_who_are_waitlisted(
    database: Database, preference: str, *, needs_approval: bool, lets_in: bool
) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always", promote_requested=preference)
    class_id = await add_class(database, cast, maximum=0, requires_approval=needs_approval)
    asked = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=REQUESTED)
    approved = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=APPROVED)
    (waiting,) = await put(database, class_id, cast.sue_id)

    await change_class(database, class_id, maximum=1)
    assert [REQUESTED, APPROVED, ENROLLED] == [(await see(database, each)).status for each in (asked, approved, waiting)]

    await change_class(database, class_id, maximum=3)
    expected = ENROLLED if lets_in else REQUESTED
    assert [expected, APPROVED, ENROLLED] == [(await see(database, each)).status for each in (asked, approved, waiting)]


async def test_w1_the_line_goes_by_the_moment_of_joining_and_joining_again_is_joining_anew(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, maximum=0) for _ in range(2)]
    first, second, third = await put(database, class_id, cast.sue_id, cast.ivan_id, cast.sam_id)
    assert [first, second, third] == await line_of(database, class_id)

    await change(database, first, note="A note keeps the place")
    assert [first, second, third] == await line_of(database, class_id)
    await change(database, first, status=CANCELLED)
    await change(database, first, status=WAITLISTED)
    assert [second, third, first] == await line_of(database, class_id)
    await change(database, second, class_id=other_id)
    await change(database, second, class_id=class_id)
    assert [third, first, second] == await line_of(database, class_id)


async def test_p4_who_is_let_in_sits_in_the_only_room_and_the_history_says_so(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), maximum=1, meetings=(meeting(),))
    leaving = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    (waiting,) = await put(database, class_id, cast.sue_id)
    since = (await see(database, waiting)).waiting_since

    await _cancels_alone(database, cast, class_id, leaving)

    row = await see(database, waiting)
    assert (ENROLLED, LocationType.CLASSROOM, room_id, None) == (row.status, row.location, row.classroom_id, row.waiting_since)
    promoted = await last_change(database, waiting)
    assert ("enrollment.promoted", "waitlist") == (promoted.kind, promoted.actor_name)
    assert {"status": 20, "location": 0, "classroom_id": None, "waiting_since": since} == promoted.before
    assert {"status": 60, "location": 10, "classroom_id": room_id, "waiting_since": None} == promoted.after
    assert [] == await breaches(database)


async def test_p2_who_keeps_the_seat_on_giving_up_the_place_leaves_none_for_who_waits(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id = await add_room(database, cast, capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), maximum=1, meetings=(meeting(),))
    auditing = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    (waiting,) = await put(database, class_id, cast.sue_id)

    await change(database, auditing, status=AUDIT)

    row = await see(database, waiting)
    assert (WAITLISTED, "P2") == (row.status, row.passed_over)
    assert [] == await breaches(database)


async def test_p2_who_moves_to_another_class_in_the_same_room_leaves_no_seat_there(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id, empty_id = [await add_room(database, cast, name=name, capacity=capacity) for name, capacity in (("Forge", 1), ("Hall", 9))]
    class_id, other_id = [
        await add_class(database, cast, classroom_ids=rooms, maximum=1, meetings=(meeting(),))
        for rooms in ((room_id, empty_id), (room_id,))
    ]
    moving = await enroll(database, class_id=class_id, user_id=cast.sam_id, classroom_id=room_id)
    without_seat, seated = [
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED, classroom_id=classroom_id)
        for user_id, classroom_id in ((cast.sue_id, room_id), (cast.ivan_id, empty_id))
    ]

    await change(database, moving, class_id=other_id)

    assert [WAITLISTED, ENROLLED] == [(await see(database, each)).status for each in (without_seat, seated)]
    assert [] == await breaches(database)


async def test_w2_moving_lets_somebody_in_where_the_student_was_not_where_the_student_goes(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    here, there = [await add_class(database, cast, maximum=maximum) for maximum in (1, 5)]
    moving = await enroll(database, class_id=here, user_id=cast.sam_id)
    waiting_here, waiting_there = [await enroll(database, class_id=each, user_id=cast.sue_id, status=WAITLISTED) for each in (here, there)]

    await change(database, moving, class_id=there)

    assert [ENROLLED, WAITLISTED] == [(await see(database, each)).status for each in (waiting_here, waiting_there)]
    moved = await last_change(database, moving)
    assert ("enrollment.moved", True) == (moved.kind, (moved.after or {}).get("passed_waitlist"))


async def test_c1_who_gets_a_place_elsewhere_at_that_time_by_the_same_change_is_passed_over_for_the_next(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id, other_id = [await add_class(database, cast, maximum=1, meetings=(meeting(),)) for _ in range(2)]
    leaving = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first, second = await put(database, class_id, cast.sue_id, cast.ivan_id)

    await change(database, leaving, class_id=other_id, user_id=cast.sue_id)

    rows = [await see(database, each) for each in (first, second)]
    assert [(WAITLISTED, "C1"), (ENROLLED, None)] == [(row.status, row.passed_over) for row in rows]
    assert [] == await breaches(database)


async def test_w2_a_raised_capacity_lets_in_who_waits_for_a_seat_there_from_afar(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id, hall_id = [await add_room(database, cast, name=name, capacity=0) for name in ("Forge", "Hall")]
    class_id = await add_class(database, cast, delivery=Delivery.MIXED, classroom_ids=(hall_id,), maximum=9, meetings=(meeting(),))
    line = [
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED, location=location, classroom_id=classroom_id)
        for user_id, location, classroom_id in (
            (cast.ivan_id, LocationType.CLASSROOM, hall_id),
            (cast.sam_id, LocationType.REMOTE_CLASSROOM, room_id),
            (cast.sue_id, LocationType.VIRTUAL, None),
        )
    ]

    await set_capacity(database, room_id, 1)

    rows = [await see(database, each) for each in line]
    assert [(WAITLISTED, None), (ENROLLED, None), (WAITLISTED, None)] == [(row.status, row.passed_over) for row in rows]
    assert (LocationType.REMOTE_CLASSROOM, room_id) == (rows[1].location, rows[1].classroom_id)
    assert [] == await breaches(database)


async def test_w2_a_raised_maximum_seats_those_it_lets_in_where_they_chose_to_sit(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    rooms = [await add_room(database, cast, name=name, capacity=capacity) for name, capacity in (("Forge", 1), ("Hall", 0))]
    class_id = await add_class(database, cast, delivery=Delivery.MIXED, classroom_ids=tuple(rooms), maximum=0, meetings=(meeting(),))
    choices = [(LocationType.CLASSROOM, rooms[1]), (LocationType.CLASSROOM, rooms[0]), (LocationType.VIRTUAL, None)]
    students = [cast.ivan_id, cast.sam_id, cast.sue_id]
    line = [
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED, location=location, classroom_id=classroom_id)
        for user_id, (location, classroom_id) in zip(students, choices, strict=True)
    ]

    await change_class(database, class_id, maximum=3)

    rows = [await see(database, each) for each in line]
    assert [(WAITLISTED, "P2"), (ENROLLED, None), (ENROLLED, None)] == [(row.status, row.passed_over) for row in rows]
    assert choices == [(row.location, row.classroom_id) for row in rows]
    assert [] == await breaches(database)


@pytest.mark.parametrize("preference", ["off", "self_cancel", "always"])
async def test_w2_a_raised_capacity_lets_in_who_waits_for_a_seat_in_every_class_that_meets_there(
    database: Database, preference: str
) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion=preference)
    room_id = await add_room(database, cast, capacity=0)
    classes = [
        await add_class(database, cast, classroom_ids=(room_id,), maximum=5, meetings=(meeting(starts_at),))
        for starts_at in (MAY, MAY + DAY, LONG_AGO)
    ]
    students = await add_students(database, cast, 3)
    for class_id in classes:
        await put(database, class_id, *students)

    await set_capacity(database, room_id, 2)

    promoted = [[ENROLLED, ENROLLED, WAITLISTED]] * 2 if preference == "always" else [[WAITLISTED] * 3] * 2
    assert [*promoted, [WAITLISTED] * 3] == [await statuses_of(database, class_id) for class_id in classes]
    assert [] == await breaches(database)


async def test_w2_classes_that_meet_at_the_same_time_share_the_seats_that_are_added(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id = await add_room(database, cast, capacity=0)
    classes = [await add_class(database, cast, classroom_ids=(room_id,), maximum=1, meetings=(meeting(),)) for _ in range(2)]
    students = await add_students(database, cast, 40)
    for place, class_id in enumerate(classes):
        await put(database, class_id, *students[20 * place : 20 * place + 20])

    await set_capacity(database, room_id, 1)

    assert [1, 0] == [(await statuses_of(database, class_id)).count(ENROLLED) for class_id in classes]
    assert [] == await breaches(database)


async def test_w3_a_student_who_waits_for_two_classes_at_the_same_time_gets_into_one(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id = await add_room(database, cast, capacity=0)
    classes = [await add_class(database, cast, classroom_ids=(room_id,), maximum=1, meetings=(meeting(),)) for _ in range(2)]
    students = await add_students(database, cast, 12)
    for class_id in classes:
        await put(database, class_id, *students)

    await set_capacity(database, room_id, None)

    assert [[ENROLLED, *[WAITLISTED] * 11], [WAITLISTED, ENROLLED, *[WAITLISTED] * 10]] == [
        await statuses_of(database, class_id) for class_id in classes
    ]
    assert [] == await breaches(database)


async def test_w2_a_raised_capacity_lets_in_only_who_would_sit_there(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_ids = [await add_room(database, cast, name=name, capacity=0) for name in ("Forge", "Smithy")]
    class_id = await add_class(database, cast, classroom_ids=tuple(room_ids), maximum=9, meetings=(meeting(),))
    line = [
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED, classroom_id=classroom_id)
        for user_id, classroom_id in zip((cast.ivan_id, cast.sam_id, cast.sue_id), (*room_ids, None), strict=True)
    ]

    await set_capacity(database, room_ids[1], 4)

    assert [WAITLISTED, ENROLLED, WAITLISTED] == [(await see(database, each)).status for each in line]


async def test_w2_a_lowered_capacity_or_another_change_of_the_room_lets_nobody_in(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    room_id = await add_room(database, cast, capacity=5)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    await put(database, class_id, cast.sue_id)

    await set_capacity(database, room_id, 4)

    assert [WAITLISTED] == await statuses_of(database, class_id)


@pytest.mark.parametrize("places, let_in", [(None, 3), (2, 2), (9, 3), (0, 0)])
async def test_w2_an_administrator_lets_in_on_demand_whatever_the_preference(database: Database, places: int | None, let_in: int) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="off")
    class_id = await add_class(database, cast, maximum=4)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    line = await put(database, class_id, *await add_students(database, cast, 5))

    assert (line[:let_in], []) == await promote(database, class_id, places=places, actor=cast.ada)
    if let_in:
        assert ("enrollment.promoted", "Ada") == ((promoted := await last_change(database, line[0])).kind, promoted.actor_name)


async def test_w2_nobody_lets_in_who_does_not_see_the_class(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    for wanted, actor in ((class_id, cast.olga), (NOBODY, TESTS)):
        with pytest.raises(ClassNotFoundError):
            await promote(database, wanted, actor=actor)


async def test_w3_who_can_come_is_found_however_far_behind(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    *others, last = await add_students(database, cast, 60)
    line = await put(database, class_id, *others, last)
    for user_id in others:
        await change_user(database, user_id, disabled=True)

    assert (line[-1:], line[:-1]) == await promote(database, class_id)


@pytest.mark.parametrize("in_line", [True, False])
async def test_w6_the_history_says_who_passes_the_line(database: Database, *, in_line: bool) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    first, second = await put(database, class_id, cast.sam_id, cast.sue_id)

    passing = second
    if in_line:
        await change(database, second, status=ENROLLED)
    else:
        passing = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    await change(database, first, status=ENROLLED)

    marks = [(entry.after or {}).get("passed_waitlist") for entry in [await last_change(database, each) for each in (passing, first)]]
    assert [True, None] == marks


@pytest.mark.parametrize("before", [CANCELLED, REQUESTED, APPROVED, AUDIT, None])
async def test_w6_whoever_was_not_first_in_the_line_passes_it(database: Database, before: EnrollmentStatus | None) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    await put(database, class_id, cast.sue_id)
    passing = await enroll(database, class_id=class_id if before else other_id, user_id=cast.sam_id, status=before or WAITLISTED)

    await change(database, passing, class_id=class_id, status=ENROLLED)

    assert True is ((await last_change(database, passing)).after or {}).get("passed_waitlist")


async def test_w6_who_takes_no_place_or_meets_no_line_passes_none(database: Database) -> None:
    cast = await gather(database)
    lonely, awaited = [await add_class(database, cast) for _ in range(2)]
    await put(database, awaited, cast.sue_id)

    for class_id, status in ((lonely, ENROLLED), (awaited, AUDIT), (awaited, APPROVED)):
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)
        await change(database, enrollment_id, grade=2)
        assert not any("passed_waitlist" in (entry.after or {}) for entry in await history_of(database, "enrollment", enrollment_id))
        await drop(database, enrollment_id)
