"""The commands about classrooms."""

from typing import Any

from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import add_class, add_room, enroll, gather, meeting


async def test_a_classroom_that_was_created_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        shown: dict[str, Any] = {
            "Name": "Forge",
            "ExternalId": "f",
            "Description": "Hot",
            "AdministrativeNotes": "Key at the desk",
            "Capacity": 12,
            "Address1": "1 Rue",
            "Address2": "B",
            "City": "Paris",
            "State": "IDF",
            "Zip": "75001",
            "Country": "FR",
        }

        created = await door.ask("CreateClassroom", **shown)

        classroom = (await door.ask(f"GetClassroom/{created['ClassroomId']}"))["Classroom"]
        assert classroom.pop("Created") == classroom.pop("LastModified") > 1_700_000_000
        owner = {"OrganizationId": cast.organization_id, "OrganizationName": "Contoso Training"}
        assert shown | owner | {"Id": created["ClassroomId"]} == classroom


async def test_an_update_changes_what_is_given_alone(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        room_id = await add_room(database, cast, name="Forge", city="Paris", capacity=5)

        await door.ask("UpdateClassroom", id=room_id, Name="Smithy", Capacity="null", City="")

        classroom = (await door.ask("GetClassroom", id=room_id))["Classroom"]
        assert ("Smithy", "Paris", None) == tuple(classroom[name] for name in ("Name", "City", "Capacity"))


async def test_the_capacity_holds_those_who_sit_there(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        room_id = await add_room(database, cast, name="Forge")
        class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
        await enroll(database, class_id=class_id, user_id=cast.sam_id)

        text = await door.refused("UpdateClassroom", id=room_id, Capacity=0)

        assert text.startswith(f"P3: 1 students sit in room {room_id} (Forge) at once, more than a capacity of 0")


async def test_olga_finds_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.olga_key)
        room_id = await add_room(database, cast)
        nothing = {"Status": 20, "Error": None}

        assert nothing | {"Classroom": None} == await door.call("GetClassroom", id=room_id)
        assert nothing == await door.call("UpdateClassroom", id=room_id, Name="Mine")
        assert [] == (await door.ask("SearchClassrooms"))["Results"]


async def test_a_search_finds_rooms_that_are_large_enough(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        for name, capacity in (("Closet", 2), ("Aula", 200), ("Yard", None)):
            await add_room(database, cast, name=name, capacity=capacity)

        found = await door.ask("SearchClassrooms", capacityAtLeast=10, sort="Capacity DESC")

        assert (2, 1, ["Aula", "Yard"]) == (found["TotalCount"], found["TotalPages"], [each["Name"] for each in found["Results"]])


async def test_a_dry_run_changes_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        room_id = await add_room(database, cast, name="Forge", capacity=3)

        answer = await door.ask("UpdateClassroom", id=room_id, Capacity=4, dryRun="true")

        assert [{"object": "Classroom", "id": room_id, "field": "Capacity", "before": 3, "after": 4}] == answer["changes"]
        assert 3 == (await door.ask("GetClassroom", id=room_id))["Classroom"]["Capacity"]
        assert (await door.ask("CreateClassroom", Name="New", dryRun="true"))["ClassroomId"] is None
