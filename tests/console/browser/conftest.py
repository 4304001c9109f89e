"""A browser on a real server, with everyone of the training center signed in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.cli.server import Server, serving
from tests.console.browser.browsing import Site
from tests.console.center import Center

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window; open for one module alone, because meanwhile no event loop runs in this thread but its own."""
    if CHROMIUM is None:
        pytest.skip("no browser: nothing of the console is tested in one (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def center_server(center_template: tuple[Path, Center], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the training centers, for the process of the tests."""
    folder = tmp_path_factory.mktemp("served_center")
    file = shutil.copy(center_template[0], folder / "rollbook.db")
    with serving(folder, ROLLBOOK_DATABASE_URL=f"sqlite:///{file}", ROLLBOOK_LOG_LEVEL="warning") as server:
        yield server


@pytest.fixture
def own_server(center_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A server on training centers that the test may turn upside down."""
    with serving(tmp_path, ROLLBOOK_DATABASE_URL=f"sqlite:///{center_file}", ROLLBOOK_LOG_LEVEL="warning") as server:
        yield server


@pytest.fixture
def site(browser: Browser, center_server: Server, center: Center) -> Iterator[Site]:
    """The site as people see it; at the end nothing may have gone wrong in any browser."""
    site = Site(browser, center_server.url, center)
    yield site
    site.close()
    assert [] == site.faults
