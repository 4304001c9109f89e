"""What the calls of the reference are about: one database with something of everything, to be copied for every call."""

from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from rollbook.classes.statuses import Delivery
from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.api.estate import Estate
from tests.api.estate import build as build_estate
from tests.cast import DAY, MAY, Cast, add_class, add_company, add_organization, add_room, add_user, gather, meeting
from tests.self_paced import add_self_paced_course, assign, change_assignment, subscribe

NOW: Final = 1_800_000_000
"""The time at which everything happens, in epoch seconds."""

MIDNIGHT: Final = NOW - NOW % DAY
"""When the day of it began, in UTC."""


class Ground(Struct, frozen=True, kw_only=True):
    """
    What there is.

    Attributes:
        path: The SQLite file, which nobody changes.
        cast: Whose key calls.
        estate: What the calls are about, in an organization beneath the key's.
        beneath_id: An organization in which there is nothing.
        manager_id: A user who manages the estate's organization, and nobody yet.
        class_id: A class of two days in the classroom and in another one, open to students on the spot and elsewhere.
        assignment_id: One that has not been started.
        completed_assignment_id: One with everything that an assignment can have, of the course and the subscription.
        other_course_id: Another course to be taken alone, which the manager's subscription holds.
    """

    path: Path
    cast: Cast
    estate: Estate
    beneath_id: int
    empty_company_id: int
    manager_id: int
    classroom_id: int
    class_id: int
    assignment_id: int
    completed_assignment_id: int
    self_paced_course_id: int
    other_course_id: int
    subscription_id: int
    other_subscription_id: int


async def build(path: Path) -> Ground:
    """Put something of everything into a migrated and empty file."""
    async with open_database(f"sqlite:///{path}") as database:
        cast = await gather(database)
        organization_id = await add_organization(database, "Ours", parent_id=cast.organization_id, external_id="ours")
        estate = await build_estate(database, cast, organization_id=organization_id, mark="ours")
        manager_id = await add_user(database, "Mona", organization_id=organization_id, managed_organization_ids=(organization_id,))
        return Ground(
            path=path,
            cast=cast,
            estate=estate,
            beneath_id=await add_organization(database, "Beneath", parent_id=organization_id),
            empty_company_id=await add_company(database, "Empty", organization_id=organization_id),
            manager_id=manager_id,
            **await _class(database, cast, estate),
            **await _self_paced(database, cast, estate, manager_id),
        )


async def _class(database: Database, cast: Cast, estate: Estate) -> dict[str, Any]:
    own: dict[str, Any] = {"organization_id": estate.organization_id}
    rooms = [await add_room(database, cast, name=name, capacity=20, **own) for name in ("Hall", "Laboratory")]
    class_id = await add_class(
        database,
        cast,
        course_id=estate.course_id,
        delivery=Delivery.MIXED,
        classroom_ids=tuple(rooms),
        meetings=(meeting(MAY), meeting(MAY + DAY)),
        **own,
    )
    return {"classroom_id": rooms[1], "class_id": class_id}


async def _self_paced(database: Database, cast: Cast, estate: Estate, manager_id: int) -> dict[str, Any]:
    own: dict[str, Any] = {"organization_id": estate.organization_id}
    course_id, other_course_id = [await add_self_paced_course(database, cast, name=name, **own) for name in ("Alone", "Alone again")]
    subscription_id = await subscribe(database, 1, user_id=estate.user_id, course_id=course_id, **own)
    other_subscription_id = await subscribe(database, 2, user_id=manager_id, course_id=other_course_id, **own)
    mine = {"course_id": course_id, "user_id": estate.user_id}
    completed_id = await assign(
        database,
        **mine,
        subscription_id=subscription_id,
        external_id=estate.mark,
        expires_at=MIDNIGHT + 30 * DAY,
        target_completion_at=MIDNIGHT + 20 * DAY,
    )
    await change_assignment(database, completed_id, started_at=MIDNIGHT - DAY, completed_at=MIDNIGHT)
    return {
        "self_paced_course_id": course_id,
        "other_course_id": other_course_id,
        "subscription_id": subscription_id,
        "other_subscription_id": other_subscription_id,
        "assignment_id": await assign(database, **mine),
        "completed_assignment_id": completed_id,
    }
