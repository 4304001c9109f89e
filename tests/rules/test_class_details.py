import pytest
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from rollbook.classes.details import ClassChanges, ClassDetails, choose_primary, default_delivery, settle
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import Delivery
from rollbook.organizations.time_zones import find_time_zone

URL = "https://meet.example.com/welding"
STORED = ClassDetails(organization_id=1, course_id=2, name="Welding", time_zone="UTC", time_zone_iana="Etc/UTC")


@pytest.mark.parametrize(
    "stored_ids,stored_primary_id,ids,primary_id,expected",
    [
        pytest.param((), None, UNSET, UNSET, ((), None), id="nobody is given"),
        pytest.param((), None, (5, 7), UNSET, ((5, 7), 5), id="the first becomes primary"),
        pytest.param((), None, (5, 7), None, ((5, 7), 5), id="the first becomes primary where nobody is meant to be"),
        pytest.param((), None, (5, 7), 7, ((5, 7), 7), id="the given one is primary"),
        pytest.param((), None, (5, 7), 9, ((5, 7, 9), 9), id="a primary one who is not in the list joins it"),
        pytest.param((), None, UNSET, 9, ((9,), 9), id="a primary one alone is the list"),
        pytest.param((), None, (5, 7, 5), UNSET, ((5, 7), 5), id="nobody is in the list twice"),
        pytest.param((5, 7), 7, UNSET, UNSET, ((5, 7), 7), id="nothing given changes nothing"),
        pytest.param((5, 7), None, UNSET, UNSET, ((5, 7), None), id="nothing given chooses nobody"),
        pytest.param((5, 7), 7, (7, 8), UNSET, ((7, 8), 7), id="the stored one stays primary while in the list"),
        pytest.param((5, 7), 7, (8, 9), UNSET, ((8, 9), 8), id="another list has another primary one"),
        pytest.param((5, 7), 7, UNSET, 5, ((5, 7), 5), id="another of the list becomes primary"),
        pytest.param((5, 7), 7, UNSET, None, ((5, 7), None), id="null leaves the list without a primary one"),
        pytest.param((5, 7), 7, None, UNSET, ((), None), id="null empties the list"),
    ],
)
def test_it_chooses_the_primary_one(
    stored_ids: tuple[int, ...],
    stored_primary_id: int | None,
    ids: tuple[int, ...] | UnsetType | None,
    primary_id: int | UnsetType | None,
    expected: tuple[tuple[int, ...], int | None],
) -> None:
    assert expected == choose_primary(stored_ids=stored_ids, stored_primary_id=stored_primary_id, ids=ids, primary_id=primary_id)


@pytest.mark.parametrize(
    "new,expected",
    [
        pytest.param(ClassChanges(), Delivery.PHYSICAL, id="nothing given"),
        pytest.param(ClassChanges(classroom_ids=(3,)), Delivery.PHYSICAL, id="a room"),
        pytest.param(ClassChanges(custom_virtual_classroom_url=URL), Delivery.VIRTUAL, id="a URL"),
        pytest.param(ClassChanges(virtual_meeting_host_id=4), Delivery.VIRTUAL, id="a host"),
        pytest.param(ClassChanges(virtual_meeting_host_id=None, classroom_ids=None), Delivery.PHYSICAL, id="null is nothing"),
        pytest.param(ClassChanges(virtual_meeting_host_id=4, classroom_ids=(3,)), Delivery.MIXED, id="a host and a room"),
        pytest.param(ClassChanges(custom_virtual_classroom_url=URL, primary_classroom_id=3), Delivery.MIXED, id="a URL and a main room"),
    ],
)
def test_it_chooses_the_delivery_that_goes_with_the_other_values(new: ClassChanges, expected: Delivery) -> None:
    assert expected is default_delivery(new)


def test_it_keeps_what_is_not_given() -> None:
    assert STORED == settle(STORED, ClassChanges())


def test_it_stores_both_names_of_a_time_zone() -> None:
    settled = settle(STORED, ClassChanges(time_zone=find_time_zone("Eastern Standard Time")))

    assert ("Eastern Standard Time", "America/New_York") == (settled.time_zone, settled.time_zone_iana)


def test_it_puts_meetings_in_order() -> None:
    early, late = Meeting(starts_at=10, ends_at=20), Meeting(starts_at=30, ends_at=40)

    assert (early, late) == settle(STORED, ClassChanges(meetings=(late, early))).meetings


def test_it_offers_a_class_to_each_organization_once() -> None:
    assert (3, 8) == settle(STORED, ClassChanges(available_to_organization_ids=(8, 3, 8))).available_to_organization_ids


def test_it_empties_what_null_clears() -> None:
    full = settle(
        STORED,
        ClassChanges(maximum=5, instructor_ids=(1,), meetings=(Meeting(starts_at=10, ends_at=20),), available_to_organization_ids=(3,)),
    )
    cleared = ClassChanges(maximum=None, instructor_ids=None, meetings=None, available_to_organization_ids=None)

    assert STORED == settle(full, cleared)


def test_a_physical_class_drops_its_place_online() -> None:
    virtual = settle(STORED, ClassChanges(delivery=Delivery.VIRTUAL, custom_virtual_classroom_url=URL, virtual_meeting_host_id=4))

    physical = settle(virtual, ClassChanges(delivery=Delivery.PHYSICAL))

    assert (None, None) == (physical.custom_virtual_classroom_url, physical.virtual_meeting_host_id)
    assert (URL, 4) == (virtual.custom_virtual_classroom_url, virtual.virtual_meeting_host_id)


def test_every_value_of_a_class_can_be_changed() -> None:
    assert set(asdict(STORED)) - {"time_zone_iana"} == set(ClassChanges.__struct_fields__)
