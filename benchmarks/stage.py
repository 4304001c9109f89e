"""What a benchmark of the whole server stands on: an empty database on either engine, a key, the real server, ``rollbook verify``."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.load import ROOT, Server, served
from rollbook.access.actor import system
from rollbook.access.keys import make_key
from rollbook.database import is_embedded, open_database
from rollbook.database.migrations import migrate
from rollbook.organizations.actions.keys import create_key
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import create_organization
from tests.postgresql_server import DURABLE, running_server

ENGINES: Final = ("sqlite", "postgresql")


class BrokenInvariantError(Exception):
    """``rollbook verify`` found something that must not be."""


@contextmanager
def fresh_database(engine: str) -> Iterator[str]:
    """Give the URL of a migrated and empty database that is durable, and take it away at the end."""
    if engine == "sqlite":
        with TemporaryDirectory(prefix="rollbook-benchmark-") as folder:
            url = f"sqlite:///{Path(folder, 'rollbook.db')}"
            migrate(url)
            yield url
    else:
        with running_server(DURABLE) as server:
            migrate(server.url())
            yield server.url()


def make_organization(url: str) -> str:
    """Create an organization in a migrated database and give a key of it."""
    return asyncio.run(_make_organization(url))


@contextmanager
def serving(url: str) -> Iterator[Server]:
    """Run ``rollbook serve``, with two workers where the engine allows it, so that races are also races between processes."""
    workers = "1" if is_embedded(url) else "2"
    environment = {**_settings(url), "ROLLBOOK_WORKERS": workers, "ROLLBOOK_LOG_LEVEL": "error"}
    with served(["-m", "rollbook", "serve"], environment=environment) as server:
        yield server


def verify(url: str) -> None:
    """
    Run ``rollbook verify``.

    Raises:
        BrokenInvariantError: It found something.
    """
    command = [sys.executable, "-m", "rollbook", "verify"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **_settings(url)})
    if answer.returncode:
        raise BrokenInvariantError(answer.stdout + answer.stderr)


def _settings(url: str) -> Mapping[str, str]:
    return {"ROLLBOOK_DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")}


async def _make_organization(url: str) -> str:
    key = make_key()
    actor = system("benchmark")
    async with open_database(url) as database:
        organization_id = await database.write(
            create_organization, actor=actor, organization=NewOrganization(name="Benchmark", parent_id=None)
        )
        await database.write(create_key, actor=actor, organization_id=organization_id, name="benchmark", key_hash=key.hash)
    return key.secret
