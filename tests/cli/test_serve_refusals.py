"""What a server does not start on, each told in one line."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rollbook.cli import run
from rollbook.cli.preparation import prepare_to_serve
from rollbook.database import file_of
from rollbook.database.migrations import NewerDatabaseError
from rollbook.errors import UnavailableError
from rollbook.settings import Settings
from tests.cli.server import rollbook, serving
from tests.postgresql_server import PostgresqlServer


@pytest.mark.parametrize(
    "arguments, settings, status, sentence",
    [
        pytest.param(["--port", "x"], {}, 2, "Invalid value for '--port'", id="a port that is no number"),
        pytest.param(["--port", "70000"], {}, 2, "Invalid value for '--port'", id="a port that does not exist"),
        pytest.param([], {"ROLLBOOK_PORT": "eighty"}, 1, "ROLLBOOK_PORT is 'eighty', but must be", id="a port setting that is no number"),
        pytest.param([], {"ROLLBOOK_LOG_LEVEL": "loud"}, 1, "ROLLBOOK_LOG_LEVEL is 'loud', but must be", id="a level that does not exist"),
        pytest.param(["--workers", "2"], {}, 1, "an embedded database is served by one worker, not 2;", id="two workers on one file"),
        pytest.param(["--host", "nowhere.invalid"], {}, 1, "the host nowhere.invalid has no address", id="a host that does not exist"),
        pytest.param(["--host", "203.0.113.1"], {}, 1, "cannot listen at 203.0.113.1 port", id="an address of another machine"),
        pytest.param(["extra"], {}, 2, "Got unexpected extra argument", id="an argument too many"),
    ],
)
def test_it_refuses_what_it_cannot_use(
    *,
    arguments: list[str],
    settings: dict[str, str],
    status: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert status == run(["serve", *arguments])
    told = capsys.readouterr().err
    assert told.startswith(f"rollbook: {sentence}")
    assert 1 == len(told.splitlines())


def test_it_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rollbook.db").write_bytes(b"This is a shopping list. " * 400)

    with serving(tmp_path, ready=False) as server:
        assert 1 == server.process.wait(20)
        assert server.log.startswith("rollbook: the database file is not a Rollbook database;")
        assert 1 == len(server.log.splitlines())


def test_it_refuses_a_database_of_a_newer_version(sqlite_url: str) -> None:
    with closing(sqlite3.connect(file_of(sqlite_url))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")

    with pytest.raises(NewerDatabaseError, match="made by a newer version of Rollbook"):
        prepare_to_serve(Settings(database_url=sqlite_url))


def test_it_refuses_a_postgresql_database_until_it_is_migrated(tmp_path: Path, postgresql_server: PostgresqlServer) -> None:
    postgresql_server.create_database("unmigrated")
    url = postgresql_server.url("unmigrated")

    with serving(tmp_path, ready=False, ROLLBOOK_DATABASE_URL=url) as refused:
        assert 1 == refused.process.wait(20)
        assert "rollbook: the database has no tables yet; run: rollbook migrate\n" == refused.log
    assert 0 == rollbook(tmp_path, "migrate", ROLLBOOK_DATABASE_URL=url).returncode
    with serving(tmp_path, ROLLBOOK_DATABASE_URL=url) as server:
        assert server.answers()
    postgresql_server.drop_database("unmigrated")


def test_it_says_when_the_database_server_is_away() -> None:
    with pytest.raises(UnavailableError, match="the database cannot be reached"):
        prepare_to_serve(Settings(database_url="postgresql://127.0.0.1:1/rollbook"))
