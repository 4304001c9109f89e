"""The roster of a large class over the REST API, beside the constant answer."""

from collections.abc import Iterator
from typing import Final

from benchmarks.figures import Figure
from benchmarks.load import Server, load
from benchmarks.rest import create_class, post

STUDENTS: Final = 500
NUMBER: Final = 1_000
"""Of the class among those that benchmarks create, so that it meets when no other does."""


def figures(server: Server, *, connections: int, seconds: int, enrollments: int) -> Iterator[Figure]:
    """Measure a served database of so many enrollments."""
    class_id = create_class(server, NUMBER, maximum=None)
    body = {"class_ids": [class_id], "user_ids": list(range(1, STUDENTS + 1)), "status": "enrolled"}
    post(server, "enrollments/batch", body, status=200)
    constant = load(server, "nothing", connections=connections, seconds=seconds, enrollments=enrollments).rate
    rosters = load(server, "roster", connections=connections, seconds=seconds, enrollments=enrollments, begin=class_id)
    what = f"a roster of {STUDENTS} over the REST API, SQLite, {connections} connections"
    yield Figure(what=what, figure=rosters.rate, beside="the door's constant", limit=constant)
    yield Figure(what=f"{what}, p95", figure=rosters.p95 / 1000, unit="ms")
