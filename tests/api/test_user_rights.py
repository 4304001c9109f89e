"""The commands about what users may do."""

from rollbook.access.roles import ROLES
from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_organization, gather
from tests.recorded import history_of


async def test_every_role_is_listed(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)

        answer = await FrontOfDoor(database, cast.olga_key).ask("GetUserRoles")

        assert {"Status", "Error", "Roles"} == set(answer)
        assert [{"Id": role.id, "Name": role.name, "Description": role.description} for role in ROLES.values()] == answer["Roles"]


async def test_a_user_gets_and_loses_roles(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        async def roles() -> list[int]:
            return list((await door.ask("GetUser", id=cast.sam_id))["User"]["RoleIds"])

        assert {"Status": 0, "Error": None} == await door.call("AddUserToRole", UserId=cast.sam_id, RoleId=2)
        assert [0, 2] == await roles()
        assert {"status": 0, "error": None} == await door.call(
            f"AddUserToRoles/{cast.sam_id}", query="roleId=20&roleId=2&roleId=Administrator"
        )
        assert [0, 2, 20, 30] == await roles()
        for role_id in (0, 2, 20, 30, 30):
            assert {"Status": 0, "Error": None} == await door.call("RemoveUserFromRole", UserId=cast.sam_id, RoleId=role_id)
        assert [] == await roles()


async def test_a_dry_run_tells_the_roles_and_keeps_none(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        told = await door.call("AddUserToRoles", userId=cast.sam_id, roleId="2,10", dryRun="true")

        assert [{"object": "User", "id": cast.sam_id, "field": "RoleIds", "before": "[0]", "after": "[0,2,10]"}] == told["changes"]
        assert [0] == (await door.ask("GetUser", id=cast.sam_id))["User"]["RoleIds"]


async def test_what_is_wrong_is_told_by_its_documented_name(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        assert (await door.refused("AddUserToRole", UserId="x", RoleId="3")).startswith("UserId: ")
        assert (await door.refused("RemoveUserFromRole", UserId=cast.sam_id, RoleId="3")).startswith("RoleId: 3 is not a role")
        assert "Password: is required; give a value" == await door.refused("UpdateUserPassword", Id=cast.sam_id)
        lower = await door.call("AddUserToRoles", userId=cast.sam_id)
        assert {"status": 10, "error": "roleId: is required; give a value"} == lower
        unknown = await door.refused("AddOrganizationManagementToUser", UserId=cast.sam_id, OrganizationId=NOBODY)
        assert unknown.startswith("OrganizationId: ")


async def test_a_user_manages_organizations(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id)

        await door.ask("AddOrganizationManagementToUser", UserId=cast.sam_id, OrganizationId=child_id)
        managed = (await door.ask("GetUser", id=cast.sam_id))["User"]["ManagedOrganizationIds"]
        await door.ask("RemoveOrganizationManagementFromUser", UserId=cast.sam_id, OrganizationId=child_id)

        assert [child_id] == managed
        assert [] == (await door.ask("GetUser", id=cast.sam_id))["User"]["ManagedOrganizationIds"]


async def test_a_new_password_is_found_nowhere(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        told = await door.call("UpdateUserPassword", Id=cast.sam_id, Password=" hunter2hunter2 ", ForcePasswordChange="true", dryRun="1")
        await door.ask("UpdateUserPassword", Id=cast.sam_id, Password=" hunter2hunter2 ", ForcePasswordChange="true")
        wrong = await door.call("UpdateUserPassword", Id=cast.sam_id, Password="hunter2\x07")

        assert {"Password", "ForcePasswordChange"} == {change["field"] for change in told["changes"]}
        assert 10 == wrong["Status"]
        history = await history_of(database, "user", cast.sam_id)
        assert ["user.created", "user.password_changed"] == [each.kind for each in history]
        assert "hunter2" not in f"{told}{wrong}{history}{door.lines.getvalue()!r}"
        assert "argon2" not in f"{told}{history}"
