"""What every test may ask for."""

import asyncio
import functools
import inspect
import itertools
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest
import uvloop

from rollbook.database import open_database
from rollbook.database.migrations import migrate
from rollbook.database.transaction import Database
from tests.postgresql_server import PostgresqlServer, running_server
from tests.reused_database import ReusedDatabase, reused_database

LONGEST_SECONDS = 60
"""After which a test on an event loop fails, rather than hang."""

_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """
    Run ``async def`` tests on an event loop of their own, of the kind that serves in production.

    An argument that is an asynchronous context manager, such as an open database, is entered and left on that loop.
    """
    test = pyfuncitem.obj
    property_test = getattr(test, "hypothesis", None)
    if property_test is not None and inspect.iscoroutinefunction(property_test.inner_test):
        property_test.inner_test = _on_a_loop(property_test.inner_test)
    if not inspect.iscoroutinefunction(test):
        return None
    _on_a_loop(test)(**{name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters})
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly that there is no browser, where the tests that need one were skipped."""
    if shutil.which("chromium") is None:
        terminalreporter.write_line("No browser was found: nothing of the console was tested in one (on Debian: apt install chromium).")


def _on_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*arguments: object, **named: object) -> None:
        async def finish() -> None:
            async with asyncio.timeout(LONGEST_SECONDS), AsyncExitStack() as stack:
                for argument in named.values():
                    if isinstance(argument, AbstractAsyncContextManager):
                        await stack.enter_async_context(argument)
                await test(*arguments, **named)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(finish())

    return run


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One PostgreSQL server for the process of the tests, started when the first of them asks for it."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and empty SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "rollbook.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_template(postgresql_server: PostgresqlServer) -> str:
    """The name of a migrated and empty PostgreSQL database, to be copied."""
    postgresql_server.create_database("template_rollbook")
    migrate(postgresql_server.url("template_rollbook"))
    return "template_rollbook"


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a migrated and empty SQLite database of the test's own."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'rollbook.db')}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer, migrated_template: str) -> Iterator[str]:
    """The URL of a migrated and empty PostgreSQL database of the test's own."""
    name = f"test_{next(_numbers)}"
    postgresql_server.create_database(name, template=migrated_template)
    yield postgresql_server.url(name)
    postgresql_server.drop_database(name)


@pytest.fixture(scope="session")
def reused_postgresql(postgresql_server: PostgresqlServer, migrated_template: str) -> Iterator[ReusedDatabase]:
    """One PostgreSQL database for the process of the tests, to be emptied after each test that uses it."""
    with reused_database(postgresql_server, template=migrated_template) as reused:
        yield reused


@pytest.fixture
def emptied_postgresql_url(reused_postgresql: ReusedDatabase) -> Iterator[str]:
    """The URL of a migrated and empty PostgreSQL database, for tests that leave its schema alone."""
    yield reused_postgresql.url
    reused_postgresql.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """
    The URL of a migrated and empty database, on each engine in turn.

    It is the test's own where the test is one of the database itself, which may change the schema; others use one after the other.
    """
    is_own = request.param == "sqlite" or request.path.parent.name == "database"
    url: str = request.getfixturevalue(f"{request.param}_url" if is_own else f"emptied_{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Database:
    """An open, migrated and empty database, on each engine in turn."""
    return open_database(database_url)
