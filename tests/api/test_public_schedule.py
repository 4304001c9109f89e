"""The command that shows the public schedule."""

import pytest

from rollbook.database import open_database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import MAY, add_class, enroll, gather, meeting


async def test_it_shows_classes_as_others_may_see_them_with_how_full_they_are(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(
            database, cast, is_public=True, meetings=(meeting(MAY),), enable_training_key=True, training_key="WELD", note="Secret"
        )
        await add_class(database, cast)
        await enroll(database, class_id=class_id, user_id=cast.sam_id)

        answer = await door.ask("SearchPublicClassSchedule")
        (stored,) = (await door.ask("GetClass", id=class_id))["Results"]

        (shown,) = answer["Results"]
        assert (1, 1) == (answer["TotalCount"], answer["TotalPages"])
        assert {**stored, "ClassTrainingKey": None} == {name: shown[name] for name in stored}
        assert ("Welding", 1, MAY) == (shown["CourseName"], shown["Enrolled"], shown["Start"])


@pytest.mark.parametrize("sort", ["Name", "Course", "ConfirmationStatus", "Start", "End", "Organization"])
async def test_it_pages_in_the_order_of_every_documented_key(sort: str, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        ids = {await add_class(database, cast, is_public=True) for _ in range(3)}

        pages = [await door.ask("SearchPublicClassSchedule", pageIndex=index, pageSize=1, sort=f"{sort} DESC") for index in range(3)]

        assert ids == {page["Results"][0]["Id"] for page in pages}
        assert {(3, 3)} == {(page["TotalCount"], page["TotalPages"]) for page in pages}
