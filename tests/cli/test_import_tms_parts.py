"""The parts of an import from another TMS: asking, keeping what was answered, reading it, comparing."""

import asyncio
import http.server
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rollbook.app import COMMANDS
from rollbook.cli.tms import source as sources
from rollbook.cli.tms.comparing import Difference, differences
from rollbook.cli.tms.here import Here
from rollbook.cli.tms.kinds import KINDS, ids_in
from rollbook.cli.tms.records import TAKINGS, all_records
from rollbook.cli.tms.source import Record, Source, SourceAwayError, SourceRefusedError
from rollbook.cli.tms.spool import ForeignSpoolError, Spool
from rollbook.cli.tms.walking import Walk
from rollbook.database.transaction import Database
from tests.cast import add_class, add_user, enroll, gather

Answer = tuple[int, str, dict[str, str]]


@contextmanager
def answering(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    """Answer one request after the other, the last answer for all that follow; give the address, and what was asked."""
    left, asked = list(answers), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, body, headers = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/2.0", asked
        finally:
            server.shutdown()
            thread.join()


async def test_a_busy_system_is_asked_again_after_the_pause_that_it_wishes() -> None:
    with answering((503, "away", {"retry-after": "1"}), (200, '{"status":0,"user":{"Id":1}}', {})) as (url, asked):
        began = asyncio.get_running_loop().time()
        async with Source(url, "key") as source:
            answer = await source.ask("GetUser", id=1)

        assert {"status": 0, "user": {"Id": 1}} == answer
        assert ["/api/2.0/GetUser?id=1"] * 2 == asked
        assert asyncio.get_running_loop().time() - began >= 1


async def test_a_system_that_stays_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FIRST_PAUSE_SECONDS", 0.001)
    with answering((502, "away", {})) as (url, asked):
        async with Source(url, "key") as source:
            with pytest.raises(SourceAwayError, match="HTTP 502"):
                await source.ask("GetUser", id=1)

        assert sources.TRIES == len(asked)


async def test_the_key_does_not_follow_a_redirect() -> None:
    with answering((302, "", {"location": "http://127.0.0.1:1/elsewhere"})) as (url, asked):
        async with Source(url, "key") as source:
            with pytest.raises(sources.NoTmsError, match="HTTP 302"):
                await source.ask("GetUser", id=1)

        assert 1 == len(asked)


async def test_a_refusal_is_told_in_the_words_of_the_other_system() -> None:
    with answering((200, '{"Status":10,"Error":"no such sort key"}', {})) as (url, _):
        async with Source(url, "key") as source:
            with pytest.raises(SourceRefusedError, match="refused SearchCourses: no such sort key"):
                await source.ask("SearchCourses")


@pytest.mark.parametrize("status, body", [(200, '{"Status":20,"Error":null}'), (404, '{"Status":10,"Error":"no command"}')])
async def test_what_is_not_found_or_not_known_is_nothing(status: int, body: str) -> None:
    with answering((status, body, {})) as (url, _):
        async with Source(url, "key") as source:
            assert await source.ask("GetClassroom", id=1) is None
            assert [] == [page async for page in source.search("SearchClassrooms")]


class Tiring:
    """A TMS that is asked so many times, and no more."""

    def __init__(self, tms: Here, calls: int) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._tms = tms
        self._left = calls

    async def ask(self, command: str, **parameters: Any) -> Record | None:
        if not self._left:
            raise SourceAwayError("http://other", "tired")
        self._left -= 1
        self.asked.append((command, parameters.get("id")))
        return await self._tms.ask(command, **parameters)

    def search(self, command: str, **parameters: Any) -> AsyncIterator[tuple[list[Record], int]]:
        return self._tms.search(command, **parameters)


async def test_a_walk_that_was_broken_off_asks_for_the_rest_alone(database: Database, tmp_path: Path) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast)
        for number in range(10):
            await enroll(database, class_id=class_id, user_id=await add_user(database, f"S{number}", organization_id=cast.organization_id))
        here = Here(database, tuple(COMMANDS))
        first, second, whole = Tiring(here, 7), Tiring(here, 1_000), Tiring(here, 1_000)

        with Spool(tmp_path / "spool", source="a") as spool, pytest.raises(SourceAwayError):
            await walk(first, spool)
        with Spool(tmp_path / "spool", source="a") as spool:
            kept = {(kind.get, record_id) for kind in KINDS.values() for record_id in spool.ids(kind.name)}
            await walk(second, spool)
            resumed = contents(spool)
        with Spool(tmp_path / "other", source="a") as spool:
            await walk(whole, spool)
            assert contents(spool) == resumed

        assert 7 == len(first.asked)
        assert kept & set(first.asked)
        assert set() == kept & set(second.asked)
        assert set(whole.asked) == set(first.asked) | set(second.asked)


async def walk(tms: Tiring, spool: Spool) -> None:
    await Walk(tms, spool, on_progress=lambda _kind, _asked, _known: None).run()


def contents(spool: Spool) -> dict[str, list[Record]]:
    return {kind: list(spool.all(kind)) for kind in TAKINGS}


def test_a_line_that_was_not_finished_is_taken_for_not_there(tmp_path: Path) -> None:
    with Spool(tmp_path / "spool", source="a") as spool:
        spool.add("users", 1, {"id": 1})
        spool.add("users", 2, None)
    with (tmp_path / "spool").open("a") as file:
        file.write('{"kind":"users","id":3,"rec')

    with Spool(tmp_path / "spool", source="a") as spool:
        spool.add("users", 4, {"id": 4})
        assert ([1, 4], [("users", 2)], False) == (spool.ids("users"), spool.missing(), spool.has("users", 3))
        assert [{"id": 1}, {"id": 4}] == list(spool.all("users"))


@pytest.mark.parametrize("line", ["nonsense\n", '{"source":"b","version":1}\n', '{"source":"a","version":0}\n'])
def test_a_file_of_something_else_is_not_touched(tmp_path: Path, line: str) -> None:
    (tmp_path / "spool").write_text(line)

    with pytest.raises(ForeignSpoolError):
        Spool(tmp_path / "spool", source="a")

    assert line == (tmp_path / "spool").read_text()


def test_values_that_cannot_be_taken_are_left_out_and_told() -> None:
    record = {"id": 3, "name": "Acme", "organizationid": 1, "city": "x" * 81, "email": "nobody", "phone": "1"}

    taken, problems = TAKINGS["companies"].take(record)

    assert {"id": 3, "name": "Acme", "organization_id": 1, "phone": "1"} == taken.main.values
    assert ["City: is 81 characters long; give at most 80", "Email: 'nobody' is not an e-mail address"] == [
        each.replace("nobody is", "'nobody' is") for each in problems
    ]


def test_organizations_come_from_the_top(tmp_path: Path) -> None:
    with Spool(tmp_path / "spool", source="a") as spool:
        for number, above in ((1, "4"), (2, "1"), (4, "9"), (5, None), (6, "2")):
            spool.add("organizations", number, {"id": number, "name": "x", "parentid": above, "timezoneid": "UTC", "culture": "en-US"})

        assert [4, 1, 2, 6, 5] == [record.main.values["id"] for record in all_records(spool, on_problem=lambda _problem: None)]


async def test_what_a_search_tells_in_full_is_not_asked_for_by_itself(database: Database, tmp_path: Path) -> None:
    async with database:
        cast = await gather(database)
        await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
        tms = Tiring(Here(database, tuple(COMMANDS)), 1_000)

        with Spool(tmp_path / "spool", source="a") as spool:
            await walk(tms, spool)
            assert [cast.sam_id] == [enrollment["userid"] for enrollment in spool.all("enrollments")]

        assert {"GetCourse", "GetClass", "GetUser", "GetOrganization"} == {command for command, _ in tms.asked}


@pytest.mark.parametrize("value, ids", [(None, []), (0, []), (7, [7]), ("7", [7]), ("x", []), ([7, "8", None], [7, 8])])
def test_ids_are_read_wherever_they_stand(value: Any, ids: Sequence[int]) -> None:
    assert ids == ids_in(value)


@pytest.mark.parametrize(
    "there, here",
    [("458", 458), ("", None), ([2, 1], [1, 2]), ([{"Start": 1}], [{"start": 1}]), ([{"a": None, "b": 1}], [{"b": 1}]), (True, True)],
)
def test_what_means_the_same_does_not_differ(there: Any, here: Any) -> None:
    assert [] == differences("classes", 1, {"x": there}, {"x": here})


@pytest.mark.parametrize("there, here", [(1, 2), ("a", "A"), ([1, 2], [1]), (True, False), (None, 0), ([{"Start": 1}], [{"Start": 2}])])
def test_what_differs_is_told_with_both_sides(there: Any, here: Any) -> None:
    assert [Difference("classes", 1, "x", there, here)] == differences("classes", 1, {"x": there, "only": 1}, {"x": here, "ours": 2})
