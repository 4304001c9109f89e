"""Gathering what explains an enrollment, and what would become of those who wait if places came free."""

from msgspec import Struct

from rollbook.access.actor import EVERYTHING, Viewer
from rollbook.classes.queries.classes import get_class
from rollbook.database.transaction import Transaction
from rollbook.enrollments.explanation import Circumstances, Explanation, explain
from rollbook.enrollments.placement import Placement
from rollbook.enrollments.queries import entrance, rooms, sight
from rollbook.enrollments.queries.class_facts import list_attended_by
from rollbook.enrollments.queries.promotions import Opening, decide_places
from rollbook.enrollments.queries.sight import EnrollmentInClass
from rollbook.enrollments.queries.waiting import get_awaited_class, get_position
from rollbook.enrollments.waitlist import Promotion, Waiting, placement_of
from rollbook.organizations.queries.preferences import preferences_for


class Explained(Struct, frozen=True, kw_only=True):
    """
    An enrollment and why it is where it is.

    Attributes:
        position: In the line of those with the same status, 1 being the first; None where it does not wait.
    """

    enrollment: EnrollmentInClass
    position: int | None
    explanation: Explanation


class Simulation(Struct, frozen=True, kw_only=True):
    """
    What would happen if places came free.

    Attributes:
        free: How many are free now; None where there is no limit.
        places: How many would be, with those that came free; None where there is no limit.
    """

    free: int | None
    places: int | None
    promotion: Promotion


async def explain_enrollment(transaction: Transaction, *, viewer: Viewer, enrollment_id: int) -> Explained:
    """
    Explain an enrollment, rule by rule.

    Raises:
        EnrollmentNotFoundError: The viewer has no such enrollment.
    """
    stored = await sight.get_enrollment_by_id(transaction, viewer=viewer, enrollment_id=enrollment_id)
    known = await gather_circumstances(transaction, stored=stored)
    return Explained(enrollment=stored, position=known.position, explanation=explain(known))


async def gather_circumstances(transaction: Transaction, *, stored: EnrollmentInClass) -> Circumstances:
    """Give what there is to know of an enrollment already in scope."""
    awaited, everybodys = await get_awaited_class(
        transaction, class_id=stored.class_id, excluded_id=0 if stored.status.holds_place else stored.id
    )
    student = await entrance.find_student(transaction, viewer=EVERYTHING, user_id=stored.user_id)
    position = await get_position(transaction, enrollment=stored)
    applicant = Waiting(
        enrollment_id=stored.id,
        user_id=stored.user_id,
        status=stored.status,
        waiting_since=stored.waiting_since or 0,
        placement=Placement(stored.location, stored.classroom_id),
        passed_over=stored.passed_over,
        user_is_disabled=student is not None and student.disabled,
        company_id=student.company_id if student else None,
    )
    room_id = placement_of(applicant, awaited.venue).classroom_id
    occupancy = None
    if room_id is not None:
        occupancy = await rooms.get_occupancy(
            transaction, classroom_id=room_id, class_id=awaited.id, meetings=awaited.meetings, excluded_id=stored.id
        )
    attended = await list_attended_by(
        transaction, viewer=everybodys, user_ids=[stored.user_id], class_id=awaited.id, during=awaited.meetings
    )
    preferences = await preferences_for(transaction, organization_id=awaited.organization_id)
    return Circumstances(
        applicant=applicant,
        position=position,
        late_cancel=stored.late_cancel,
        awaited=awaited,
        occupancy=occupancy,
        attended=attended.get(stored.user_id, ()),
        promotion=preferences.waitlist_promotion,
        freezes=preferences.freeze_enrolled_at_start,
    )


async def simulate_waitlist(transaction: Transaction, *, viewer: Viewer, class_id: int, freed: int) -> Simulation:
    """
    Give who would be let into a class if so many places came free besides those that are, and who would be passed over, and why.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    await get_class(transaction, viewer=viewer, class_id=class_id)
    awaited, everybodys = await get_awaited_class(transaction, class_id=class_id)
    places = None if awaited.free is None else awaited.free + freed
    reachable = places if awaited.promotes else 0
    opening = Opening(class_id=class_id, freed=freed)
    return Simulation(
        free=awaited.free,
        places=places,
        promotion=await decide_places(transaction, awaited, everybodys, opening, places=reachable),
    )
