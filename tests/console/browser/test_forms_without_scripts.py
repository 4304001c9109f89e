"""Every form of the console is sent by a browser that runs no scripts, and does what it is for."""

import re
from typing import Final

from playwright.sync_api import Browser, Page, expect

from rollbook.console.door import PAGES
from tests.cli.server import Server
from tests.console.browser.browsing import Site
from tests.console.center import Center, Role

PASSWORD: Final = "four words do well"
FORMS: Final = {page.path: re.compile(re.sub(r"\{\w+\}", "[^/]+", page.path)) for page in PAGES if page.method == "POST"}


def press(page: Page, button: str, *, done: bool = True) -> None:
    """Press the first button of that name, and see that nothing was refused and, where it tells so, that something was done."""
    page.get_by_role("button", name=button).first.click()
    expect(page.locator(".notice.refused, .asked")).to_have_count(0)
    if done:
        expect(page.locator(".notice.done")).to_have_count(1)


def tick_first(page: Page, name: str) -> None:
    page.locator(f"input[name={name}]:not([disabled])").first.check()


def ask_and_leave(student: Page, center: Center) -> None:
    student.goto(f"/my/classes/{center.open_class_id}")
    press(student, "Enroll")
    student.goto(f"/my/classes/{center.open_class_id}/cancel")
    press(student, "Cancel my place")
    student.goto("/my/profile")
    student.get_by_label("City").fill("Riga")
    press(student, "Save the profile")


def change_the_roster(coordinator: Page, center: Center) -> None:
    enrollment_id, roster = center.own["enrollment_id"], f"/classes/{center.own['class_id']}/roster"
    coordinator.goto(f"{roster}?change={enrollment_id}")
    coordinator.locator(f"#hours-{enrollment_id}").fill("3")
    press(coordinator, "Save")
    press(coordinator, "Undo")
    expect(coordinator.locator(f"#e{enrollment_id} .number").first).to_have_text("")
    tick_first(coordinator, "enrollment_id")
    coordinator.locator("#many-hours").fill("7")
    press(coordinator, "Change them")
    tick_first(coordinator, "enrollment_id")
    press(coordinator, "E-mail addresses", done=False)
    expect(coordinator.get_by_label("to be copied")).to_contain_text("@example.com")
    coordinator.goto(f"/enrollments/{enrollment_id}")
    coordinator.get_by_label("Grade").fill("88")
    press(coordinator, "Save")


def add_students(coordinator: Page, center: Center) -> None:
    adding = f"/classes/{center.open_class_id}/roster/add"
    coordinator.goto(f"{adding}?q=student5")
    tick_first(coordinator, "user_id")
    press(coordinator, "Add the chosen")
    coordinator.goto(f"{adding}?class=Coming")
    tick_first(coordinator, "from_class_id")
    press(coordinator, "Add its students")


def move_the_line(coordinator: Page, center: Center) -> None:
    waitlist, roster = f"/classes/{center.coming_class_id}/waitlist", f"/classes/{center.coming_class_id}/roster"
    coordinator.goto(waitlist)
    coordinator.locator("details summary").filter(has_text="Move up").first.click()
    coordinator.get_by_label("Reason").first.fill("Came from afar")
    coordinator.locator("details[open] button").get_by_text("Move up").first.click()
    expect(coordinator.locator(".notice.done")).to_have_count(1)
    coordinator.goto(f"{roster}?status=60")
    coordinator.locator("[data-change]").first.click()
    coordinator.get_by_role("link", name="Cancel or replace").click()
    press(coordinator, "Cancel the enrollment")
    coordinator.goto(waitlist)
    press(coordinator, "Let in who is next")
    coordinator.goto(f"/classes/{center.coming_class_id}/edit")
    coordinator.get_by_label("Maximum").fill("9")
    coordinator.get_by_role("button", name="Save the class").click()
    coordinator.goto(waitlist)
    coordinator.get_by_role("row").get_by_role("button", name="Let in").first.click()
    expect(coordinator.locator(".notice.done")).to_have_count(1)


def keep_attendance(instructor: Page, center: Center) -> None:
    enrollment_id, class_id = center.own["enrollment_id"], center.own["class_id"]
    instructor.goto(f"/classes/{class_id}/roster?change={enrollment_id}")
    instructor.locator(f"#completion-{enrollment_id}").select_option(label="Attending")
    press(instructor, "Save")
    tick_first(instructor, "enrollment_id")
    instructor.locator("#many-completion").select_option(label="Attending")
    instructor.get_by_role("button", name="Change them").click()
    instructor.goto(f"/classes/{class_id}/attendance")
    instructor.locator(f"input[value='{enrollment_id}'][type=checkbox]").first.check()
    press(instructor, "Save the changes")
    press(instructor, "All were there")
    instructor.goto(f"/classes/{class_id}/completion")
    instructor.locator(f"select[name=completion_{enrollment_id}]").select_option(label="Complete")
    press(instructor, "Save the completions")


def check_in(desk: Page) -> None:
    desk.goto("/check-in")
    press(desk, "Check in", done=False)
    press(desk, "Undo", done=False)


def make_classes(editor: Page, center: Center) -> None:
    editor.goto("/classes/new")
    editor.locator("#select-course_id").select_option(index=1)
    editor.get_by_label("Name").first.fill("Made by hand")
    editor.get_by_role("button", name="Make the class").click()
    expect(editor.get_by_role("heading", level=1)).to_contain_text("Made by hand")
    made = editor.url
    editor.goto(f"{made}/custom-fields")
    editor.get_by_role("textbox").last.fill("By hand")
    press(editor, "Save the custom fields")
    editor.goto(f"{made}/clone")
    press(editor, "Make the class")
    editor.goto(f"{editor.url}/cancel")
    editor.get_by_label("Why").fill("Nobody came")
    press(editor, "Cancel the class")
    editor.goto(f"/classes/{center.past_class_id}/completion?closing=1")
    press(editor, "Close the class")


def let_in(editor: Page, somebody: Page, center: Center) -> None:
    editor.goto(f"/people/{center.people[Role.OTHER_INSTRUCTOR]}")
    press(editor, "Make a one-time link", done=False)
    somebody.goto(editor.locator(".secret-link").inner_text().strip().replace("http://127.0.0.1:8000", ""))
    for label in ("New password", "The same once more"):
        somebody.get_by_label(label).fill(PASSWORD)
    press(somebody, "Set the password")
    sign_out(somebody)
    somebody.get_by_label("E-mail address or user name").fill("other_instructor")
    somebody.get_by_label("Password").fill(PASSWORD)
    press(somebody, "Sign in", done=False)
    somebody.goto("/my/password")
    somebody.get_by_label("Present password").fill(PASSWORD)
    for label in ("New password", "The same once more"):
        somebody.get_by_label(label).fill(f"{PASSWORD} indeed")
    press(somebody, "Change the password")
    sign_out(somebody)


def sign_out(somebody: Page) -> None:
    somebody.locator("details.account summary").click()
    press(somebody, "Sign out")


def work_elsewhere(administrator: Page) -> None:
    administrator.goto("/overview")
    administrator.locator("details.account summary").click()
    administrator.get_by_label("Organization").select_option(label="Second house")
    press(administrator, "Work there", done=False)
    administrator.locator("details.account summary").click()
    expect(administrator.get_by_label("Organization").locator("option:checked")).to_have_text("Second house")


def test_every_form_works_without_scripts(browser: Browser, own_server: Server, center: Center) -> None:
    site = Site(browser, own_server.url, center)
    sent: list[str] = []

    def window(role: Role) -> Page:
        page = site.visitor(role, java_script_enabled=False)
        page.on("request", lambda request: sent.append(request.url.removeprefix(site.url)) if request.method == "POST" else None)
        return page

    coordinator = window(Role.COORDINATOR)
    ask_and_leave(window(Role.STUDENT), center)
    change_the_roster(coordinator, center)
    move_the_line(coordinator, center)
    add_students(coordinator, center)
    check_in(window(Role.DESK))
    keep_attendance(window(Role.INSTRUCTOR), center)
    make_classes(coordinator, center)
    let_in(coordinator, window(Role.NOBODY), center)
    work_elsewhere(window(Role.ADMINISTRATOR))

    assert set(FORMS) == {path for path, pattern in FORMS.items() if any(pattern.fullmatch(address) for address in sent)}
    site.close()
    assert [] == site.faults
