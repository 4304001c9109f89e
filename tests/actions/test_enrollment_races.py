import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from rollbook.classes.clashes import StudentConflictError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import CrowdedError, Database
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError, EnrollmentRow
from rollbook.enrollments.reopening import EnrollmentExistsError, OtherEnrollmentExistsError
from rollbook.enrollments.seats import ClassFullError, RoomFullError
from rollbook.enrollments.statuses import ClassOffError
from rollbook.history.versions import VersionChangedError
from tests.cast import DAY, HOUR, MAY, Cast, add_class, add_room, add_user, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import APPROVED, AUDIT, CANCELLED, ENROLLED, REQUESTED, WAITLISTED, breaches, change, change_class, drop, see


async def _students(database: Database, cast: Cast, number: int) -> list[int]:
    return await asyncio.gather(*(add_user(database, f"Student{each}", organization_id=cast.organization_id) for each in range(number)))


async def _race(database: Database, *writes: Coroutine[Any, Any, Any]) -> tuple[list[Any], Counter[type[BaseException]]]:
    """Run writes at the same time; give what those that succeeded answer, and how many were refused in which way."""
    # Connections that are open already let them begin in the same moment.
    await asyncio.gather(*(database.check() for _ in writes))
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    refused = Counter(type(each) for each in outcomes if isinstance(each, BaseException))
    return [each for each in outcomes if not isinstance(each, BaseException)], refused


async def _roster(database: Database, class_id: int) -> list[EnrollmentRow]:
    return await database.write(list_roster, class_id=class_id)


async def test_p1_fifty_students_who_race_for_ten_places_get_ten(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=10, meetings=(meeting(),))
    students = await _students(database, cast, 50)

    ids, refused = await _race(database, *(enroll(database, class_id=class_id, user_id=user_id) for user_id in students))

    assert (10, {ClassFullError: 40}) == (len(set(ids)), refused)
    assert sorted(ids) == [row.id for row in await _roster(database, class_id)]
    assert [] == await breaches(database)


async def test_p1_the_last_place_goes_to_exactly_one(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, maximum=maximum) for maximum in (1, None)]
    students = await _students(database, cast, 12)
    waiting = [await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED) for user_id in students[:4]]
    elsewhere = [await enroll(database, class_id=other_id, user_id=user_id) for user_id in students[4:8]]

    granted, refused = await _race(
        database,
        *(change(database, enrollment_id, status=ENROLLED) for enrollment_id in waiting),
        *(change(database, enrollment_id, class_id=class_id) for enrollment_id in elsewhere),
        *(enroll(database, class_id=class_id, user_id=user_id) for user_id in students[8:]),
    )

    assert (1, {ClassFullError: 11}) == (len(granted), refused)
    assert 1 == [row.status for row in await _roster(database, class_id)].count(ENROLLED)


async def test_p1_a_place_that_is_freed_while_others_want_it_is_given_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=3)
    students = await _students(database, cast, 12)
    leaving = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in students[:3]]

    await _race(
        database,
        *(enroll(database, class_id=class_id, user_id=user_id) for user_id in students[3:8]),
        change(database, leaving[0], status=CANCELLED),
        drop(database, leaving[1]),
        change(database, leaving[2], status=AUDIT),
        *(enroll(database, class_id=class_id, user_id=user_id) for user_id in students[8:]),
    )

    assert [] == await breaches(database)
    assert 3 >= [row.status for row in await _roster(database, class_id)].count(ENROLLED)


async def test_p2_the_seats_of_a_room_are_given_once_to_two_classes_that_share_it(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=5)
    class_ids = [await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(start),)) for start in (MAY, MAY + HOUR)]
    students = await _students(database, cast, 20)

    seated, refused = await _race(
        database, *(enroll(database, class_id=class_ids[place % 2], user_id=user_id) for place, user_id in enumerate(students))
    )

    assert (5, {RoomFullError: 15}) == (len(seated), refused)
    assert [] == await breaches(database)


async def test_c1_one_student_who_races_into_overlapping_classes_attends_one(database: Database) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast, meetings=(meeting(MAY + each * HOUR),)) for each in range(6)]
    students = [cast.sam_id, cast.sue_id, cast.ivan_id]

    attending, refused = await _race(
        database, *(enroll(database, class_id=class_id, user_id=user_id) for class_id in class_ids for user_id in students)
    )

    assert (3, {StudentConflictError: 15}) == (len(attending), refused)
    assert set(students) == {(await see(database, enrollment_id)).user_id for enrollment_id in attending}


async def test_e2_creation_raced_for_one_class_and_student_gives_one_enrollment(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    (enrollment_id,), refused = await _race(
        database, *(enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED) for _ in range(10))
    )

    assert {EnrollmentExistsError: 9} == refused
    assert [(enrollment_id, 1)] == [(row.id, row.version) for row in await _roster(database, class_id)]


async def test_e2_reopening_raced_by_creating_and_updating_happens_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=CANCELLED)

    reopened, _ = await _race(
        database,
        *(enroll(database, class_id=class_id, user_id=cast.sam_id) for _ in range(4)),
        *(change(database, enrollment_id, status=ENROLLED) for _ in range(4)),
    )

    assert 1 == [answer is not False for answer in reopened].count(True)
    assert 2 == (await see(database, enrollment_id)).version


async def test_m3_moves_replacements_and_creation_raced_for_one_class_and_student_give_one(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id, third_id = [await add_class(database, cast) for _ in range(3)]
    moving = [await enroll(database, class_id=each, user_id=cast.sam_id) for each in (other_id, third_id)]
    given = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sue_id, cast.ivan_id)]

    done, refused = await _race(
        database,
        *(change(database, enrollment_id, class_id=class_id) for enrollment_id in moving),
        *(change(database, enrollment_id, user_id=cast.sam_id) for enrollment_id in given),
        enroll(database, class_id=class_id, user_id=cast.sam_id),
    )

    assert 1 == len(done)
    assert {OtherEnrollmentExistsError, EnrollmentExistsError} >= set(refused)
    assert 1 == [row.user_id for row in await _roster(database, class_id)].count(cast.sam_id)


async def test_e3_of_updates_raced_for_one_version_one_wins(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)

    won, refused = await _race(database, *(change(database, enrollment_id, if_version=1, grade=grade) for grade in range(8)))

    assert ([True], {VersionChangedError: 7}) == (won, refused)
    assert 2 == (await see(database, enrollment_id)).version


async def test_e3_updates_raced_without_a_version_lose_nothing(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast, classroom_ids=(room_id,)), user_id=cast.sam_id)
    changes: list[dict[str, Any]] = [
        {"grade": 90},
        {"hours_spent": 8},
        {"external_id": "s-1"},
        {"status": AUDIT},
        {"classroom_id": None},
    ]

    changed, refused = await _race(database, *(change(database, enrollment_id, **said) for said in changes))

    row = await see(database, enrollment_id)
    assert {CrowdedError} >= set(refused)
    assert 1 + changed.count(True) == row.version
    kept = 0
    _, *recorded = await history_of(database, "enrollment", enrollment_id)
    for each in recorded:
        (name,) = (each.after or {}).keys() - {"location"}
        kept += getattr(row, name) == (each.after or {})[name]
    assert len(recorded) == kept == len(changed)


async def test_l4_deleting_raced_with_changing_keeps_the_last_values_in_history(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id):
        enrollment_id = await enroll(database, class_id=class_id, user_id=user_id, grade=1)
        done, refused = await _race(database, change(database, enrollment_id, grade=2), drop(database, enrollment_id))
        *_, last, deleted = await history_of(database, "enrollment", enrollment_id)
        assert {EnrollmentNotFoundError} >= set(refused)
        assert None in done
        assert "enrollment.deleted" == deleted.kind
        assert (last.after or {})["grade"] == (deleted.before or {})["grade"]


async def test_m1_moves_raced_with_those_who_fill_the_class_never_pass_its_maximum(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, maximum=maximum) for maximum in (5, None)]
    students = await _students(database, cast, 20)
    moving = [await enroll(database, class_id=other_id, user_id=user_id) for user_id in students[:10]]

    entered, refused = await _race(
        database,
        *(
            write
            for pair in zip(
                (change(database, enrollment_id, class_id=class_id) for enrollment_id in moving),
                (enroll(database, class_id=class_id, user_id=user_id) for user_id in students[10:]),
                strict=True,
            )
            for write in pair
        ),
    )

    assert (5, {ClassFullError: 15}) == (len(entered), refused)
    rows = await _roster(database, class_id) + await _roster(database, other_id)
    assert 10 + 5 - sum(row.version > 1 for row in rows) == len(rows)
    assert [] == await breaches(database)


async def test_m1_students_who_change_places_between_classes_do_not_hold_each_other_up(database: Database) -> None:
    cast = await gather(database)
    room_ids = [await add_room(database, cast, name=name) for name in ("Forge", "Smithy")]
    class_ids = [
        await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY + place * DAY),))
        for place, room_id in enumerate(room_ids)
    ]
    students = await _students(database, cast, 12)
    here, there = [
        [await enroll(database, class_id=class_id, user_id=user_id) for user_id in users]
        for class_id, users in zip(class_ids, (students[:6], students[6:]), strict=True)
    ]

    moved, refused = await _race(
        database,
        *(change(database, enrollment_id, class_id=class_ids[1]) for enrollment_id in here),
        *(change(database, enrollment_id, class_id=class_ids[0]) for enrollment_id in there),
    )

    assert ([True] * 12, {}) == (moved, refused)
    assert [there, here] == [[row.id for row in await _roster(database, class_id)] for class_id in class_ids]


async def test_l3_no_one_is_left_in_a_class_that_is_cancelled_while_students_come_and_go(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    students = await _students(database, cast, 15)
    waiting = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for user_id, status in zip(students[:5], (REQUESTED, WAITLISTED, APPROVED, ENROLLED, CANCELLED), strict=True)
    ]
    moving = [await enroll(database, class_id=other_id, user_id=user_id) for user_id in students[5:10]]

    _, refused = await _race(
        database,
        *(enroll(database, class_id=class_id, user_id=user_id) for user_id in students[10:]),
        *(change(database, enrollment_id, status=status) for enrollment_id in waiting for status in (APPROVED, ENROLLED)),
        change_class(database, class_id, status=ClassStatus.CANCELLED),
        *(change(database, enrollment_id, class_id=class_id) for enrollment_id in moving),
        *(change(database, enrollment_id, grade=5) for enrollment_id in waiting),
    )

    assert {ClassOffError, CrowdedError} >= set(refused)
    assert {CANCELLED} == {row.status for row in await _roster(database, class_id)}
    assert [] == await breaches(database)
