"""Erasing a person removes everything that identifies them, and nothing else."""

from collections.abc import Awaitable, Callable

import pytest

from rollbook.accounts.actions.closing import close_account
from rollbook.accounts.actions.erasing import erase_user
from rollbook.accounts.queries.traces import find_traces
from rollbook.database import open_database
from tests.cast import gather
from tests.database_contents import found_in
from tests.marked import mark_person


@pytest.mark.parametrize("looked_up", ["before", "along"])
@pytest.mark.parametrize("action", [close_account, erase_user])
async def test_nothing_that_identifies_the_person_is_left(action: Callable[..., Awaitable[int]], looked_up: str, database_url: str) -> None:
    async with open_database(database_url) as database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        other = await mark_person(database, cast, "otto")
        assert len(person.marks) == len(await found_in(database_url, person.marks))
        found = await database.search(find_traces, viewer=cast.ada.viewer, user_id=person.user_id) if looked_up == "before" else None

        affected = await database.write(action, actor=cast.ada, user_id=person.user_id, found=found)

        assert affected > 15
        await database.forget()
        assert [] == await found_in(database_url, person.marks)
        assert len(other.marks) == len(await found_in(database_url, other.marks))
        assert 0 == await database.write(action, actor=cast.ada, user_id=person.user_id)
