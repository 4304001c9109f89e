"""What can be chosen for an enrollment: the statuses that it can get, and the places where its student can sit."""

from msgspec import Struct
from sqlalchemy import Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_classrooms
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.placement import LOCATIONS, LocationType, Placement
from rollbook.enrollments.queries import sight
from rollbook.enrollments.queries.explaining import gather_circumstances
from rollbook.enrollments.queries.sight import EnrollmentInClass
from rollbook.enrollments.queries.waiting import get_awaited_class
from rollbook.enrollments.reaching import Reach, reaches
from rollbook.enrollments.statuses import is_frozen
from rollbook.organizations.model import organizations

MOST_ROOMS = 200
"""How many rooms are offered for who takes part from afar."""


class PlaceToSit(Struct, frozen=True):
    """
    Where a student of a class can sit.

    Attributes:
        room: The room's name; None where the location has none.
    """

    placement: Placement
    room: str | None


class Choices(Struct, frozen=True, kw_only=True):
    """
    What can be chosen for an enrollment.

    Attributes:
        statuses: Every status, with what keeps the enrollment from it.
        places: Where its student can sit, where the student sits now among them; whether a seat is free there is not asked.
        is_frozen: The class has started, and the enrollment keeps its status (S2).
    """

    enrollment: EnrollmentInClass
    statuses: tuple[Reach, ...]
    places: list[PlaceToSit]
    is_frozen: bool


class _RoomRow(Struct, frozen=True):
    id: int
    name: str


_class_id = bindparam("class_id", type_=Integer)
_of_class = Query(
    select(classrooms.c.id, classrooms.c.name)
    .join(class_classrooms, class_classrooms.c.classroom_id == classrooms.c.id)
    .where(class_classrooms.c.class_id == _class_id)
    .order_by(class_classrooms.c.position),
    _RoomRow,
)
_from_afar = Query(
    select(classrooms.c.id, classrooms.c.name)
    .join(organizations, organizations.c.id == classrooms.c.organization_id)
    .where(within(organizations.c.path, bindparam("path", type_=Text)))
    .order_by(classrooms.c.name_folded, classrooms.c.id)
    .limit(bindparam("most", type_=Integer)),
    _RoomRow,
)
_one_room = Query(select(classrooms.c.id, classrooms.c.name).where(classrooms.c.id == bindparam("classroom_id", type_=Integer)), _RoomRow)


async def get_choices(transaction: Transaction, *, viewer: Viewer, enrollment_id: int) -> Choices:
    """
    Give what can be chosen for an enrollment.

    Raises:
        EnrollmentNotFoundError: The viewer has no such enrollment.
    """
    stored = await sight.get_enrollment_by_id(transaction, viewer=viewer, enrollment_id=enrollment_id)
    known = await gather_circumstances(transaction, stored=stored)
    places = await list_places(transaction, class_id=stored.class_id)
    now = Placement(stored.location, stored.classroom_id)
    if now not in {place.placement for place in places}:
        places.append(PlaceToSit(now, await _name_of(transaction, now.classroom_id)))
    return Choices(
        enrollment=stored,
        statuses=reaches(known),
        places=places,
        is_frozen=is_frozen(stored.status, class_has_started=known.awaited.has_started, freeze_enrolled_at_start=known.freezes),
    )


async def list_places(transaction: Transaction, *, class_id: int) -> list[PlaceToSit]:
    """Give where students of a class already in scope can sit (P5)."""
    awaited, everybodys = await get_awaited_class(transaction, class_id=class_id)
    places: list[PlaceToSit] = []
    for location in LOCATIONS[awaited.venue.delivery]:
        if location is LocationType.CLASSROOM:
            rows = await transaction.all(_of_class, class_id=class_id)
        elif location is LocationType.REMOTE_CLASSROOM:
            rows = await transaction.all(_from_afar, path=everybodys.path, most=MOST_ROOMS)
        else:
            places.append(PlaceToSit(Placement(location), None))
            continue
        places += [PlaceToSit(Placement(location, row.id), row.name) for row in rows]
    return places


async def _name_of(transaction: Transaction, classroom_id: int | None) -> str | None:
    return None if classroom_id is None else (await transaction.one(_one_room, classroom_id=classroom_id)).name
