from playwright.sync_api import expect

from tests.console.browser.browsing import Site
from tests.console.center import Role


def test_a_key_leads_to_the_search_which_finds_while_one_types(site: Site) -> None:
    page = site.visitor(Role.COORDINATOR)
    page.goto("/classes")
    box = page.get_by_role("searchbox", name="Search classes, people and enrollments")
    panel = page.get_by_role("region", name="What is found")

    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("r")
    expect(panel).to_be_hidden()
    page.keyboard.type("ivera")
    expect(panel.get_by_role("link").first).to_contain_text("Rivera")
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("link").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=rivera")
    expect(page.get_by_role("heading", name="Search", exact=True)).to_be_visible()


def test_the_key_is_a_letter_where_one_writes(site: Site) -> None:
    page = site.visitor(Role.COORDINATOR)
    page.goto("/people")
    words = page.get_by_role("searchbox", name="Words of a name")

    words.click()
    page.keyboard.type("a/b")

    expect(words).to_have_value("a/b")


def test_lists_can_be_found_in_sorted_and_narrowed_without_scripts(site: Site) -> None:
    page = site.visitor(Role.COORDINATOR, java_script_enabled=False)
    page.goto("/enrollments")

    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Enrolled", exact=True).check()
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="Take away the filter Enrolled")).to_be_visible()
    page.get_by_role("columnheader", name="Student").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Student")).to_have_attribute("aria-sort", "ascending")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Grade").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Grade")).to_be_visible()
    expect(page.get_by_role("link", name="Take away the filter Enrolled")).to_be_visible()
    page.get_by_role("link", name="Take away the filter Enrolled").click()
    expect(page.get_by_role("columnheader", name="Grade")).to_be_visible()
    page.goto("/search?q=rivera")
    expect(page.get_by_role("heading", name="People")).to_be_visible()
