"""The training center of the console's tests, made once in a process and copied."""

import shutil
from pathlib import Path

import pytest

from tests.console.center import Center, build_center
from tests.console.on_a_thread import with_database


@pytest.fixture(scope="session")
def center_template(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Center]:
    """A file with both training centers, to be copied, and what is in it."""
    path = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("center") / "rollbook.db"))
    return path, with_database(f"sqlite:///{path}", build_center)


@pytest.fixture(scope="session")
def center(center_template: tuple[Path, Center]) -> Center:
    """What is in the training centers."""
    return center_template[1]


@pytest.fixture
def center_file(center_template: tuple[Path, Center], tmp_path: Path) -> Path:
    """A file with both training centers, of the test's own."""
    return Path(shutil.copy(center_template[0], tmp_path / "rollbook.db"))
