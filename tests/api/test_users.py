"""The commands about users."""

from typing import Any

import pytest

from rollbook.access.roles import ROLES
from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_company, add_organization, gather
from tests.recorded import history_of

NEO: dict[str, Any] = {"UserName": "neo", "Email": "neo@example.com", "FirstName": "Neo", "LastName": "New"}


async def test_a_user_who_was_created_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
        shown = {
            "ExternalId": "e/1",
            "Title": "Dr",
            "FirstName": "Zoë",
            "MiddleName": "M",
            "LastName": "Żak",
            "UserName": "zoe",
            "OrganizationId": child_id,
            "CompanyId": company_id,
            "ManagerId": cast.ivan_id,
            "Disabled": True,
            "Email": "zoe@example.com",
            "Phone": "1",
            "Phone2": "2",
            "Address1": "a",
            "Address2": "b",
            "City": "c",
            "State": "s",
            "Country": "Poland",
            "CountryCode": "PL",
            "Zip": "z",
            "ProfileImageUrl": "https://example.com/zoe.png",
            "TimeZoneId": "Central European Standard Time",
        }

        created = await door.ask(
            "CreateUser",
            **{**shown, "Disabled": "true", "CountryCode": "pl"},
            RoleId=["2", "Student"],
            ManagedOrganizationId=f"{child_id},{cast.organization_id}",
            Password=" secret ",
            ForcePasswordChange="1",
        )
        by_id = await door.ask(f"GetUser/{created['UserId']}")

        expected = {
            "Id": created["UserId"],
            **shown,
            "RoleIds": [0, 2],
            "ManagedOrganizationIds": [cast.organization_id, child_id],
            "CustomFieldValues": [],
        }
        assert expected == by_id["User"]
        assert by_id == await door.ask("GetUserByEmail", email="ZOE@example.com")
        assert by_id == await door.ask("GetUserByExternalId", id="e/1")


async def test_the_password_is_found_nowhere(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        created = await door.ask("CreateUser", **NEO, Password="hunter2hunter2")
        told = await door.call("CreateUser", **NEO, Password="hunter2hunter2", dryRun="true")

        history = await history_of(database, "user", created["UserId"])
        assert "hunter2" not in f"{told}{history}{door.lines.getvalue()!r}"
        assert "hash" not in f"{told}{history}"


async def test_the_second_of_two_address1_is_the_second_line(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        await door.ask("UpdateUser", query=f"Id={cast.sam_id}&Address1=first&Address1=second")

        user = (await door.ask("GetUser", id=cast.sam_id))["User"]
        assert ("first", "second") == (user["Address1"], user["Address2"])


async def test_an_update_needs_the_id_alone_and_keeps_what_is_left_out_or_blank(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        before = await door.ask("GetUser", id=cast.sam_id)

        await door.ask("UpdateUser", Id=cast.sam_id)
        await door.ask("UpdateUser", Id=cast.sam_id, UserName="", Email="", CompanyId="", Disabled="", TimeZoneId="")
        assert before == await door.ask("GetUser", id=cast.sam_id)

        await door.ask("UpdateUser", Id=cast.sam_id, Title="Dr", TimeZoneId="UTC")
        await door.ask("UpdateUser", Id=cast.sam_id, Title="null", TimeZoneId="null")
        assert before == await door.ask("GetUser", id=cast.sam_id)


async def test_an_update_has_neither_password_nor_roles_nor_managed_organizations(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        answer = await door.ask(
            "UpdateUser", Id=cast.sam_id, Password="x", RoleId=30, ManagedOrganizationId=cast.organization_id, dryRun="1"
        )

        assert [] == answer["changes"]


async def test_every_problem_is_told_by_the_documented_name(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        values = await door.refused(
            "CreateUser", UserName="x", Email="nobody", RoleId=5, CountryCode="Q1", TimeZoneId="Mars", LastName="null"
        )
        rules = await door.refused(
            "CreateUser",
            **{**NEO, "UserName": "SAM"},
            ManagerId=cast.olga_id,
            CompanyId=NOBODY,
            ManagedOrganizationId=cast.other_organization_id,
        )

        names = ["CountryCode", "TimeZoneId", "Email", "FirstName", "LastName", "RoleId"]
        assert sorted(names) == sorted({problem.partition(":")[0] for problem in values.split("; ") if ": " in problem})
        assert "5 is not a role (0, 1, 2, 10, 11, 20 or 30)" in values
        assert ["UserName", "CompanyId", "ManagerId", "ManagedOrganizationId"] == [
            problem.partition(":")[0] for problem in rules.split("; ") if ": " in problem
        ]


@pytest.mark.parametrize("name", ["UserName", "Email", "FirstName", "LastName"])
async def test_names_and_email_are_required(sqlite_url: str, name: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        assert (await door.refused("CreateUser", **{**NEO, name: " "})).startswith(f"{name}: is required")
        assert (await door.refused("UpdateUser", Id=cast.sam_id, **{name: "null"})).startswith(f"{name}: cannot be cleared")


async def test_what_the_key_does_not_see_is_not_found(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        await FrontOfDoor(database, cast.ada_key).ask("UpdateUser", Id=cast.sam_id, ExternalId="e")
        door = FrontOfDoor(database, cast.olga_key)

        for command in (
            f"GetUser/{cast.sam_id}",
            f"UpdateUser/{cast.sam_id}?FirstName=X",
            "GetUserByEmail?email=sam@example.com",
            "GetUserByExternalId/e",
        ):
            assert 20 == (await door.call(command))["Status"]


async def test_a_dry_run_tells_its_changes_and_keeps_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        created = await door.ask("CreateUser", **NEO, dryRun="true")
        updated = await door.ask("UpdateUser", Id=cast.sam_id, LastName="Smith", TimeZoneId="UTC", dryRun="true")

        assert created["UserId"] is None
        assert {"object": "User", "id": None, "field": "UserName", "before": None, "after": "neo"} in created["changes"]
        assert updated["changes"] == [
            {"object": "User", "id": cast.sam_id, "field": "LastName", "before": "Example", "after": "Smith"},
            {"object": "User", "id": cast.sam_id, "field": "TimeZoneId", "before": None, "after": "UTC"},
        ]
        assert 20 == (await door.call("GetUserByEmail", email="neo@example.com"))["Status"]


async def test_an_unknown_key_is_told_as_such(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        door = FrontOfDoor(database, "rb_nobody")

        for command in ("GetUser/1", "GetUserByEmail?email=x", "GetUserByExternalId/1", "UpdateUser/1"):
            assert 30 == (await door.call(command))["Status"]
        assert 30 == (await door.call("CreateUser", **NEO))["Status"]


def test_roles_are_told_apart_by_their_names() -> None:
    assert len(ROLES) == len({role.name for role in ROLES.values()})
