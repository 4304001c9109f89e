"""How often somebody may try, what a password has to be like, who may open somebody else's account, and whose a form is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.access.roles import ROLES, Permission
from rollbook.errors import RollbookError
from rollbook.sessions.form_tokens import form_token, is_form_token
from rollbook.sessions.new_passwords import PasswordLengthError, PasswordsDifferError, list_password_refusals
from rollbook.sessions.queries.sessions import ManagedOrganization, topmost
from rollbook.sessions.resetting import ALL_PERMISSIONS, FOR_ONESELF, OF_INSTRUCTORS, Maker, Owner, may_reset
from rollbook.sessions.secret_texts import make_secret, password_mark
from rollbook.sessions.throttle import WINDOW_SECONDS, TooManySignInsError, minutes_to_wait, recent

NOW = 1_000_000


@pytest.mark.parametrize(
    "ages, most, minutes",
    [
        ((), 1, 0),
        ((0,), 2, 0),
        ((0,), 1, 15),
        ((1,), 1, 15),
        ((60,), 1, 14),
        ((WINDOW_SECONDS - 1,), 1, 1),
        ((WINDOW_SECONDS,), 1, 0),
        # The second of three has to be forgotten as well.
        ((800, 500, 100), 2, 7),
        ((100, 800, 500), 3, 2),
    ],
)
def test_after_too_many_failures_one_waits_until_the_oldest_of_them_is_forgotten(ages: tuple[int, ...], most: int, minutes: int) -> None:
    assert minutes == minutes_to_wait([NOW - age for age in ages], most=most, now=NOW)


@given(st.lists(st.integers(NOW - 2 * WINDOW_SECONDS, NOW), max_size=30), st.integers(1, 12))
def test_after_waiting_that_long_one_may_try_and_not_a_minute_before(moments: list[int], most: int) -> None:
    minutes = minutes_to_wait(moments, most=most, now=NOW)

    assert 0 == minutes_to_wait(moments, most=most, now=NOW + 60 * minutes)
    assert not minutes or minutes_to_wait(moments, most=most, now=NOW + 60 * (minutes - 1))
    assert bool(minutes) == (len(recent(moments, now=NOW)) >= most)


def test_the_refusal_says_how_long_to_wait() -> None:
    assert "too many sign-ins have failed; try again in 1 minute" == str(TooManySignInsError(1))
    assert "too many sign-ins have failed; try again in 15 minutes" == str(TooManySignInsError(15))


@pytest.mark.parametrize(
    "password, again, refusals",
    [
        ("x" * 12, "x" * 12, []),
        ("x" * 1_000, "x" * 1_000, []),
        ("x" * 11, "x" * 11, [PasswordLengthError]),
        ("x" * 1_001, "x" * 1_001, [PasswordLengthError]),
        ("x" * 12, "y" * 12, [PasswordsDifferError]),
        ("", "y", [PasswordLengthError, PasswordsDifferError]),
    ],
)
def test_a_new_password_is_long_enough_and_given_twice(password: str, again: str, refusals: list[type[RollbookError]]) -> None:
    assert refusals == [type(refusal) for refusal in list_password_refusals(password, again=again) if refusal]


@pytest.mark.parametrize(
    "role_id, path, owner_role_id, managed, words",
    [
        (30, "/1/", 30, ("/1/", "/1/5/"), None),
        (20, "/1/", 0, (), None),
        (20, "/1/", 1, (), None),
        (20, "/1/", 20, ("/1/5/",), None),
        (20, "/1/", 30, (), "user 7: their account may do what yours may not; ask somebody with the role Administrator"),
        (10, "/1/", 0, (), "ask somebody with the role Operations Manager or Administrator"),
        (20, "/1/", 2, (), None),
        (20, "/1/", 11, (), "ask somebody with the role Administrator"),
        (30, "/1/5/", 30, ("/1/",), "they manage organizations outside of the tree in which you work"),
        (30, "/1/5/", 0, ("/1/5/", "/1/50/"), "ask whoever manages an organization above all of these"),
    ],
)
def test_nobody_opens_an_account_that_may_more_than_their_own(
    role_id: int, path: str, owner_role_id: int, managed: tuple[str, ...], words: str | None
) -> None:
    maker = Maker(ROLES[role_id].permissions, path)

    refusal = may_reset(maker=maker, owner=Owner(7, ROLES[owner_role_id].permissions, managed))

    assert words is None if refusal is None else words is not None and words in str(refusal)


@given(st.frozensets(st.sampled_from(Permission)), st.frozensets(st.sampled_from(Permission)))
def test_whoever_opens_an_account_gains_nothing(mine: frozenset[Permission], theirs: frozenset[Permission]) -> None:
    allowed = may_reset(maker=Maker(mine, "/1/"), owner=Owner(7, theirs, ())) is None

    covered = mine | FOR_ONESELF | (OF_INSTRUCTORS if Permission.EDIT_ENROLLMENTS in mine else frozenset())
    assert allowed == (theirs <= covered and Permission.EDIT_PEOPLE in mine)
    assert may_reset(maker=Maker(ALL_PERMISSIONS, "/"), owner=Owner(7, theirs, ("/3/",))) is None


def test_a_forms_token_belongs_to_one_secret() -> None:
    secret, other = make_secret(), make_secret()

    assert is_form_token(form_token(secret), secret=secret)
    assert not is_form_token(form_token(other), secret=secret)
    assert not is_form_token("", secret=secret)
    assert not is_form_token("é\ud800", secret=secret)
    assert secret not in form_token(secret)
    assert 43 == len(secret)


def test_every_password_has_a_mark_of_its_own() -> None:
    assert ["", 64] == [password_mark(None), len(password_mark("hash"))]
    assert password_mark("hash") != password_mark("other hash")


def test_what_lies_beneath_a_managed_organization_is_covered_by_it() -> None:
    east, west, deep, other = (
        ManagedOrganization(2, "east", "/1/2/"),
        ManagedOrganization(20, "West", "/1/20/"),
        ManagedOrganization(3, "Alpha", "/1/2/3/"),
        ManagedOrganization(4, "east", "/4/"),
    )

    assert (east, other, west) == topmost([west, deep, other, east])
    assert () == topmost([])
