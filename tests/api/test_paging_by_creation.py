"""Paging in the order of creation while rows are added."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import Cast, add_class, add_course, add_room, add_user, enroll, gather

Add = Callable[[int], Awaitable[int]]


async def _enrollments(database: Database, cast: Cast) -> Add:
    class_id = await add_class(database, cast)

    async def add(number: int) -> int:
        user_id = await add_user(database, f"Student{number}", organization_id=cast.organization_id)
        return await enroll(database, class_id=class_id, user_id=user_id)

    return add


async def _courses(database: Database, cast: Cast) -> Add:
    # Names against the order of creation, so that no other key gives it.
    return lambda number: add_course(database, cast, name=f"Course {10_000 - number}")


async def _classrooms(database: Database, cast: Cast) -> Add:
    return lambda number: add_room(database, cast, name=f"Room {10_000 - number}", capacity=10_000 - number)


SEARCHES = {"SearchClassEnrollments": _enrollments, "SearchCourses": _courses, "SearchClassrooms": _classrooms}


async def page(door: FrontOfDoor, search: str, index: int, *, sort: str = "Created") -> list[int]:
    answer: dict[str, Any] = await door.ask(search, sort=sort, pageIndex=index, pageSize=3)
    return [each["Id"] for each in answer["Results"]]


@pytest.mark.parametrize("search", SEARCHES)
async def test_ascending_nothing_that_was_there_is_skipped_or_repeated_as_rows_are_added_between_pages(
    search: str, database: Database
) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        add = await SEARCHES[search](database, cast)
        there = [await add(number) for number in range(8)]

        told: list[int] = []
        added: list[int] = []
        for index in range(8):
            told += await page(door, search, index)
            if index < 4:
                added += [await add(100 + index * 2 + each) for each in range(2)]

        assert there + added == told


@pytest.mark.parametrize("search", SEARCHES)
async def test_ascending_it_holds_while_many_add_at_once(search: str, database: Database) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        add = await SEARCHES[search](database, cast)
        there = [await add(number) for number in range(20)]

        async def go_on_adding(start: int) -> None:
            for number in range(10):
                await add(start + number)

        adding = [asyncio.create_task(go_on_adding(100 * (each + 1))) for each in range(4)]
        told = [each for index in range(8) for each in await page(door, search, index)]
        await asyncio.gather(*adding)

        assert there == [each for each in told if each in set(there)]


@pytest.mark.parametrize("search", SEARCHES)
async def test_descending_nothing_that_was_there_is_skipped_though_it_may_be_told_again(search: str, database: Database) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        add = await SEARCHES[search](database, cast)
        there = [await add(number) for number in range(8)]

        told: list[int] = []
        for index in range(8):
            told += await page(door, search, index, sort="Created DESC")
            if index < 4:
                await add(100 + index)

        assert set(there) <= set(told)
