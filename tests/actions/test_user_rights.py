"""What users may do: their roles, the organizations that they manage, their passwords."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, Text, bindparam, select, update

from rollbook.access.roles import UnknownRoleError
from rollbook.database.query import Command, Query
from rollbook.database.transaction import Database, Transaction
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.people.actions.password import set_password
from rollbook.people.actions.rights import add_roles, let_manage, remove_role, set_roles, stop_managing
from rollbook.people.actions.user_checks import AccountClosedError
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.model import users
from rollbook.people.passwords import AT_ONCE, hash_password, is_password
from rollbook.people.queries.users import IdRow, UserNotFoundError, UserRow, get_user
from tests.cast import NOBODY, TESTS, Cast, add_key, add_organization, gather
from tests.recorded import history_of

_CLOSE = Command(
    update(users)
    .where(users.c.id == bindparam("user_id", type_=Integer()))
    .values(closed_at=bindparam("now", type_=BigInteger()), note=bindparam("note", type_=Text()))
)
_WITH_HASH = Query(select(users.c.id).where(users.c.password_hash == bindparam("password_hash", type_=Text())), IdRow)

CALLS: dict[str, tuple[Callable[..., Any], Callable[[Cast], dict[str, Any]]]] = {
    "add roles": (add_roles, lambda _: {"role_ids": (2,)}),
    "set roles": (set_roles, lambda _: {"role_ids": (2,)}),
    "remove a role": (remove_role, lambda _: {"role_id": 0}),
    "let manage": (let_manage, lambda cast: {"organization_id": cast.organization_id}),
    "stop managing": (stop_managing, lambda cast: {"organization_id": cast.organization_id}),
    "set the password": (set_password, lambda _: {"password_hash": "$argon2id$none"}),
}


async def user_of(database: Database, user_id: int) -> UserRow:
    return await database.read(get_user, viewer=TESTS.viewer, user_id=user_id)


async def close(transaction: Transaction, user_id: int) -> None:
    await transaction.run(_CLOSE, user_id=user_id, now=transaction.now, note=None)


async def owners_of(transaction: Transaction, password_hash: str) -> list[int]:
    return [row.id for row in await transaction.all(_WITH_HASH, password_hash=password_hash)]


async def test_roles_are_added_and_removed_and_the_history_says_so(database: Database) -> None:
    cast = await gather(database)

    await database.write(add_roles, actor=cast.ada, user_id=cast.sam_id, role_ids=(20, 2, 0))
    added = await user_of(database, cast.sam_id)
    await database.write(remove_role, actor=cast.ada, user_id=cast.sam_id, role_id=0)
    removed = await user_of(database, cast.sam_id)

    assert ([0, 2, 20], 2) == (sorted(added.role_ids), added.version)
    assert ([2, 20], 3) == (sorted(removed.role_ids), removed.version)
    _, first, second = await history_of(database, "user", cast.sam_id)
    assert ("user.roles_changed", {"role_ids": [0]}, {"role_ids": [0, 2, 20]}) == (first.kind, first.before, first.after)
    assert ({"role_ids": [0, 2, 20]}, {"role_ids": [2, 20]}) == (second.before, second.after)
    assert ("Ada", cast.organization_id) == (first.actor_name, first.organization_id)
    assert [0] == (await user_of(database, cast.sue_id)).role_ids


async def test_roles_are_set_as_a_whole_and_the_last_one_may_go(database: Database) -> None:
    cast = await gather(database)

    await database.write(set_roles, actor=cast.ada, user_id=cast.sam_id, role_ids=(2, 10))
    assert [2, 10] == sorted((await user_of(database, cast.sam_id)).role_ids)

    await database.write(set_roles, actor=cast.ada, user_id=cast.sam_id, role_ids=())
    assert [] == (await user_of(database, cast.sam_id)).role_ids


async def test_what_is_so_already_changes_nothing(database: Database) -> None:
    cast = await gather(database)

    await database.write(add_roles, actor=cast.ada, user_id=cast.sam_id, role_ids=(0,))
    await database.write(set_roles, actor=cast.ada, user_id=cast.sam_id, role_ids=(0, 0))
    await database.write(remove_role, actor=cast.ada, user_id=cast.sam_id, role_id=2)
    await database.write(stop_managing, actor=cast.ada, user_id=cast.sam_id, organization_id=cast.organization_id)
    await database.write(let_manage, actor=cast.ada, user_id=cast.sam_id, organization_id=cast.organization_id)
    await database.write(let_manage, actor=cast.ada, user_id=cast.sam_id, organization_id=cast.organization_id)

    assert ["user.created", "user.management_changed"] == [each.kind for each in await history_of(database, "user", cast.sam_id)]
    assert 2 == (await user_of(database, cast.sam_id)).version


async def test_organizations_are_managed_and_no_longer(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    for organization_id in (child_id, cast.organization_id):
        await database.write(let_manage, actor=cast.ada, user_id=cast.sam_id, organization_id=organization_id)
    managed = await user_of(database, cast.sam_id)

    await database.write(stop_managing, actor=cast.ada, user_id=cast.sam_id, organization_id=child_id)

    assert [cast.organization_id, child_id] == sorted(managed.managed_organization_ids)
    user = await user_of(database, cast.sam_id)
    assert ([cast.organization_id], 4) == (user.managed_organization_ids, user.version)
    last = (await history_of(database, "user", cast.sam_id))[-1]
    assert {"managed_organization_ids": [cast.organization_id, child_id]} == last.before
    assert {"managed_organization_ids": [cast.organization_id]} == last.after


async def test_a_key_names_only_organizations_of_its_tree_and_keeps_others(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)
    await database.write(update_user, actor=TESTS, user_id=cast.sam_id, changes=UserChanges(organization_id=child_id))
    await database.write(let_manage, actor=TESTS, user_id=cast.sam_id, organization_id=cast.organization_id)

    for act in (let_manage, stop_managing):
        for organization_id in (cast.organization_id, NOBODY):
            with pytest.raises(OrganizationNotFoundError) as refused:
                await database.write(act, actor=child, user_id=cast.sam_id, organization_id=organization_id)
            assert "organization_id" == refused.value.field
    await database.write(let_manage, actor=child, user_id=cast.sam_id, organization_id=child_id)

    assert [cast.organization_id, child_id] == sorted((await user_of(database, cast.sam_id)).managed_organization_ids)


@pytest.mark.parametrize("name", CALLS)
async def test_the_user_is_one_of_the_keys_tree_at_the_version_asked_for_and_open(database: Database, name: str) -> None:
    cast = await gather(database)
    act, values_of = CALLS[name]
    values = values_of(cast)

    with pytest.raises(UserNotFoundError) as missing:
        await database.write(act, actor=cast.ada, user_id=cast.olga_id, **values)
    with pytest.raises(VersionChangedError):
        await database.write(act, actor=cast.ada, user_id=cast.sam_id, if_version=2, **values)
    await database.write(close, cast.sam_id)
    with pytest.raises(AccountClosedError) as closed:
        await database.write(act, actor=cast.ada, user_id=cast.sam_id, if_version=1, **values)

    assert missing.value.field is None
    assert f"the account of user {cast.sam_id} is closed; create a new user" == str(closed.value)
    assert ["user.created"] == [each.kind for each in await history_of(database, "user", cast.sam_id)]


async def test_a_closed_account_is_not_updated_unless_nothing_changes(database: Database) -> None:
    cast = await gather(database)
    await database.write(close, cast.sam_id)

    await database.write(update_user, actor=cast.ada, user_id=cast.sam_id, changes=UserChanges(first_name="Sam"))
    with pytest.raises(AccountClosedError):
        await database.write(update_user, actor=cast.ada, user_id=cast.sam_id, changes=UserChanges(first_name="Samuel"))


async def test_a_role_that_is_none_is_refused(database: Database) -> None:
    cast = await gather(database)

    calls: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
        (add_roles, {"role_ids": (2, 3)}, "role_ids"),
        (set_roles, {"role_ids": (3,)}, "role_ids"),
        (remove_role, {"role_id": 3}, "role_id"),
    ]
    for act, values, field in calls:
        with pytest.raises(UnknownRoleError) as refused:
            await database.write(act, actor=cast.ada, user_id=cast.sam_id, **values)
        assert field == refused.value.field


async def test_roles_that_are_added_at_once_are_all_there(database: Database) -> None:
    cast = await gather(database)

    await asyncio.gather(
        *(database.write(add_roles, actor=cast.ada, user_id=cast.sam_id, role_ids=(role_id, 30)) for role_id in (1, 2, 10, 11, 20))
    )

    user = await user_of(database, cast.sam_id)
    assert ([0, 1, 2, 10, 11, 20, 30], 6) == (sorted(user.role_ids), user.version)


async def test_a_password_is_set_and_never_told(database: Database) -> None:
    cast = await gather(database)
    password_hash = await hash_password("correct horse")

    await database.write(set_password, actor=cast.ada, user_id=cast.sam_id, password_hash=password_hash)
    kept = await user_of(database, cast.sam_id)
    await database.write(set_password, actor=cast.ada, user_id=cast.sam_id, password_hash=password_hash, force_password_change=True)
    forced = await user_of(database, cast.sam_id)

    assert [cast.sam_id] == await database.read(owners_of, password_hash)
    assert [(False, 2), (True, 3)] == [(user.force_password_change, user.version) for user in (kept, forced)]
    history = await history_of(database, "user", cast.sam_id)
    assert ["user.created", "user.password_changed", "user.password_changed"] == [each.kind for each in history]
    assert "argon2" not in str(history)
    assert "horse" not in str(history)


async def test_a_hash_is_of_argon2id_and_holds_what_it_was_made_with() -> None:
    first, second = await hash_password("correct horse"), await hash_password("correct horse")

    assert first.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert first != second
    assert "correct horse" not in first
    assert await is_password("correct horse", first)
    assert not await is_password("correct horse ", second)
    # Made with other parameters, by something else.
    assert await is_password(
        "correct horse", "$argon2id$v=19$m=47104,t=2,p=1$tqCgBOYkxMG3q+buT6PlZA$eIjlqfzyI1SmhLb6vwj7MLJlrBnhhv7FJxeD1fktnr0"
    )


async def test_so_many_passwords_are_hashed_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    working, most = 0, 0

    class Hasher:
        def hash(self, password: str) -> str:
            nonlocal working, most
            working += 1
            most = max(most, working)
            done.wait(0.05)
            working -= 1
            return password

    done = threading.Event()
    monkeypatch.setattr("rollbook.people.passwords._HASHER", Hasher())

    hashed = await asyncio.gather(*(hash_password(str(number)) for number in range(6)))

    assert [str(number) for number in range(6)] == hashed
    assert AT_ONCE == most
