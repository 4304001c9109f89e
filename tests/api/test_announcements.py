"""The commands about what organizations announce."""

from rollbook import clock
from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, add_organization, gather


async def test_what_is_announced_is_told_to_the_organization_and_to_those_beneath(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
        until = clock.now() + 3600

        first = await door.ask("CreateSystemAnnouncement", Title="Closed", Text="Two\nlines", StartDate=1000, EndDate=until)
        second = await door.ask("CreateSystemAnnouncement", OrganizationId=child_id, Title="Open", Text="Again")
        ours = (await door.ask("GetActiveSystemAnnouncements"))["Results"]
        childs = (await door.ask("GetActiveSystemAnnouncements", organizationId=child_id))["Results"]

        first_id, second_id = first["SystemAnnouncementId"], second["SystemAnnouncementId"]
        told = {"Id": first_id, "OrganizationId": cast.organization_id, "Title": "Closed", "Text": "Two\nlines"}
        assert [{**told, "StartDate": 1000, "EndDate": until}] == ours
        assert [second_id, first_id] == [each["Id"] for each in childs]
        assert [] == (await FrontOfDoor(database, cast.olga_key).ask("GetActiveSystemAnnouncements"))["Results"]


async def test_it_is_changed_and_taken_back(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        made = await door.ask("CreateSystemAnnouncement", Title="Closed", Text="Text", EndDate=clock.now() + 3600)
        announcement_id = made["SystemAnnouncementId"]

        rehearsed = await door.ask("UpdateSystemAnnouncement", Id=announcement_id, Title="Open", EndDate="null", dryRun="true")
        await door.ask("UpdateSystemAnnouncement", Id=announcement_id, Title="Open", EndDate="null")
        (changed,) = (await door.ask("GetActiveSystemAnnouncements"))["Results"]
        await door.ask("DeleteSystemAnnouncement", id=announcement_id)

        assert {("SystemAnnouncement", "Title"), ("SystemAnnouncement", "EndDate")} == {
            (change["object"], change["field"]) for change in rehearsed["changes"]
        }
        assert ("Open", "Text", None) == (changed["Title"], changed["Text"], changed["EndDate"])
        assert [] == (await door.ask("GetActiveSystemAnnouncements"))["Results"]
        assert 20 == (await door.call("DeleteSystemAnnouncement", id=announcement_id))["Status"]


async def test_refusals_name_the_parameter(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        ended = await door.refused("CreateSystemAnnouncement", Title="T", Text="T", StartDate=2000, EndDate=2000)
        nowhere = await door.refused("CreateSystemAnnouncement", Title="T", Text="T", OrganizationId=NOBODY)

        assert "EndDate: the announcement would end at 2000, and start at 2000; give an end after the start, or none" == ended
        assert nowhere.startswith("OrganizationId: there is no organization")
        assert {"Status": 20, "Error": None, "Results": []} == await door.call("GetActiveSystemAnnouncements", organizationId=NOBODY)
