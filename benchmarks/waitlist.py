"""How fast those who wait are let in: students leave a full class, and each time the first of a long line gets the place."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Final

import uvloop

from benchmarks.caller import Caller
from benchmarks.enrolling import CANCELLED, ENROLLED, FIRST_START, HOUR, WAITLISTED, count, create_class, create_course, create_students
from benchmarks.figures import Figure
from benchmarks.load import LoadError
from benchmarks.stage import fresh_database, make_organization, serving
from rollbook.access.actor import EVERYTHING, system
from rollbook.database import open_database
from rollbook.organizations.actions.preferences import set_preference
from rollbook.organizations.queries.organizations import page_organizations

LEAVING: Final = 500
WAITING: Final = 1_250
"""While so many leave, 1,250 to 750 wait: 1,000 in the middle."""


def figures(engine: str, *, connections: int) -> Iterator[Figure]:
    """Measure promotions over the TMS API on an engine, beside cancellations of a class that nobody waits for."""
    with fresh_database(engine) as url:
        key = make_organization(url)
        asyncio.run(_promote_always(url))
        with serving(url) as server:
            promotions, cancellations = uvloop.run(_measure(server.port, key, connections=connections))
    yield Figure(
        what=f"promotions, {(2 * WAITING - LEAVING) // 2:,} waiting, {engine}, {connections} connections",
        figure=promotions,
        beside="cancellations that nobody waits for",
        limit=cancellations,
    )


async def _promote_always(url: str) -> None:
    async with open_database(url) as database:
        (organization,) = await database.read(page_organizations, viewer=EVERYTHING)
        await database.write(
            set_preference, actor=system("benchmark"), organization_id=organization.id, name="waitlist_promotion", text="always"
        )


async def _measure(port: int, key: str, *, connections: int) -> tuple[float, float]:
    async with Caller(port, key, connections=connections) as caller:
        students = await create_students(caller, LEAVING + WAITING)
        course_id = await create_course(caller)
        awaited, quiet = [
            await create_class(caller, course_id=course_id, starts_at=FIRST_START + number * HOUR, MaxStudents=LEAVING)
            for number in range(2)
        ]
        await _enroll(caller, awaited, students[LEAVING:], status=WAITLISTED)
        cancellations = await _leave(caller, quiet, students[:LEAVING])
        promotions = await _leave(caller, awaited, students[:LEAVING])
        if await count(caller, class_id=awaited, status=WAITLISTED) != WAITING - LEAVING:
            raise LoadError("not everybody who left was followed by one who waited")
        return promotions, cancellations


async def _leave(caller: Caller, class_id: int, students: Sequence[int]) -> float:
    """Enroll students in a class, and give how many a second leave it again."""
    enrollment_ids = await _enroll(caller, class_id, students, status=ENROLLED)
    started = time.perf_counter()
    await asyncio.gather(
        *(
            caller.do(
                f"UpdateClassEnrollment/{enrollment_id}",
                classId=class_id,
                userId=student,
                enrollmentStatusId=CANCELLED,
                completionStatusId=0,
            )
            for student, enrollment_id in zip(students, enrollment_ids, strict=True)
        )
    )
    return len(students) / (time.perf_counter() - started)


async def _enroll(caller: Caller, class_id: int, students: Sequence[int], *, status: int) -> list[int]:
    answers = await asyncio.gather(
        *(
            caller.do("CreateClassEnrollment", classId=class_id, userId=student, enrollmentStatusId=status, completionStatusId=0)
            for student in students
        )
    )
    return [answer["ClassEnrollmentId"] for answer in answers]
