"""Every page in every role, in a browser: nothing goes wrong, with scripts and without, and nothing sticks out of a phone."""

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.console.browser.browsing import Site
from tests.console.center import Role
from tests.console.openings import DOWNLOADS, address_of, pages_for

PHONE: Final = {"width": 375, "height": 812}
STICKING_OUT: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = each => each && (getComputedStyle(each).overflowX !== 'visible' || scrolls(each.parentElement));
  const out = [...document.querySelectorAll('body *')].filter(
    each => each.getBoundingClientRect().right > width + 1 && !scrolls(each.parentElement));
  return ['the page is wider than the phone', ...out.slice(0, 4).map(each => each.outerHTML.slice(0, 120))];
}"""


def faults_in(site: Site, page: Page, role: Role) -> dict[str, list[str]]:
    """Open every page that is for somebody, and give what is wrong with each."""
    assert site.center is not None
    faults = {}
    for each in pages_for(role):
        if each.path not in DOWNLOADS:
            answer = page.goto(address_of(each, site.center.own))
            assert answer is not None
            site.faults += page.evaluate(STICKING_OUT)
            site.faults += page.evaluate("window.hit === undefined ? [] : ['a text has become a script']")
            if site.faults or answer.status != 200:
                faults[each.path] = [str(answer.status), *site.faults]
                site.faults.clear()
    return faults


@pytest.mark.parametrize("role", list(Role))
def test_every_page_opens_without_a_fault_on_a_phone(site: Site, role: Role) -> None:
    assert {} == faults_in(site, site.visitor(role, viewport=PHONE), role)


def test_every_page_opens_without_scripts(site: Site) -> None:
    assert {} == faults_in(site, site.visitor(Role.ADMINISTRATOR, java_script_enabled=False), Role.ADMINISTRATOR)
