"""What a class says of itself, and what it says after some of it has changed: defaults, the primary ones of several, what a delivery drops."""

from operator import attrgetter
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict, replace

from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.organizations.time_zones import TimeZone


class ClassDetails(Struct, frozen=True, kw_only=True):
    """
    Everything that can be said of a class.

    Attributes:
        maximum: Places for Enrolled students; None is no limit.
        requires_approval: Whether a student needs an approval to enter it.
        note: What those who administer should know of the class, and its students do not see.
        instructor_ids: In the order that they were given; the primary one is among them.
        classroom_ids: In the order that they were given; the primary one is among them.
        meetings: By their starts.
        available_to_organization_ids: Ascending.
        enable_training_key: Whether its training key opens it; a key that opens nothing is kept.
    """

    organization_id: int
    course_id: int
    name: str
    time_zone: str
    time_zone_iana: str
    company_id: int | None = None
    external_id: str | None = None
    description: str | None = None
    html_description: str | None = None
    status: ClassStatus = ClassStatus.SCHEDULED
    delivery: Delivery = Delivery.PHYSICAL
    minimum: int | None = None
    maximum: int | None = None
    primary_instructor_id: int | None = None
    instructor_ids: tuple[int, ...] = ()
    primary_classroom_id: int | None = None
    classroom_ids: tuple[int, ...] = ()
    virtual_meeting_host_id: int | None = None
    custom_virtual_classroom_url: str | None = None
    allow_self_enrollment: bool = False
    is_public: bool = False
    requires_approval: bool = False
    note: str | None = None
    disable_labs: bool = False
    survey_id: int | None = None
    student_survey_availability_start_type_id: int | None = None
    survey_availability_start_hours: int | None = None
    survey_availability_end_days: int | None = None
    instructor_survey_id: int | None = None
    organization_survey_id: int | None = None
    enable_training_key: bool = False
    training_key: str | None = None
    meetings: tuple[Meeting, ...] = ()
    available_to_organization_ids: tuple[int, ...] = ()


class ClassChanges(Struct, frozen=True, kw_only=True):
    """What to change of a class: UNSET is left as it is, None is cleared."""

    organization_id: int | UnsetType = UNSET
    course_id: int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    company_id: int | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    html_description: str | UnsetType | None = UNSET
    status: ClassStatus | UnsetType = UNSET
    delivery: Delivery | UnsetType = UNSET
    minimum: int | UnsetType | None = UNSET
    maximum: int | UnsetType | None = UNSET
    primary_instructor_id: int | UnsetType | None = UNSET
    instructor_ids: tuple[int, ...] | UnsetType | None = UNSET
    primary_classroom_id: int | UnsetType | None = UNSET
    classroom_ids: tuple[int, ...] | UnsetType | None = UNSET
    virtual_meeting_host_id: int | UnsetType | None = UNSET
    custom_virtual_classroom_url: str | UnsetType | None = UNSET
    allow_self_enrollment: bool | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET
    requires_approval: bool | UnsetType = UNSET
    note: str | UnsetType | None = UNSET
    disable_labs: bool | UnsetType = UNSET
    survey_id: int | UnsetType | None = UNSET
    student_survey_availability_start_type_id: int | UnsetType | None = UNSET
    survey_availability_start_hours: int | UnsetType | None = UNSET
    survey_availability_end_days: int | UnsetType | None = UNSET
    instructor_survey_id: int | UnsetType | None = UNSET
    organization_survey_id: int | UnsetType | None = UNSET
    enable_training_key: bool | UnsetType = UNSET
    training_key: str | UnsetType | None = UNSET
    meetings: tuple[Meeting, ...] | UnsetType | None = UNSET
    available_to_organization_ids: tuple[int, ...] | UnsetType | None = UNSET


def settle(stored: ClassDetails, changes: ClassChanges) -> ClassDetails:
    """Give what a class says after a change."""
    given: dict[str, Any] = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    time_zone = given.pop("time_zone", None)
    if time_zone is not None:
        given |= {"time_zone": time_zone.given, "time_zone_iana": time_zone.iana}
    given["instructor_ids"], given["primary_instructor_id"] = choose_primary(
        stored_ids=stored.instructor_ids,
        stored_primary_id=stored.primary_instructor_id,
        ids=changes.instructor_ids,
        primary_id=changes.primary_instructor_id,
    )
    given["classroom_ids"], given["primary_classroom_id"] = choose_primary(
        stored_ids=stored.classroom_ids,
        stored_primary_id=stored.primary_classroom_id,
        ids=changes.classroom_ids,
        primary_id=changes.primary_classroom_id,
    )
    if "meetings" in given:
        given["meetings"] = tuple(sorted(given["meetings"] or (), key=attrgetter("starts_at")))
    if "available_to_organization_ids" in given:
        given["available_to_organization_ids"] = tuple(sorted(set(given["available_to_organization_ids"] or ())))
    settled = replace(stored, **given)
    if settled.delivery is Delivery.PHYSICAL:
        return replace(settled, virtual_meeting_host_id=None, custom_virtual_classroom_url=None)
    return settled


def choose_primary(
    *,
    stored_ids: tuple[int, ...],
    stored_primary_id: int | None,
    ids: tuple[int, ...] | UnsetType | None = UNSET,
    primary_id: int | UnsetType | None = UNSET,
) -> tuple[tuple[int, ...], int | None]:
    """
    Decide which instructors, or classrooms, a class has and which of them is the primary one.

    A primary one that is not among the others joins them. A list given without a primary one keeps the stored one where that is still in it,
    else its first becomes primary.
    """
    chosen = stored_ids if ids is UNSET else tuple(dict.fromkeys(ids or ()))
    if isinstance(primary_id, int):
        return (chosen if primary_id in chosen else (*chosen, primary_id)), primary_id
    if ids is UNSET:
        return chosen, stored_primary_id if primary_id is UNSET else None
    if primary_id is UNSET and stored_primary_id in chosen:
        return chosen, stored_primary_id
    return chosen, chosen[0] if chosen else None


def default_delivery(new: ClassChanges) -> Delivery:
    """Decide how a new class is delivered where nobody says: physically, unless it has a place to meet online."""
    if not (new.virtual_meeting_host_id or new.custom_virtual_classroom_url):
        return Delivery.PHYSICAL
    return Delivery.MIXED if new.classroom_ids or new.primary_classroom_id else Delivery.VIRTUAL
