"""What is requested for users is kept, without any query, and hinders no request."""

import asyncio
from io import BytesIO

import pytest

from rollbook.api import activity
from rollbook.api.activity import UserActivity
from rollbook.api.rest.caller import ACTING_USER
from rollbook.database import file_of, open_database
from rollbook.database.transaction import Database
from rollbook.telemetry import open_log
from tests.api.front_of_door import FrontOfDoor
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, gather
from tests.database_contents import found_in

SECRET = "xqsecretxq"


async def _requests_of(database: Database, key: str) -> list[tuple[str, str, str | None, str | None]]:
    results = (await FrontOfDoor(database, key).ask("SearchUserActivity", sort="RequestTime"))["Results"]
    return [(each["RequestMethod"], each["Url"], each["Referrer"], each["UserAgent"]) for each in results]


async def test_a_request_for_a_user_is_kept_without_any_query(database_url: str) -> None:
    async with open_database(database_url) as database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        headers = {
            ACTING_USER: str(cast.sam_id),
            "Referer": f"https://sam:{SECRET}@portal.example.com/classes?token={SECRET}#{SECRET}",
            "User-Agent": "Firefox",
        }

        await caller.request("GET", f"/classes?name={SECRET}", headers=headers)
        await caller.request("GET", f"/users/{NOBODY}?unknown={SECRET}", headers=headers)
        await caller.request("PATCH", f"/users/{cast.sam_id}?dry_run={SECRET}", headers={ACTING_USER: str(cast.sam_id)}, json={})
        await caller.request("GET", f"/classes?name={SECRET}")
        await caller.activity.note(database)

        expected = [
            ("GET", "/api/v1/classes", "https://portal.example.com/classes", "Firefox"),
            ("GET", f"/api/v1/users/{NOBODY}", "https://portal.example.com/classes", "Firefox"),
            ("PATCH", f"/api/v1/users/{cast.sam_id}", None, "python-httpx"),
        ]
        kept = await _requests_of(database, cast.ada_key)
        assert expected == [(*each[:3], (each[3] or "").partition("/")[0]) for each in kept]
        assert [] == await found_in(database_url, [SECRET])
        assert SECRET.encode() not in caller.lines.getvalue()
        assert 0 == len(caller.activity)


def _remembered(**values: str | None) -> UserActivity:
    remembered = UserActivity()
    remembered.remember(**{"user_id": 1, "method": "GET", "target": "/", "referrer": None, "user_agent": None, **values})  # type: ignore[arg-type]  # values of one name each
    return remembered


@pytest.mark.parametrize(
    "referrer, kept",
    [
        (None, None),
        ("", None),
        ("https://example.com/a?b=c", "https://example.com/a"),
        ("https://example.com/a;b#c", "https://example.com/a;b"),
        ("https://me:secret@example.com/", "https://example.com/"),
        ("?only=query", None),
        ("https://[broken/?a=b", None),
        ("https://example.com/\x00\x9f\u2028a", "https://example.com/a"),
        ("https://example.com/" + "a" * 600, "https://example.com/" + "a" * 492),
    ],
)
def test_a_referrer_is_kept_as_far_as_it_says_where_it_points(referrer: str | None, kept: str | None) -> None:
    assert kept == _remembered(referrer=referrer)._acts[0].referrer


def test_lengths_are_bounded_and_whatever_cannot_be_stored_is_left_out() -> None:
    (act,) = _remembered(method="M" * 20, target="/\x00" + "p" * 600 + "?q", user_agent="\x00" + "u" * 600)._acts

    assert ("M" * 16, "/" + "p" * 511, "u" * 512) == (act.method, act.path, act.user_agent)
    assert "/a" == _remembered(target="/a#b?c")._acts[0].path


async def test_memory_is_bounded_and_the_log_tells_of_what_was_lost(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST_REMEMBERED", 3)
    remembered = UserActivity()
    lines = BytesIO()
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        for number in range(5):
            remembered.remember(user_id=cast.sam_id, method="GET", target=f"/{number}", referrer=None, user_agent=None)

        await remembered.note_or_tell(database, open_log(lines))

        assert ["/2", "/3", "/4"] == [url for _, url, _, _ in await _requests_of(database, cast.ada_key)]
    assert b'"lost":2' in lines.getvalue().replace(b" ", b"")


async def test_what_cannot_be_written_stays_remembered_in_order_and_the_log_tells_why(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "WRITTEN_TOGETHER", 2)
    remembered = UserActivity()
    lines = BytesIO()
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
    for number in range(5):
        remembered.remember(user_id=cast.sam_id, method="GET", target=f"/{number}", referrer=None, user_agent=None)

    await remembered.note_or_tell(database, open_log(lines))

    assert b"requests made for users not noted yet" in lines.getvalue()
    assert file_of(sqlite_url).exists()
    async with open_database(sqlite_url) as again:
        await remembered.note(again)
        assert [f"/{number}" for number in range(5)] == [url for _, url, _, _ in await _requests_of(again, cast.ada_key)]


async def test_it_is_written_now_and_then(sqlite_url: str) -> None:
    remembered = UserActivity()
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        noting = asyncio.create_task(remembered.note_regularly(database, open_log(BytesIO()), seconds=0.01))
        remembered.remember(user_id=cast.sam_id, method="GET", target="/", referrer=None, user_agent=None)
        kept = []
        for _ in range(500):
            await asyncio.sleep(0.01)
            if kept := await _requests_of(database, cast.ada_key):
                break
        noting.cancel()

        assert 1 == len(kept)


async def test_what_comes_while_nothing_can_be_written_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST_REMEMBERED", 2)
    remembered = _remembered(target="/0")
    remembered.remember(user_id=1, method="GET", target="/1", referrer=None, user_agent=None)
    taken = list(remembered._acts)
    remembered._acts.clear()
    remembered.remember(user_id=1, method="GET", target="/2", referrer=None, user_agent=None)

    remembered._put_back(taken)

    assert (["/1", "/2"], 1) == ([act.path for act in remembered._acts], remembered._lost)
