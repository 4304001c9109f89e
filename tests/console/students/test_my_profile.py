"""What users see and change of themselves."""

import pytest

from rollbook.database.transaction import Database
from rollbook.people.queries.own_profile import OwnProfileRow, get_own_profile
from tests.console.front_of_console import Browser, FrontOfConsole, text_of
from tests.console.students.campus import Campus

NAMES = {"first_name": "Samantha", "last_name": "Rivera"}


@pytest.fixture
def sam(campus_database: Database, campus: Campus) -> Browser:
    return FrontOfConsole(campus_database).browser(campus.secrets["sam"])


async def stored(database: Database, campus: Campus) -> OwnProfileRow:
    return await database.read(get_own_profile, user_id=campus.people["sam"])


async def test_a_profile_tells_who_one_is_and_when_one_signed_in(campus_database: Database, sam: Browser) -> None:
    page = await sam.open("/my/profile")
    text = text_of(page)

    for said in ("samantha@example.com", "Acme", "Contoso Training", "Your last sign-ins", "127.0.0.1"):
        assert said in text
    assert 'href="/my/password"' in page.text
    assert 'value="Albany"' in page.text


async def test_one_changes_ones_name_and_zone_and_times_are_told_on_ones_own_clock(
    campus_database: Database, sam: Browser, campus: Campus
) -> None:
    done = await sam.send("/my/profile", NAMES | {"phone": "555 0100", "time_zone": "America/New_York", "version": 1}, follow=True)

    assert "Your profile is saved." in text_of(done)
    profile = await stored(campus_database, campus)
    assert (profile.last_name, profile.phone, profile.city, profile.time_zone_iana) == ("Rivera", "555 0100", None, "America/New_York")
    assert '<option value="America/New_York" selected>' in done.text
    assert "on your clock" in text_of(await sam.open("/my/training"))


async def test_nothing_else_of_oneself_is_changed_by_the_form(campus_database: Database, sam: Browser, campus: Campus) -> None:
    before = await stored(campus_database, campus)

    await sam.send("/my/profile", NAMES | {"email": "boss@example.com", "user_name": "boss", "role_ids": "30", "organization_id": 2})

    after = await stored(campus_database, campus)
    assert after.last_name == "Rivera"
    assert (after.email, after.user_name, after.organization_name) == (before.email, before.user_name, before.organization_name)
    assert (await sam.open("/overview")).status_code == 403


@pytest.mark.parametrize(
    "values, said",
    [
        ({"last_name": " "}, "The last name is missing; write it."),
        ({"zip": "1" * 21}, "The zip is longer than 20 characters; shorten it."),
        ({"time_zone": "Middle Earth"}, "is not a time zone"),
        ({"version": 7}, "version"),
    ],
)
async def test_what_cannot_be_taken_is_shown_again_with_the_reason(
    campus_database: Database, sam: Browser, campus: Campus, values: dict[str, object], said: str
) -> None:
    page = await sam.send("/my/profile", NAMES | {"city": "Troy", **values})

    assert page.status_code in {409, 422}
    assert said in text_of(page)
    assert 'value="Troy"' in page.text
    assert (await stored(campus_database, campus)).city == "Albany"


async def test_a_zone_that_was_given_by_another_name_stays_as_it_is(campus_database: Database, sam: Browser, campus: Campus) -> None:
    await sam.send("/my/profile", NAMES | {"time_zone": "Eastern Standard Time"})
    await sam.send("/my/profile", NAMES | {"time_zone": "America/New_York"})

    profile = await stored(campus_database, campus)
    assert (profile.time_zone, profile.time_zone_iana) == ("Eastern Standard Time", "America/New_York")


async def test_a_profile_is_for_everybody_who_is_signed_in(campus_database: Database, campus: Campus) -> None:
    console = FrontOfConsole(campus_database)

    assert (await console.browser(campus.secrets["rita"]).open("/my/profile")).status_code == 200
    assert (await console.browser().open("/my/profile")).headers["location"] == "/sign-in?next=/my/profile"
