"""Copying a database, also while a server works on it."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from rollbook.cli import run
from tests.cli.server import Server, rollbook


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROLLBOOK_DATABASE_URL", sqlite_url)
    return tmp_path / "rollbook.db"


def course_names(file: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        return [row[0] for row in connection.execute("SELECT name FROM courses ORDER BY id")]


def test_it_copies_one_moment_while_the_server_goes_on_writing(demo_server: Server, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"

    with ThreadPoolExecutor(1) as aside:
        copying = aside.submit(rollbook, demo_server.folder, "backup", str(copy))
        written = 0
        while not copying.done():
            assert 0 == demo_server.call("CreateCourse", Name=f"During the backup {written:06}")["Status"]
            written += 1
        answer = copying.result()

    copied = [name for name in course_names(copy) if name.startswith("During")]
    assert (0, f"copied data/rollbook.db to {copy}\n") == (answer.returncode, answer.stdout)
    assert [f"During the backup {number:06}" for number in range(len(copied))] == copied
    assert 0 < len(copied) < written


def test_it_copies_a_database_of_many_pages(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "CREATE TABLE filling AS SELECT randomblob(100000) AS bytes FROM json_each('[1,2,3,4,5,6,7,8,9]') a, json_each('[1,2,3,4,5,6,7,8,9]') b"
        )

    assert 0 == run(["backup", "copy.db"])
    assert database.stat().st_size == (tmp_path / "copy.db").stat().st_size
    assert ["copy.db", "rollbook.db"] == sorted(path.name for path in tmp_path.iterdir())


def test_it_replaces_a_file_only_when_told_to(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("precious")

    assert 1 == run(["backup", "copy.db"])
    assert "rollbook: copy.db exists already; give another name, or --force to replace it\n" == capsys.readouterr().err
    assert "precious" == copy.read_text()

    assert 0 == run(["backup", "copy.db", "--force"])
    assert [] == course_names(copy)


def test_it_makes_no_copy_of_a_damaged_database(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with database.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 3)

    assert 1 == run(["backup", "copy.db"])
    assert "damaged" in capsys.readouterr().err
    assert ["rollbook.db"] == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "url, target, sentence",
    [
        pytest.param("sqlite:///nothing.db", "copy.db", "there is no database nothing.db;", id="no database"),
        pytest.param(None, "no/such/copy.db", "there is no folder no/such;", id="no folder"),
        pytest.param("postgresql://somewhere/else", "copy.db", "only an embedded database is copied", id="a database server"),
    ],
)
def test_it_says_what_it_cannot_copy(
    *, url: str | None, target: str, sentence: str, database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if url:
        monkeypatch.setenv("ROLLBOOK_DATABASE_URL", url)

    assert 1 == run(["backup", target])
    assert capsys.readouterr().err.startswith(f"rollbook: {sentence}")
