"""The roster of a large class in the console, and one status changed from it, beside the constant answer."""

import http.client
import time
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode

from benchmarks.figures import Figure
from benchmarks.load import LoadError, Server, load
from benchmarks.rest import create_class, post
from rollbook.console.cookies import session_cookie_name
from rollbook.sessions.form_tokens import form_token

STUDENTS: Final = 500
NUMBER: Final = 1_001
"""Of the class among those that benchmarks create, so that it meets when no other does."""

ROSTER_AT_MOST_MILLISECONDS: Final = 150
CHANGE_AT_MOST_MILLISECONDS: Final = 50
STATUSES: Final = (50, 60)
"""Audit and Enrolled, which one student gets in turn."""


def figures(server: Server, *, secret: str, seconds: int, enrollments: int) -> Iterator[Figure]:
    """Measure a served database of so many enrollments for somebody who is signed in, over one connection."""
    class_id = create_class(server, NUMBER, maximum=None)
    body = {"class_ids": [class_id], "user_ids": list(range(1, STUDENTS + 1)), "status": "enrolled"}
    made = post(server, "enrollments/batch", body, status=200)["result"]["rows"]
    constant = load(server, "nothing", connections=1, seconds=seconds, enrollments=enrollments).rate
    browser = _Browser(server, secret)
    roster = f"/classes/{class_id}/roster"
    line = f"{roster}/lines/{made[0]['enrollment_id']}"
    for what, ask, at_most in (
        (f"a roster of {STUDENTS} in the console", lambda _: browser.open(roster), ROSTER_AT_MOST_MILLISECONDS),
        (f"a status changed from a roster of {STUDENTS}", lambda number: browser.save(line, number), CHANGE_AT_MOST_MILLISECONDS),
    ):
        taken = _measure(ask, seconds=seconds)
        yield Figure(
            what=f"{what}, SQLite, 1 connection", figure=1000 * len(taken) / sum(taken), beside="the door's constant", limit=constant
        )
        yield Figure(what=f"{what}, p95", figure=sorted(taken)[int(len(taken) * 0.95)], unit="ms", at_most=at_most)
    browser.close()


class _Browser:
    """Somebody who is signed in, over one connection."""

    def __init__(self, server: Server, secret: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self._headers = {"cookie": f"{session_cookie_name(is_secure=False)}={secret}", "accept": "text/html"}
        self._token = form_token(secret)

    def open(self, address: str) -> None:
        self._ask("GET", address, None)

    def save(self, address: str, number: int) -> None:
        """Change a status as the roster's script does, to the other one each time."""
        values = {"form_token": self._token, "status": STATUSES[number % 2]}
        told = self._ask("POST", address, urlencode(values))
        if b" is changed." not in told:
            raise LoadError(told[:500].decode())

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, address: str, body: str | None) -> bytes:
        fetched = {"rollbook-fetch": "1", "content-type": "application/x-www-form-urlencoded"} if body else {}
        self._connection.request(method, address, body=body, headers=self._headers | fetched)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise LoadError(f"{address} was answered with {response.status} {answer[:500].decode()}")
        return answer


def _measure(ask: Callable[[int], None], *, seconds: int) -> list[float]:
    """Ask again and again, and give how many milliseconds each answer took."""
    taken: list[float] = []
    # What is needed for the first time is compiled and cached before it counts.
    for number in range(4):
        ask(number)
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        started = time.perf_counter()
        ask(len(taken))
        taken.append((time.perf_counter() - started) * 1000)
    return taken
