"""The training center as students know it, made once in a process and copied."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.console.students.campus import Campus, build_campus


@pytest.fixture(scope="session")
def campus_template(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Campus]:
    """A file with the training center, to be copied, and what is in it."""
    path = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("campus") / "rollbook.db"))

    async def build() -> Campus:
        async with open_database(f"sqlite:///{path}") as database:
            return await build_campus(database)

    # A browser that is open in this process has an event loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        return path, thread.submit(lambda: asyncio.run(build())).result()


@pytest.fixture
def campus(campus_template: tuple[Path, Campus]) -> Campus:
    """What is in the training center."""
    return campus_template[1]


@pytest.fixture
def campus_database(campus_template: tuple[Path, Campus], tmp_path: Path) -> Database:
    """The training center, of the test's own."""
    return open_database(f"sqlite:///{shutil.copy(campus_template[0], tmp_path / 'campus.db')}")
