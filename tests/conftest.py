"""What every test may ask for."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator

import pytest
import uvloop

from tests.postgresql_server import PostgresqlServer, running_server


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run ``async def`` tests on an event loop of their own, of the kind that serves in production."""
    test = pyfuncitem.obj
    property_test = getattr(test, "hypothesis", None)
    if property_test is not None and inspect.iscoroutinefunction(property_test.inner_test):
        property_test.inner_test = _on_a_loop(property_test.inner_test)
    if not inspect.iscoroutinefunction(test):
        return None
    _on_a_loop(test)(**{name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters})
    return True


def _on_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*arguments: object, **named: object) -> None:
        async def finish() -> None:
            await test(*arguments, **named)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(finish())

    return run


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One PostgreSQL server for the process of the tests, started when the first of them asks for it."""
    with running_server() as server:
        yield server
