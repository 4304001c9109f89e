"""A small training center in which a coordinator edits classes, for the tests of their pages."""

from datetime import UTC, datetime
from typing import Any

from rollbook import clock
from rollbook.access.actor import EVERYTHING
from rollbook.classes.queries.classes import TrainingClass, get_class
from rollbook.database.transaction import Database
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import DAY, HOUR, Cast, add_class, add_course, add_room, add_user, gather, meeting
from tests.console.filled_form import FilledForm
from tests.console.front_of_console import Browser, FrontOfConsole

BERLIN = find_time_zone("Europe/Berlin")


class Place:
    """A training center with a course, a room, an instructor, and Carl, who edits its classes, at his browser."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.console = FrontOfConsole(database)
        self.cast: Cast
        self.carl: Browser
        self.carl_id = self.course_id = self.room_id = self.ruth_id = 0

    async def open(self) -> "Place":
        """Make all of it."""
        self.cast = await gather(self.database)
        ours = self.cast.organization_id
        self.carl_id = await self.add_manager("Carl", role_id=20)
        self.carl = await self.console.browser_of(self.carl_id)
        self.course_id = await add_course(self.database, self.cast, name="Crane Signals")
        self.room_id = await add_room(self.database, self.cast, name="Dock Lab", capacity=8)
        self.ruth_id = await add_user(self.database, "Ruth", organization_id=ours, role_ids=(2,))
        return self

    async def add_manager(self, name: str, *, role_id: int) -> int:
        ours = self.cast.organization_id
        return await add_user(self.database, name, organization_id=ours, role_ids=(role_id,), managed_organization_ids=(ours,))

    async def browser_of(self, name: str, *, role_id: int) -> Browser:
        return await self.console.browser_of(await self.add_manager(name, role_id=role_id))

    async def add_class(self, *, in_days: float = 5, **values: Any) -> int:
        """Create a class in the room, by Ruth, that begins some days from now."""
        given = {
            "course_id": self.course_id,
            "name": "Cranes",
            "time_zone": BERLIN,
            "classroom_ids": (self.room_id,),
            "instructor_ids": (self.ruth_id,),
            "maximum": 4,
            "meetings": (meeting(clock.now() // HOUR * HOUR + int(in_days * DAY), hours=3),),
        }
        return await add_class(self.database, self.cast, **given | values)

    async def see(self, class_id: int) -> TrainingClass:
        return await self.database.read(get_class, viewer=EVERYTHING, class_id=class_id)


async def opened(place: Place, address: str) -> FilledForm:
    """Give the form at an address as Carl finds it."""
    return FilledForm(await place.carl.open(address), address)


def at(text: str) -> int:
    """Give a moment of UTC in epoch seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
