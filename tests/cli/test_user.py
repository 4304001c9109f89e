"""The commands that create users who sign in, and let them set their passwords."""

import re
from pathlib import Path

import pytest

from rollbook.access.actor import EVERYTHING
from rollbook.access.keys import hash_of
from rollbook.people.queries.users import get_user_by_email
from rollbook.sessions.actions.links import set_password_by_link
from rollbook.sessions.queries.links import find_link
from rollbook.sessions.queries.sessions import find_session
from tests.cli.desk import Desk

LINK = re.compile(r"https://training\.example\.com/password/([\w-]{43})\n")
ADA = ("user", "create", "--email", "Ada.King@example.com", "--organization", "1")


@pytest.fixture
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("ROLLBOOK_PUBLIC_URL", "https://training.example.com/")
    desk = Desk(tmp_path, database_url, monkeypatch, capsys)
    assert 0 == desk.run("organization", "create", "Acme").status
    return desk


def token_of(out: str) -> str:
    printed = LINK.fullmatch(out)
    assert printed, out
    return printed[1]


def test_the_first_administrator_sets_a_password_and_is_signed_in(desk: Desk) -> None:
    token = token_of(desk.run(*ADA, "--role", "administrator").out)

    session = desk.do(
        lambda database: set_password_by_link(
            database, token=token, password="four words do well", again="four words do well", address=None, user_agent=None
        )
    )

    ada = desk.do(lambda database: database.read(find_session, secret_hash=hash_of(session.secret)))
    assert ada is not None
    assert ("Ada.King@example.com", "Ada", "King") == (ada.user_name, ada.first_name, ada.last_name)
    assert [1] == [each.id for each in ada.managed]


@pytest.mark.parametrize(
    "options, named, managed",
    [
        (("--role", "10", "--user-name", "ada", "--first-name", "A.", "--last-name", "K."), ("ada", "A.", "K."), [1]),
        (("--role", "Student", "--email", "sam@example.com"), ("sam@example.com", "Sam", "Student"), []),
    ],
)
def test_a_role_that_edits_manages_the_organization(
    options: tuple[str, ...], named: tuple[str, str, str], managed: list[int], desk: Desk
) -> None:
    token = token_of(desk.run(*ADA, *options).out)

    link = desk.do(lambda database: database.read(find_link, token=token))
    email = "sam@example.com" if "sam@example.com" in options else "ada.king@example.com"
    user = desk.do(lambda database: database.read(get_user_by_email, viewer=EVERYTHING, email=email))
    assert link.user_id == user.id
    assert (*named, managed) == (user.user_name, user.first_name, user.last_name, user.managed_organization_ids)


def test_another_link_is_made_for_who_is_there(desk: Desk) -> None:
    first = token_of(desk.run(*ADA, "--role", "30").out)

    second = token_of(desk.run("user", "link", "--email", "ada.king@example.com").out)

    assert first != second
    desk.do(lambda database: database.read(find_link, token=second))


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        ((*ADA, "--role", "emperor"), "0 (Student)"),
        ((*ADA, "--role", "30", "--organization", "7"), "there is no organization 7"),
        ((*ADA, "--role", "30", "--email", "nowhere"), "is not an e-mail address"),
        (("user", "link", "--email", "nobody@example.com"), "no user has the e-mail address"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(arguments: tuple[str, ...], complaint: str, desk: Desk) -> None:
    told = desk.run(*arguments)

    assert told.status in {1, 2}
    assert 1 == told.err.count(complaint)
    assert "" == told.out
