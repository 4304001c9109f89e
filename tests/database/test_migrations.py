"""Bringing a schema up to date, whatever comes in between."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from rollbook.database import file_of, is_embedded, open_database, sqlite_connection
from rollbook.database.migrations import NewerDatabaseError, SchemaState, configuration, migrate, schema_state
from rollbook.database.postgresql_connection import ConnectionTroubleError
from rollbook.database.sqlite_connection import DatabaseTroubleError
from rollbook.errors import UnavailableError
from tests.database import organization_actions as organizations
from tests.database.migrated_subject import Subject
from tests.postgresql_server import PostgresqlServer

CREATE_ORGANIZATION = (
    "INSERT INTO organizations (path, name, name_folded, time_zone, time_zone_iana, created_at, modified_at)"
    " VALUES ('/1/', 'Ada', 'ada', 'UTC', 'Etc/UTC', 0, 0)"
)
NEXT_MIGRATION = """
from alembic import op
import sqlalchemy as sa

revision = "next"
down_revision = "{head}"

def upgrade():
    op.create_table("prizes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.execute("INSERT INTO prizes (name) VALUES ('first')")
    op.add_column("organizations", sa.Column("prize_id", sa.Integer()))
    {step}
    op.execute("UPDATE organizations SET prize_id = 1")

def downgrade():
    op.drop_column("organizations", "prize_id")
    op.drop_table("prizes")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    """A database without any schema, on each engine in turn."""
    if request.param == "sqlite":
        yield Subject(f"sqlite:///{tmp_path / 'new' / 'rollbook.db'}")
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    server.create_database("empty")
    yield Subject(server.url("empty"), server)
    server.drop_database("empty")


@pytest.fixture
def subject(database_url: str, request: pytest.FixtureRequest) -> Subject:
    """A migrated database, on each engine in turn."""
    return Subject(database_url, None if is_embedded(database_url) else request.getfixturevalue("postgresql_server"))


def head() -> str | None:
    return ScriptDirectory.from_config(configuration("sqlite:///nowhere")).get_current_head()


def with_next_migration(url: str, folder: Path, step: str = "pass") -> Config:
    """Give a configuration that knows one migration more, which does a step between its others."""
    folder.mkdir(exist_ok=True)
    (folder / "next.py").write_text(NEXT_MIGRATION.format(head=head(), step=step))
    config = configuration(url)
    versions = Path(ScriptDirectory.from_config(config).versions)
    config.set_main_option("version_locations", f"{versions}{os.pathsep}{folder}")
    return config


def test_it_migrates_from_nothing_and_then_has_nothing_to_do(empty: Subject) -> None:
    assert SchemaState.EMPTY is schema_state(empty.url)

    migrate(empty.url)
    schema = empty.schema()
    migrate(empty.url)

    assert SchemaState.CURRENT is schema_state(empty.url)
    assert schema == empty.schema()
    assert head() == empty.run("SELECT version_num FROM alembic_version")


def test_the_migrated_schema_is_the_one_that_the_models_describe(subject: Subject) -> None:
    command.check(configuration(subject.url))


@pytest.mark.parametrize(
    "drift", ["DROP INDEX ix_api_keys_organization_id", "ALTER TABLE organizations ADD COLUMN prize_id INTEGER"], ids=["index", "column"]
)
def test_the_comparison_with_the_models_sees_a_difference(subject: Subject, drift: str) -> None:
    subject.run(drift)

    with pytest.raises(CommandError, match="New upgrade operations detected"):
        command.check(configuration(subject.url))


def test_a_migration_that_breaks_halfway_leaves_everything_as_it_was_and_runs_again(subject: Subject, tmp_path: Path) -> None:
    subject.run(CREATE_ORGANIZATION)
    before = subject.schema()

    with pytest.raises(ZeroDivisionError):
        command.upgrade(with_next_migration(subject.url, tmp_path / "versions", step="1 / 0"), "head")

    assert before == subject.schema()
    assert head() == subject.run("SELECT version_num FROM alembic_version")
    assert SchemaState.CURRENT is schema_state(subject.url)

    config = with_next_migration(subject.url, tmp_path / "versions")
    command.upgrade(config, "head")

    assert "1|Ada|1" == subject.run("SELECT id, name, prize_id FROM organizations")
    assert "next" == subject.run("SELECT version_num FROM alembic_version")

    command.downgrade(config, "-1")

    assert head() == subject.run("SELECT version_num FROM alembic_version")
    assert "prizes" not in subject.schema()


def test_a_statement_that_the_database_refuses_halfway_undoes_the_migration_as_well(subject: Subject, tmp_path: Path) -> None:
    before = subject.schema()

    with pytest.raises(Exception, match="no_such_table"):
        command.upgrade(with_next_migration(subject.url, tmp_path / "versions", step='op.execute("DELETE FROM no_such_table")'), "head")

    assert before == subject.schema()


def test_a_table_can_be_rebuilt_without_its_children_losing_their_rows(sqlite_url: str, tmp_path: Path) -> None:
    subject = Subject(sqlite_url)
    subject.run(CREATE_ORGANIZATION)
    subject.run("INSERT INTO api_keys (organization_id, name, hash, created_at) VALUES (1, 'key', 'hash', 0)")
    rebuild = """with op.batch_alter_table("organizations", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("culture", server_default="de-DE")"""

    command.upgrade(with_next_migration(sqlite_url, tmp_path / "versions", step=rebuild), "head")

    assert "1|key" == subject.run("SELECT organization_id, name FROM api_keys")
    assert "" == subject.run("PRAGMA foreign_key_check")
    assert "Ada|en-US" == subject.run("SELECT name, culture FROM organizations")
    assert "DEFAULT 'de-DE'" in subject.schema()
    assert "AUTOINCREMENT" in subject.run("SELECT sql FROM sqlite_schema WHERE name = 'organizations'")


def test_a_migration_that_leaves_references_to_nothing_is_undone(sqlite_url: str, tmp_path: Path) -> None:
    subject = Subject(sqlite_url)
    subject.run(CREATE_ORGANIZATION)
    subject.run("INSERT INTO api_keys (organization_id, name, hash, created_at) VALUES (1, 'key', 'hash', 0)")

    with pytest.raises(RuntimeError, match=r"1 references to nothing, and was undone: row 1 of api_keys \(to organizations\)"):
        command.upgrade(with_next_migration(sqlite_url, tmp_path / "versions", step='op.execute("DELETE FROM organizations")'), "head")

    assert "Ada" == subject.run("SELECT name FROM organizations")
    assert "prizes" not in subject.schema()


def test_it_goes_down_to_nothing_and_up_again(subject: Subject) -> None:
    before = subject.schema()
    subject.run(CREATE_ORGANIZATION)

    command.downgrade(configuration(subject.url), "base")

    assert "organizations" not in subject.schema()
    assert SchemaState.EMPTY is schema_state(subject.url)

    migrate(subject.url)

    assert before == subject.schema()
    assert "0" == subject.run("SELECT count(*) FROM organizations")


def test_a_database_of_a_newer_version_is_left_alone(subject: Subject) -> None:
    subject.run("UPDATE alembic_version SET version_num = 'of the future'")

    assert SchemaState.NEWER is schema_state(subject.url)
    with pytest.raises(NewerDatabaseError, match="newer version of Rollbook"):
        migrate(subject.url)
    assert "of the future" == subject.run("SELECT version_num FROM alembic_version")


def test_a_database_that_is_behind_is_told_from_one_that_is_not(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    real_head = ScriptDirectory.get_current_head
    monkeypatch.setattr(ScriptDirectory, "get_current_head", lambda script: f"after {real_head(script)}")

    assert SchemaState.BEHIND is schema_state(subject.url)


def test_of_several_who_migrate_at_once_one_does(empty: Subject) -> None:
    code = "import sys; from rollbook.database.migrations import migrate; migrate(sys.argv[1])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", code, empty.url], stderr=subprocess.PIPE, text=True, env=environment) for _ in range(2)
    ]

    complaints = [process.communicate(timeout=60)[1] for process in processes]

    assert [0, 0] == [process.returncode for process in processes], complaints
    assert SchemaState.CURRENT is schema_state(empty.url)


def test_a_database_that_somebody_else_keeps_locked_is_told(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_connection, "OPENING_SECONDS", 0.1)
    subject = Subject(sqlite_url)
    subject.run("DROP TABLE alembic_version")
    other = sqlite3.connect(file_of(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseTroubleError, match="another process is writing"):
        migrate(sqlite_url)

    other.close()


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, this is a letter and no database at all. " * 100)

    with pytest.raises(DatabaseTroubleError, match="not a Rollbook database"):
        migrate(f"sqlite:///{path}")

    assert path.read_text().startswith("Dear Ada")


def test_a_damaged_file_is_told(sqlite_url: str) -> None:
    path = file_of(sqlite_url)
    path.write_bytes(path.read_bytes()[:5000])

    with pytest.raises(DatabaseTroubleError, match="damaged"):
        schema_state(sqlite_url)
    with pytest.raises(DatabaseTroubleError, match="damaged"):
        migrate(sqlite_url)


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    url = f"postgresql://postgres@/nobody?host={tmp_path}"

    with pytest.raises(ConnectionTroubleError, match="cannot be reached"):
        migrate(url)


def test_a_password_may_have_any_character() -> None:
    url = "postgresql://ada:100%25%40home@localhost/rollbook"

    assert url == configuration(url).get_main_option("sqlalchemy.url")


def test_an_empty_database_stands_at_no_migration(empty: Subject) -> None:
    async def revision() -> str | None:
        async with open_database(empty.url) as database:
            return await database.revision()

    if is_embedded(empty.url):
        file_of(empty.url).parent.mkdir()
    assert asyncio.run(revision()) is None


def test_a_database_without_its_schema_is_no_trouble_of_the_database(empty: Subject) -> None:
    async def count() -> None:
        async with open_database(empty.url) as database:
            await database.read(organizations.count)

    if is_embedded(empty.url):
        file_of(empty.url).parent.mkdir()
    with pytest.raises(Exception, match="organizations") as refusal:
        asyncio.run(count())
    assert not isinstance(refusal.value, UnavailableError)


def test_an_embedded_database_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "rollbook.db"

    migrate(f"sqlite:///{file}")

    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
