"""Signing in with a password, and who is signed in."""

import asyncio
from typing import Any

import pytest
from msgspec import Struct

from rollbook import clock
from rollbook.access.keys import hash_of
from rollbook.access.roles import ROLES, Permission
from rollbook.accounts.actions.closing import close_account
from rollbook.database.transaction import Database
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import update_organization
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.organizations.time_zones import TimeZone
from rollbook.people.actions.password import set_password
from rollbook.people.actions.rights import stop_managing
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.passwords import hash_password
from rollbook.people.queries.sign_ins import SignInCriteria, search_sign_ins
from rollbook.sessions.actions import signing_in
from rollbook.sessions.actions.sessions import NewSession, choose_organization, end_session, end_sessions_of, touch_session
from rollbook.sessions.actions.signing_in import WrongSignInError, sign_in
from rollbook.sessions.queries.sessions import IDLE_SECONDS, LONGEST_SECONDS, TOUCH_SECONDS, SignedIn, find_session
from tests.cast import NOBODY, TESTS, Cast, add_organization, add_user, gather

PASSWORD = "four words do well"
HASH = asyncio.run(hash_password(PASSWORD))
ROOT = "192.0.2.1"


class Person(Struct, frozen=True):
    """Ann, who runs the training of an organization."""

    cast: Cast
    user_id: int


async def meet(database: Database, **values: Any) -> Person:
    cast = await gather(database)
    given = {"role_ids": (20, 0), "password_hash": HASH, "managed_organization_ids": (cast.organization_id,), **values}
    return Person(cast, await add_user(database, "Ann", organization_id=cast.organization_id, **given))


async def enter(
    database: Database, *, name: str = "ann@example.com", password: str = PASSWORD, address: str | None = ROOT, user_agent: str = "Browser"
) -> NewSession:
    return await sign_in(database, name=name, password=password, address=address, user_agent=user_agent)


async def who(database: Database, session: NewSession) -> SignedIn | None:
    return await database.read(find_session, secret_hash=hash_of(session.secret))


async def present(database: Database, session: NewSession) -> SignedIn:
    found = await who(database, session)
    assert found is not None
    return found


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    moment = clock.now() + seconds
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize("name", ["ann@example.com", " ANN@Example.com ", "Ann"])
async def test_one_signs_in_by_e_mail_address_or_user_name_in_any_case(name: str, database: Database) -> None:
    ann = await meet(database, time_zone=TimeZone("Romance Standard Time", "Europe/Paris"))

    session = await enter(database, name=name)

    found = await present(database, session)
    assert (ann.user_id, "ann", "Ann", "Example", "ann@example.com") == (
        found.user_id,
        found.user_name,
        found.first_name,
        found.last_name,
        found.email,
    )
    assert (ann.cast.organization_id, f"/{ann.cast.organization_id}/", None, "Europe/Paris") == (
        found.organization_id,
        found.path,
        found.company_id,
        found.time_zone,
    )
    assert ROLES[20].permissions | ROLES[0].permissions == found.permissions
    assert [(ann.cast.organization_id, "Contoso Training")] == [(each.id, each.name) for each in found.managed]
    assert found.managed[0] == found.organization
    assert (False, False) == (found.force_password_change, found.is_to_be_touched)
    assert LONGEST_SECONDS == session.seconds


async def test_a_sign_in_is_kept_with_where_it_came_from(database: Database) -> None:
    await meet(database)

    await enter(database, address="2001:db8::1" * 20, user_agent="Brow\0ser" * 100)

    page = await database.search(
        search_sign_ins, viewer=TESTS.viewer, criteria=SignInCriteria(), sort="at", descending=True, offset=0, limit=9
    )
    (kept,) = page.rows
    assert ("ann", 64, 512, False) == (kept.user_name, len(kept.address or ""), len(kept.user_agent or ""), "\0" in (kept.user_agent or ""))
    await enter(database, address=None)


async def test_an_e_mail_address_belongs_to_its_owner_even_where_it_is_anothers_user_name(database: Database) -> None:
    ann = await meet(database)
    await add_user(database, "Max", organization_id=ann.cast.organization_id, user_name="ann@example.com", password_hash=HASH)

    assert ann.user_id == (await present(database, await enter(database))).user_id


@pytest.mark.parametrize(
    "name, password, values",
    [
        ("ann", "another password", {}),
        ("ann", PASSWORD.upper(), {}),
        ("ann", "", {}),
        ("", "", {}),
        ("nobody", PASSWORD, {}),
        ("ann\0", PASSWORD, {}),
        ("ann" * 200, PASSWORD, {}),
        ("ann", PASSWORD, {"disabled": True}),
        ("ann", PASSWORD, {"password_hash": None}),
    ],
)
async def test_whatever_is_wrong_is_told_in_the_same_words(name: str, password: str, values: dict[str, Any], database: Database) -> None:
    await meet(database, **values)

    with pytest.raises(WrongSignInError, match="the name or the password is wrong, or this account cannot sign in"):
        await enter(database, name=name, password=password)


async def test_nobody_of_a_disabled_organization_signs_in(database: Database) -> None:
    ann = await meet(database)
    session = await enter(database)
    changes = OrganizationChanges(enabled=False)
    await database.write(update_organization, actor=TESTS, organization_id=ann.cast.organization_id, changes=changes)

    with pytest.raises(WrongSignInError):
        await enter(database)
    assert await who(database, session) is None


async def test_who_is_unknown_takes_as_long_as_who_is_known(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await meet(database)
    compared = []

    async def compare(password: str, password_hash: str) -> bool:
        compared.append((password, password_hash[:30]))
        return True

    monkeypatch.setattr(signing_in, "is_password", compare)
    for name in ("nobody", "sam"):
        with pytest.raises(WrongSignInError):
            await enter(database, name=name, password="x")

    assert [("x", HASH[:30])] * 2 == compared


async def test_a_password_that_changes_while_it_is_looked_at_opens_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await meet(database)

    async def change_meanwhile(_password: str, _hash: str) -> bool:
        await database.write(set_password, actor=TESTS, user_id=ann.user_id, password_hash="another")
        return True

    monkeypatch.setattr(signing_in, "is_password", change_meanwhile)

    with pytest.raises(WrongSignInError):
        await enter(database)


async def test_a_session_ends_when_it_is_left_alone_or_has_lasted_long(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await meet(database)
    left, used = [await enter(database) for _ in range(2)]
    began = clock.now()

    later(monkeypatch, TOUCH_SECONDS)
    found = await present(database, used)
    assert found.is_to_be_touched
    while clock.now() < began + LONGEST_SECONDS:
        await database.write(touch_session, session_id=found.session_id)
        assert not (await present(database, used)).is_to_be_touched
        later(monkeypatch, IDLE_SECONDS - 1)
        assert (await who(database, left) is None) == (clock.now() >= began + IDLE_SECONDS)
    assert await who(database, used) is None

    # Who comes next clears away what has ended.
    await enter(database)
    monkeypatch.setattr(clock, "now", lambda: began)
    assert (None, None) == (await who(database, left), await who(database, used))


async def test_a_session_is_over_when_one_signs_out(database: Database) -> None:
    ann = await meet(database)
    first, second, third = [await enter(database) for _ in range(3)]

    await database.write(end_session, session_id=(await present(database, first)).session_id)
    assert [False, True, True] == [await who(database, each) is not None for each in (first, second, third)]

    await database.write(end_sessions_of, user_id=ann.user_id)
    assert [None] * 3 == [await who(database, each) for each in (first, second, third)]
    assert await who(database, NewSession("unknown")) is None


async def test_a_disabled_or_closed_account_is_signed_out(database: Database) -> None:
    ann = await meet(database)
    session = await enter(database)

    await database.write(update_user, actor=TESTS, user_id=ann.user_id, changes=UserChanges(disabled=True))
    assert await who(database, session) is None
    await database.write(update_user, actor=TESTS, user_id=ann.user_id, changes=UserChanges(disabled=False))
    await present(database, session)
    await database.write(close_account, actor=ann.cast.ada, user_id=ann.user_id)
    assert await who(database, session) is None


async def test_a_password_that_somebody_else_sets_ends_the_sessions(database: Database) -> None:
    ann = await meet(database)
    session = await enter(database)

    await database.write(set_password, actor=ann.cast.ada, user_id=ann.user_id, password_hash=await hash_password(PASSWORD))

    assert await who(database, session) is None
    await present(database, await enter(database))


async def test_who_has_to_choose_another_password_is_told_so(database: Database) -> None:
    await meet(database, force_password_change=True)

    assert (await present(database, await enter(database))).force_password_change


async def test_one_works_in_the_organization_that_one_chose_as_long_as_one_manages_it(database: Database) -> None:
    ann = await meet(database)
    beneath, east, off = [
        await add_organization(database, name, parent_id=parent)
        for name, parent in (("Beneath", ann.cast.organization_id), ("east", None), ("Zoo", None))
    ]
    await database.write(update_organization, actor=TESTS, organization_id=off, changes=OrganizationChanges(enabled=False))
    managed = (ann.cast.organization_id, beneath, east, off)
    await add_user(
        database,
        "Eve",
        organization_id=ann.cast.organization_id,
        password_hash=HASH,
        managed_organization_ids=managed,
        role_ids=(10,),
    )
    session = await enter(database, name="eve")
    eve = await present(database, session)
    assert [ann.cast.organization_id, east] == [each.id for each in eve.managed]
    assert frozenset({Permission.EDIT_ENROLLMENTS}) == eve.permissions

    await database.write(choose_organization, session_id=eve.session_id, organization_id=east)
    chosen = (await present(database, session)).organization
    assert chosen is not None
    assert (east, "east", f"/{east}/") == (chosen.id, chosen.name, chosen.path)
    for other in (beneath, off, ann.cast.other_organization_id, NOBODY):
        with pytest.raises(OrganizationNotFoundError):
            await database.write(choose_organization, session_id=eve.session_id, organization_id=other)
    with pytest.raises(OrganizationNotFoundError):
        await database.write(choose_organization, session_id=NOBODY, organization_id=east)

    await database.write(stop_managing, actor=TESTS, user_id=eve.user_id, organization_id=east)
    back = (await present(database, session)).organization
    assert back is not None
    assert ann.cast.organization_id == back.id


async def test_who_manages_nothing_works_nowhere(database: Database) -> None:
    await meet(database, managed_organization_ids=())

    found = await present(database, await enter(database))

    assert ((), None) == (found.managed, found.organization)
