"""Changing organizations, and moving them with everything beneath them."""

import asyncio

import pytest

from rollbook.access.actor import Actor
from rollbook.access.roles import UnknownRoleError
from rollbook.database.transaction import Database
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import (
    OrganizationCycleError,
    OrganizationExternalIdTakenError,
    OwnOrganizationDisabledError,
    OwnOrganizationMovedError,
    RootNotAllowedError,
    update_organization,
)
from rollbook.organizations.cultures import UnknownCultureError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError, OrganizationRow, get_organization
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import NOBODY, TESTS, add_key, add_organization, gather
from tests.recorded import history_of


async def change(database: Database, organization_id: int, *, actor: Actor = TESTS, **changes: object) -> OrganizationRow:
    said = OrganizationChanges(**changes)  # type: ignore[arg-type]  # each test gives what fits
    await database.write(update_organization, actor=actor, organization_id=organization_id, changes=said)
    return await database.read(get_organization, viewer=TESTS.viewer, organization_id=organization_id)


async def test_it_changes_what_is_said_and_keeps_the_rest(database: Database) -> None:
    cast = await gather(database)

    changed = await change(
        database,
        cast.organization_id,
        actor=cast.ada,
        name="Anew",
        time_zone=find_time_zone("Central Standard Time"),
        culture="de-at",
        default_role_id=2,
        description="Text",
        external_id="t",
    )

    assert ("Anew", "Central Standard Time", "America/Chicago", "de-AT", 2, "Text", "t", True) == (
        changed.name,
        changed.time_zone,
        changed.time_zone_iana,
        changed.culture,
        changed.default_role_id,
        changed.description,
        changed.external_id,
        changed.enabled,
    )


async def test_history_has_the_changed_values_alone(database: Database) -> None:
    cast = await gather(database)

    await change(database, cast.organization_id, actor=cast.ada, name="Anew", culture="en-US")

    _, entry = await history_of(database, "organization", cast.organization_id)
    assert ("organization.updated", {"name": "Contoso Training"}, {"name": "Anew"}) == (entry.kind, entry.before, entry.after)


async def test_a_change_that_changes_nothing_records_nothing(database: Database) -> None:
    cast = await gather(database)

    await change(
        database,
        cast.organization_id,
        actor=cast.ada,
        name="Contoso Training",
        enabled=True,
        parent_id=None,
        time_zone=find_time_zone("utc"),
    )

    assert 1 == len(await history_of(database, "organization", cast.organization_id))


async def test_none_clears(database: Database) -> None:
    organization_id = await add_organization(database, "Root", external_id="r", description="d", default_role_id=2)

    changed = await change(database, organization_id, external_id=None, description=None, default_role_id=None)

    assert (None, None, None) == (changed.external_id, changed.description, changed.default_role_id)


async def test_a_move_takes_everything_beneath_along(database: Database) -> None:
    first_id = await add_organization(database, "First")
    second_id = await add_organization(database, "Second")
    child_id = await add_organization(database, "Child", parent_id=first_id)
    grandchild_id = await add_organization(database, "Grandchild", parent_id=child_id)

    moved = await change(database, child_id, parent_id=second_id)

    assert f"/{second_id}/{child_id}/" == moved.path
    beneath = await database.read(get_organization, viewer=TESTS.viewer, organization_id=grandchild_id)
    assert f"/{second_id}/{child_id}/{grandchild_id}/" == beneath.path
    assert child_id == beneath.parent_id


async def test_a_command_on_the_server_makes_a_child_a_root(database: Database) -> None:
    root_id = await add_organization(database, "Root")
    child_id = await add_organization(database, "Child", parent_id=root_id)

    assert f"/{child_id}/" == (await change(database, child_id, parent_id=None)).path


@pytest.mark.parametrize("beneath", [False, True], ids=["under itself", "under its child"])
async def test_nothing_moves_beneath_itself(database: Database, *, beneath: bool) -> None:
    root_id = await add_organization(database, "Root")
    child_id = await add_organization(database, "Child", parent_id=root_id)

    with pytest.raises(OrganizationCycleError):
        await change(database, root_id, parent_id=child_id if beneath else root_id)


async def test_two_that_move_beneath_each_other_at_once_do_not_both(database: Database) -> None:
    first_id = await add_organization(database, "First")
    second_id = await add_organization(database, "Second")

    async def move(moved_id: int, parent_id: int) -> bool:
        try:
            await change(database, moved_id, parent_id=parent_id)
        except OrganizationCycleError:
            return False
        return True

    moved = await asyncio.gather(
        move(first_id, second_id), move(second_id, first_id), add_organization(database, "Child", parent_id=first_id)
    )

    child_id = moved[2]
    assert [False, True] == sorted(moved[:2])
    above = f"/{second_id}/{first_id}/" if moved[0] else f"/{first_id}/"
    child = await database.read(get_organization, viewer=TESTS.viewer, organization_id=child_id)
    assert f"{above}{child_id}/" == child.path


async def test_a_key_does_not_move_its_own_organization(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)

    with pytest.raises(OwnOrganizationMovedError):
        await change(database, cast.organization_id, actor=cast.ada, parent_id=child_id)


async def test_a_key_moves_nothing_out_of_its_tree(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)

    with pytest.raises(OrganizationNotFoundError) as refused:
        await change(database, child_id, actor=cast.ada, parent_id=cast.other_organization_id)
    with pytest.raises(RootNotAllowedError):
        await change(database, child_id, actor=cast.ada, parent_id=None)

    assert "parent_id" == refused.value.field


async def test_a_key_disables_what_is_beneath_but_not_its_own_organization(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)

    assert not (await change(database, child_id, actor=cast.ada, enabled=False)).enabled
    with pytest.raises(OwnOrganizationDisabledError):
        await change(database, cast.organization_id, actor=cast.ada, enabled=False)


async def test_an_external_id_is_given_once_beneath_the_new_parent(database: Database) -> None:
    cast = await gather(database)
    first_id = await add_organization(database, "First", parent_id=cast.organization_id, external_id="e")
    second_id = await add_organization(database, "Second", parent_id=first_id, external_id="e")

    with pytest.raises(OrganizationExternalIdTakenError):
        await change(database, second_id, parent_id=cast.organization_id)


async def test_a_refusal_does_not_tell_who_has_the_external_id_outside_of_the_tree(database: Database) -> None:
    root_id = await add_organization(database, "Root")
    await add_organization(database, "First", parent_id=root_id, external_id="e")
    second_id = await add_organization(database, "Second", parent_id=root_id)
    key = await add_key(database, organization_id=second_id)

    with pytest.raises(OrganizationExternalIdTakenError, match="another organization") as refused:
        await change(database, second_id, actor=key, external_id="e")

    assert refused.value.organization_id is None


async def test_values_are_checked(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(UnknownCultureError):
        await change(database, cast.organization_id, culture="no culture")
    with pytest.raises(UnknownRoleError):
        await change(database, cast.organization_id, default_role_id=NOBODY)


async def test_what_lies_outside_of_the_tree_cannot_be_changed(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(OrganizationNotFoundError) as refused:
        await change(database, cast.organization_id, actor=cast.olga, name="Mine")

    assert refused.value.field is None
