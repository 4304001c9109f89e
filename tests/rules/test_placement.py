"""Where a student sits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from rollbook.classes.statuses import Delivery
from rollbook.enrollments.placement import (
    UNPLACED,
    ClassroomNeededError,
    ClassroomNotOfClassError,
    ContradictingPlaceError,
    LocationDoesNotFitError,
    LocationType,
    Placement,
    RemoteClassroomNotFoundError,
    Venue,
    place,
    remote_classroom_to_find,
    seat_to_claim,
    settle,
)
from rollbook.enrollments.statuses import EnrollmentStatus, becomes_active, becomes_attending
from rollbook.errors import ConflictError, InvalidError, RollbookError

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = EnrollmentStatus
TO_BE_DETERMINED, CLASSROOM, REMOTE_CLASSROOM, VIRTUAL = LocationType

Given = int | UnsetType | None


def venue(delivery: Delivery = Delivery.PHYSICAL, *classroom_ids: int) -> Venue:
    return Venue(class_id=10, delivery=delivery, classroom_ids=classroom_ids)


ONE_ROOM = venue(Delivery.PHYSICAL, 5)
TWO_ROOMS = venue(Delivery.PHYSICAL, 5, 6)
NO_ROOM = venue(Delivery.PHYSICAL)
ONLINE = venue(Delivery.VIRTUAL)
MIXED = venue(Delivery.MIXED, 5, 6)
MIXED_ONE_ROOM = venue(Delivery.MIXED, 5)

venues = st.builds(
    lambda delivery, rooms: venue(delivery, *rooms), st.sampled_from(Delivery), st.lists(st.integers(1, 4), unique=True, max_size=3)
)
placements = st.one_of(
    st.sampled_from([UNPLACED, Placement(VIRTUAL)]),
    st.builds(Placement, st.sampled_from([CLASSROOM, REMOTE_CLASSROOM]), st.integers(1, 5)),
)
locations = st.sampled_from([UNSET, None, *LocationType])
classroom_ids = st.sampled_from([UNSET, None, 1, 2, 3, 4, 5])
statuses = st.sampled_from(EnrollmentStatus)


@pytest.mark.parametrize("before", [None, CANCELLED, WAITLISTED])
@pytest.mark.parametrize("after", [ENROLLED, AUDIT])
@pytest.mark.parametrize(
    "place_of_class, expected",
    [
        pytest.param(ONE_ROOM, Placement(CLASSROOM, 5), id="physical with one room"),
        pytest.param(TWO_ROOMS, UNPLACED, id="physical with two"),
        pytest.param(NO_ROOM, UNPLACED, id="physical with none"),
        pytest.param(ONLINE, UNPLACED, id="virtual"),
        pytest.param(MIXED_ONE_ROOM, UNPLACED, id="mixed"),
    ],
)
def test_who_becomes_attending_is_placed_in_the_only_room(
    place_of_class: Venue, expected: Placement, before: EnrollmentStatus | None, after: EnrollmentStatus
) -> None:
    assert expected == place(venue=place_of_class, before=before, after=after)


@pytest.mark.parametrize("before, after", [(None, WAITLISTED), (None, CANCELLED), (ENROLLED, AUDIT), (WAITLISTED, APPROVED)])
def test_who_does_not_become_attending_is_not_placed(before: EnrollmentStatus | None, after: EnrollmentStatus) -> None:
    assert UNPLACED == place(venue=ONE_ROOM, before=before, after=after)


@pytest.mark.parametrize(
    "location, classroom_id", [(TO_BE_DETERMINED, UNSET), (None, UNSET), (UNSET, None), (TO_BE_DETERMINED, None)], ids=str
)
def test_the_caller_may_leave_the_place_open(location: LocationType | UnsetType | None, classroom_id: Given) -> None:
    assert UNPLACED == place(venue=ONE_ROOM, location=location, classroom_id=classroom_id, before=None, after=ENROLLED)


@pytest.mark.parametrize(
    "delivery, fitting",
    [
        (Delivery.PHYSICAL, {TO_BE_DETERMINED, CLASSROOM}),
        (Delivery.VIRTUAL, {TO_BE_DETERMINED, REMOTE_CLASSROOM, VIRTUAL}),
        (Delivery.MIXED, {TO_BE_DETERMINED, CLASSROOM, REMOTE_CLASSROOM, VIRTUAL}),
    ],
)
@pytest.mark.parametrize("location", LocationType)
def test_the_location_fits_the_delivery(delivery: Delivery, fitting: set[LocationType], location: LocationType) -> None:
    classroom_id = 5 if location.has_room else UNSET

    verdict = place(
        venue=venue(delivery, 5),
        stored=Placement(VIRTUAL if location is TO_BE_DETERMINED else TO_BE_DETERMINED),
        location=location,
        classroom_id=classroom_id,
        before=ENROLLED,
        after=ENROLLED,
    )

    if location in fitting:
        assert Placement(location, 5 if location.has_room else None) == verdict
    else:
        assert isinstance(verdict, LocationDoesNotFitError)
        assert ("P5", "location", location) == (verdict.rule, verdict.field, verdict.location)


def test_a_location_that_does_not_fit_is_told_what_does() -> None:
    verdict = place(venue=ONLINE, location=CLASSROOM, classroom_id=5, before=None, after=ENROLLED)

    assert "class 10 is Virtual, and Classroom does not fit that; give To Be Determined, Remote Classroom or Virtual" == str(verdict)


CHOICES = [
    pytest.param(TWO_ROOMS, UNPLACED, CLASSROOM, 6, Placement(CLASSROOM, 6), id="a room of the class"),
    pytest.param(ONE_ROOM, UNPLACED, CLASSROOM, UNSET, Placement(CLASSROOM, 5), id="Classroom takes the only room"),
    pytest.param(MIXED, Placement(REMOTE_CLASSROOM, 6), CLASSROOM, UNSET, Placement(CLASSROOM, 6), id="Classroom keeps the stored room"),
    pytest.param(
        MIXED_ONE_ROOM,
        Placement(REMOTE_CLASSROOM, 9),
        CLASSROOM,
        UNSET,
        Placement(CLASSROOM, 5),
        id="Classroom leaves a stored room elsewhere",
    ),
    pytest.param(ONLINE, UNPLACED, REMOTE_CLASSROOM, 9, Placement(REMOTE_CLASSROOM, 9), id="Remote Classroom with a room"),
    pytest.param(
        MIXED, Placement(CLASSROOM, 5), REMOTE_CLASSROOM, UNSET, Placement(REMOTE_CLASSROOM, 5), id="Remote Classroom keeps the stored room"
    ),
    pytest.param(MIXED, Placement(CLASSROOM, 5), VIRTUAL, UNSET, Placement(VIRTUAL), id="Virtual alone clears the room"),
    pytest.param(MIXED, Placement(CLASSROOM, 5), VIRTUAL, None, Placement(VIRTUAL), id="Virtual with the room cleared"),
    pytest.param(MIXED, Placement(CLASSROOM, 5), TO_BE_DETERMINED, UNSET, UNPLACED, id="To Be Determined alone clears the room"),
    pytest.param(MIXED, Placement(CLASSROOM, 5), None, UNSET, UNPLACED, id="a cleared location is To Be Determined"),
    pytest.param(MIXED, Placement(VIRTUAL), None, UNSET, UNPLACED, id="a cleared Virtual is To Be Determined"),
    pytest.param(MIXED, Placement(CLASSROOM, 5), UNSET, None, UNPLACED, id="Classroom with the room cleared"),
    pytest.param(ONLINE, Placement(REMOTE_CLASSROOM, 9), UNSET, None, UNPLACED, id="Remote Classroom with the room cleared"),
    pytest.param(ONLINE, Placement(VIRTUAL), UNSET, None, Placement(VIRTUAL), id="Virtual has no room to clear"),
    pytest.param(MIXED, Placement(VIRTUAL), UNSET, 6, Placement(CLASSROOM, 6), id="a room of the class alone"),
    pytest.param(MIXED, Placement(VIRTUAL), UNSET, 9, Placement(REMOTE_CLASSROOM, 9), id="another room alone"),
    pytest.param(
        venue(Delivery.VIRTUAL, 5), UNPLACED, UNSET, 5, Placement(REMOTE_CLASSROOM, 5), id="a room alone, of a Virtual class that has rooms"
    ),
    pytest.param(
        MIXED, Placement(REMOTE_CLASSROOM, 5), UNSET, 5, Placement(REMOTE_CLASSROOM, 5), id="the stored room again stays what it is"
    ),
    pytest.param(TWO_ROOMS, Placement(CLASSROOM, 5), CLASSROOM, 6, Placement(CLASSROOM, 6), id="the stored location with another room"),
    pytest.param(ONE_ROOM, Placement(CLASSROOM, 4), CLASSROOM, 4, Placement(CLASSROOM, 4), id="the stored place again is not checked"),
    pytest.param(ONLINE, Placement(CLASSROOM, 4), CLASSROOM, UNSET, Placement(CLASSROOM, 4), id="the stored location again is not checked"),
    pytest.param(ONLINE, Placement(CLASSROOM, 4), UNSET, UNSET, Placement(CLASSROOM, 4), id="nothing given"),
]


@pytest.mark.parametrize("place_of_class, stored, location, classroom_id, expected", CHOICES)
@pytest.mark.parametrize("status", [ENROLLED, WAITLISTED])
def test_it_takes_what_the_caller_gives(
    *,
    place_of_class: Venue,
    stored: Placement,
    location: LocationType | UnsetType | None,
    classroom_id: Given,
    expected: Placement,
    status: EnrollmentStatus,
) -> None:
    assert expected == place(venue=place_of_class, stored=stored, location=location, classroom_id=classroom_id, before=status, after=status)


@pytest.mark.parametrize(
    "place_of_class, stored, location, classroom_id, refusal, text",
    [
        pytest.param(
            TWO_ROOMS,
            UNPLACED,
            CLASSROOM,
            UNSET,
            ClassroomNeededError,
            "Classroom in class 10 needs a room; give 5 or 6",
            id="which of two",
        ),
        pytest.param(
            NO_ROOM,
            UNPLACED,
            CLASSROOM,
            UNSET,
            ClassroomNeededError,
            "Classroom in class 10 needs a room; add a room to the class, or give another location",
            id="a class without rooms",
        ),
        pytest.param(
            ONLINE,
            Placement(VIRTUAL),
            REMOTE_CLASSROOM,
            UNSET,
            ClassroomNeededError,
            "Remote Classroom in class 10 needs a room; give one of its organization's tree",
            id="Remote Classroom without a room",
        ),
        pytest.param(
            ONE_ROOM, UNPLACED, CLASSROOM, 9, ClassroomNotOfClassError, "room 9 is not one of class 10; give 5", id="a room elsewhere"
        ),
        pytest.param(
            TWO_ROOMS,
            UNPLACED,
            UNSET,
            9,
            ClassroomNotOfClassError,
            "room 9 is not one of class 10; give 5 or 6",
            id="alone, a room elsewhere",
        ),
        pytest.param(
            MIXED,
            UNPLACED,
            VIRTUAL,
            5,
            ContradictingPlaceError,
            "Virtual has no room, so room 5 cannot go with it; leave one of the two out",
            id="Virtual with a room",
        ),
        pytest.param(
            MIXED,
            Placement(CLASSROOM, 5),
            None,
            5,
            ContradictingPlaceError,
            "To Be Determined has no room, so room 5 cannot go with it; leave one of the two out",
            id="the location cleared, with a room",
        ),
        pytest.param(
            MIXED,
            Placement(CLASSROOM, 5),
            CLASSROOM,
            None,
            ContradictingPlaceError,
            "Classroom needs a room, which is cleared at the same time; give a room, or another location",
            id="Classroom with the room cleared",
        ),
    ],
)
def test_it_refuses_what_cannot_be(
    *,
    place_of_class: Venue,
    stored: Placement,
    location: LocationType | UnsetType | None,
    classroom_id: Given,
    refusal: type[RollbookError],
    text: str,
) -> None:
    verdict = place(venue=place_of_class, stored=stored, location=location, classroom_id=classroom_id, before=ENROLLED, after=ENROLLED)

    assert isinstance(verdict, refusal)
    assert ("P5", "classroom_id", text) == (verdict.rule, verdict.field, str(verdict))


@pytest.mark.parametrize(
    "place_of_class, stored, expected",
    [
        pytest.param(TWO_ROOMS, Placement(CLASSROOM, 6), Placement(CLASSROOM, 6), id="a room chosen while waiting"),
        pytest.param(ONLINE, Placement(VIRTUAL), Placement(VIRTUAL), id="Virtual chosen while waiting"),
        pytest.param(TWO_ROOMS, Placement(CLASSROOM, 4), UNPLACED, id="a room that the class lost"),
        pytest.param(ONLINE, Placement(CLASSROOM, 5), UNPLACED, id="a class that became Virtual"),
        pytest.param(ONE_ROOM, Placement(CLASSROOM, 4), Placement(CLASSROOM, 5), id="a class that has one other room"),
    ],
)
def test_who_becomes_attending_keeps_a_place_that_still_fits(place_of_class: Venue, stored: Placement, expected: Placement) -> None:
    assert expected == place(venue=place_of_class, stored=stored, before=WAITLISTED, after=ENROLLED)


@pytest.mark.parametrize(
    "place_of_class, expected",
    [
        pytest.param(venue(Delivery.PHYSICAL, 4, 5), Placement(CLASSROOM, 4), id="the class has the room"),
        pytest.param(ONE_ROOM, UNPLACED, id="the class lost the room"),
    ],
)
def test_reopening_without_attending_keeps_a_place_that_still_fits(place_of_class: Venue, expected: Placement) -> None:
    assert expected == place(venue=place_of_class, stored=Placement(CLASSROOM, 4), before=CANCELLED, after=WAITLISTED)


def test_repeating_a_place_that_the_class_lost_is_not_refused_on_becoming_attending() -> None:
    verdict = place(venue=TWO_ROOMS, stored=Placement(CLASSROOM, 4), location=CLASSROOM, classroom_id=4, before=WAITLISTED, after=ENROLLED)

    assert UNPLACED == verdict


@given(
    place_of_class=venues,
    stored=placements,
    location=locations,
    classroom_id=classroom_ids,
    before=st.none() | statuses,
    after=statuses,
)
def test_a_place_that_changes_always_fits_the_class(
    *,
    place_of_class: Venue,
    stored: Placement,
    location: LocationType | UnsetType | None,
    classroom_id: Given,
    before: EnrollmentStatus | None,
    after: EnrollmentStatus,
) -> None:
    verdict = place(venue=place_of_class, stored=stored, location=location, classroom_id=classroom_id, before=before, after=after)

    if isinstance(verdict, Placement):
        enters = becomes_active(before, after) or becomes_attending(before, after)
        assert place_of_class.fits(verdict) or (verdict == stored and not enters)
    else:
        assert isinstance(verdict, ConflictError | InvalidError)
        assert "P5" == verdict.rule


@given(venues, placements, locations, classroom_ids, statuses)
def test_saving_the_answer_again_changes_nothing(
    place_of_class: Venue, stored: Placement, location: LocationType | UnsetType | None, classroom_id: Given, status: EnrollmentStatus
) -> None:
    verdict = place(venue=place_of_class, stored=stored, location=location, classroom_id=classroom_id, before=status, after=status)
    if not isinstance(verdict, Placement):
        return

    assert verdict == place(
        venue=place_of_class,
        stored=verdict,
        location=verdict.location,
        classroom_id=verdict.classroom_id,
        before=status,
        after=status,
    )


@pytest.mark.parametrize(
    "place_of_class, stored, expected",
    [
        pytest.param(TWO_ROOMS, Placement(CLASSROOM, 6), Placement(CLASSROOM, 6), id="the room is still there"),
        pytest.param(ONE_ROOM, Placement(CLASSROOM, 6), Placement(CLASSROOM, 5), id="one room is left"),
        pytest.param(TWO_ROOMS, Placement(CLASSROOM, 4), UNPLACED, id="two rooms are left"),
        pytest.param(NO_ROOM, Placement(CLASSROOM, 5), UNPLACED, id="no room is left"),
        pytest.param(ONE_ROOM, Placement(VIRTUAL), Placement(CLASSROOM, 5), id="from Mixed to Physical"),
        pytest.param(ONLINE, Placement(CLASSROOM, 5), UNPLACED, id="to Virtual"),
        pytest.param(MIXED, Placement(REMOTE_CLASSROOM, 9), Placement(REMOTE_CLASSROOM, 9), id="a Remote Classroom"),
        pytest.param(ONE_ROOM, UNPLACED, UNPLACED, id="To Be Determined fits everywhere"),
    ],
)
def test_who_sits_where_the_class_no_longer_is_gets_another_place(place_of_class: Venue, stored: Placement, expected: Placement) -> None:
    assert expected == settle(stored, venue=place_of_class)


@given(venues, placements)
def test_after_a_change_of_the_class_every_place_fits(place_of_class: Venue, stored: Placement) -> None:
    assert place_of_class.fits(settle(stored, venue=place_of_class))


@pytest.mark.parametrize(
    "placement, stored, expected",
    [
        (Placement(REMOTE_CLASSROOM, 9), UNPLACED, 9),
        (Placement(REMOTE_CLASSROOM, 9), Placement(CLASSROOM, 9), 9),
        (Placement(REMOTE_CLASSROOM, 9), Placement(REMOTE_CLASSROOM, 9), None),
        (Placement(CLASSROOM, 5), UNPLACED, None),
        (Placement(VIRTUAL), UNPLACED, None),
    ],
)
def test_only_a_new_remote_classroom_has_to_be_found(placement: Placement, stored: Placement, expected: int | None) -> None:
    assert expected == remote_classroom_to_find(placement, stored=stored)


def test_a_remote_classroom_outside_the_tree_is_not_found() -> None:
    error = RemoteClassroomNotFoundError(class_id=10, classroom_id=9)

    assert (None, "classroom_id", 10, 9) == (error.rule, error.field, error.class_id, error.classroom_id)
    assert "there is no room 9 in the organization of class 10; give the id of one that is" == str(error)


@pytest.mark.parametrize(
    "placement, stored, before, after, expected",
    [
        pytest.param(Placement(CLASSROOM, 5), UNPLACED, None, ENROLLED, 5, id="a new student"),
        pytest.param(Placement(CLASSROOM, 5), Placement(CLASSROOM, 5), WAITLISTED, AUDIT, 5, id="a room chosen while waiting"),
        pytest.param(Placement(CLASSROOM, 6), Placement(CLASSROOM, 5), ENROLLED, ENROLLED, 6, id="another room"),
        pytest.param(Placement(CLASSROOM, 5), Placement(CLASSROOM, 5), AUDIT, ENROLLED, None, id="the seat is held already"),
        pytest.param(Placement(REMOTE_CLASSROOM, 5), Placement(CLASSROOM, 5), ENROLLED, ENROLLED, None, id="the same seat, remotely"),
        pytest.param(Placement(CLASSROOM, 5), UNPLACED, None, WAITLISTED, None, id="waiting needs no seat"),
        pytest.param(Placement(VIRTUAL), Placement(CLASSROOM, 5), ENROLLED, ENROLLED, None, id="Virtual needs no seat"),
    ],
)
def test_it_knows_which_seat_a_change_needs(
    placement: Placement, stored: Placement, before: EnrollmentStatus | None, after: EnrollmentStatus, expected: int | None
) -> None:
    assert expected == seat_to_claim(placement, stored=stored, before=before, after=after)
