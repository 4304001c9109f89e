"""A training center as students know it: classes in every state that their pages tell apart."""

from typing import Any

from msgspec import Struct

from rollbook import clock
from rollbook.classes.statuses import Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import DAY, HOUR, Cast, add_class, add_company, add_course, add_room, add_user, enroll, gather, meeting
from tests.console.front_of_console import sign_in
from tests.roster import APPROVED, REQUESTED, WAITLISTED, prefer

WARNING = "The fee of 50 is due."


class Campus(Struct, frozen=True):
    """
    What is there.

    Attributes:
        people: The ids of sam, who enrolls himself, sue, who only asks, rita, who has no role of a student, and olga of another organization.
        secrets: Of their sessions.
        classes: Their ids, by what they are for.
    """

    cast: Cast
    people: dict[str, int]
    secrets: dict[str, str]
    classes: dict[str, int]


async def build_campus(database: Database) -> Campus:
    """Make the training center, and sign everyone in."""
    cast = await gather(database)
    ours = cast.organization_id
    await prefer(database, cast, late_cancel_days="7", late_cancel_warning=WARNING, waitlist_promotion="off")
    company_id = await add_company(database, "Acme", organization_id=ours)
    people = {
        "sam": await add_user(database, "Samantha", organization_id=ours, role_ids=(1,), company_id=company_id, city="Albany"),
        "sue": await add_user(database, "Susan", organization_id=ours, role_ids=(0,)),
        "rita": await add_user(database, "Rita", organization_id=ours, role_ids=(2,)),
        "olga": await add_user(database, "Helga", organization_id=cast.other_organization_id, role_ids=(1,)),
    }
    classes = await _add_classes(database, cast)
    sam = people["sam"]
    for name, status in (("waited", WAITLISTED), ("asked", REQUESTED), ("approved", APPROVED)):
        await enroll(database, class_id=classes[name], user_id=sam, status=status)
    for name in ("today", "next", "running"):
        await enroll(database, class_id=classes[name], user_id=sam)
    await enroll(database, class_id=classes["past"], user_id=sam, completion=CompletionStatus.COMPLETE, hours_spent=16, grade=92)
    secrets = {name: await sign_in(database, user_id=user_id) for name, user_id in people.items()}
    return Campus(cast, people, secrets, classes)


async def _add_classes(database: Database, cast: Cast) -> dict[str, int]:
    now = clock.now()
    welding = await add_course(database, cast, name="Welding")
    baking = await add_course(database, cast, name="Baking")
    room_id = await add_room(database, cast, name="Workshop", address1="1 Main Street", city="Albany")
    shared: dict[str, Any] = {"course_id": welding, "allow_self_enrollment": True, "time_zone": find_time_zone("Europe/Berlin")}

    async def add(name: str, days: float, **values: Any) -> int:
        start = now + int(days * DAY)
        return await add_class(database, cast, **shared | {"name": name, "meetings": (meeting(start, hours=1),)} | values)

    online = {"delivery": Delivery.VIRTUAL, "custom_virtual_classroom_url": "https://meet.example.com/next"}
    unsafe = {"delivery": Delivery.VIRTUAL, "custom_virtual_classroom_url": "javascript:alert(1)"}
    classes = {
        "past": await add("Past welding", -30),
        "running": await add("Running welding", -20, meetings=(meeting(now - 20 * DAY), meeting(now + 20 * DAY))),
        "today": await add("Welding today", 0, meetings=(meeting(now - HOUR // 2, hours=1),), classroom_ids=(room_id,)),
        "next": await add("Next welding", 3, **online),
        "open": await add("Open welding", 12, maximum=5, description="Bring <b>gloves</b>."),
        "full": await add("Full welding", 13, maximum=1),
        "waited": await add("Awaited welding", 14, maximum=1),
        "asked": await add("Requested welding", 15, allow_self_enrollment=False),
        "approved": await add("Approved welding", 16, requires_approval=True),
        "restricted": await add("Restricted welding", 17, requires_approval=True),
        "baking": await add("Bread", 18, course_id=baking, **unsafe),
    }
    for name in ("full", "waited"):
        await enroll(database, class_id=classes[name], user_id=cast.ivan_id)
        await enroll(database, class_id=classes[name], user_id=cast.sue_id, status=WAITLISTED)
    theirs = {"organization_id": cast.other_organization_id}
    course_id = await add_course(database, cast, **theirs)
    classes["foreign"] = await add("Elsewhere", 9, **theirs, course_id=course_id, is_public=True)
    return classes
