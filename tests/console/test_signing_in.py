import re

import httpx
import pytest

from rollbook.console.door import POLICY
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.people.passwords import hash_password
from rollbook.sessions.actions.links import make_password_link, make_sign_in_link
from tests.cast import TESTS, Cast, add_organization, add_user, gather
from tests.console.front_of_console import SESSION_COOKIE, Browser, FrontOfConsole, sign_in, text_of, who_is

PASSWORD = "four words do well"
ANOTHER = "four other words then"


@pytest.fixture
def database(sqlite_url: str) -> Database:
    """The pages are the same on both engines, and what they call is tested on both."""
    return open_database(sqlite_url)


async def add_someone(database: Database, cast: Cast, name: str = "Carl", **values: object) -> int:
    password_hash = await hash_password(PASSWORD)
    return await add_user(database, name, organization_id=cast.organization_id, password_hash=password_hash, **values)


async def at_sign_in(console: FrontOfConsole, path: str = "/sign-in") -> Browser:
    browser = console.browser()
    take_token(browser, await browser.open(path, follow=True))
    return browser


def take_token(browser: Browser, page: httpx.Response) -> None:
    browser.token = re.findall(r'name="form_token" value="(\w+)"', page.text)[0]


async def test_whoever_knows_the_password_gets_in_and_on_to_the_page_they_wanted(database: Database) -> None:
    await add_someone(database, await gather(database))
    console = FrontOfConsole(database)
    browser = console.browser()
    page = await browser.open("/my/password")
    assert 303 == page.status_code
    assert "/sign-in?next=/my/password" == page.headers["location"]
    take_token(browser, await browser.open(page.headers["location"]))
    answer = await browser.send("/sign-in", {"name": "CARL@example.com", "password": PASSWORD, "next": "/my/password"})
    assert (303, "/my/password") == (answer.status_code, answer.headers["location"])
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(SESSION_COOKIE))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert 200 == (await browser.open("/my/password")).status_code
    assert PASSWORD.encode() not in console.lines.getvalue()


@pytest.mark.parametrize("name, password", [("carl", "not the password"), ("nobody", PASSWORD), ("sam", PASSWORD), ("dora", PASSWORD)])
async def test_whoever_does_not_know_it_is_told_the_same_whatever_is_wrong(database: Database, name: str, password: str) -> None:
    cast = await gather(database)
    await add_someone(database, cast)
    await add_someone(database, cast, "Dora", disabled=True)
    browser = await at_sign_in(FrontOfConsole(database))
    answer = await browser.send("/sign-in", {"name": name, "password": password})
    assert 403 == answer.status_code
    assert "The name or the password is wrong, or this account cannot sign in" in text_of(answer)
    assert SESSION_COOKIE not in answer.cookies


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""])
async def test_nobody_is_sent_elsewhere_after_signing_in(database: Database, wanted: str) -> None:
    await add_someone(database, await gather(database))
    browser = await at_sign_in(FrontOfConsole(database))
    answer = await browser.send("/sign-in", {"name": "carl", "password": PASSWORD, "next": wanted})
    assert (303, "/home") == (answer.status_code, answer.headers["location"])


async def test_a_sign_in_without_the_token_of_the_visitor_is_refused(database: Database) -> None:
    await add_someone(database, await gather(database))
    console = FrontOfConsole(database)
    browser, other = await at_sign_in(console), await at_sign_in(console)
    for token in ("", "0" * 64, other.token):
        browser.token = token
        answer = await browser.send("/sign-in", {"name": "carl", "password": PASSWORD})
        assert 403 == answer.status_code
        assert SESSION_COOKIE not in answer.cookies


async def test_a_form_that_another_site_sends_is_refused_even_with_the_token(database: Database) -> None:
    cast = await gather(database)
    console = FrontOfConsole(database)
    secret = await sign_in(database, user_id=cast.sam_id)
    browser = console.browser(secret)
    browser.client.headers["sec-fetch-site"] = "cross-site"
    assert 403 == (await browser.send("/sign-out")).status_code
    assert await who_is(database, secret) is not None
    browser.client.headers["sec-fetch-site"] = "same-origin"
    assert 303 == (await browser.send("/sign-out")).status_code
    assert await who_is(database, secret) is None


async def test_whoever_signs_out_is_out_and_told_so(database: Database) -> None:
    cast = await gather(database)
    browser = await FrontOfConsole(database).browser_of(cast.sam_id)
    page = await browser.send("/sign-out", follow=True)
    assert "You are signed out." in text_of(page)
    assert SESSION_COOKIE not in browser.client.cookies
    assert "You are signed out." not in text_of(await browser.open("/sign-in"))


async def test_a_form_of_an_ended_session_leads_to_the_sign_in_and_a_script_is_told(database: Database) -> None:
    cast = await gather(database)
    console = FrontOfConsole(database)
    browser, again = await console.browser_of(cast.sam_id), await console.browser_of(cast.sam_id)
    again.client.cookies.set(SESSION_COOKIE, "unknown", domain="rollbook.test")
    browser.client.cookies.set(SESSION_COOKIE, "unknown", domain="rollbook.test")
    assert "You are signed out, and nothing was changed." in text_of(
        await browser.send("/organization", {"organization_id": 1}, follow=True)
    )
    told = await again.send("/organization", {"organization_id": 1}, fetched=True)
    assert 401 == told.status_code
    assert ["you are signed out; sign in and try again"] == told.json()["refused"]


async def test_a_link_sets_a_password_once_and_signs_in(database: Database) -> None:
    cast = await gather(database)
    token = await database.write(make_password_link, actor=TESTS, user_id=cast.sam_id)
    console = FrontOfConsole(database)
    browser = await at_sign_in(console, f"/password/{token}")
    short = await browser.send(f"/password/{token}", {"password": "short", "again": "short"})
    assert 422 == short.status_code
    assert "A password has 12 to 1,000 characters" in text_of(short)
    done = await browser.send(f"/password/{token}", {"password": ANOTHER, "again": ANOTHER})
    assert (303, "/home") == (done.status_code, done.headers["location"])
    assert 200 == (await browser.open("/my/password")).status_code
    assert 404 == (await console.browser().open(f"/password/{token}")).status_code
    assert token.encode() not in console.lines.getvalue()


async def test_a_changed_password_ends_ones_other_sessions(database: Database) -> None:
    user_id = await add_someone(database, await gather(database))
    console = FrontOfConsole(database)
    browser, elsewhere = await console.browser_of(user_id), await console.browser_of(user_id)
    wrong = await browser.send("/my/password", {"present": "not this one", "password": ANOTHER, "again": ANOTHER})
    assert 422 == wrong.status_code
    done = await browser.send("/my/password", {"present": PASSWORD, "password": ANOTHER, "again": ANOTHER})
    assert (303, "/home") == (done.status_code, done.headers["location"])
    assert 200 == (await browser.open("/my/password")).status_code
    assert 303 == (await elsewhere.open("/my/password")).status_code


async def test_whoever_has_to_change_the_password_comes_to_no_other_page_before(database: Database) -> None:
    await add_someone(database, await gather(database), force_password_change=True)
    browser = await at_sign_in(FrontOfConsole(database))
    await browser.send("/sign-in", {"name": "carl", "password": PASSWORD})
    page = await browser.open("/home", follow=True)
    assert "/my/password" == page.url.path
    take_token(browser, page)
    await browser.send("/my/password", {"present": PASSWORD, "password": ANOTHER, "again": ANOTHER})
    assert "/my/password" not in (await browser.open("/home")).headers["location"]


async def test_another_system_signs_a_user_in_by_an_address_that_works_once(database: Database) -> None:
    cast = await gather(database)
    token = await database.write(make_sign_in_link, actor=TESTS, user_id=cast.sam_id, destination="/my/password")
    console = FrontOfConsole(database)
    browser = console.browser()
    page = await browser.open(f"/Service/ExternalLogon?authenticationKey={token}", follow=True)
    assert (200, "/my/password") == (page.status_code, page.url.path)
    assert 404 == (await console.browser().open(f"/Service/ExternalLogon?authenticationKey={token}")).status_code


async def test_one_works_in_one_of_the_organizations_that_one_manages(database: Database) -> None:
    cast = await gather(database)
    second = await add_organization(database, "A second one")
    manager = await add_user(
        database,
        "Carla",
        organization_id=cast.organization_id,
        role_ids=(20,),
        managed_organization_ids=(cast.organization_id, second),
    )
    secret = await sign_in(database, user_id=manager)
    browser = FrontOfConsole(database).browser(secret)
    for organization_id in (cast.organization_id, second):
        answer = await browser.send("/organization", {"organization_id": organization_id, "next": "/my/password"})
        assert (303, "/my/password") == (answer.status_code, answer.headers["location"])
        user = await who_is(database, secret)
        assert user is not None
        assert user.organization is not None
        assert organization_id == user.organization.id
    await browser.send("/organization", {"organization_id": cast.other_organization_id})
    assert f"There is no organization {cast.other_organization_id}" in text_of(await browser.open("/my/password"))
    user = await who_is(database, secret)
    assert user is not None
    assert user.organization is not None
    assert second == user.organization.id


async def test_behind_tls_cookies_are_secure_and_bound_to_the_host(database: Database) -> None:
    await add_someone(database, await gather(database))
    console = FrontOfConsole(database, public_url="https://rollbook.test")
    browser = await at_sign_in(console)
    answer = await browser.send("/sign-in", {"name": "carl", "password": PASSWORD})
    assert 303 == answer.status_code
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-rollbook_session"))
    assert "Secure" in cookie.split("; ")
    assert "max-age=31536000" == answer.headers["strict-transport-security"]


async def test_every_page_keeps_scripts_frames_and_other_sites_out(database: Database) -> None:
    page = await FrontOfConsole(database).browser().open("/sign-in")
    assert POLICY == page.headers["content-security-policy"]
    assert "unsafe" not in POLICY
    assert "nosniff" == page.headers["x-content-type-options"]
    assert "same-origin" == page.headers["referrer-policy"]
    assert "no-store" == page.headers["cache-control"]


async def test_a_query_or_a_form_that_cannot_be_read_is_told_so(database: Database) -> None:
    cast = await gather(database)
    browser = await FrontOfConsole(database).browser_of(cast.sam_id)
    assert 422 == (await browser.open("/home?name=%ff")).status_code
    assert 422 == (await browser.open("/home?name=%E4")).status_code


async def test_requests_of_users_are_remembered_without_their_secrets(database: Database) -> None:
    cast = await gather(database)
    console = FrontOfConsole(database)
    browser = await console.browser_of(cast.sam_id)
    await browser.open("/my/password?hidden=this")
    await console.activity.note(database)
    assert b"hidden" not in console.lines.getvalue()
    assert 0 == len(console.activity)
