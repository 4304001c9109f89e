"""Running what needs an event loop beside a browser, whose own loop runs in the thread of the tests."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rollbook.database import open_database
from rollbook.database.transaction import Database

Result = TypeVar("Result")


def with_database(url: str, act: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do something with a database on a thread of its own, and give what came of it."""

    async def run() -> Result:
        async with open_database(url) as database:
            return await act(database)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()
