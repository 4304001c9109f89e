"""Ada in front of the door with a class to enroll in, for the tests of the commands about class enrollments."""

from typing import Any, Final

from msgspec import Struct

from rollbook.classes.statuses import Delivery
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import add_class, add_room, gather, meeting

DONE: Final = {"status": 0, "error": None}


class Scene(Struct, frozen=True):
    """Ada in front of the door; a class with two rooms, which Sam and Sue may attend in any way."""

    door: FrontOfDoor
    database: Database
    class_id: int
    room_id: int
    sam_id: int
    sue_id: int

    def values(self, **others: Any) -> dict[str, Any]:
        return {"classId": self.class_id, "userId": self.sam_id, "enrollmentStatusId": 60, "completionStatusId": 0, **others}

    async def create(self, **others: Any) -> int:
        created = await self.door.call("CreateClassEnrollment", **self.values(**others))
        assert created == {**DONE, "ClassEnrollmentId": created["ClassEnrollmentId"]}
        enrollment_id: int = created["ClassEnrollmentId"]
        return enrollment_id

    async def update(self, enrollment_id: int, **others: Any) -> dict[str, Any]:
        return await self.door.call(f"UpdateClassEnrollment/{enrollment_id}", **self.values(**others))

    async def get(self, enrollment_id: int) -> dict[str, Any]:
        (found,) = (await self.door.ask(f"GetClassEnrollment/{enrollment_id}"))["Results"]
        shown: dict[str, Any] = found
        return shown


async def set_up(database: Database) -> Scene:
    cast = await gather(database)
    rooms = tuple([await add_room(database, cast, name=name) for name in ("Workshop", "Hall")])
    class_id = await add_class(database, cast, name="Welding", delivery=Delivery.MIXED, classroom_ids=rooms, meetings=(meeting(),))
    return Scene(FrontOfDoor(database, cast.ada_key), database, class_id, rooms[0], cast.sam_id, cast.sue_id)
