"""The commands that remove what identifies a person."""

import pytest

from rollbook.database import open_database
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.api.front_of_door import FrontOfDoor
from tests.cast import add_class, enroll, gather
from tests.database_contents import found_in
from tests.marked import mark_person
from tests.roster import see

COMMANDS = ("CloseUserAccountById", "CloseUserAccountByExternalId", "DeleteUserDataById", "DeleteUserDataByExternalId")


@pytest.mark.parametrize("command", COMMANDS)
async def test_nothing_of_the_person_is_left_in_the_database(command: str, database_url: str) -> None:
    async with open_database(database_url) as database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        door = FrontOfDoor(database, cast.ada_key)
        user = (await door.ask("GetUser", id=person.user_id))["User"]

        answer = await door.ask(command, id=user["ExternalId"] if "External" in command else person.user_id)

        assert answer["RowsAffected"] > 10
        assert {"Status", "Error", "RowsAffected"} == set(answer)
        assert [] == await found_in(database_url, person.marks)
        assert 0 == (await door.ask(command.replace("ExternalId", "Id"), id=person.user_id))["RowsAffected"]
        assert not [mark for mark in person.marks if mark.encode() in door.lines.getvalue()]


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_dry_run_tells_what_would_be_replaced_and_never_by_what_it_was(command: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        door = FrontOfDoor(database, cast.ada_key)
        before = (await door.ask("GetUser", id=person.user_id))["User"]

        answer = await door.ask(command, id=before["ExternalId"] if "External" in command else person.user_id, dryRun="true")

        fields = {change["field"]: (change["before"], change["after"]) for change in answer["changes"] if change["object"] == "User"}
        assert ("(erased)", f"closed-{person.user_id}") == fields["UserName"]
        assert (False, True) == fields["Disabled"]
        assert not [mark for mark in person.marks if mark in str(answer)]
        assert before == (await door.ask("GetUser", id=person.user_id))["User"]


async def test_closing_cancels_and_deleting_the_data_does_not(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(database, cast)
        closed, deleted = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]

        await door.ask(f"CloseUserAccountById/{cast.sam_id}")
        await door.ask("DeleteUserDataById", id=cast.sue_id)

        assert EnrollmentStatus.CANCELLED is (await see(database, closed)).status
        assert EnrollmentStatus.ENROLLED is (await see(database, deleted)).status


async def test_there_is_one_type_of_data(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        refused = await door.refused("DeleteUserDataById", id=cast.sam_id, dataTypeId=1)

        assert "dataTypeId: 1 is not a type of data (0)" == refused
        assert "sam" == (await door.ask("GetUser", id=cast.sam_id))["User"]["UserName"]
        assert 0 < (await door.ask("DeleteUserDataById", id=cast.sam_id, dataTypeId=0))["RowsAffected"]


async def test_a_closed_account_cannot_be_changed(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        await door.ask("CloseUserAccountById", id=cast.sam_id)

        assert f"the account of user {cast.sam_id} is closed; create a new user" == await door.refused(
            "UpdateUser", Id=cast.sam_id, Title="Dr"
        )
