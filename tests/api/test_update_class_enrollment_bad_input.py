"""Whatever is wrong with a value of UpdateClassEnrollment: the answer names the parameter, and nothing has changed."""

import asyncio
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from rollbook.api.tms.commands.enrollments import update_class_enrollment
from rollbook.classes.statuses import Delivery
from rollbook.database import file_of, open_database
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import add_class, enroll, gather

NEVER = [
    b"%FF",  # not UTF-8
    b"1%C3",  # a character that is cut off
    b"%ED%A0%80",  # a surrogate
    b"%00",
    b"1%00",
    b"1%1B2",
    b"%C2%85x%C2%85y",  # a control character beyond ASCII
    b"%zz",
    b"1%",
    b"9" * 5_000,
    b"a" * 5_000,
]
"""What no parameter takes."""

NO_NUMBERS = [b"abc", b"1.0", b"1e3", b"0x1", b"1_000", b"1,2", b"1%202", b"%EF%BC%91", b"%D9%A1", b"%C2%B2", b"--1", b"-", b"NaN", b"[1]"]
NO_IDS = [*NO_NUMBERS, b"true", b"0", b"-1", b"2147483648", b"18446744073709551617"]
NO_AMOUNTS = [*NO_NUMBERS, b"true", b"-1", b"2147483648", b"18446744073709551617"]
NO_TRUTHS = [b"yes", b"on", b"2", b"-1", b"1.0", b"truefalse", b"null"]
MISSING = [b"", b"%20", b"+", b"null"]

REFUSED: dict[str, Sequence[bytes]] = {
    "id": [*NO_IDS, b"null"],
    "externalId": [b"a" * 256, b"a%0Ab", b"a%09b"],
    "classId": [*NO_IDS, *MISSING, b"999999"],
    "userId": [*NO_IDS, *MISSING, b"999999"],
    "enrollmentStatusId": [*NO_NUMBERS, *MISSING, b"15", b"-10", b"600", b"Enrolled", b"true"],
    "completionStatusId": [*NO_NUMBERS, *MISSING, b"60", b"-1", b"Passed", b"true"],
    "lateCancel": NO_TRUTHS,
    "retake": NO_TRUTHS,
    "LocationTypeId": [*NO_NUMBERS, b"5", b"40", b"-10", b"Moon"],
    "ClassroomId": [*NO_IDS, b"999999"],
    "HoursSpent": NO_AMOUNTS,
    "Grade": NO_AMOUNTS,
    "ifVersion": [*NO_IDS, b"null", b"99"],
    "dryRun": NO_TRUTHS,
}

REFUSED_JSON: dict[str, Sequence[str]] = {
    "externalId": ["[]", '["a"]', "{}", "true", '"\\u0000"', '"\\ud800"'],
    "classId": ["null", '""', "1.0", "1e2", "true", "[1]", "{}", "-1", "1e400", "9" * 4_000],
    "userId": ["null", '""', "1.5", "true", "[1, 1]", "{}", "0"],
    "enrollmentStatusId": ["null", '""', "60.0", "true", "[60]", "{}", "15", '"Enrolled"'],
    "completionStatusId": ["null", '""', "0.0", "false", "[]", "{}", "5"],
    "lateCancel": ["null", '"yes"', "2", "[true]", "{}", "0.0"],
    "retake": ["null", '"no"', "-1", "[]", "{}", "1.0"],
    "LocationTypeId": ["5", "0.0", "true", "[0]", "{}", '"Moon"'],
    "ClassroomId": ["0", "1.0", "false", "[]", "{}", '"a"'],
    "HoursSpent": ["-1", "1.5", "true", "[1]", "{}", '"1.5"', "1e9", "2147483648"],
    "Grade": ["-1", "0.5", "true", "[1]", "{}", '"A"', "1e1", "2147483648"],
    "ifVersion": ["null", "0", "1.0", "true", "[1]", "{}"],
    "dryRun": ["null", '"maybe"', "2", "[true]", "{}"],
}


class Stage(Struct, frozen=True):
    """An enrollment, and values that would change much of it."""

    door: FrontOfDoor
    url: str
    enrollment_id: int
    good: dict[str, int | str | bool]

    def stored(self) -> tuple[list[Any], int]:
        """Give every enrollment and the number of rows in the history, as they are in the file."""
        with closing(sqlite3.connect(file_of(self.url))) as connection:
            (changes,) = connection.execute("SELECT count(*) FROM history").fetchone()
            return connection.execute("SELECT * FROM enrollments").fetchall(), changes

    async def by_query(self, name: str, *values: bytes) -> tuple[int, dict[str, Any]]:
        """Send the good values with others for one parameter, or without it."""
        pairs = [f"{each}={value}".encode() for each, value in self.good.items() if each != name]
        pairs += [f"{name}=".encode() + value for value in values]
        path = b"UpdateClassEnrollment" + (b"" if name == "id" else b"/%d" % self.enrollment_id)
        return await self.door.send(path, b"&".join(pairs))

    async def by_json(self, name: str, value: str) -> tuple[int, dict[str, Any]]:
        """Send the good values with another one for one parameter, as JSON."""
        members = [f"{json.dumps(each)}: {json.dumps(good)}" for each, good in self.good.items() if each != name]
        body = "{" + ", ".join([*members, f"{json.dumps(name)}: {value}"]) + "}"
        return await self.door.send(b"UpdateClassEnrollment/%d" % self.enrollment_id, body=body.encode())


async def set_up(database: Database, url: str) -> Stage:
    cast = await gather(database)
    class_id = await add_class(database, cast, delivery=Delivery.MIXED)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    good: dict[str, int | str | bool] = {
        "externalId": "e1",
        "classId": class_id,
        "userId": cast.sam_id,
        "enrollmentStatusId": 60,
        "completionStatusId": 20,
        "retake": True,
        "HoursSpent": 7,
        "Grade": 80,
    }
    return Stage(FrontOfDoor(database, cast.ada_key), url, enrollment_id, good)


def refusal_of(name: str, told: object, answer: tuple[int, dict[str, Any]]) -> None:
    """Assert that an answer is a refusal which names a parameter."""
    http_status, envelope = answer
    assert (told, 200, {"status", "error"}, 10) == (told, http_status, set(envelope), envelope["status"])
    assert (told, f"{name}: ") == (told, envelope["error"][: len(name) + 2])


def test_every_parameter_is_tried() -> None:
    assert {parameter.name for parameter in update_class_enrollment.parser.declared} == set(REFUSED)
    assert set(REFUSED) - {"id"} == set(REFUSED_JSON)


@pytest.mark.parametrize("name", REFUSED)
async def test_it_names_the_parameter_whose_value_it_refuses(name: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        for value in [*REFUSED[name], *NEVER]:
            refusal_of(name, value, await stage.by_query(name, value))

        assert before == stage.stored()


@pytest.mark.parametrize("name", REFUSED_JSON)
async def test_it_names_the_member_of_a_json_body_whose_value_it_refuses(name: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        for value in REFUSED_JSON[name]:
            refusal_of(name, value, await stage.by_json(name, value))

        assert before == stage.stored()


@pytest.mark.parametrize("name", REFUSED)
async def test_it_refuses_two_values_for_one_parameter(name: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        refusal_of(name, "twice", await stage.by_query(name, b"1", b"0"))
        refusal_of(name, "cleared too", await stage.by_query(name, b"1", b"null"))

        assert before == stage.stored()


@pytest.mark.parametrize("name", ["id", "classId", "userId", "enrollmentStatusId", "completionStatusId"])
async def test_it_asks_for_what_is_required(name: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        assert (200, {"status": 10, "error": f"{name}: is required; give a value"}) == await stage.by_query(name)
        assert (200, {"status": 10, "error": f"{name}: is required; give a value"}) == await stage.by_query(name, b"")

        assert before == stage.stored()


@pytest.mark.parametrize("value", [*NO_IDS, *NEVER, b"null", b"999999a"])
async def test_it_refuses_an_id_in_the_path_that_is_none(value: bytes, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()
        query = "&".join(f"{name}={good}" for name, good in stage.good.items()).encode()

        refusal_of("id", value, await stage.door.send(b"UpdateClassEnrollment/" + value, query))

        assert before == stage.stored()


async def test_it_tells_every_problem_at_once(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        query = b"classId=x&userId=0&enrollmentStatusId=15&completionStatusId=&Grade=-1&retake=perhaps&ifVersion=1.0"
        http_status, envelope = await stage.door.send(b"UpdateClassEnrollment/0", query)

        names = ["id", "classId", "userId", "enrollmentStatusId", "completionStatusId", "retake", "Grade", "ifVersion"]
        assert (200, 10) == (http_status, envelope["status"])
        assert sorted(names) == sorted(problem.partition(": ")[0] for problem in envelope["error"].split("; ") if ": " in problem)
        assert "enrollmentStatusId: 15 is not an enrollment status (0, 10, 20, 30, 40, 50 or 60)" in envelope["error"]
        assert before == stage.stored()


@pytest.mark.parametrize(
    "body, content_type, told",
    [
        (b"{", b"application/json", "body"),
        (b"[1]", b"application/json", "body"),
        (b'"classId=1"', b"application/json", "body"),
        (b"null", b"application/json", "body"),
        (b'{"Grade": NaN}', b"application/json", "body"),
        (b'{"Grade": \xff}', b"application/json", "body"),
        (b'{"Grade": ' + b"[" * 100_000, b"application/json", "body"),
        (b"a=1&" * 1_500, b"application/x-www-form-urlencoded", "body"),
        (b"%FF=1", b"application/x-www-form-urlencoded", "body"),
        (b'{"Grade": 1}', b"text/plain", "content-type"),
        (b'{"Grade": 1}', b"application/json; charset=utf-16", "content-type"),
        (b"--x\r\n\r\n--x--", b"multipart/form-data; boundary=x", "content-type"),
    ],
)
async def test_it_says_what_is_wrong_with_a_body(body: bytes, content_type: bytes, told: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        answer = await stage.door.send(b"UpdateClassEnrollment/%d" % stage.enrollment_id, body=body, content_type=content_type)

        refusal_of(told, body[:20], answer)
        assert before == stage.stored()


async def test_it_refuses_what_is_too_large(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_up(database, sqlite_url)
        before = stage.stored()

        long_query, told_of_query = await stage.by_query("externalId", b"a" * 16_385)
        long_body, told_of_body = await stage.by_json("externalId", json.dumps("a" * 1_048_577))

        assert (414, 10) == (long_query, told_of_query["status"])
        assert told_of_query["error"].startswith("query: ")
        assert (413, 10) == (long_body, told_of_body["status"])
        assert told_of_body["error"].startswith("body: ")
        assert before == stage.stored()


raw_values = st.one_of(
    st.binary(max_size=12),
    st.text(max_size=8).map(lambda text: json.dumps(text).encode()),
    st.integers().map(lambda number: str(number).encode()),
    st.sampled_from([b"null", b"true", b"", b"%", b"%00", b"&", b"=", b"%26"]),
)


@pytest.fixture(scope="module")
def standing(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Stage]]:
    """A stage that stays for many requests, and the loop that it lives on."""
    url = f"sqlite:///{shutil.copy(migrated_file, tmp_path_factory.mktemp('bytes'))}"

    async def open_stage() -> tuple[Database, Stage]:
        database = open_database(url)
        return database, await set_up(database, url)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        database, stage = runner.run(open_stage())
        yield runner, stage
        runner.run(database.close())


@given(chosen=st.lists(st.tuples(st.sampled_from(list(REFUSED)), raw_values), min_size=1, max_size=4))
@settings(max_examples=500, deadline=None)
def test_no_bytes_make_it_fail(chosen: list[tuple[str, bytes]], standing: tuple[asyncio.Runner, Stage]) -> None:
    runner, stage = standing
    before = stage.stored()
    replaced = {name for name, _ in chosen}
    pairs = [f"{name}={good}".encode() for name, good in stage.good.items() if name not in replaced]
    query = b"&".join(pairs + [name.encode() + b"=" + value for name, value in chosen])

    http_status, envelope = runner.run(stage.door.send(b"UpdateClassEnrollment/%d" % stage.enrollment_id, query))

    assert 200 == http_status
    assert {"status", "error"} <= set(envelope)
    assert (envelope["status"] == 10) == (envelope["error"] is not None)
    if envelope["status"] == 10:
        assert re.match(r"[^:]+: .", envelope["error"])
        assert before == stage.stored()
