"""
A real registration season, change by change, through the real server.

Run with ``python -m benchmarks.registration_season``: 209 course sections fill, empty and waitlist as they did at a university, and at ten
moments on the way and at the end the server must count what the data says for each of them.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import uvloop
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.caller import Caller, UnexpectedAnswerError
from benchmarks.enrolling import FIRST_START, HOUR, create_class, create_course, create_students
from benchmarks.load import ROOT
from benchmarks.section import ReplayError, Section
from benchmarks.stage import BrokenInvariantError, fresh_database, make_organization, serving, verify
from rollbook.database.migrations import migrate

DATA: Final = ROOT.parent / "shared" / "data" / "registration-ucsd-2022-spring.json"
STUDENTS: Final = 300
"""Fewer than some sections see over the season, so that cancelled enrollments get opened again, and more than any has at once."""
CHECKS: Final = 10

Season = Mapping[str, Sequence[Sequence[int]]]


async def replay(
    port: int, key: str, season: Season, *, students: int, connections: int, on_progress: Callable[[int], None]
) -> tuple[int, float]:
    """
    Let a season happen, and give how many calls the changes took and in how many seconds, what sets up and checks left out.

    Args:
        port: The server's.
        key: An organization's, to which nothing belongs yet.
        season: The rows of each section by its name: time, enrolled, waitlisted, places.
        students: How many there are; every section has the same ones.
        connections: How many sections may move at the same time.
        on_progress: Told how many rows have happened.

    Raises:
        ReplayError: The server counts something else than the season says.
        UnexpectedAnswerError: The server refused a change that happened.
    """
    async with Caller(port, key, connections=connections) as caller:
        sections = await _set_up(caller, season, students=await create_students(caller, students))
        rows = sum(len(section.rows) for section in sections)
        calls, seconds = 0, 0.0
        for moment in moments(season):
            calls_before, started = caller.calls, time.perf_counter()
            await asyncio.gather(*(section.replay_until(moment) for section in sections))
            calls += caller.calls - calls_before
            seconds += time.perf_counter() - started
            await asyncio.gather(*(section.check() for section in sections))
            on_progress(rows - sum(len(section.rows) for section in sections))
        return calls, seconds


def moments(season: Season) -> list[int]:
    """Give ten times that cut a season into eleven parts of as many changes, and the time of its end."""
    times = sorted(row[0] for rows in season.values() for row in rows)
    return [times[len(times) * number // (CHECKS + 1)] for number in range(1, CHECKS + 1)] + [times[-1]]


async def _set_up(caller: Caller, season: Season, *, students: Sequence[int]) -> list[Section]:
    """Create a course and a class for each section, none of which overlaps another, as full as they first were allowed to be."""

    async def create(number: int, name: str) -> Section:
        rows = season[name]
        maximum = rows[0][3]
        course_id = await create_course(caller)
        starts_at = FIRST_START + number * HOUR
        class_id = await create_class(caller, course_id=course_id, starts_at=starts_at, Name=name, MaxStudents=maximum)
        first = number % len(students)
        own = [*students[first:], *students[:first]]
        return Section(name, caller, class_id=class_id, course_id=course_id, maximum=maximum, students=own, rows=rows)

    return await asyncio.gather(*(create(number, name) for number, name in enumerate(season)))


@contextmanager
def _database(url: str | None) -> Iterator[str]:
    if url is None:
        with fresh_database("sqlite") as fresh:
            yield fresh
    else:
        migrate(url)
        yield url


def _run(season: Season, *, url: str | None, connections: int) -> None:
    rows = sum(map(len, season.values()))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with _database(url) as database_url:
        key = make_organization(database_url)
        with serving(database_url) as server, Progress(*columns) as progress:
            task = progress.add_task("changes", total=rows)
            calls, seconds = uvloop.run(
                replay(
                    server.port,
                    key,
                    season,
                    students=STUDENTS,
                    connections=connections,
                    on_progress=lambda done: progress.update(task, completed=done),
                )
            )
        print(f"{len(season)} sections, {rows:,} changes: {calls:,} calls in {seconds:.1f} s, {calls / seconds:,.0f}/s")
        print(f"every section has the data's numbers at {CHECKS} moments on the way and at the end")
        verify(database_url)
        print("rollbook verify: clean")


def main() -> int:
    parser = argparse.ArgumentParser(description="Replay a real registration season through the server.")
    parser.add_argument("--database-url", help="an empty database; by default a fresh SQLite file")
    parser.add_argument("--connections", type=int, default=16, help="how many sections may move at the same time")
    parser.add_argument("--sections", type=int, help="only so many sections")
    arguments = parser.parse_args()
    if not DATA.exists():
        print(f"skipped: the data is not part of the project, and {Path('..', DATA.relative_to(ROOT.parent))} is not there")
        return 0
    season = msgspec.json.decode(DATA.read_bytes(), type=dict[str, list[tuple[int, int, int, int]]])
    try:
        _run(dict(list(season.items())[: arguments.sections]), url=arguments.database_url, connections=arguments.connections)
    except (ReplayError, UnexpectedAnswerError, BrokenInvariantError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
