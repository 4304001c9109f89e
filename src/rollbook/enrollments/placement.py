"""Where a student sits: the location type and the room (P4, P5, C5). The numbers are the TMS's."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from rollbook.classes.statuses import Delivery
from rollbook.enrollments.statuses import EnrollmentStatus, becomes_active, becomes_attending
from rollbook.errors import ConflictError, InvalidError, NotFoundError


class LocationType(IntEnum):
    """In which way a student takes part."""

    TO_BE_DETERMINED = 0
    CLASSROOM = 10
    REMOTE_CLASSROOM = 20
    VIRTUAL = 30

    @property
    def has_room(self) -> bool:
        """The student sits in a room, and fills a seat there when attending (P2)."""
        return self in _WITH_ROOM

    @property
    def label(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ").title()


_WITH_ROOM = frozenset({LocationType.CLASSROOM, LocationType.REMOTE_CLASSROOM})

LOCATIONS: Final[Mapping[Delivery, tuple[LocationType, ...]]] = MappingProxyType(
    {
        Delivery.PHYSICAL: (LocationType.TO_BE_DETERMINED, LocationType.CLASSROOM),
        Delivery.VIRTUAL: (LocationType.TO_BE_DETERMINED, LocationType.REMOTE_CLASSROOM, LocationType.VIRTUAL),
        Delivery.MIXED: tuple(LocationType),
    }
)
"""The locations that fit a class of each delivery (P5)."""


class Placement(Struct, frozen=True):
    """Where a student sits; the room is None exactly where the location has none."""

    location: LocationType = LocationType.TO_BE_DETERMINED
    classroom_id: int | None = None


UNPLACED: Final = Placement()


class Venue(Struct, frozen=True, kw_only=True):
    """Where a class takes place: how it is delivered, and the ids of its rooms."""

    class_id: int
    delivery: Delivery
    classroom_ids: tuple[int, ...]

    @property
    def only_classroom_id(self) -> int | None:
        """The room of a class that has exactly one."""
        return self.classroom_ids[0] if len(self.classroom_ids) == 1 else None

    def allows(self, location: LocationType) -> bool:
        """Tell whether the location fits the delivery (P5)."""
        return location in LOCATIONS[self.delivery]

    def fits(self, placement: Placement) -> bool:
        """Tell whether a student can sit so in this class (P5)."""
        if placement.location is LocationType.CLASSROOM:
            return self.allows(placement.location) and placement.classroom_id in self.classroom_ids
        return self.allows(placement.location) and (placement.classroom_id is not None) == placement.location.has_room


class LocationDoesNotFitError(ConflictError):
    """The class is not delivered in a way that has this location."""

    rule = "P5"
    field = "location"

    def __init__(self, *, venue: Venue, location: LocationType) -> None:
        self.venue = venue
        self.location = location
        fitting = _either([each.label for each in LOCATIONS[venue.delivery]])
        super().__init__(
            f"class {venue.class_id} is {venue.delivery.name.capitalize()}, and {location.label} does not fit that; give {fitting}"
        )


class ClassroomNeededError(ConflictError):
    """The location needs a room, and which one is not clear."""

    rule = "P5"
    field = "classroom_id"

    def __init__(self, *, venue: Venue, location: LocationType) -> None:
        self.venue = venue
        self.location = location
        remedy = "give one of its organization's tree" if location is LocationType.REMOTE_CLASSROOM else _rooms_to_give(venue)
        super().__init__(f"{location.label} in class {venue.class_id} needs a room; {remedy}")


class ClassroomNotOfClassError(ConflictError):
    """The room is not one of the class's."""

    rule = "P5"
    field = "classroom_id"

    def __init__(self, *, venue: Venue, classroom_id: int) -> None:
        self.venue = venue
        self.classroom_id = classroom_id
        super().__init__(f"room {classroom_id} is not one of class {venue.class_id}; {_rooms_to_give(venue)}")


class ContradictingPlaceError(InvalidError):
    """The given location and the given room cannot go together."""

    rule = "P5"
    field = "classroom_id"

    def __init__(self, *, location: LocationType, classroom_id: int | None) -> None:
        self.location = location
        self.classroom_id = classroom_id
        if classroom_id is None:
            super().__init__(f"{location.label} needs a room, which is cleared at the same time; give a room, or another location")
        else:
            super().__init__(f"{location.label} has no room, so room {classroom_id} cannot go with it; leave one of the two out")


class RemoteClassroomNotFoundError(NotFoundError):
    """The class's organization has no such room in its tree."""

    field = "classroom_id"

    def __init__(self, *, class_id: int, classroom_id: int) -> None:
        self.class_id = class_id
        self.classroom_id = classroom_id
        super().__init__(f"there is no room {classroom_id} in the organization of class {class_id}; give the id of one that is")


PlacementRefusal = LocationDoesNotFitError | ClassroomNeededError | ClassroomNotOfClassError | ContradictingPlaceError


def place(
    *,
    venue: Venue,
    stored: Placement = UNPLACED,
    location: LocationType | UnsetType | None = UNSET,
    classroom_id: int | UnsetType | None = UNSET,
    before: EnrollmentStatus | None,
    after: EnrollmentStatus,
) -> Placement | PlacementRefusal:
    """
    Decide where the student sits after a change of the enrollment (P4, P5).

    *location* and *classroom_id* are what the caller gives; None clears, and clearing the location means To Be Determined. Values equal to
    the stored ones are not checked; but a stored place that the class no longer has becomes P4's, else To Be Determined, when the student
    begins to attend or the enrollment is reopened. *stored* is left out and *before* None for an enrollment that is new, reopened by creating,
    or comes from another class; a user who replaces another takes over both. Ask ``remote_classroom_to_find`` afterwards.
    """
    if location is None:
        location = LocationType.TO_BE_DETERMINED
    if location in {UNSET, stored.location} and classroom_id in {UNSET, stored.classroom_id}:
        nothing_given = location is UNSET and classroom_id is UNSET
        return _repeat(venue, stored, nothing_given=nothing_given, before=before, after=after)
    if location is UNSET:
        return _place_by_room(venue, classroom_id)
    if not venue.allows(location):
        return LocationDoesNotFitError(venue=venue, location=location)
    if not location.has_room:
        if classroom_id is UNSET or classroom_id is None:
            return Placement(location)
        return ContradictingPlaceError(location=location, classroom_id=classroom_id)
    if classroom_id is None:
        return ContradictingPlaceError(location=location, classroom_id=None)
    if classroom_id is UNSET:
        return _choose_classroom(venue, stored, location)
    if location is LocationType.CLASSROOM and classroom_id not in venue.classroom_ids:
        return ClassroomNotOfClassError(venue=venue, classroom_id=classroom_id)
    return Placement(location, classroom_id)


def settle(stored: Placement, *, venue: Venue) -> Placement:
    """Decide where an attending student sits after the class lost a room or changed its delivery (C5): as before, where that still fits."""
    return stored if venue.fits(stored) else _place_by_itself(venue)


def remote_classroom_to_find(placement: Placement, *, stored: Placement = UNPLACED) -> int | None:
    """
    Give the room that must be found in the tree of the class's organization for this placement to stand (P5), or None.

    The action looks it up, and raises ``RemoteClassroomNotFoundError`` where it is not there.
    """
    if placement.location is LocationType.REMOTE_CLASSROOM and placement != stored:
        return placement.classroom_id
    return None


def seat_to_claim(
    placement: Placement, *, stored: Placement = UNPLACED, before: EnrollmentStatus | None, after: EnrollmentStatus
) -> int | None:
    """Give the room in which this change needs one more seat (P2), or None."""
    if not after.is_attending:
        return None
    if before is not None and before.is_attending and placement.classroom_id == stored.classroom_id:
        return None
    return placement.classroom_id


def _repeat(venue: Venue, stored: Placement, *, nothing_given: bool, before: EnrollmentStatus | None, after: EnrollmentStatus) -> Placement:
    begins_to_attend = becomes_attending(before, after)
    by_itself = _place_by_itself(venue) if begins_to_attend else UNPLACED
    if nothing_given and by_itself != UNPLACED:
        return by_itself
    if venue.fits(stored) or not (begins_to_attend or becomes_active(before, after)):
        return stored
    return by_itself


def _place_by_itself(venue: Venue) -> Placement:
    if venue.delivery is Delivery.PHYSICAL and venue.only_classroom_id is not None:
        return Placement(LocationType.CLASSROOM, venue.only_classroom_id)
    return UNPLACED


def _place_by_room(venue: Venue, classroom_id: int | UnsetType | None) -> Placement | ClassroomNotOfClassError:
    if not isinstance(classroom_id, int):
        return UNPLACED
    if classroom_id in venue.classroom_ids and venue.allows(LocationType.CLASSROOM):
        return Placement(LocationType.CLASSROOM, classroom_id)
    if venue.allows(LocationType.REMOTE_CLASSROOM):
        return Placement(LocationType.REMOTE_CLASSROOM, classroom_id)
    return ClassroomNotOfClassError(venue=venue, classroom_id=classroom_id)


def _choose_classroom(venue: Venue, stored: Placement, location: LocationType) -> Placement | ClassroomNeededError:
    if location is LocationType.REMOTE_CLASSROOM:
        classroom_id = stored.classroom_id
    else:
        classroom_id = stored.classroom_id if stored.classroom_id in venue.classroom_ids else venue.only_classroom_id
    if classroom_id is None:
        return ClassroomNeededError(venue=venue, location=location)
    return Placement(location, classroom_id)


def _rooms_to_give(venue: Venue) -> str:
    if not venue.classroom_ids:
        return "add a room to the class, or give another location"
    return f"give {_either([str(classroom_id) for classroom_id in venue.classroom_ids])}"


def _either(choices: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
