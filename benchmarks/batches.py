"""Many enrollments in one call of the REST API, beside as many single calls."""

import time
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.figures import Figure
from benchmarks.load import LoadError, Server, load
from benchmarks.rest import create_class, post

ROWS: Final = 10_000
CLASSES: Final = 100


def figures(server: Server, *, engine: str, connections: int, seconds: int, enrollments: int) -> Iterator[Figure]:
    """Measure a served database of so many enrollments, whose open classes have not been filled yet."""
    load(server, "create", connections=connections, seconds=1, enrollments=enrollments)
    single = load(server, "create", connections=connections, seconds=min(seconds, 5), enrollments=enrollments, begin=40_000).rate
    class_ids = [create_class(server, number) for number in range(CLASSES + 1)]
    spread = {"class_ids": class_ids[1:], "user_ids": list(range(1, ROWS // CLASSES + 1)), "status": "enrolled"}
    lined_up = {"class_ids": class_ids[:1], "user_ids": list(range(1, ROWS + 1)), "status": "waitlisted"}
    for what, body in ((f"Enrolled in {CLASSES} classes", spread), ("Wait-Listed in one class", lined_up)):
        # The dry run keeps nothing, so that the other one finds the same; and what it loads is loaded for both.
        for how, dry_run in (("a dry run of all or none", True), ("each for itself", False)):
            yield Figure(
                what=f"a batch of {ROWS:,}, {what}, {how}, {engine}",
                figure=_rate(server, {**body, "atomic": dry_run}, dry_run=dry_run),
                beside=f"CreateClassEnrollment, {connections} connections",
                limit=single,
            )


def _rate(server: Server, body: dict[str, Any], *, dry_run: bool) -> float:
    """
    Give how many enrollments of a batch are made in a second.

    Raises:
        LoadError: Some were not made.
    """
    started = time.perf_counter()
    result = post(server, f"enrollments/batch?dry_run={str(dry_run).lower()}", body, status=200)["result"]
    seconds = time.perf_counter() - started
    if result["made"] != ROWS:
        raise LoadError(next(row["problem"] for row in result["rows"] if row["problem"]))
    return ROWS / seconds
