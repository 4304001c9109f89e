"""API keys: making them, finding whose they are, revoking them."""

import pytest

from rollbook import clock
from rollbook.access.actor import Actor, ActorKind, Viewer
from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import PREFIX, hash_of, make_key
from rollbook.access.scopes import Scope, ScopeError, check_scope
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.sight import UnknownHolder, see_enrollment
from rollbook.organizations.actions.keys import create_key, note_key_uses, revoke_key
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import update_organization
from rollbook.organizations.queries.keys import KeyNotFoundError, authenticate, list_keys
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from tests.cast import NOBODY, TESTS, add_class, add_key, add_organization, enroll, gather
from tests.recorded import history_of


def test_no_two_keys_are_alike_and_each_is_known_by_its_hash() -> None:
    first, second = make_key(), make_key()

    assert first.secret != second.secret
    assert first.secret.startswith(PREFIX)
    assert (hash_of(first.secret), 64) == (first.hash, len(first.hash))


async def test_a_key_stands_for_its_organization(database: Database) -> None:
    root_id = await add_organization(database, "Root")
    child_id = await add_organization(database, "Child", parent_id=root_id)

    key = await add_key(database, organization_id=child_id, name="The child's")

    assert Actor(ActorKind.KEY, 1, "The child's", Viewer(child_id, f"/{root_id}/{child_id}/")) == key


async def test_an_unknown_key_opens_nothing(database: Database) -> None:
    await gather(database)

    with pytest.raises(InvalidKeyError):
        await database.read(authenticate, key_hash=make_key().hash)


async def test_a_revoked_key_opens_nothing_anymore(database: Database) -> None:
    cast = await gather(database)
    assert cast.ada.id is not None

    await database.write(revoke_key, actor=cast.ada, key_id=cast.ada.id)

    with pytest.raises(InvalidKeyError):
        await database.read(authenticate, key_hash=hash_of(cast.ada_key))


async def test_a_key_of_a_disabled_organization_opens_nothing_until_it_is_enabled(database: Database) -> None:
    cast = await gather(database)
    changes = OrganizationChanges(enabled=False)
    await database.write(update_organization, actor=TESTS, organization_id=cast.organization_id, changes=changes)

    with pytest.raises(InvalidKeyError):
        await database.read(authenticate, key_hash=hash_of(cast.ada_key))

    changes = OrganizationChanges(enabled=True)
    await database.write(update_organization, actor=TESTS, organization_id=cast.organization_id, changes=changes)
    assert cast.ada == await database.read(authenticate, key_hash=hash_of(cast.ada_key))


async def test_revoking_twice_changes_and_records_nothing_more(database: Database) -> None:
    cast = await gather(database)
    assert cast.ada.id is not None
    await database.write(revoke_key, actor=cast.ada, key_id=cast.ada.id)
    (before,) = await database.read(list_keys, viewer=cast.ada.viewer)

    await database.write(revoke_key, actor=cast.ada, key_id=cast.ada.id)

    assert [before] == await database.read(list_keys, viewer=cast.ada.viewer)
    assert ["key.created", "key.revoked"] == [entry.kind for entry in await history_of(database, "key", cast.ada.id)]


async def test_the_history_does_not_hold_what_opens(database: Database) -> None:
    cast = await gather(database)
    assert cast.ada.id is not None

    (entry,) = await history_of(database, "key", cast.ada.id)

    assert {"name": "Ada", "scope": "admin", "expires_at": None} == entry.after


async def test_keys_outside_of_the_tree_do_not_exist(database: Database) -> None:
    cast = await gather(database)
    assert cast.ada.id is not None

    assert ["Olga"] == [key.name for key in await database.read(list_keys, viewer=cast.olga.viewer)]
    with pytest.raises(KeyNotFoundError):
        await database.write(revoke_key, actor=cast.olga, key_id=cast.ada.id)
    with pytest.raises(OrganizationNotFoundError):
        await database.write(create_key, actor=cast.olga, organization_id=cast.organization_id, name="x", key_hash=make_key().hash)
    with pytest.raises(OrganizationNotFoundError):
        await database.write(create_key, actor=TESTS, organization_id=NOBODY, name="x", key_hash=make_key().hash)


@pytest.mark.parametrize("scope", Scope)
async def test_a_key_reaches_as_far_as_its_scope(database: Database, scope: Scope) -> None:
    cast = await gather(database)
    key = make_key()
    key_id = await database.write(create_key, actor=TESTS, organization_id=cast.organization_id, name="K", key_hash=key.hash, scope=scope)

    assert scope is (await database.read(authenticate, key_hash=key.hash)).scope
    assert [scope] == [each.scope for each in await database.read(list_keys, viewer=cast.ada.viewer) if each.id == key_id]


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("needed", Scope)
def test_each_scope_includes_those_before_it(scope: Scope, needed: Scope) -> None:
    reaches = list(Scope).index(scope) >= list(Scope).index(needed)

    if reaches:
        check_scope(scope, needed=needed)
    else:
        with pytest.raises(ScopeError) as refused:
            check_scope(scope, needed=needed)
        assert (scope, needed) == (refused.value.scope, refused.value.needed)


@pytest.mark.parametrize("seconds, is_valid", [(-1, False), (0, False), (1000, True)])
async def test_a_key_opens_nothing_from_its_last_moment_on(database: Database, seconds: int, *, is_valid: bool) -> None:
    cast = await gather(database)
    key = make_key()
    expires_at = clock.now() + seconds
    await database.write(create_key, actor=TESTS, organization_id=cast.organization_id, name="K", key_hash=key.hash, expires_at=expires_at)

    if is_valid:
        assert "K" == (await database.read(authenticate, key_hash=key.hash)).name
    else:
        with pytest.raises(InvalidKeyError):
            await database.read(authenticate, key_hash=key.hash)


async def test_the_last_use_of_a_key_is_kept_and_never_goes_back(database: Database) -> None:
    cast = await gather(database)

    for used_at, kept in ((600, 600), (540, 600), (660, 660)):
        await database.write(note_key_uses, uses={hash_of(cast.ada_key): used_at, make_key().hash: used_at})
        (key,) = await database.read(list_keys, viewer=cast.ada.viewer)
        assert kept == key.last_used_at

    assert cast.ada.id is not None
    assert ["key.created"] == [entry.kind for entry in await history_of(database, "key", cast.ada.id)]


async def test_a_key_whose_scope_is_too_small_changes_no_enrollment(database: Database) -> None:
    cast = await gather(database)
    key = make_key()
    await database.write(create_key, actor=TESTS, organization_id=cast.organization_id, name="K", key_hash=key.hash, scope=Scope.READ)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)

    for needed in (Scope.READ, Scope.ENROLL):
        holder = UnknownHolder(key.hash, needed)
        if needed is Scope.READ:
            await database.read(see_enrollment, caller=holder, enrollment_id=enrollment_id)
        else:
            with pytest.raises(ScopeError):
                await database.read(see_enrollment, caller=holder, enrollment_id=enrollment_id)
        assert holder.actor is not None
        assert Scope.READ is holder.actor.scope
