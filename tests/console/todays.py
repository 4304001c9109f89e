"""A class that meets now, with students, in the training center of the console's tests, and those who work with it."""

from typing import Any

from msgspec import Struct

from rollbook.classes.schedule import Meeting
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.attendance import list_held_meetings
from rollbook.sessions.queries.sessions import SignedIn
from tests.cast import TESTS, Cast, add_class, add_user, enroll
from tests.console.center import Center, Role
from tests.console.front_of_console import Browser, FrontOfConsole, who_is
from tests.presence import around_now, midday_zone

NOW_AND_LATER = ((-1.0, 1.0), (2.0, 3.0))


class Todays(Struct, frozen=True):
    """
    A class of today with the students Zoe and Amy.

    Attributes:
        meetings: The ids of its meetings.
    """

    cast: Cast
    class_id: int
    zoe: int
    amy: int
    meetings: list[int]


async def make_todays(database: Database, center: Center, *, meetings: tuple[Meeting, ...] = (), **values: Any) -> Todays:
    """Make a class that meets now and again later today, taught by the center's instructor, with two students."""
    cast = await cast_of(database, center)
    given = {
        "name": "Welding",
        "course_id": center.own["course_id"],
        "time_zone": midday_zone(),
        "instructor_ids": (center.people[Role.INSTRUCTOR],),
        "meetings": meetings or around_now(*NOW_AND_LATER),
        **values,
    }
    class_id = await add_class(database, cast, **given)
    zoe, amy = [
        await enroll(database, class_id=class_id, user_id=await add_user(database, name, organization_id=cast.organization_id))
        for name in ("Zoe", "Amy")
    ]
    held = [meeting.id for meeting in await database.read(list_held_meetings, class_id=class_id)]
    return Todays(cast, class_id, zoe, amy, held)


async def cast_of(database: Database, center: Center) -> Cast:
    """Give what makes things in the center's organization."""
    ours, theirs = [await _organization_of(database, center.secrets[role]) for role in (Role.DESK, Role.FOREIGNER)]
    student_id = center.people[Role.STUDENT]
    instructor_id = center.people[Role.INSTRUCTOR]
    foreigner_id = center.people[Role.FOREIGNER]
    return Cast(ours, theirs, TESTS, TESTS, "", "", instructor_id, student_id, student_id, foreigner_id)


def window(database: Database, center: Center, role: Role) -> Browser:
    """Open a browser in which somebody of that role is signed in."""
    return FrontOfConsole(database).browser(center.secrets[role])


async def _organization_of(database: Database, secret: str) -> int:
    user: SignedIn | None = await who_is(database, secret)
    assert user
    return user.organization_id
