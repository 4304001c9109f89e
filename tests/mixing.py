"""Everything that changes enrollments, or what they stand on, in any order."""

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any

from msgspec import Struct

from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.classrooms.actions import ClassroomChanges
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.classroom_changes import update_classroom
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from tests.cast import DAY, HOUR, MAY, TESTS, Cast, acting, add_room, add_user, enroll, gather, meeting
from tests.roster import LONG_AGO, change, change_class, change_user, drop, prefer, see
from tests.waiting import add_open_class, enter_alone, leave_alone, move_up, promote

REFUSALS = (ConflictError, NotFoundError, NotAllowedError, InvalidError)


class Stage(Struct):
    """What random steps play with; few of each, so that they meet."""

    database: Database
    cast: Cast
    user_ids: list[int]
    room_ids: list[int]
    class_ids: list[int]
    enrollment_ids: list[int]


async def set_stage(database: Database) -> Stage:
    """Create users, rooms, and classes of which most meet at the same time in the same rooms, and one has started."""
    cast = await gather(database)
    await prefer(database, cast, late_cancel_days="2", waitlist_promotion="always")
    rooms = [await add_room(database, cast, name=f"Room {capacity}", capacity=capacity) for capacity in (1, 2, 4)]
    classes = [
        await add_open_class(database, cast, classroom_ids=tuple(rooms[:2]), meetings=(meeting(MAY),), maximum=2),
        await add_open_class(database, cast, classroom_ids=(rooms[1],), meetings=(meeting(MAY + HOUR), meeting(MAY + DAY)), maximum=3),
        await add_open_class(database, cast, classroom_ids=(rooms[1],), meetings=(meeting(MAY + DAY + HOUR),), delivery=Delivery.MIXED),
        await add_open_class(database, cast, classroom_ids=(rooms[2],), meetings=(meeting(LONG_AGO),), maximum=4),
    ]
    newcomers = [await add_user(database, name, organization_id=cast.organization_id) for name in ("Nora", "Tim", "Uma")]
    return Stage(database, cast, [cast.ivan_id, cast.sam_id, cast.sue_id, *newcomers], rooms, classes, [])


async def outcome(step: Coroutine[Any, Any, Any]) -> Any:
    """Take a step and give what it answers, or the kinds of what refuses it."""
    try:
        return await step
    except REFUSALS as refusal:
        return [type(each).__name__ for each in getattr(refusal, "refusals", [refusal])]


async def in_a_row(stage: Stage, random: Random, *, steps: int, moves_meetings: bool = True) -> list[Any]:
    """Take steps one after the other and give their outcomes."""
    return [await outcome(a_step(stage, random, moves_meetings=moves_meetings)) for _ in range(steps)]


async def at_once(stage: Stage, random: Random, *, steps: int) -> list[Any]:
    """Take steps at the same time and give their outcomes."""
    return await asyncio.gather(*(outcome(a_step(stage, random)) for _ in range(steps)), return_exceptions=True)


def a_step(stage: Stage, random: Random, *, moves_meetings: bool = True) -> Coroutine[Any, Any, Any]:
    """Choose what to do next."""
    chosen = random.randrange(26) if stage.enrollment_ids else 0
    if chosen < 6:
        return _create(stage, random)
    if chosen < 13:
        return change(stage.database, random.choice(stage.enrollment_ids), **_enrollment_values(stage, random))
    if chosen == 13:
        return _drop(stage, random.choice(stage.enrollment_ids))
    if chosen < 17:
        return change_class(stage.database, random.choice(stage.class_ids), **_class_values(stage, random, moves_meetings=moves_meetings))
    if chosen < 19:
        changes = ClassroomChanges(capacity=random.choice([None, 0, 1, 2, 4]))
        return stage.database.write(update_classroom, actor=TESTS, classroom_id=random.choice(stage.room_ids), changes=changes)
    if chosen < 22:
        return _enter_alone(stage, random)
    if chosen < 24:
        return _leave_alone(stage, random.choice(stage.enrollment_ids))
    if chosen == 24:
        return _go_through_line(stage, random)
    return change_user(stage.database, random.choice(stage.user_ids), disabled=random.random() < 0.3)


async def _create(stage: Stage, random: Random) -> int:
    values = _enrollment_values(stage, random)
    values |= {"class_id": random.choice(stage.class_ids), "user_id": random.choice(stage.user_ids)}
    values["status"] = random.choice([EnrollmentStatus.ENROLLED, EnrollmentStatus.ENROLLED, *EnrollmentStatus])
    return _noted(stage, await enroll(stage.database, **values))


async def _enter_alone(stage: Stage, random: Random) -> int:
    student, class_id = acting(stage.cast, random.choice(stage.user_ids)), random.choice(stage.class_ids)
    status = random.choice([EnrollmentStatus.REQUESTED, EnrollmentStatus.WAITLISTED, EnrollmentStatus.ENROLLED])
    return _noted(stage, await enter_alone(stage.database, student, class_id, status=status))


def _noted(stage: Stage, enrollment_id: int) -> int:
    if enrollment_id not in stage.enrollment_ids:
        stage.enrollment_ids.append(enrollment_id)
    return enrollment_id


async def _leave_alone(stage: Stage, enrollment_id: int) -> bool:
    student = acting(stage.cast, (await see(stage.database, enrollment_id)).user_id)
    return await leave_alone(stage.database, student, enrollment_id)


async def _go_through_line(stage: Stage, random: Random) -> Any:
    if random.random() < 0.5:
        return await promote(stage.database, random.choice(stage.class_ids))
    return await move_up(stage.database, random.choice(stage.enrollment_ids), 1)


async def _drop(stage: Stage, enrollment_id: int) -> None:
    await drop(stage.database, enrollment_id)
    stage.enrollment_ids.remove(enrollment_id)


def _enrollment_values(stage: Stage, random: Random) -> dict[str, Any]:
    values: dict[str, Any] = {
        "class_id": random.choice(stage.class_ids),
        "user_id": random.choice(stage.user_ids),
        "status": random.choice([EnrollmentStatus.ENROLLED, *EnrollmentStatus]),
        "completion": random.choice([CompletionStatus.UNKNOWN, CompletionStatus.COMPLETE]),
        "location": random.choice([None, *LocationType]),
        "classroom_id": random.choice([None, *stage.room_ids]),
        "late_cancel": random.random() < 0.5,
        "grade": random.randrange(3),
    }
    chance = {"status": 0.6, "class_id": 0.25}
    return {name: value for name, value in values.items() if random.random() < chance.get(name, 0.15)}


def _class_values(stage: Stage, random: Random, *, moves_meetings: bool) -> dict[str, Any]:
    rooms = tuple(random.sample(stage.room_ids, random.randrange(3)))
    values: list[dict[str, Any]] = [
        {"maximum": random.choice([None, 0, 1, 2, 3])},
        {"classroom_ids": rooms},
        {"delivery": random.choice(list(Delivery))},
        {"status": random.choice([ClassStatus.SCHEDULED, ClassStatus.SCHEDULED, ClassStatus.CANCELLED])},
    ]
    if moves_meetings:
        values.append({"meetings": _meetings(random)})
    return random.choice(values)


def _meetings(random: Random) -> tuple[Meeting, ...]:
    starts = random.choice([LONG_AGO, MAY, MAY + HOUR, MAY + DAY])
    return random.choice([(), (meeting(starts),), (meeting(starts), meeting(starts + DAY))])
