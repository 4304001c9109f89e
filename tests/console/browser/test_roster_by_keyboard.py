"""The roster without a mouse."""

from typing import Final

from playwright.sync_api import Page, expect

from tests.console.browser.browsing import Site
from tests.console.center import Role

MOST_KEYS: Final = 120
IS_SEEN: Final = """each => {
  const style = getComputedStyle(each);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until the focus is on an element, and see that it is shown wherever it stops."""
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        assert focused.evaluate(IS_SEEN), focused.evaluate("each => each.outerHTML")
        if focused.evaluate("(each, selector) => each.matches(selector)", selector):
            return
    raise AssertionError(f"no key leads to {selector}")


def test_a_student_is_marked_by_keyboard_alone(site: Site) -> None:
    assert site.center is not None
    page = site.visitor(Role.COORDINATOR)
    enrollment_id = site.center.own["enrollment_id"]
    page.goto(f"/classes/{site.center.own['class_id']}/roster")
    line = page.locator(f"#e{enrollment_id}")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "#roster [data-change]")
    for _ in range(page.locator("#roster tbody tr").count()):
        if line.locator("[data-change]").evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(line.locator("select").first).to_be_focused()
    tab_to(page, f"#completion-{enrollment_id}")
    page.keyboard.type("Incomplete")
    tab_to(page, f"#e{enrollment_id} button")
    page.keyboard.press("Enter")

    expect(line).to_contain_text("Incomplete")
    expect(page.locator("#notices")).not_to_be_empty()
    expect(line.locator("[data-change]")).to_be_focused()


def test_a_change_is_left_and_several_are_selected_by_keyboard_alone(site: Site) -> None:
    assert site.center is not None
    page = site.visitor(Role.COORDINATOR)
    page.goto(f"/classes/{site.center.own['class_id']}/roster")

    tab_to(page, "#roster input[name=enrollment_id]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#selected-number")).to_have_text("(2)")

    tab_to(page, "#roster [data-change]")
    page.keyboard.press("Enter")
    expect(page.locator("tr.changing")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("tr.changing")).to_have_count(0)


def test_the_search_is_reached_by_one_key(site: Site) -> None:
    page = site.visitor(Role.COORDINATOR)
    page.goto("/overview")

    page.keyboard.press("/")
    page.keyboard.type("today")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=today")
