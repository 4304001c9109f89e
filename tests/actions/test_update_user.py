"""Changing users, and finding them."""

import asyncio

import pytest

from rollbook.access.actor import Actor
from rollbook.database.transaction import Database
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import update_organization
from rollbook.organizations.time_zones import find_time_zone
from rollbook.people.actions.user_checks import (
    OrganizationDisabledError,
    OwnManagerError,
    UserExternalIdTakenError,
    UserValueTakenError,
)
from rollbook.people.actions.user_details import NewUser, UserChanges
from rollbook.people.actions.users import create_user, update_user
from rollbook.people.queries.users import (
    NoUserWithEmailError,
    NoUserWithExternalIdError,
    SeveralUsersError,
    UserNotFoundError,
    UserRow,
    get_user,
    get_user_by_email,
    get_user_by_external_id,
    page_users,
)
from tests.cast import TESTS, add_company, add_key, add_organization, add_user, gather
from tests.recorded import history_of


async def change(database: Database, user_id: int, *, actor: Actor = TESTS, **changes: object) -> UserRow:
    said = UserChanges(**changes)  # type: ignore[arg-type]  # each test gives what fits
    await database.write(update_user, actor=actor, user_id=user_id, changes=said)
    return await database.read(get_user, viewer=TESTS.viewer, user_id=user_id)


async def test_it_changes_what_is_said_and_keeps_the_rest(database: Database) -> None:
    cast = await gather(database)

    changed = await change(database, cast.sam_id, actor=cast.ada, last_name="Smith", time_zone=find_time_zone("Asia/Tokyo"), disabled=True)

    assert ("Sam", "Smith", "Asia/Tokyo", True, [0]) == (
        changed.first_name,
        changed.last_name,
        changed.time_zone,
        changed.disabled,
        changed.role_ids,
    )
    assert "Asia/Tokyo" == (await change(database, cast.sam_id, actor=cast.ada, disabled=False)).time_zone_iana


async def test_history_has_the_changed_values_alone(database: Database) -> None:
    cast = await gather(database)

    await change(database, cast.sam_id, actor=cast.ada, last_name="Smith", first_name="Sam", time_zone=find_time_zone("Asia/Tokyo"))

    _, entry = await history_of(database, "user", cast.sam_id)
    assert ("user.updated", "Ada", cast.organization_id) == (entry.kind, entry.actor_name, entry.organization_id)
    assert {"last_name": "Example", "time_zone": None} == entry.before
    assert {"last_name": "Smith", "time_zone": "Asia/Tokyo"} == entry.after


async def test_a_change_that_changes_nothing_records_nothing(database: Database) -> None:
    cast = await gather(database)

    await change(database, cast.sam_id, actor=cast.ada, first_name="Sam", company_id=None, organization_id=cast.organization_id)

    assert 1 == len(await history_of(database, "user", cast.sam_id))


async def test_none_clears(database: Database) -> None:
    cast = await gather(database)
    user_id = await add_user(
        database,
        "Max",
        organization_id=cast.organization_id,
        manager_id=cast.ivan_id,
        external_id="e",
        time_zone=find_time_zone("UTC"),
        title="Dr",
    )

    changed = await change(database, user_id, actor=cast.ada, manager_id=None, external_id=None, time_zone=None, title=None)

    assert (None, None, None, None, None) == (
        changed.manager_id,
        changed.external_id,
        changed.time_zone,
        changed.time_zone_iana,
        changed.title,
    )


async def test_the_case_of_the_own_name_may_change(database: Database) -> None:
    cast = await gather(database)

    changed = await change(database, cast.sam_id, actor=cast.ada, user_name="SAM", email="Sam@Example.com")

    assert ("SAM", "Sam@Example.com") == (changed.user_name, changed.email)
    assert cast.sam_id == (await database.read(get_user_by_email, viewer=cast.ada.viewer, email="sAm@example.COM")).id


@pytest.mark.parametrize("field, value", [("user_name", "Ivan"), ("email", "IVAN@example.com")])
async def test_names_of_others_are_taken(database: Database, field: str, value: str) -> None:
    cast = await gather(database)

    with pytest.raises(UserValueTakenError) as refused:
        await change(database, cast.sam_id, actor=cast.ada, **{field: value})

    assert (field, cast.ivan_id) == (refused.value.field, refused.value.user_id)


async def test_an_external_id_is_given_once_in_the_new_organization(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    await add_user(database, "Max", organization_id=child_id, external_id="e")
    await change(database, cast.sam_id, external_id="e")

    with pytest.raises(UserExternalIdTakenError):
        await change(database, cast.sam_id, actor=cast.ada, organization_id=child_id)
    assert child_id == (await change(database, cast.sam_id, actor=cast.ada, organization_id=child_id, external_id="f")).organization_id


async def test_a_disabled_organization_takes_no_user(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    changes = OrganizationChanges(enabled=False)
    await database.write(update_organization, actor=TESTS, organization_id=child_id, changes=changes)

    with pytest.raises(OrganizationDisabledError):
        await change(database, cast.sam_id, actor=cast.ada, organization_id=child_id)


async def test_nobody_is_their_own_manager(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(OwnManagerError):
        await change(database, cast.sam_id, actor=cast.ada, manager_id=cast.sam_id)


async def test_what_a_user_refers_to_outside_of_the_tree_is_not_shown_and_stays(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    user_id = await add_user(
        database,
        "Max",
        organization_id=child_id,
        company_id=company_id,
        manager_id=cast.ivan_id,
        managed_organization_ids=(cast.organization_id, child_id),
    )
    child_key = await add_key(database, organization_id=child_id)

    seen = await database.read(get_user, viewer=child_key.viewer, user_id=user_id)
    assert (None, None, [child_id]) == (seen.company_id, seen.manager_id, seen.managed_organization_ids)

    kept = await change(database, user_id, actor=child_key, first_name="Moritz")
    assert (company_id, cast.ivan_id) == (kept.company_id, kept.manager_id)


async def test_a_value_equal_to_the_stored_one_is_not_looked_up(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    user_id = await add_user(database, "Max", organization_id=child_id, manager_id=cast.ivan_id)
    child_key = await add_key(database, organization_id=child_id)

    changed = await change(database, user_id, actor=child_key, manager_id=cast.ivan_id, first_name="Moritz")

    assert ("Moritz", cast.ivan_id) == (changed.first_name, changed.manager_id)


async def test_users_outside_of_the_tree_do_not_exist(database: Database) -> None:
    cast = await gather(database)
    await change(database, cast.sam_id, external_id="e")

    with pytest.raises(UserNotFoundError) as refused:
        await change(database, cast.sam_id, actor=cast.olga, first_name="Mine")
    with pytest.raises(UserNotFoundError):
        await database.read(get_user, viewer=cast.olga.viewer, user_id=cast.sam_id)
    with pytest.raises(NoUserWithEmailError):
        await database.read(get_user_by_email, viewer=cast.olga.viewer, email="sam@example.com")
    with pytest.raises(NoUserWithExternalIdError):
        await database.read(get_user_by_external_id, viewer=cast.olga.viewer, external_id="e")

    assert refused.value.field is None
    assert [cast.olga_id] == [user.id for user in await database.read(page_users, viewer=cast.olga.viewer)]


async def test_an_external_id_that_several_share_is_not_guessed(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    max_id = await add_user(database, "Max", organization_id=child_id, external_id="e")
    child_key = await add_key(database, organization_id=child_id)
    await change(database, cast.sam_id, external_id="e")

    with pytest.raises(SeveralUsersError, match=f"{cast.sam_id}, {max_id}"):
        await database.read(get_user_by_external_id, viewer=cast.ada.viewer, external_id="e")

    assert max_id == (await database.read(get_user_by_external_id, viewer=child_key.viewer, external_id="e")).id


async def test_pages_go_on_after_the_last_id(database: Database) -> None:
    cast = await gather(database)

    page = await database.read(page_users, viewer=cast.ada.viewer, after_id=cast.ivan_id, limit=1)

    assert [cast.sam_id] == [user.id for user in page]


async def test_of_many_who_take_one_name_at_once_one_gets_it(database: Database) -> None:
    cast = await gather(database)

    async def attempt(number: int) -> bool:
        user = NewUser(
            organization_id=cast.organization_id,
            user_name="Wanted",
            email=f"{number}@example.com",
            first_name="W",
            last_name="W",
        )
        try:
            await database.write(create_user, actor=cast.ada, user=user)
        except UserValueTakenError:
            return False
        return True

    outcomes = await asyncio.gather(*[attempt(number) for number in range(8)])

    assert 1 == sum(outcomes)
