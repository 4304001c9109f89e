"""Creating organizations."""

import pytest

from rollbook.access.roles import UnknownRoleError
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import OrganizationExternalIdTakenError, RootNotAllowedError, create_organization
from rollbook.organizations.cultures import UnknownCultureError
from rollbook.organizations.queries.organizations import (
    NoOrganizationWithExternalIdError,
    OrganizationNotFoundError,
    SeveralOrganizationsError,
    get_organization,
    get_organization_by_external_id,
    page_organizations,
)
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import TESTS, add_key, add_organization, gather
from tests.recorded import history_of


async def test_a_root_has_what_nobody_said_by_default(database: Database) -> None:
    organization_id = await add_organization(database, "Straße")

    organization = await database.read(get_organization, viewer=TESTS.viewer, organization_id=organization_id)

    assert f"/{organization_id}/" == organization.path
    assert organization.parent_id is None
    assert ("UTC", "Etc/UTC", "en-US") == (organization.time_zone, organization.time_zone_iana, organization.culture)
    assert organization.enabled
    assert [] == organization.children_ids


async def test_a_child_takes_zone_and_culture_from_its_parent(database: Database) -> None:
    zone = find_time_zone("Eastern Standard Time")
    root_id = await add_organization(database, "Root", time_zone=zone, culture="fr-CA")
    ada = await add_key(database, organization_id=root_id)

    child_id = await database.write(create_organization, actor=ada, organization=NewOrganization(name="Child", parent_id=root_id))

    child = await database.read(get_organization, viewer=ada.viewer, organization_id=child_id)
    assert f"/{root_id}/{child_id}/" == child.path
    assert ("Eastern Standard Time", "fr-CA", root_id) == (child.time_zone, child.culture, child.parent_id)
    root = await database.read(get_organization, viewer=ada.viewer, organization_id=root_id)
    assert [child_id] == root.children_ids


async def test_it_keeps_what_is_said_and_records_it(database: Database) -> None:
    cast = await gather(database)
    said = NewOrganization(
        name="North",
        parent_id=cast.organization_id,
        external_id="n-1",
        description="Up there",
        time_zone=find_time_zone("Europe/Paris"),
        culture="fr-fr",
        default_role_id=2,
    )

    organization_id = await database.write(create_organization, actor=cast.ada, organization=said)

    found = await database.read(get_organization_by_external_id, viewer=cast.ada.viewer, external_id="n-1")
    assert organization_id == found.id
    assert ("North", "Up there", "Europe/Paris", "fr-FR", 2) == (
        found.name,
        found.description,
        found.time_zone,
        found.culture,
        found.default_role_id,
    )
    (entry,) = await history_of(database, "organization", organization_id)
    assert ("organization.created", organization_id, "Ada") == (entry.kind, entry.organization_id, entry.actor_name)
    assert entry.after == {
        "name": "North",
        "parent_id": cast.organization_id,
        "external_id": "n-1",
        "description": "Up there",
        "time_zone": "Europe/Paris",
        "culture": "fr-FR",
        "default_role_id": 2,
    }


async def test_a_key_makes_no_root(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(RootNotAllowedError):
        await database.write(create_organization, actor=cast.ada, organization=NewOrganization(name="Root", parent_id=None))


async def test_a_parent_outside_of_the_tree_does_not_exist(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(OrganizationNotFoundError) as refused:
        await database.write(create_organization, actor=cast.olga, organization=NewOrganization(name="X", parent_id=cast.organization_id))

    assert "parent_id" == refused.value.field


async def test_it_tells_everything_that_is_wrong_at_once(database: Database) -> None:
    cast = await gather(database)
    organization = NewOrganization(name="X", parent_id=cast.organization_id, culture="Klingon language", default_role_id=7)

    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(create_organization, actor=cast.ada, organization=organization)

    assert [UnknownCultureError, UnknownRoleError] == [type(refusal) for refusal in refused.value.refusals]


async def test_an_external_id_is_given_once_beneath_a_parent(database: Database) -> None:
    cast = await gather(database)
    first_id = await add_organization(database, "First", parent_id=cast.organization_id, external_id="e")
    await add_organization(database, "Beneath", parent_id=first_id, external_id="e")

    with pytest.raises(OrganizationExternalIdTakenError, match=f"organization {first_id}") as refused:
        await add_organization(database, "Second", parent_id=cast.organization_id, external_id="e")

    assert first_id == refused.value.organization_id


async def test_an_external_id_that_several_share_is_not_guessed(database: Database) -> None:
    cast = await gather(database)
    first_id = await add_organization(database, "First", parent_id=cast.organization_id, external_id="e")
    second_id = await add_organization(database, "Second", parent_id=first_id, external_id="e")

    with pytest.raises(SeveralOrganizationsError) as refused:
        await database.read(get_organization_by_external_id, viewer=cast.ada.viewer, external_id="e")

    assert (first_id, second_id) == refused.value.organization_ids


async def test_what_lies_outside_of_the_tree_does_not_exist(database: Database) -> None:
    cast = await gather(database)
    await add_organization(database, "First", parent_id=cast.organization_id, external_id="e")

    with pytest.raises(OrganizationNotFoundError):
        await database.read(get_organization, viewer=cast.olga.viewer, organization_id=cast.organization_id)
    with pytest.raises(NoOrganizationWithExternalIdError):
        await database.read(get_organization_by_external_id, viewer=cast.olga.viewer, external_id="e")
    page = await database.read(page_organizations, viewer=cast.olga.viewer)
    assert [cast.other_organization_id] == [organization.id for organization in page]


async def test_the_parent_of_the_trees_root_is_not_shown(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child_key = await add_key(database, organization_id=child_id)

    child = await database.read(get_organization, viewer=child_key.viewer, organization_id=child_id)

    assert child.parent_id is None


async def test_pages_go_on_after_the_last_id(database: Database) -> None:
    cast = await gather(database)

    page = await database.read(page_organizations, viewer=TESTS.viewer, after_id=cast.organization_id, limit=1)

    assert [cast.other_organization_id] == [organization.id for organization in page]
