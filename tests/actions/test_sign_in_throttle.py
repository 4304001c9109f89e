"""Nobody tries passwords for long."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from rollbook.database.transaction import CrowdedError, Database, Transaction
from rollbook.sessions.actions import attempts, signing_in
from rollbook.sessions.actions.signing_in import WrongSignInError
from rollbook.sessions.queries.failures import Failures, hold_failures
from rollbook.sessions.throttle import MOST_OF_A_NAME, MOST_OF_AN_ADDRESS, WINDOW_SECONDS, TooManySignInsError
from tests.actions.test_sign_in import PASSWORD, enter, later, meet


async def test_the_eleventh_try_of_a_name_is_not_looked_at(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await meet(database)
    monkeypatch.setattr(signing_in, "is_password", _right_is(PASSWORD))

    for _ in range(MOST_OF_A_NAME):
        with pytest.raises(WrongSignInError):
            await enter(database, password="x", address=None)

    with pytest.raises(TooManySignInsError, match="try again in 15 minutes"):
        await enter(database, name="ANN@example.com")
    later(monkeypatch, WINDOW_SECONDS)
    await enter(database)


async def test_however_many_try_at_once_no_more_are_looked_at(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await meet(database)
    looked_at = []

    async def look(password: str, _hash: str) -> bool:
        looked_at.append(password)
        await asyncio.sleep(0)
        return False

    monkeypatch.setattr(signing_in, "is_password", look)
    tries = (enter(database, password=str(number)) for number in range(3 * MOST_OF_A_NAME))

    told = await asyncio.gather(*tries, return_exceptions=True)

    assert MOST_OF_A_NAME == len(looked_at) == sum(isinstance(each, WrongSignInError) for each in told)
    assert 2 * MOST_OF_A_NAME == sum(isinstance(each, TooManySignInsError) for each in told)


async def test_failures_that_changed_unseen_are_not_written_over(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await meet(database)
    monkeypatch.setattr(signing_in, "is_password", _right_is(PASSWORD))
    with pytest.raises(WrongSignInError):
        await enter(database, password="x")
    holding = hold_failures

    async def hold_stale(transaction: Transaction, **tried: str) -> Sequence[Failures]:
        return [Failures(each.tried, [1]) for each in await holding(transaction, **tried)]

    monkeypatch.setattr(attempts, "hold_failures", hold_stale)

    with pytest.raises(CrowdedError):
        await enter(database)


async def test_a_sign_in_that_succeeds_clears_the_failures_of_its_name_and_not_those_of_the_address(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meet(database)
    monkeypatch.setattr(signing_in, "is_password", _right_is(PASSWORD))
    failing = MOST_OF_A_NAME - 1
    rounds = MOST_OF_AN_ADDRESS // failing

    for _ in range(rounds):
        for _ in range(failing):
            with pytest.raises(WrongSignInError):
                await enter(database, password="x")
        await enter(database)
    for _ in range(MOST_OF_AN_ADDRESS - rounds * failing):
        with pytest.raises(WrongSignInError):
            await enter(database, name="nobody", password="x")

    with pytest.raises(TooManySignInsError):
        await enter(database)
    await enter(database, address="192.0.2.2")


def _right_is(right: str) -> Any:
    async def compare(password: str, _hash: str) -> bool:
        return password == right

    return compare
