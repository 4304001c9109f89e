"""
The pictures of docs/console.md, taken anew of the demo: ``make screenshots``.

Each shows one page in one role, in WebP, small enough to be kept with the sources.
"""

import base64
import re
import tempfile
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct
from playwright.sync_api import Page, sync_playwright

from tests.cli.server import serving
from tests.console.browser.browsing import Site
from tests.console.browser.conftest import CHROMIUM

FOLDER: Final = Path(__file__).parents[3] / "docs" / "console"
LARGEST: Final = 60 * 1024
"""Bytes that a picture may have."""

DESK: Final = 1200
TABLET: Final = 820
PHONE: Final = 390
HEIGHT: Final = 780


class Picture(Struct, frozen=True, kw_only=True):
    """
    A picture to take.

    Attributes:
        name: The file's name, without its ending.
        role: Whose sign-in of the demo it is.
        path: The address.
        to: A link to follow there, as CSS selects it: the first; None for none.
        opened: What to click on then, as CSS selects it: the first; None for nothing.
        width: Of the window.
    """

    name: str
    role: str
    path: str
    to: str | None = None
    opened: str | None = None
    width: int = DESK
    scheme: Literal["light", "dark"] = "light"


PICTURES: Final = (
    Picture(name="overview", role="Operations Manager", path="/overview"),
    Picture(name="roster", role="Operations Manager", path="/overview", to="main tr:has-text('waiting') a[href$='/roster']"),
    Picture(name="waitlist", role="Operations Manager", path="/classes/2/waitlist", scheme="dark"),
    Picture(name="class", role="Operations Manager", path="/classes/1"),
    Picture(name="enrollments", role="Operations Manager", path="/enrollments"),
    Picture(name="check-in", role="Enrollment Manager", path="/check-in", opened="summary:has-text('Project')", width=TABLET),
    Picture(name="teaching", role="Instructor", path="/teaching"),
    Picture(name="attendance", role="Instructor", path="/teaching", to="main a[href$='/attendance']"),
    Picture(name="my-training", role="Student", path="/my/training", width=PHONE),
    Picture(name="schedule", role="Student", path="/schedule", width=PHONE),
    Picture(name="transcript", role="Student", path="/my/transcript", width=PHONE, scheme="dark"),
)


def sign_in(page: Page, name: str, password: str) -> None:
    """Come in as somebody of the demo."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address or user name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/(?!sign-in)"))


def open_page(page: Page, picture: Picture) -> None:
    """Open what a picture shows."""
    page.set_viewport_size({"width": picture.width, "height": HEIGHT})
    page.emulate_media(color_scheme=picture.scheme)
    page.goto(picture.path)
    if picture.to is not None:
        page.goto(page.locator(picture.to).first.get_attribute("href") or picture.path)
    if picture.opened is not None:
        page.locator(picture.opened).first.click()


def take(page: Page, name: str) -> bytes:
    """
    Give a picture of what a window shows: as fine as fits.

    Raises:
        ValueError: It does not fit.
    """
    session = page.context.new_cdp_session(page)
    for quality in (85, 70, 55, 40):
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        content = base64.b64decode(taken["data"])
        if len(content) <= LARGEST:
            return content
    raise ValueError(f"{name} does not fit {LARGEST:,} bytes; show less")


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), "--demo") as server, sync_playwright() as playwright:
        lines = (server.folder / "data" / "demo-sign-ins").read_text().splitlines()
        sign_ins = {role: (name, password) for role, name, password in (re.split(r"\s{2,}", line) for line in lines)}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        site = Site(browser, server.url)
        windows: dict[str, Page] = {}
        for picture in PICTURES:
            if picture.role not in windows:
                windows[picture.role] = site.visitor()
                sign_in(windows[picture.role], *sign_ins[picture.role])
            open_page(windows[picture.role], picture)
            (FOLDER / f"{picture.name}.webp").write_bytes(take(windows[picture.role], picture.name))
        site.close()
        browser.close()
    assert [] == site.faults, site.faults


if __name__ == "__main__":
    main()
