"""
Whether the last place goes to exactly one.

Run with ``python -m benchmarks.last_place``: many students are raced for the places of one class, for a room's seats shared by two classes
that overlap, and each into two classes that overlap; on both engines, through the real server.
"""

import asyncio
import time
from collections.abc import Sequence

import uvloop

from benchmarks.caller import SUCCESS, Caller, Reply
from benchmarks.enrolling import ENROLLED, FIRST_START, HOUR, count_all, create_class, create_course, create_students
from benchmarks.stage import ENGINES, fresh_database, make_organization, serving, verify

STUDENTS = 2_000
PLACES = 300
CONNECTIONS = 64
ROOM = "Workshop"


class RaceError(Exception):
    """A race did not end as the rules say."""


async def run_races(port: int, key: str, *, students: int, places: int, connections: int) -> None:
    """
    Run every race once and print how long each took.

    Raises:
        RaceError: One did not end as the rules say.
    """
    async with Caller(port, key, connections=connections) as caller:
        runners = await create_students(caller, students)
        for race in (race_for_places, race_for_seats, race_into_two_classes):
            started = time.perf_counter()
            calls = caller.calls
            summary = await race(caller, runners, places=places)
            seconds = time.perf_counter() - started
            print(f"  {summary}; {caller.calls - calls:,} calls in {seconds:.1f} s")


async def race_for_places(caller: Caller, students: Sequence[int], *, places: int) -> str:
    """
    Let all students enroll in one class at once (P1).

    Raises:
        RaceError: Other than exactly its places were given, or someone was not told why.
    """
    class_id = await create_class(caller, course_id=await create_course(caller), starts_at=FIRST_START, MaxStudents=places)
    replies = await asyncio.gather(*(_enroll(caller, class_id, student) for student in students))
    refusal = f"P1: class {class_id} is full ({places} of {places} places)"
    await _expect(caller, replies, class_ids=[class_id], winners=places, refusal=refusal)
    return f"{places} places of one class: {places} Enrolled, {len(students) - places:,} told that it is full"


async def race_for_seats(caller: Caller, students: Sequence[int], *, places: int) -> str:
    """
    Let all students enroll at once, in turn in one and the other of two classes that overlap in one room (P2).

    Raises:
        RaceError: Other than exactly its seats were given, or someone was not told why.
    """
    room_id = (await caller.do("CreateClassroom", Name=ROOM, Capacity=places))["ClassroomId"]
    class_ids = await _overlapping_classes(caller, starts_at=FIRST_START + 10 * HOUR, PrimaryClassroomId=room_id)
    replies = await asyncio.gather(*(_enroll(caller, class_ids[number % 2], student) for number, student in enumerate(students)))
    refusal = f"P2: room {room_id} ({ROOM}) is full ({places} of {places} seats)"
    await _expect(caller, replies, class_ids=class_ids, winners=places, refusal=refusal)
    return f"{places} seats of a room shared by two classes: {places} Enrolled, {len(students) - places:,} told that it is full"


async def race_into_two_classes(caller: Caller, students: Sequence[int], *, places: int) -> str:
    """
    Let as many students as there are places enroll each in two classes that overlap, in both at once (C1).

    Raises:
        RaceError: A student got into both or none, or was not told why.
    """
    class_ids = await _overlapping_classes(caller, starts_at=FIRST_START + 20 * HOUR)
    calls = [(class_id, student) for student in students[:places] for class_id in class_ids]
    replies = await asyncio.gather(*(_enroll(caller, class_id, student) for class_id, student in calls))
    winners = sorted(student for (_, student), reply in zip(calls, replies, strict=True) if reply.status == SUCCESS)
    if winners != sorted(students[:places]):
        raise RaceError(f"not every student got into exactly one of two overlapping classes: {winners}")
    await _expect(caller, replies, class_ids=class_ids, winners=len(winners), refusal="C1: user ")
    return f"{places} students each into two overlapping classes: each Enrolled in one, and told why not in the other"


async def _overlapping_classes(caller: Caller, *, starts_at: int, **others: object) -> list[int]:
    course_id = await create_course(caller)
    return [await create_class(caller, course_id=course_id, starts_at=start, hours=2, **others) for start in (starts_at, starts_at + HOUR)]


async def _enroll(caller: Caller, class_id: int, student: int) -> Reply:
    return await caller.call("CreateClassEnrollment", classId=class_id, userId=student, enrollmentStatusId=ENROLLED, completionStatusId=0)


async def _expect(caller: Caller, replies: Sequence[Reply], *, class_ids: Sequence[int], winners: int, refusal: str) -> None:
    accepted = sum(reply.status == SUCCESS for reply in replies)
    stored = await count_all(caller, class_ids=class_ids, status=ENROLLED)
    if not accepted == stored == winners:
        raise RaceError(f"{accepted} were accepted and {stored} are Enrolled where {winners} had to be")
    for reply in replies:
        if reply.status != SUCCESS and not (reply.error or "").startswith(refusal):
            raise RaceError(f"someone was told {reply.error!r} instead of {refusal!r}")


def main() -> None:
    for engine in ENGINES:
        print(f"{engine}: {STUDENTS:,} students over {CONNECTIONS} connections")
        with fresh_database(engine) as url:
            key = make_organization(url)
            with serving(url) as server:
                uvloop.run(run_races(server.port, key, students=STUDENTS, places=PLACES, connections=CONNECTIONS))
            verify(url)
        print("  rollbook verify: clean")


if __name__ == "__main__":
    main()
