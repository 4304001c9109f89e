"""The commands about whole accounts of users."""

from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_class, add_user, enroll, gather


async def test_a_user_is_deleted_unless_something_belongs_to_the_user(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        await enroll(database, class_id=await add_class(database, cast), user_id=cast.sue_id)

        rehearsed = await door.call("DeleteUser", Id=cast.sam_id, dryRun="true")
        assert {"Status": 0, "Error": None} == await door.call("DeleteUser", Id=cast.sam_id)
        refused = await door.refused("DeleteUser", Id=cast.sue_id)

        assert ("User", "sam", None) == next(
            (change["object"], change["before"], change["after"]) for change in rehearsed["changes"] if change["field"] == "UserName"
        )
        assert {"Status": 20, "Error": None} == await door.call("DeleteUser", Id=cast.sam_id)
        assert (
            f"user {cast.sue_id} still has 1 enrollment; merge the user into another one, close the account, or remove these first"
            == refused
        )


async def test_two_users_are_merged(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sue_id)

        rehearsed = await door.call("MergeUsers", userId=cast.sam_id, mergedUserId=cast.sue_id, dryRun="true")
        unchanged = await door.ask("GetClassEnrollment", id=enrollment_id)
        assert {"Status": 0, "Error": None} == await door.call(f"MergeUsers/{cast.sam_id}", mergedUserId=cast.sue_id)

        moved = {"object": "ClassEnrollment", "id": enrollment_id, "field": "UserId", "before": cast.sue_id, "after": cast.sam_id}
        assert moved in rehearsed["changes"]
        assert {"object": "User", "id": cast.sam_id, "field": "MergedUserId", "before": None, "after": cast.sue_id} in rehearsed["changes"]
        assert cast.sue_id == unchanged["Results"][0]["UserId"]
        assert cast.sam_id == (await door.ask("GetClassEnrollment", id=enrollment_id))["Results"][0]["UserId"]
        assert 20 == (await door.call("GetUser", id=cast.sue_id))["Status"]


async def test_what_is_wrong_is_told_by_its_documented_name(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        itself = await door.refused("MergeUsers", userId=cast.sam_id, mergedUserId=cast.sam_id)
        nobody = await door.refused("MergeUsers", userId=cast.sam_id, mergedUserId=NOBODY)

        assert f"mergedUserId: user {cast.sam_id} cannot be merged into user {cast.sam_id}; give another user" == itself
        assert nobody.startswith(f"mergedUserId: there is no user {NOBODY}")
        assert 20 == (await door.call("MergeUsers", userId=NOBODY, mergedUserId=cast.sam_id))["Status"]


async def test_the_calling_systems_id_finds_the_person_after_the_merge(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        other_id = await add_user(database, "Samuel", organization_id=cast.organization_id, external_id="S-1")

        await door.ask("MergeUsers", userId=cast.sam_id, mergedUserId=other_id)

        assert cast.sam_id == (await door.ask("GetUserByExternalId", id="S-1"))["User"]["Id"]
