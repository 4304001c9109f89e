import asyncio
import shutil
from itertools import cycle
from pathlib import Path

import pytest

from rollbook import clock
from tests.api.reference.ground import NOW, Ground, build
from tests.api.reference.outcome import Copy


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written twice is written at the same time."""
    stop(monkeypatch)


@pytest.fixture(autouse=True)
def standing_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two training keys that one call makes are those that the next one makes."""
    keys = cycle(("MADEFIRST", "MADESECOND"))
    monkeypatch.setattr("rollbook.subscriptions.actions.training_keys.make_training_key", lambda: next(keys))


@pytest.fixture(scope="session")
def ground(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Something of everything, built once."""
    path = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("reference") / "rollbook.db"))
    with pytest.MonkeyPatch.context() as patch:
        stop(patch)
        return asyncio.run(build(path))


def stop(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clock, "now", lambda: NOW)
    patch.setattr(clock, "microseconds", lambda: NOW * 1_000_000)


@pytest.fixture
def copy(ground: Ground, tmp_path: Path) -> Copy:
    """A copy of everything, of the test's own."""
    return Copy(ground, tmp_path / "copy.db")
