"""Many enrollments in one call of the REST API, beside as many single calls."""

import http.client
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from benchmarks.dataset import FIRST_MEETING, HOUR, KEY, PLACES, ROOMS
from benchmarks.figures import Figure
from benchmarks.load import LoadError, Server, load

ROWS: Final = 10_000
CLASSES: Final = 100
AFTER_ALL_OTHERS: Final = FIRST_MEETING + 100_000 * HOUR


def figures(server: Server, *, engine: str, connections: int, seconds: int, enrollments: int) -> Iterator[Figure]:
    """Measure a served database of so many enrollments, whose open classes have not been filled yet."""
    load(server, "create", connections=connections, seconds=1, enrollments=enrollments)
    single = load(server, "create", connections=connections, seconds=min(seconds, 5), enrollments=enrollments, begin=40_000).rate
    class_ids = [_create_class(server, number) for number in range(CLASSES + 1)]
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


def _create_class(server: Server, number: int) -> int:
    """Create a class at a time of its own, in a room that is free, and give its id."""
    starts_at = AFTER_ALL_OTHERS + number * 2 * HOUR
    meeting = {"starts_at": _time(starts_at), "ends_at": _time(starts_at + HOUR)}
    body = {"course_id": 1, "maximum": PLACES, "classroom_ids": [number % ROOMS + 1], "meetings": [meeting]}
    class_id: int = _post(server, "classes", body, status=201)["result"]["id"]
    return class_id


def _rate(server: Server, body: dict[str, Any], *, dry_run: bool) -> float:
    """
    Give how many enrollments of a batch are made in a second.

    Raises:
        LoadError: Some were not made.
    """
    started = time.perf_counter()
    result = _post(server, f"enrollments/batch?dry_run={str(dry_run).lower()}", body, status=200)["result"]
    seconds = time.perf_counter() - started
    if result["made"] != ROWS:
        raise LoadError(next(row["problem"] for row in result["rows"] if row["problem"]))
    return ROWS / seconds


def _post(server: Server, path: str, body: dict[str, Any], *, status: int) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    connection.request("POST", f"/api/v1/{path}", body=msgspec.json.encode(body), headers=headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    if response.status != status:
        raise LoadError(f"{path} was answered with {response.status} {answer[:2000].decode()}")
    told: dict[str, Any] = msgspec.json.decode(answer)
    return told


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()
