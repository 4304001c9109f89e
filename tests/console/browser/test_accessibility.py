"""axe finds nothing on any page: light and dark, on a phone, a tablet and a desk."""

import itertools
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from rollbook.console.door import PAGES
from tests.console.browser.browsing import Site
from tests.console.center import Role
from tests.console.openings import BY_LINK, DOWNLOADS, FOR_WHOM, address_of, key_of, pages_for

WIDTHS: Final = {375: 812, 768: 1024, 1440: 900}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
LOOKED_FOR: Final = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
VIEWERS: Final = (Role.ADMINISTRATOR, Role.INSTRUCTOR, Role.STUDENT, Role.NOBODY)
"""Who looks at a page: the first of them for whom it is."""


def violations(page: Page) -> list[str]:
    """Give what axe finds, in one line each, with the first elements that are concerned."""
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options).then(results => results.violations)", LOOKED_FOR)
    return [f"{each['id']}: {'; '.join(str(node['html'])[:160] for node in each['nodes'][:3])}" for each in found]


@pytest.mark.parametrize("role", VIEWERS)
def test_axe_finds_nothing(site: Site, role: Role) -> None:
    assert site.center is not None
    page = site.visitor(role, viewport={"width": 1440, "height": 900})
    first = [each for each in pages_for(role) if next(viewer for viewer in VIEWERS if viewer in FOR_WHOM[key_of(each)].roles) is role]
    found = {}
    for each in first:
        if each.path in DOWNLOADS:
            continue
        page.goto(address_of(each, site.center.own))
        page.evaluate(AXE_SCRIPT)
        for scheme, width in itertools.product(SCHEMES, WIDTHS):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            if faults := violations(page):
                found[f"{each.path} {scheme} {width}"] = faults
    assert {} == found


def test_axe_looks_at_every_page(site: Site) -> None:
    pages = {page.path for page in PAGES if page.method == "GET" and page.path not in BY_LINK}

    assert pages == {page.path for role in VIEWERS for page in pages_for(role)}


def test_axe_sees_a_violation(site: Site) -> None:
    page = site.visitor()
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(AXE_SCRIPT)

    assert any(each.startswith("label:") for each in violations(page))
