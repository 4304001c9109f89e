"""
Whether an update that was answered outlives the server.

Run with ``python -m benchmarks.kill [--rounds 20]``: every process of the server is killed by SIGKILL while updates are under way, again and again,
on both engines; after each new start every enrollment must hold what was last answered for it, or what was last sent.
"""

import argparse
import asyncio
import random

import msgspec
import uvloop

from benchmarks.caller import Caller, ServerGoneError
from benchmarks.enrolling import ENROLLED, FIRST_START, create_class, create_course, create_students
from benchmarks.load import Server
from benchmarks.stage import ENGINES, fresh_database, make_organization, serving, verify

CONNECTIONS = 16
SHORTEST_LOAD, LONGEST_LOAD = 0.1, 0.6
"""How many seconds a server is loaded before it is killed."""


class LostUpdateError(Exception):
    """An enrollment does not hold what was answered for it."""


class Counter(msgspec.Struct):
    """
    An enrollment whose HoursSpent are raised by one in each update.

    Attributes:
        sent: The last hours asked for.
        answered: The last hours answered with status 0.
    """

    enrollment_id: int
    class_id: int
    user_id: int
    sent: int = 0
    answered: int = 0


def survive(url: str, *, rounds: int) -> int:
    """
    Kill the server of a migrated and empty database in each round, and give how many updates were answered.

    Raises:
        LostUpdateError: One of them is not there.
        BrokenInvariantError: The database does not keep to the rules.
    """
    key = make_organization(url)
    counters: list[Counter] = []
    for _ in range(rounds):
        with serving(url) as server:
            uvloop.run(_load_and_kill(server, key, counters))
    with serving(url) as server:
        uvloop.run(_check(server, key, counters))
    verify(url)
    return sum(counter.answered for counter in counters)


async def _load_and_kill(server: Server, key: str, counters: list[Counter]) -> None:
    async with Caller(server.port, key, connections=CONNECTIONS) as caller:
        if not counters:
            counters.extend(await _create_counters(caller))
        await _compare(caller, counters)
        load = asyncio.gather(*(_count_up(caller, counter) for counter in counters))
        await asyncio.sleep(random.uniform(SHORTEST_LOAD, LONGEST_LOAD))
        server.kill()
        await load


async def _check(server: Server, key: str, counters: list[Counter]) -> None:
    async with Caller(server.port, key, connections=1) as caller:
        await _compare(caller, counters)


async def _create_counters(caller: Caller) -> list[Counter]:
    """Enroll one student for each connection."""
    class_id = await create_class(caller, course_id=await create_course(caller), starts_at=FIRST_START)
    counters = []
    for user_id in await create_students(caller, CONNECTIONS):
        created = await caller.do(
            "CreateClassEnrollment", classId=class_id, userId=user_id, enrollmentStatusId=ENROLLED, completionStatusId=0, HoursSpent=0
        )
        counters.append(Counter(created["ClassEnrollmentId"], class_id, user_id))
    return counters


async def _count_up(caller: Caller, counter: Counter) -> None:
    """Raise the hours of an enrollment until the server is gone."""
    try:
        while True:
            counter.sent += 1
            await caller.do(
                f"UpdateClassEnrollment/{counter.enrollment_id}",
                classId=counter.class_id,
                userId=counter.user_id,
                enrollmentStatusId=ENROLLED,
                completionStatusId=0,
                HoursSpent=counter.sent,
            )
            counter.answered = counter.sent
    except ServerGoneError:
        return


async def _compare(caller: Caller, counters: list[Counter]) -> None:
    """
    Compare what is stored with what was answered, and go on from it.

    Raises:
        LostUpdateError: They contradict each other.
    """
    for counter in counters:
        stored = (await caller.do(f"GetClassEnrollment/{counter.enrollment_id}"))["Results"][0]["HoursSpent"]
        if not counter.answered <= stored <= counter.sent:
            raise LostUpdateError(
                f"enrollment {counter.enrollment_id} holds {stored}, where {counter.answered} was answered and {counter.sent} was sent last"
            )
        counter.sent = counter.answered = stored


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill the server during load, and look whether anything that was answered is lost.")
    parser.add_argument("--rounds", type=int, default=20, help="how often, on each engine")
    rounds = parser.parse_args().rounds
    for engine in ENGINES:
        with fresh_database(engine) as url:
            updates = survive(url, rounds=rounds)
        print(f"{engine}: killed {rounds} times, {updates:,} updates answered, none lost; rollbook verify: clean")


if __name__ == "__main__":
    main()
