import shutil
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans, integers

from rollbook.classes.queries.classes import get_class
from rollbook.classes.schedule import overlap
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.class_facts import list_roster
from tests.cast import TESTS
from tests.mixing import Stage, in_a_row, set_stage
from tests.roster import breaches

_EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


async def _clashes(stage: Stage) -> list[tuple[int, int, int]]:
    """Give the students who attend two classes at the same time, and which."""
    attended: list[tuple[int, int, Any]] = []
    for class_id in stage.class_ids:
        found = await stage.database.read(get_class, viewer=TESTS.viewer, class_id=class_id)
        if not found.row.status.is_off:
            roster = await stage.database.write(list_roster, class_id=class_id)
            attended += [(row.user_id, class_id, each) for row in roster if row.status.is_attending for each in found.meetings]
    return [
        (user_id, class_id, other_id)
        for (user_id, class_id, one), (other_user_id, other_id, other) in combinations(attended, 2)
        if user_id == other_user_id and class_id != other_id and overlap(one, other)
    ]


@_EXAMPLES
@given(seed=integers(0, 2**32), moves_meetings=booleans())
async def test_whatever_is_done_in_whatever_order_every_invariant_holds(
    migrated_file: Path, tmp_path: Path, *, seed: int, moves_meetings: bool
) -> None:
    path = shutil.copy(migrated_file, tmp_path / f"{seed}.db")
    async with open_database(f"sqlite:///{path}") as database:
        stage = await set_stage(database)
        random = Random(seed)
        for _ in range(10):
            await in_a_row(stage, random, steps=6, moves_meetings=moves_meetings)
            assert [] == await breaches(database)
            assert moves_meetings or [] == await _clashes(stage)


async def _play(database: Database, seed: int) -> tuple[list[Any], list[Any]]:
    stage = await set_stage(database)
    outcomes = await in_a_row(stage, Random(seed), steps=120)
    assert [] == await breaches(database)
    rows = [row for class_id in stage.class_ids for row in await database.write(list_roster, class_id=class_id)]
    timeless = {"waiting_since", "created_at", "modified_at"}
    return outcomes, [{name: value for name, value in msgspec.structs.asdict(row).items() if name not in timeless} for row in rows]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_both_engines_decide_the_same(sqlite_url: str, postgresql_url: str, seed: int) -> None:
    async with open_database(sqlite_url) as embedded, open_database(postgresql_url) as served:
        outcomes, rows = await _play(embedded, seed)
        assert (outcomes, rows) == await _play(served, seed)

    assert len(rows) > 5
