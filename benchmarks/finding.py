"""The console's pages that find something, in a database of very many enrollments: by every filter and in every order that they offer."""

import http.client
import time
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.dataset import FIRST_MEETING, HOUR, NOW
from benchmarks.figures import Figure
from benchmarks.load import LoadError, Server
from rollbook.console.cookies import session_cookie_name
from rollbook.console.pages import finding_classes, finding_enrollments

AT_MOST_MILLISECONDS: Final = 200
TIMES_A_SECOND: Final = 2
"""How often each page is asked for, for each second that a load lasts."""


def _day(moment: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


_SOON: Final = _day(FIRST_MEETING + 2_000 * HOUR)
_ORDERS_OF_ENROLLMENTS: Final = [column.sort for column in finding_enrollments.COLUMNS if column.sort]
_ORDERS_OF_CLASSES: Final = [column.sort for column in finding_classes.COLUMNS if column.sort]
ENROLLMENTS: Final = (
    "",
    "?when=any",
    *(f"?when=any&sort={sign}{order}" for order in _ORDERS_OF_ENROLLMENTS for sign in ("", "-")),
    *(f"?when={when}" for when in finding_enrollments.WHEN),
    *(f"?when=any&status={status}" for status in (0, 10, 20, 30, 40, 50, 60)),
    "?status=0&status=20",
    *(f"?when=any&completion={completion}" for completion in (0, 10, 20, 30, 40, 50)),
    "?completion=20",
    "?student=sam1999",
    "?student=sam",
    "?student=nobody",
    "?class_name=class+4321",
    "?class_name=class",
    "?class_name=nothing",
    "?class_id=77",
    "?person_id=77",
    "?organization_id=1",
    f"?from={_SOON}",
    f"?until={_SOON}",
    "?when=any&late=1",
    f"?when=any&created_from={_day(NOW + 990_000)}",
    "?when=any&page=200",
)
CLASSES: Final = (
    "",
    *(f"?when=any&sort={sign}{order}" for order in _ORDERS_OF_CLASSES for sign in ("", "-")),
    *(f"?when={when}" for when in finding_classes.WHEN),
    "?words=class+4321",
    "?words=nothing",
    "?status=0",
    "?status=4",
    "?delivery=2",
    "?organization_id=1",
    "?instructor_id=1",
    "?classroom_id=1",
    f"?from={_SOON}",
    f"?until={_SOON}",
    "?below_minimum=1",
    "?full=1",
)
PEOPLE: Final = ("", "?words=sam1999", "?words=sam", "?words=nobody", "?sort=-name", "?page=20")
SEARCHES: Final = ("?q=sam1999", "?q=sam", "?q=class+4321", "?q=sam12+class", "?q=4321", "?q=nothing")
PAGES: Final = (
    ("find enrollments, each filter and order", "/enrollments", ENROLLMENTS),
    ("find classes, each filter and order", "/classes", CLASSES),
    ("find people", "/people", PEOPLE),
    ("search everything", "/search", SEARCHES),
)


def figures(server: Server, *, secret: str, enrollments: int, seconds: int) -> Iterator[Figure]:
    """Measure the pages for somebody who is signed in; a figure is that of the query which takes longest."""
    for what, path, queries in PAGES:
        slowest = max((_p95(server, path + query, secret=secret, times=TIMES_A_SECOND * seconds), query) for query in queries)
        told = f"{what}, slowest of {len(queries)} ({slowest[1] or 'plain'}), {enrollments:,} enrollments, p95"
        yield Figure(what=told, figure=slowest[0], unit="ms", at_most=AT_MOST_MILLISECONDS)


def _p95(server: Server, address: str, *, secret: str, times: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"cookie": f"{session_cookie_name(is_secure=False)}={secret}", "accept": "text/html"}
    taken: list[float] = []
    # What is needed for the first time is compiled and cached before it counts.
    for _ in range(times + 1):
        started = time.perf_counter()
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        body = response.read()
        taken.append((time.perf_counter() - started) * 1000)
        if response.status != 200:
            raise LoadError(f"{address} was answered with {response.status} {body[:500].decode()}")
    connection.close()
    return _at(sorted(taken[1:]), 0.95)


def _at(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
