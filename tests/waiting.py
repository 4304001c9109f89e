"""What tests do with those who wait, and with students who act alone, in one line each."""

from typing import Any

from rollbook.access.actor import Actor
from rollbook.classrooms.actions import ClassroomChanges
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.classroom_changes import update_classroom
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.line import move_up_in_line, promote_waiting
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.queries.waiting import list_line
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import TESTS, Cast, add_class, add_user, enroll
from tests.roster import CANCELLED, ENROLLED, WAITLISTED, change


async def add_open_class(database: Database, cast: Cast, **values: Any) -> int:
    """Create a class that students enter by themselves."""
    return await add_class(database, cast, **{"is_public": True, "allow_self_enrollment": True, **values})


async def add_students(database: Database, cast: Cast, number: int) -> list[int]:
    """Create students of the training organization."""
    return [await add_user(database, f"Student{each}", organization_id=cast.organization_id) for each in range(number)]


async def put(database: Database, class_id: int, *user_ids: int, status: EnrollmentStatus = WAITLISTED, **values: Any) -> list[int]:
    """Enroll several users, one after the other: to wait, or with another status."""
    return [await enroll(database, class_id=class_id, user_id=user_id, status=status, **values) for user_id in user_ids]


async def enter_alone(database: Database, student: Actor, class_id: int, *, status: EnrollmentStatus = ENROLLED, **values: Any) -> int:
    """Let a student ask, wait or enroll alone, and give the enrollment's id."""
    wanted = NewEnrollment(**{"class_id": class_id, "user_id": student.id, "status": status, **values})
    return await database.write(create, actor=student, wanted=wanted)


async def leave_alone(database: Database, student: Actor, enrollment_id: int) -> bool:
    """Let a student cancel alone."""
    return await change(database, enrollment_id, actor=student, status=CANCELLED)


async def promote(database: Database, class_id: int, *, places: int | None = None, actor: Actor = TESTS) -> tuple[list[int], list[int]]:
    """Let in on demand, and give the enrollments that got in and those that were passed over."""
    promotion = await database.write(promote_waiting, actor=actor, class_id=class_id, places=places)
    return [each.waiting.enrollment_id for each in promotion.let_in], [each.waiting.enrollment_id for each in promotion.passed_over]


async def move_up(database: Database, enrollment_id: int, position: int, *, actor: Actor = TESTS, if_version: int | None = None) -> None:
    """Move someone up the line."""
    await database.write(
        move_up_in_line, actor=actor, enrollment_id=enrollment_id, position=position, reason="First come", if_version=if_version
    )


async def set_capacity(database: Database, classroom_id: int, capacity: int | None) -> None:
    """Change a room's capacity."""
    await database.write(update_classroom, actor=TESTS, classroom_id=classroom_id, changes=ClassroomChanges(capacity=capacity))


async def line_of(database: Database, class_id: int, *, status: EnrollmentStatus = WAITLISTED) -> list[int]:
    """List the enrollments that wait for a class, in the order of the line."""

    async def read(transaction: Transaction) -> list[int]:
        return [each.enrollment_id for each in await list_line(transaction, class_id=class_id, status=status, limit=1_000_000)]

    return await database.read(read)


async def statuses_of(database: Database, class_id: int) -> list[EnrollmentStatus]:
    """List the statuses of a class's enrollments, by their ids."""
    return [row.status for row in await database.write(list_roster, class_id=class_id)]
