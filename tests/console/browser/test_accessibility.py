"""axe finds nothing on any page: light and dark, on a phone, a tablet and a desk."""

import itertools
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from rollbook.console.door import PAGES
from rollbook.console.page import Page as DeclaredPage
from tests.console.browser.browsing import Site
from tests.console.center import Role
from tests.console.openings import BY_LINK, DOWNLOADS, FOR_WHOM, address_of, key_of, pages_for

Scheme = Literal["light", "dark"]

WIDTHS: Final = {375: 812, 768: 1024, 1440: 900}
WHATEVER_IT_KNOWS: Final = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS: Final = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOOKED_FOR: Final[dict[Scheme, dict[str, Any]]] = {"light": WHATEVER_IT_KNOWS, "dark": COLOURS}
"""What axe looks for: only the colours are others in the dark."""

LEADING_ON: Final = frozenset({"/home", "/sign-in"})
"""Addresses that lead whoever is signed in on to another page."""

VIEWERS: Final = (Role.STUDENT, Role.ADMINISTRATOR, Role.INSTRUCTOR, Role.NOBODY)
"""Who looks at a page: the first of them for whom it is."""

FULLER_FOR: Final = {"/teaching": Role.INSTRUCTOR}
"""Pages that have more on them for somebody else."""


def violations(page: Page, looked_for: dict[str, Any] = WHATEVER_IT_KNOWS) -> list[str]:
    """Give what axe finds, in one line each, with the first elements that are concerned."""
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options).then(results => results.violations)", looked_for)
    return [f"{each['id']}: {'; '.join(str(node['html'])[:160] for node in each['nodes'][:3])}" for each in found]


def still(site: Site, role: Role = Role.NOBODY) -> Page:
    """Give the window of somebody in which nothing fades in, for colours that are on their way have another contrast."""
    return site.visitor(role, reduced_motion="reduce")


def faults_in(page: Page, address: str) -> dict[str, list[str]]:
    """Open a page and give what axe finds, light and dark, in every width."""
    page.goto(address)
    page.evaluate(AXE_SCRIPT)
    found = {}
    for (scheme, looked_for), (width, height) in itertools.product(LOOKED_FOR.items(), WIDTHS.items()):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        if faults := violations(page, looked_for):
            found[f"{address} {scheme} {width}"] = faults
    return found


def first_viewer(page: DeclaredPage) -> Role:
    """Give who looks at a page."""
    return FULLER_FOR.get(page.path) or next(viewer for viewer in VIEWERS if viewer in FOR_WHOM[key_of(page)].roles)


@pytest.mark.parametrize("role", VIEWERS)
def test_axe_finds_nothing(site: Site, role: Role) -> None:
    assert site.center is not None
    page = still(site, role)
    pages = [each for each in pages_for(role) if first_viewer(each) is role and each.path not in DOWNLOADS | LEADING_ON]

    found = [faults_in(page, address_of(each, site.center.own)) for each in pages]

    assert {} == {address: faults for each in found for address, faults in each.items()}


def test_axe_finds_nothing_where_one_comes_in(site: Site) -> None:
    assert site.center is not None

    assert {} == faults_in(still(site), "/sign-in")
    assert {} == faults_in(still(site), f"/password/{site.center.password_link}")


@pytest.mark.parametrize("role, address", [(Role.STUDENT, "/overview"), (Role.ADMINISTRATOR, "/classes/999999")])
def test_axe_finds_nothing_on_the_page_of_an_error(site: Site, role: Role, address: str) -> None:
    assert {} == faults_in(still(site, role), address)

    assert any(f"{address} answered 40" in fault for fault in site.faults)
    site.faults.clear()


def test_axe_looks_at_every_page(site: Site) -> None:
    pages = {page.path for page in PAGES if page.method == "GET" and page.path not in BY_LINK}

    assert pages == {page.path for role in VIEWERS for page in pages_for(role)}


def test_axe_sees_a_violation(site: Site) -> None:
    page = site.visitor()
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(AXE_SCRIPT)

    assert any(each.startswith("label:") for each in violations(page))
