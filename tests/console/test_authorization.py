"""Every page and every form in every role: own things, things of others, and forms that this site has not made."""

from pathlib import Path
from typing import Final

import httpx
import pytest

from rollbook.console.door import PAGES, POLICY
from rollbook.console.page import Page
from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.console.center import ELSEWHERE, Center, Role
from tests.console.front_of_console import Browser, FrontOfConsole
from tests.console.markup import faults_of
from tests.console.openings import BY_LINK, FOR_WHOM, address_of, is_about_something, key_of, pages_for
from tests.console.stored import contents

FORMS: Final = [page for page in PAGES if page.method == "POST" and page.path not in BY_LINK]


@pytest.fixture
def database(center_file: Path) -> Database:
    return open_database(f"sqlite:///{center_file}")


@pytest.fixture
def console(database: Database) -> FrontOfConsole:
    return FrontOfConsole(database)


def window(console: FrontOfConsole, center: Center, role: Role) -> Browser:
    return console.browser(center.secrets.get(role))


def expected(page: Page, role: Role) -> str:
    opening = FOR_WHOM[key_of(page)]
    if role in opening.roles:
        return "opens"
    if role is Role.NOBODY:
        return "to sign in"
    return "not there" if role in opening.strangers else "not allowed"


def told(answer: httpx.Response) -> str:
    match answer.status_code:
        case 403:
            return "not allowed"
        case 404:
            return "not there"
        case 303 if answer.headers["location"].startswith("/sign-in"):
            return "to sign in"
        case 200 | 303 | 409 | 422:
            return "opens"
    return str(answer.status_code)


def test_it_is_written_down_for_whom_each_page_is() -> None:
    assert set(FOR_WHOM) == {key_of(page) for page in PAGES}


@pytest.mark.parametrize("role", list(Role))
async def test_a_page_opens_for_those_for_whom_it_is(console: FrontOfConsole, database: Database, center: Center, role: Role) -> None:
    browser = window(console, center, role)
    pages = [page for page in PAGES if page.method == "GET" and page.path not in BY_LINK]

    found = {page.path: told(await browser.open(address_of(page, center.own))) for page in pages}

    assert {page.path: expected(page, role) for page in pages} == found


@pytest.mark.parametrize("role", list(Role))
async def test_a_form_changes_nothing_for_those_for_whom_it_is_not(
    console: FrontOfConsole, database: Database, center: Center, center_file: Path, role: Role
) -> None:
    browser = window(console, center, role)
    forms = [form for form in FORMS if expected(form, role) != "opens"]
    before = contents(center_file)

    found = {form.path: told(await browser.send(address_of(form, center.own))) for form in forms}

    assert {form.path: expected(form, role) for form in forms} == found
    assert before == contents(center_file)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NOBODY])
async def test_a_form_is_taken_from_those_for_whom_it_is(console: FrontOfConsole, database: Database, center: Center, role: Role) -> None:
    browser = window(console, center, role)
    forms = sorted((form for form in FORMS if expected(form, role) == "opens"), key=lambda form: form.path in {"/sign-in", "/sign-out"})

    for form in forms:
        answer = await browser.send(address_of(form, center.own))
        if form.path != "/sign-in":
            assert (form.path, answer.status_code) in {(form.path, status) for status in (200, 303, 409, 422)}


@pytest.mark.parametrize("role", list(Role))
async def test_a_form_that_this_site_has_not_made_changes_nothing(
    console: FrontOfConsole, database: Database, center: Center, center_file: Path, role: Role
) -> None:
    browser = window(console, center, role)
    of_another = window(console, center, Role.DESK if role is Role.COORDINATOR else Role.COORDINATOR).token
    forms = [form for form in FORMS if expected(form, role) == "opens"]
    before = contents(center_file)

    for form in forms:
        address = address_of(form, center.own)
        answers = [
            await browser.client.post(address),
            await browser.client.post(address, data={"form_token": of_another}),
            await browser.client.post(address, data={"form_token": browser.token}, headers={"sec-fetch-site": "cross-site"}),
            await browser.client.post(address, data={"form_token": browser.token}, headers={"sec-fetch-site": "same-site"}),
        ]
        assert [(form.path, 403)] * 4 == [(form.path, answer.status_code) for answer in answers]
        assert all("not made by this site" in answer.text for answer in answers)
    assert before == contents(center_file)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NOBODY])
async def test_what_belongs_to_others_is_not_there(
    console: FrontOfConsole, database: Database, center: Center, center_file: Path, role: Role
) -> None:
    browser = window(console, center, role)
    theirs = center.own if role is Role.FOREIGNER else center.foreign
    pages = [
        page for page in PAGES if is_about_something(page) and (role in FOR_WHOM[key_of(page)].roles | FOR_WHOM[key_of(page)].strangers)
    ]
    before = contents(center_file)

    for page in pages:
        address = address_of(page, theirs)
        answer = await (browser.open(address) if page.method == "GET" else browser.send(address))
        assert (key_of(page), "not there") == (key_of(page), told(answer))
        assert (key_of(page), False) == (key_of(page), ELSEWHERE in answer.text)
    assert before == contents(center_file)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.DESK, Role.ADMINISTRATOR, Role.STUDENT])
async def test_what_is_in_another_class_is_not_in_this_one(
    console: FrontOfConsole, database: Database, center: Center, center_file: Path, role: Role
) -> None:
    browser = window(console, center, role)
    pages = [page for page in PAGES if page.path.count("_id}") > 1 and role in FOR_WHOM[key_of(page)].roles]
    before = contents(center_file)

    for page in pages:
        mixed = [center.own | {name: center.foreign[name]} for name in center.own] + [center.own | {"enrollment_id": center.waiting_id}]
        for address in {address_of(page, ids) for ids in mixed} - {address_of(page, center.own)}:
            answer = await (browser.open(address) if page.method == "GET" else browser.send(address))
            assert (page.method, address, "not there") == (page.method, address, told(answer))
    assert before == contents(center_file)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FOREIGNER])
async def test_no_page_tells_anything_of_others_nor_takes_a_text_for_more_than_a_text(
    console: FrontOfConsole, database: Database, center: Center, role: Role
) -> None:
    browser = window(console, center, role)

    for page in pages_for(role):
        address = address_of(page, center.own)
        answer = await browser.open(address)
        looked_for = await browser.open(address.partition("?")[0] + f"?q={ELSEWHERE[:-1]}&name={ELSEWHERE[:-1]}")
        assert (page.path, False) == (page.path, ELSEWHERE in looked_for.text)
        assert (page.path, False) == (page.path, ELSEWHERE in answer.text)
        if answer.status_code == 200 and "html" in answer.headers["content-type"]:
            assert (page.path, []) == (page.path, faults_of(answer.text))
        assert (page.path, POLICY) == (page.path, answer.headers["content-security-policy"])
        assert (page.path, "nosniff") == (page.path, answer.headers["x-content-type-options"])


def test_the_policy_lets_nothing_run_that_is_not_in_a_file_of_this_site() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))

    assert "'none'" == rules["default-src"]
    assert {"'self'"} == {rules[name] for name in ("script-src", "style-src", "img-src", "connect-src", "form-action")}
    assert {"'none'"} == {rules[name] for name in ("base-uri", "frame-ancestors")}
