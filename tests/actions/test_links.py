"""One-time links: to set a password, and to sign in from elsewhere; and changing one's own password."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from rollbook.access.actor import Actor, ActorKind, Viewer
from rollbook.access.keys import hash_of
from rollbook.accounts.actions.closing import close_account
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.people.actions.password import set_password
from rollbook.people.actions.user_checks import AccountClosedError
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.queries.users import UserNotFoundError
from rollbook.sessions.actions.attempts import begin_attempt
from rollbook.sessions.actions.links import (
    DAY_SECONDS,
    SIGN_IN_SECONDS,
    CannotSignInError,
    make_password_link,
    make_sign_in_link,
    set_password_by_link,
    sign_in_by_link,
)
from rollbook.sessions.actions.passwords import WrongPresentPasswordError, change_password
from rollbook.sessions.actions.sessions import NewSession
from rollbook.sessions.actions.signing_in import WrongSignInError
from rollbook.sessions.new_passwords import PasswordLengthError
from rollbook.sessions.queries.links import LinkNotFoundError, find_link
from rollbook.sessions.resetting import MayNotResetError
from rollbook.sessions.throttle import MOST_OF_A_NAME, TooManySignInsError
from tests.actions.test_sign_in import PASSWORD, ROOT, Person, enter, later, meet, present, who
from tests.cast import NOBODY, TESTS, add_user
from tests.database_contents import found_in
from tests.recorded import history_of

OTHER = "another four words"


async def link_for(database: Database, ann: Person, *, actor: Actor | None = None, **values: Any) -> str:
    return await database.write(make_password_link, actor=actor or ann.cast.ada, user_id=ann.user_id, **values)


async def use(database: Database, token: str, password: str = OTHER, again: str | None = None) -> NewSession:
    return await set_password_by_link(
        database, token=token, password=password, again=password if again is None else again, address=ROOT, user_agent=None
    )


async def arrive(database: Database, token: str) -> NewSession:
    found = await sign_in_by_link(database, token=token, address=ROOT, user_agent=None)
    assert "/schedule" == found.destination
    return found.session


async def send(database: Database, ann: Person) -> str:
    return await database.write(make_sign_in_link, actor=ann.cast.ada, user_id=ann.user_id, destination="/schedule")


def user_actor(user_id: int, organization_id: int, path: str) -> Actor:
    return Actor(ActorKind.USER, user_id, "someone", Viewer(organization_id, path))


async def test_a_link_sets_a_password_once_and_ends_what_was_open(database: Database) -> None:
    ann = await meet(database, force_password_change=True)
    session = await enter(database)
    token, other, elsewhere = await link_for(database, ann), await link_for(database, ann), await send(database, ann)
    assert ("ann", ann.user_id) == ((link := await database.read(find_link, token=token)).user_name, link.user_id)

    begun = await use(database, token)

    found = await present(database, begun)
    assert (ann.user_id, False) == (found.user_id, found.force_password_change)
    assert await who(database, session) is None
    for used in (token, other):
        with pytest.raises(LinkNotFoundError, match="used already, or is too old; ask for a new one"):
            await use(database, used)
    with pytest.raises(LinkNotFoundError):
        await arrive(database, elsewhere)
    with pytest.raises(WrongSignInError):
        await enter(database)
    await enter(database, password=OTHER)


async def test_of_two_who_use_a_link_at_once_one_does(database: Database) -> None:
    ann = await meet(database)
    token, elsewhere = await link_for(database, ann), await send(database, ann)

    by_link = await asyncio.gather(*(arrive(database, elsewhere) for _ in range(4)), return_exceptions=True)
    set_by = await asyncio.gather(*(use(database, token, word * 12) for word in "abcd"), return_exceptions=True)

    for told in (by_link, set_by):
        assert [LinkNotFoundError] * 3 == [type(each) for each in told if not isinstance(each, NewSession)]
    (position,) = [number for number, each in enumerate(set_by) if isinstance(each, NewSession)]
    await enter(database, password="abcd"[position] * 12)


@pytest.mark.parametrize("seconds", [DAY_SECONDS, 7 * DAY_SECONDS])
async def test_a_link_is_good_for_as_long_as_it_was_made(seconds: int, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await meet(database)
    token = await link_for(database, ann, seconds=seconds)

    later(monkeypatch, seconds - 10)
    await database.read(find_link, token=token)
    later(monkeypatch, 11)
    with pytest.raises(LinkNotFoundError):
        await use(database, token)


async def test_a_sign_in_from_elsewhere_has_twenty_seconds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await meet(database, password_hash=None, force_password_change=True)
    late = await send(database, ann)
    later(monkeypatch, SIGN_IN_SECONDS)
    with pytest.raises(LinkNotFoundError):
        await arrive(database, late)

    token = await send(database, ann)
    with pytest.raises(LinkNotFoundError):
        await use(database, token)
    found = await present(database, await arrive(database, token))

    assert (ann.user_id, False) == (found.user_id, found.force_password_change)
    with pytest.raises(LinkNotFoundError):
        await arrive(database, await link_for(database, ann))


async def test_a_link_of_an_older_password_or_of_a_disabled_user_opens_nothing(database: Database) -> None:
    ann = await meet(database)
    token = await link_for(database, ann)
    await database.write(update_user, actor=TESTS, user_id=ann.user_id, changes=UserChanges(disabled=True))
    with pytest.raises(LinkNotFoundError):
        await database.read(find_link, token=token)
    with pytest.raises(CannotSignInError, match="enable them first"):
        await link_for(database, ann)
    await database.write(update_user, actor=TESTS, user_id=ann.user_id, changes=UserChanges(disabled=False))
    await database.read(find_link, token=token)

    await database.write(set_password, actor=TESTS, user_id=ann.user_id, password_hash="another")

    with pytest.raises(LinkNotFoundError):
        await database.read(find_link, token=token)


async def test_a_password_that_cannot_be_taken_leaves_the_link_good(database: Database) -> None:
    ann = await meet(database)
    token = await link_for(database, ann)

    with pytest.raises(PasswordLengthError, match="12 to 1,000 characters"):
        await use(database, token, "short")
    with pytest.raises(SeveralRefusalsError):
        await use(database, token, "short", again="other")
    await use(database, token)


@pytest.mark.parametrize("make", [link_for, send])
async def test_a_link_is_made_by_whoever_sees_the_user_and_may_do_as_much(
    make: Callable[[Database, Person], Awaitable[str]], database: Database
) -> None:
    ann = await meet(database)
    await make(database, ann)
    outside = await add_user(
        database, "Max", organization_id=ann.cast.organization_id, managed_organization_ids=(ann.cast.other_organization_id,)
    )

    with pytest.raises(UserNotFoundError):
        await make(database, Person(ann.cast, ann.cast.olga_id))
    with pytest.raises(MayNotResetError, match="outside of the tree"):
        await make(database, Person(ann.cast, outside))
    await database.write(close_account, actor=ann.cast.ada, user_id=ann.cast.sue_id)
    with pytest.raises(AccountClosedError):
        await make(database, Person(ann.cast, ann.cast.sue_id))


async def test_a_user_makes_links_for_those_who_may_no_more(database: Database) -> None:
    ann = await meet(database)
    boss = await add_user(database, "Bea", organization_id=ann.cast.organization_id, role_ids=(30,))
    actor = user_actor(ann.user_id, ann.cast.organization_id, f"/{ann.cast.organization_id}/")

    await link_for(database, Person(ann.cast, ann.cast.sam_id), actor=actor)
    with pytest.raises(MayNotResetError, match="ask somebody with the role Administrator"):
        await link_for(database, Person(ann.cast, boss), actor=actor)


async def test_the_history_tells_of_a_link_and_nothing_keeps_its_token(database_url: str) -> None:
    async with open_database(database_url) as database:
        ann = await meet(database)
        session = await enter(database)
        token = await link_for(database, ann)

        (made,) = await history_of(database, "password_link", 1)
        assert ("password_link.made", "Ada", {"user_id", "expires_at"}) == (made.kind, made.actor_name, set(made.after or {}))
        assert [hash_of(token)] == await found_in(database_url, [token, session.secret, PASSWORD, hash_of(token)])


async def test_one_changes_ones_own_password_and_stays_signed_in_alone(database: Database) -> None:
    await meet(database, force_password_change=True)
    here, elsewhere = [await enter(database) for _ in range(2)]
    ann = await present(database, here)

    begun = await change_password(database, user=ann, present=PASSWORD, password=OTHER, again=OTHER)

    found = await present(database, begun)
    assert (ann.user_id, ann.organization, False) == (found.user_id, found.organization, found.force_password_change)
    assert [None, None] == [await who(database, each) for each in (here, elsewhere)]
    await enter(database, password=OTHER)


async def test_ones_own_password_is_changed_by_whoever_knows_it(database: Database) -> None:
    ann = await meet(database, managed_organization_ids=())
    signed_in = await present(database, await enter(database))

    with pytest.raises(WrongPresentPasswordError, match="not your present password"):
        await change_password(database, user=signed_in, present="wrong", password=OTHER, again=OTHER)
    for _ in range(MOST_OF_A_NAME - 1):
        await database.write(begin_attempt, name=f"user {ann.user_id}", user_id=ann.user_id, address=None)
    with pytest.raises(TooManySignInsError):
        await change_password(database, user=signed_in, present=PASSWORD, password=OTHER, again=OTHER)
    await enter(database)


async def test_of_two_changes_at_once_one_is_made(database: Database) -> None:
    await meet(database, managed_organization_ids=())
    ann = await present(database, await enter(database))

    changes = (change_password(database, user=ann, present=PASSWORD, password=word * 12, again=word * 12) for word in "ab")
    told = await asyncio.gather(*changes, return_exceptions=True)

    assert 1 == sum(isinstance(each, NewSession) for each in told)
    assert 1 == sum(isinstance(each, WrongPresentPasswordError) for each in told)


async def test_who_has_no_password_or_is_gone_changes_none(database: Database) -> None:
    ann = await meet(database, password_hash=None)
    signed_in = await present(database, await arrive(database, await send(database, ann)))

    with pytest.raises(WrongPresentPasswordError):
        await change_password(database, user=signed_in, present="", password=OTHER, again=OTHER)
    with pytest.raises(UserNotFoundError):
        await link_for(database, Person(ann.cast, NOBODY))


async def test_who_is_gone_meanwhile_is_not_found(database: Database) -> None:
    ann = await meet(database)
    signed_in = await present(database, await enter(database))

    with pytest.raises(UserNotFoundError):
        await change_password(database, user=replace(signed_in, user_id=NOBODY), present=PASSWORD, password=OTHER, again=OTHER)
    assert ann.user_id == signed_in.user_id
