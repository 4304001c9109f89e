"""A running server with the demo in it, for tests that leave it as it is."""

from collections.abc import Iterator

import pytest

from tests.cli.server import Server, serving


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("demo"), "--demo") as server:
        yield server
