"""The commands about companies."""

import pytest

from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_company, gather

LONGEST = {
    "Name": 150,
    "ExternalId": 50,
    "Description": 800,
    "Address1": 250,
    "Address2": 250,
    "City": 80,
    "State": 50,
    "Zip": 20,
    "Country": 80,
    "Phone": 50,
    "Phone2": 50,
    "Fax": 50,
    "WebSiteUrl": 200,
    "CustomDropdown1": 200,
    "CustomDropdown2": 200,
}


async def test_a_company_that_was_created_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        shown = {name: "x" * length for name, length in LONGEST.items()}
        shown |= {"Email": "a@" + "b" * 254, "Theme": "blue"}

        created = await door.ask("CreateCompany", **shown, OwningUserId=cast.ivan_id, AssignableToUsers="false")

        assert (await door.ask("GetCompany", id=created["CompanyId"]))["Company"] == {
            "Id": created["CompanyId"],
            **shown,
            "OrganizationId": cast.organization_id,
            "OwningUserId": cast.ivan_id,
            "AssignableToUsers": False,
        }


@pytest.mark.parametrize("name, length", list(LONGEST.items()))
async def test_a_text_has_the_documented_length(sqlite_url: str, name: str, length: int) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        text = await door.refused("CreateCompany", **{"Name": "Acme", name: "x" * (length + 1)})

        assert f"{name}: is {length + 1} characters long; give at most {length}" == text


async def test_an_update_changes_what_is_given_alone(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id, city="Ulm", fax="1")

        await door.ask("UpdateCompany", query=f"Id={company_id}&Name=&City=null&Address1=first&Address1=second")

        company = (await door.ask(f"GetCompany/{company_id}"))["Company"]
        assert ("Acme", None, "1", "first", "second") == tuple(company[name] for name in ("Name", "City", "Fax", "Address1", "Address2"))


async def test_refusals_name_the_parameter_as_documented(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id, external_id="e")

        text = await door.refused("CreateCompany", Name="X", ExternalId="e", OwningUserId=cast.olga_id)

        assert ["ExternalId", "OwningUserId"] == [problem.partition(":")[0] for problem in text.split("; ") if ": " in problem]
        assert f"company {company_id}" in text
        elsewhere = await door.refused("UpdateCompany", Id=company_id, OrganizationId=cast.other_organization_id)
        assert elsewhere.startswith("OrganizationId: ")


async def test_a_dry_run_tells_its_changes_and_keeps_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id)

        created = await door.ask("CreateCompany", Name="Apex", dryRun="true")
        updated = await door.ask("UpdateCompany", Id=company_id, WebSiteUrl="https://acme.example", dryRun="true")

        assert created["CompanyId"] is None
        assert updated["changes"] == [
            {"object": "Company", "id": company_id, "field": "WebSiteUrl", "before": None, "after": "https://acme.example"}
        ]
        assert (await door.ask("GetCompany", id=company_id))["Company"]["WebSiteUrl"] is None


async def test_what_the_key_does_not_see_is_not_found(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
        door = FrontOfDoor(database, cast.olga_key)

        for command in ("GetCompany", "UpdateCompany"):
            assert {20} == {(await door.call(command, id=asked))["Status"] for asked in (company_id, NOBODY)}


async def test_a_company_is_deleted_once_nothing_belongs_to_it(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
        await door.ask("UpdateUser", Id=cast.sam_id, CompanyId=company_id)

        text = await door.refused("DeleteCompany", id=company_id)
        await door.ask("UpdateUser", Id=cast.sam_id, CompanyId="null")
        rehearsed = await door.ask("DeleteCompany", id=company_id, dryRun="true")
        deleted = await door.ask(f"DeleteCompany/{company_id}")

        assert f"company {company_id} still has 1 user; give them another company, or none, first" == text
        assert {"object": "Company", "id": company_id, "field": "Name", "before": "Acme", "after": None} in rehearsed["changes"]
        assert {"Status": 0, "Error": None} == deleted
        assert {"Status": 20, "Error": None} == await door.call("DeleteCompany", id=company_id)
