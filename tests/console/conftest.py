"""The training center of the console's tests, made once in a process and copied."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rollbook.database import open_database
from tests.console.center import Center, build_center


@pytest.fixture(scope="session")
def center_template(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Center]:
    """A file with both training centers, to be copied, and what is in it."""
    path = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("center") / "rollbook.db"))

    async def build() -> Center:
        async with open_database(f"sqlite:///{path}") as database:
            return await build_center(database)

    # A browser that is open in this process has an event loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        return path, thread.submit(lambda: asyncio.run(build())).result()


@pytest.fixture(scope="session")
def center(center_template: tuple[Path, Center]) -> Center:
    """What is in the training centers."""
    return center_template[1]


@pytest.fixture
def center_file(center_template: tuple[Path, Center], tmp_path: Path) -> Path:
    """A file with both training centers, of the test's own."""
    return Path(shutil.copy(center_template[0], tmp_path / "rollbook.db"))
