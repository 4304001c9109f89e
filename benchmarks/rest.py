"""What benchmarks set up through the REST API."""

import http.client
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from benchmarks.dataset import FIRST_MEETING, HOUR, KEY, PLACES, ROOMS
from benchmarks.load import LoadError, Server

AFTER_ALL_OTHERS: Final = FIRST_MEETING + 100_000 * HOUR


def create_class(server: Server, number: int, *, maximum: int | None = PLACES) -> int:
    """Create a class at a time of its own, in a room that is free where it has a maximum, and give its id."""
    starts_at = AFTER_ALL_OTHERS + number * 2 * HOUR
    meeting = {"starts_at": _time(starts_at), "ends_at": _time(starts_at + HOUR)}
    body = {"course_id": 1, "maximum": maximum, "classroom_ids": [] if maximum is None else [number % ROOMS + 1], "meetings": [meeting]}
    class_id: int = post(server, "classes", body, status=201)["result"]["id"]
    return class_id


def post(server: Server, path: str, body: dict[str, Any], *, status: int) -> dict[str, Any]:
    """
    Send a body to a path of the API and give the answer.

    Raises:
        LoadError: It has another status.
    """
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
