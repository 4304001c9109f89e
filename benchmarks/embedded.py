"""The embedded engine's figures."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import batches, console_rosters, finding, rosters
from benchmarks.dataset import fill
from benchmarks.figures import Figure
from benchmarks.load import Result, Server, load, rollbook, served
from benchmarks.signing_in import sign_in_administrator

FEW = 10_000
AFTER_WARMING_UP = 40_000
DOOR = "the door's constant"
BESIDE_THE_DOOR = (
    ("update", 64, 0.35, "UpdateClassEnrollment, SQLite, 64 connections"),
    ("update", 1, 0.30, "UpdateClassEnrollment, SQLite, 1 connection"),
    ("get", 64, 0.50, "GetClassEnrollment, SQLite, 64 connections"),
    ("mixed", 64, 0.30, "70 % reading, 25 % updates, 5 % searches, SQLite, 64 connections"),
    ("create", 64, 0.25, "CreateClassEnrollment taking a place, SQLite, 64 connections"),
)


def figures(folder: Path, *, seconds: int, many: int) -> Iterator[Figure]:
    """Measure an SQLite database of 10,000 enrollments, and one of very many."""
    with served(["-m", "benchmarks.bare", "{port}"], environment={}, path="/") as bare:
        for connections in (64, 1):
            rate = load(bare, "nothing", connections=connections, seconds=seconds, enrollments=FEW).rate
            yield Figure(what=f"a constant ASGI answer on Granian, {connections} connections", figure=rate)
    url = f"sqlite:///{folder / 'few.db'}"
    fill(url, enrollments=FEW)
    with rollbook(url) as server:
        measure = _measuring(server, seconds=seconds, enrollments=FEW)
        updates = measure("update", 64)
        for kind, connections, reach, what in BESIDE_THE_DOOR:
            # The constant just before each, since the machine's speed drifts within minutes.
            constant = measure("nothing", connections).rate
            yield Figure(what=what, figure=measure(kind, connections).rate, beside=DOOR, limit=constant, reach=reach)
        alone = measure("update", 16)
        beside_pages = _while_asking_for_pages(server, lambda: measure("update", 16))
        yield Figure(
            what="p99 of updates, 16 connections, while pages of 1,000 are asked for twenty times a second",
            figure=beside_pages.p99 / 1000,
            unit="ms",
            beside="p99 without",
            limit=alone.p99 / 1000,
            at_most=2.0,
        )
    url = f"sqlite:///{folder / 'batches.db'}"
    fill(url, enrollments=FEW)
    secret = sign_in_administrator(url)
    with rollbook(url) as server:
        yield from batches.figures(server, engine="SQLite", connections=64, seconds=seconds, enrollments=FEW)
        yield from rosters.figures(server, connections=16, seconds=seconds, enrollments=FEW)
        yield from console_rosters.figures(server, secret=secret, seconds=seconds, enrollments=FEW)
    yield from _with_many(folder, updates, seconds=seconds, many=many)


def _with_many(folder: Path, updates: Result, *, seconds: int, many: int) -> Iterator[Figure]:
    url = f"sqlite:///{folder / 'many.db'}"
    fill(url, enrollments=many)
    secret = sign_in_administrator(url)
    size = f"{many:,} enrollments"
    with rollbook(url) as server:
        measure = _measuring(server, seconds=seconds, enrollments=many)
        yield Figure(
            what=f"UpdateClassEnrollment with {size}, 64 connections",
            figure=measure("update", 64).rate,
            beside=f"with {FEW:,}",
            limit=updates.rate,
            reach=0.8,
        )
        by_class = measure("class", 1)
        yield Figure(what=f"SearchClassEnrollments by class, first page in {size}, p95", figure=by_class.p95 / 1000, unit="ms", at_most=20)
        unfiltered = measure("unfiltered", 1)
        yield Figure(what=f"SearchClassEnrollments unfiltered, first page in {size}, p95", figure=unfiltered.p95 / 1000, unit="ms")
        yield from finding.figures(server, secret=secret, enrollments=many, seconds=seconds)
    with served(["-m", "rollbook", "serve"], environment={"ROLLBOOK_DATABASE_URL": url}) as server:
        measure = _measuring(server, seconds=seconds, enrollments=many)
        for kind in ("update", "get", "class"):
            measure(kind, 64)
        yield Figure(
            what=f"resident memory of all processes, {size}, under load", figure=server.summed_resident_mebibytes, unit="MiB", at_most=250
        )


def _measuring(server: Server, *, seconds: int, enrollments: int) -> Callable[[str, int], Result]:
    def measure(kind: str, connections: int) -> Result:
        # What is needed for the first time is loaded, compiled and cached before it counts.
        load(server, kind, connections=connections, seconds=1, enrollments=enrollments)
        return load(server, kind, connections=connections, seconds=seconds, enrollments=enrollments, begin=AFTER_WARMING_UP)

    return measure


def _while_asking_for_pages(server: Server, measure: Callable[[], Result]) -> Result:
    """Measure while one connection asks for a page of 1,000 enrollments twenty times a second."""
    ended = threading.Event()
    asking = threading.Thread(target=server.ask_for_pages, args=(ended,))
    asking.start()
    try:
        return measure()
    finally:
        ended.set()
        asking.join()
