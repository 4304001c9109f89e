"""What was deleted is overwritten, in the file and in its log of writes, sooner or later."""

import asyncio
import random
import sqlite3
from contextlib import closing

import pytest

from rollbook.accounts.actions.closing import close_account
from rollbook.database import file_of, sqlite_forgetting
from rollbook.database.sqlite import SqliteDatabase
from rollbook.database.sqlite_forgetting import Forgetting
from rollbook.database.transaction import ClosedError, Database
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from tests.cast import TESTS, add_class, add_user, gather
from tests.database_contents import found_in
from tests.marked import Marks, mark_person, user_values

NEIGHBOURS = 400


async def _change_neighbours(database: Database, user_ids: list[int], random_: random.Random) -> None:
    """Change many users to shorter and longer values, so that rows move from page to page."""
    for user_id in random_.sample(user_ids, len(user_ids) // 3):
        note = "n" * random_.randrange(4_000)
        await database.write(update_user, actor=TESTS, user_id=user_id, changes=UserChanges(note=note, city="c" * random_.randrange(80)))


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_of_who_is_erased_is_left_among_hundreds_of_others(seed: int, sqlite_url: str) -> None:
    random_ = random.Random(seed)
    async with SqliteDatabase(file_of(sqlite_url)) as database:
        cast = await gather(database)
        class_id = await add_class(database, cast)
        others = [await add_user(database, f"Before{each}", organization_id=cast.organization_id) for each in range(NEIGHBOURS // 2)]
        people = []
        for name in ("sara", "otto", "zoe"):
            people.append(await mark_person(database, cast, name, class_ids=(class_id,)))
            others += [
                await add_user(database, f"After{name}{each}", organization_id=cast.organization_id) for each in range(NEIGHBOURS // 6)
            ]
            await _change_neighbours(database, others, random_)
            again = Marks(f"{name}again")
            await database.write(
                update_user, actor=TESTS, user_id=people[-1].user_id, changes=UserChanges(**(user_values(again) | {"external_id": None}))
            )
            people[-1] = type(people[-1])(people[-1].user_id, people[-1].enrollment_ids, (*people[-1].marks, *again.given))
        await _change_neighbours(database, others, random_)
        *erased, kept = people

        for person in erased:
            await database.write(close_account, actor=cast.ada, user_id=person.user_id)
        assert await database.forget()

        assert [] == await found_in(sqlite_url, [mark for person in erased for mark in person.marks])
        assert len(kept.marks) - 1 <= len(await found_in(sqlite_url, kept.marks))
        assert "ok" == _integrity(sqlite_url)


def _integrity(url: str) -> str:
    with closing(sqlite3.connect(file_of(url))) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


async def test_what_was_deleted_without_being_overwritten_is_overwritten_too(sqlite_url: str) -> None:
    marks = [f"xqold{each:03d}xq" for each in range(50)]
    with closing(sqlite3.connect(file_of(sqlite_url), isolation_level=None)) as careless:
        careless.execute("PRAGMA secure_delete = OFF").fetchall()
        careless.executemany(
            "INSERT INTO organizations (path, name, name_folded, time_zone, time_zone_iana, created_at, modified_at) VALUES (?, 'n', 'n', 'z', 'z', 0, 0)",
            [(mark,) for mark in marks],
        )
        careless.execute("DELETE FROM organizations")
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    left = await found_in(sqlite_url, marks)

    async with SqliteDatabase(file_of(sqlite_url)) as database:
        assert await database.forget()

        assert left
        assert [] == await found_in(sqlite_url, marks)


async def _erase_sara(database: Database) -> tuple[str, ...]:
    """Let somebody leave marks everywhere and be erased, and give the marks."""
    cast = await gather(database)
    person = await mark_person(database, cast, "sara")
    await database.write(close_account, actor=cast.ada, user_id=person.user_id)
    return person.marks


def _read_on(url: str) -> sqlite3.Connection:
    """Give another process's connection that reads until it is told to stop."""
    reader = sqlite3.connect(file_of(url), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM users").fetchall()
    return reader


async def test_a_long_reader_is_waited_for_in_the_background(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_forgetting, "PATIENCE_SECONDS", 0.3)
    async with SqliteDatabase(file_of(sqlite_url)) as database:
        with closing(_read_on(sqlite_url)) as reader:
            marks = await _erase_sara(database)

            assert not await database.forget()
            await add_user(database, "Late", organization_id=1)
            assert await found_in(sqlite_url, marks)
            reader.execute("COMMIT")

        assert await database.forget()
        assert [] == await found_in(sqlite_url, marks)


async def test_what_a_process_could_not_finish_the_next_one_does(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_forgetting, "PATIENCE_SECONDS", 0.1)
    with closing(_read_on(sqlite_url)):
        async with SqliteDatabase(file_of(sqlite_url)) as database:
            marks = await _erase_sara(database)
            assert not await database.forget()
        assert await found_in(sqlite_url, marks)
    monkeypatch.undo()

    async with SqliteDatabase(file_of(sqlite_url)) as database:
        assert await database.forget(unfinished_only=True)

        assert [] == await found_in(sqlite_url, marks)
        size = file_of(sqlite_url).stat().st_size
        await add_user(database, "Later", organization_id=1, note="n" * 8_000)
        # There is nothing left to finish, so that the log is left alone.
        assert await database.forget(unfinished_only=True)
        assert size == file_of(sqlite_url).stat().st_size


async def test_another_process_that_writes_is_waited_for(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_forgetting, "TROUBLE_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(sqlite_forgetting, "PATIENCE_SECONDS", 0.2)
    async with SqliteDatabase(file_of(sqlite_url)) as database:
        marks = await _erase_sara(database)
        with closing(sqlite3.connect(file_of(sqlite_url), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert not await database.forget()
            other.execute("ROLLBACK")
        monkeypatch.setattr(sqlite_forgetting, "PATIENCE_SECONDS", 5.0)

        assert await database.forget()
        assert [] == await found_in(sqlite_url, marks)


async def test_who_writes_meanwhile_waits_and_is_answered(sqlite_url: str) -> None:
    async with SqliteDatabase(file_of(sqlite_url)) as database:
        marks = await _erase_sara(database)

        writing = [add_user(database, f"New{each}", organization_id=1) for each in range(20)]
        forgotten, again, *user_ids = await asyncio.gather(database.forget(), database.forget(), *writing)

        assert (True, True, 20) == (forgotten, again, len(set(user_ids)))
        assert [] == await found_in(sqlite_url, marks)


async def test_after_the_end_nothing_is_overwritten_any_more(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_forgetting, "PATIENCE_SECONDS", 0.1)
    database = SqliteDatabase(file_of(sqlite_url))
    async with database:
        pass

    with pytest.raises(ClosedError):
        await database._batches.lend(lambda _: None)
    assert not await Forgetting(database._batches).forget()
