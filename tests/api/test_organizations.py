"""The commands about organizations."""

import pytest

from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_organization, gather


async def test_an_organization_that_was_created_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        created = await door.ask(
            "CreateOrganization",
            Name="North",
            ExternalId="n-1",
            Description="Up\nthere",
            TimeZoneId="eastern standard time",
            Culture="en-gb",
            DefaultRoleId="Instructor",
        )
        by_id = await door.ask(f"GetOrganization/{created['OrganizationId']}")
        by_external_id = await door.ask("GetOrganizationByExternalId/n-1")

        assert by_id == by_external_id
        assert by_id["Organization"] == {
            "Id": created["OrganizationId"],
            "ExternalId": "n-1",
            "Name": "North",
            "Description": "Up\nthere",
            "ParentId": str(cast.organization_id),
            "IntegrationKey": None,
            "TimeZoneId": "Eastern Standard Time",
            "Culture": "en-GB",
            "DefaultUserPassword": None,
            "DefaultUserNamePattern": "Email",
            "Enabled": True,
            "Children": [],
        }
        above = await door.ask("GetOrganization", id=cast.organization_id)
        assert ([created["OrganizationId"]], None) == (above["Organization"]["Children"], above["Organization"]["ParentId"])


async def test_an_update_needs_the_id_alone_and_keeps_what_is_left_out_or_blank(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id, external_id="c", description="d")

        await door.ask(f"UpdateOrganization/{child_id}")
        await door.ask(
            f"UpdateOrganization/{child_id}", name="", parentId="", externalId="null", timeZoneId="Europe/Paris", enabled="false"
        )

        organization = (await door.ask("GetOrganization", id=child_id))["Organization"]
        assert ("Child", None, "d", "Europe/Paris", False) == (
            organization["Name"],
            organization["ExternalId"],
            organization["Description"],
            organization["TimeZoneId"],
            organization["Enabled"],
        )


async def test_refusals_name_the_parameter_as_documented(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        missing_parent = await door.refused("CreateOrganization", Name="X", ParentId=cast.other_organization_id)
        wrong_values = await door.refused("UpdateOrganization/1", timeZoneId="Nowhere", culture="no culture", name="null")

        assert missing_parent.startswith(f"ParentId: there is no organization {cast.other_organization_id}")
        assert ["name", "timeZoneId", "culture"] == [problem.partition(":")[0] for problem in wrong_values.split("; ") if ": " in problem]
        assert (await door.refused("CreateOrganization")).startswith("Name: is required")


@pytest.mark.parametrize("command", ["GetOrganization", "UpdateOrganization"])
async def test_what_the_key_does_not_see_is_not_found(sqlite_url: str, command: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.olga_key)

        assert 20 == (await door.call(command, id=cast.organization_id))["Status"]
        assert 20 == (await door.call(command, id=NOBODY))["Status"]


async def test_an_unknown_external_id_is_not_found_and_one_that_several_share_is_refused(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        first_id = await add_organization(database, "First", parent_id=cast.organization_id, external_id="e")
        await add_organization(database, "Second", parent_id=first_id, external_id="e")

        assert {"Status": 20, "Error": None, "Organization": None} == await door.call("GetOrganizationByExternalId", id="x")
        assert (await door.refused("GetOrganizationByExternalId", id="e")).startswith("id: the organizations ")


async def test_a_dry_run_tells_its_changes_and_keeps_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        created = await door.ask("CreateOrganization", Name="North", dryRun="true")
        updated = await door.ask("UpdateOrganization", id=cast.organization_id, name="Anew", timeZoneId="UTC", dryRun="true")

        assert created["OrganizationId"] is None
        assert {"object": "Organization", "id": None, "field": "Name", "before": None, "after": "North"} in created["changes"]
        assert updated["changes"] == [
            {"object": "Organization", "id": cast.organization_id, "field": "Name", "before": "Contoso Training", "after": "Anew"}
        ]
        organization = (await door.ask("GetOrganization", id=cast.organization_id))["Organization"]
        assert ("Contoso Training", []) == (organization["Name"], organization["Children"])


async def test_an_unknown_key_is_told_as_such(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door = FrontOfDoor(database, "rb_nobody")

        for command in ("GetOrganization/1", "CreateOrganization?Name=X", "UpdateOrganization/1", "GetOrganizationByExternalId/1"):
            assert 30 == (await door.call(command))["Status"]


async def test_an_organization_is_deleted_once_nothing_belongs_to_it(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = (await door.ask("CreateOrganization", Name="Child"))["OrganizationId"]
        user = await door.ask("CreateUser", UserName="u", Email="u@example.com", FirstName="U", LastName="U", OrganizationId=child_id)

        text = await door.refused("DeleteOrganization", Id=child_id)
        own = await door.refused("DeleteOrganization", Id=cast.organization_id)
        await door.ask("UpdateUser", Id=user["UserId"], OrganizationId=cast.organization_id)
        rehearsed = await door.ask("DeleteOrganization", Id=child_id, dryRun="true")
        deleted = await door.ask(f"DeleteOrganization/{child_id}")

        assert f"organization {child_id} still has 1 user; delete what belongs to it or give it another organization first" == text
        assert "a key cannot delete its own organization; use the key of an organization above it" == own
        assert {"object": "Organization", "id": child_id, "field": "Name", "before": "Child", "after": None} in rehearsed["changes"]
        assert {"Status": 0, "Error": None} == deleted
        assert {"Status": 20, "Error": None} == await door.call("DeleteOrganization", Id=child_id)
