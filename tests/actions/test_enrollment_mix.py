from random import Random

import asyncpg
import pytest

from rollbook.database import open_database
from rollbook.database.transaction import CrowdedError
from tests.mixing import at_once, set_stage
from tests.roster import breaches


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_deadlock_comes_up_in_a_mix_of_everything(postgresql_url: str, seed: int) -> None:
    async with open_database(postgresql_url) as database:
        stage = await set_stage(database)
        random = Random(seed)
        outcomes = []
        for _ in range(6):
            outcomes += await at_once(stage, random, steps=40)
            assert [] == await breaches(database)

    unexpected = [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, CrowdedError)]
    assert [] == unexpected
    assert 20 > len([each for each in outcomes if isinstance(each, CrowdedError)])
    connection = await asyncpg.connect(postgresql_url)
    try:
        assert 0 == await connection.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    finally:
        await connection.close()


async def test_in_a_mix_of_everything_on_one_file_every_invariant_holds(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        stage = await set_stage(database)
        for seed in range(4):
            outcomes = await at_once(stage, Random(seed), steps=40)
            assert [] == [each for each in outcomes if isinstance(each, BaseException)]
            assert [] == await breaches(database)
