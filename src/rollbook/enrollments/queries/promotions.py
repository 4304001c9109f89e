"""Who of those who wait gets the places that come free, as things stand (W2-W5): the facts gathered, and the rules asked."""

from typing import Final

from msgspec import Struct

from rollbook.access.actor import Actor, Viewer
from rollbook.classes.clashes import OtherMeeting
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries import rooms
from rollbook.enrollments.queries.class_facts import list_attended_by
from rollbook.enrollments.queries.waiting import get_awaited_class, list_line
from rollbook.enrollments.seats import Occupancy
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import AwaitedClass, LetIn, Promotion, Waiting, count_places, order, placement_of, promote

_EVERYBODY: Final = 2_147_483_647
_FIRST_LOOK: Final = 8


class Opening(Struct, frozen=True, kw_only=True):
    """
    Places that come free in a class.

    Attributes:
        freed: How many; None where as many get in as there is room for.
        leaving_id: The enrollment that leaves its place, which neither counts nor waits; 0 where none does.
        attending_id: The student who has that enrollment afterwards and attends, by auditing in the class or in another one; None where nobody does.
        classroom_id: The room whose seats came free, where only those who would sit there are let in.
        by: Who asked for it, and None where a change brings it along.
        together: What the history keeps of everybody who is let in, so that they can be undone together.
    """

    class_id: int
    freed: int | None
    leaving_id: int = 0
    attending_id: int | None = None
    classroom_id: int | None = None
    by: Actor | None = None
    together: str | None = None

    def may_hinder(self, let_in: LetIn) -> bool:
        """Tell whether a seat or a time that the same change takes may keep out a student who could come as things stand before it."""
        if self.attending_id is None and self.classroom_id is None:
            return False
        return let_in.placement.classroom_id is not None or let_in.waiting.user_id == self.attending_id


async def decide(transaction: Transaction, opening: Opening) -> tuple[AwaitedClass, Promotion]:
    """Give a class, which the caller has found, and who of its line gets the places that came free, when all else is written."""
    awaited, viewer = await get_awaited_class(transaction, class_id=opening.class_id, excluded_id=opening.leaving_id)
    places = count_places(awaited, freed=opening.freed)
    return awaited, await decide_places(transaction, awaited, viewer, opening, places=places)


async def decide_ahead(transaction: Transaction, opening: Opening) -> tuple[Promotion, bool]:
    """
    Give who of a class's line gets the places that will come free, as things stand before, and whether that is sure.

    Where it is not, everybody in the line is told: who cannot get in later leaves the place to whoever comes next.
    """
    awaited, viewer = await get_awaited_class(transaction, class_id=opening.class_id, excluded_id=opening.leaving_id)
    places = count_places(awaited, freed=opening.freed)
    promotion = await decide_places(transaction, awaited, viewer, opening, places=places, rising_id=opening.leaving_id)
    if any(opening.may_hinder(each) for each in promotion.let_in):
        return await decide_places(transaction, awaited, viewer, opening, places=None, rising_id=opening.leaving_id), False
    return promotion, True


async def decide_places(
    transaction: Transaction, awaited: AwaitedClass, viewer: Viewer, opening: Opening, *, places: int | None, rising_id: int = 0
) -> Promotion:
    """
    Give who of a class's line gets so many places; None is as many as there is room for.

    ``rising_id`` is an enrollment that still sits where it will not.
    """
    if places == 0:
        return Promotion((), ())
    # Most often the first few take all that is free. The rest of a long line is looked at only where they do not.
    looked_at = _EVERYBODY if places is None else 2 * places + _FIRST_LOOK
    while True:
        line = await _line(transaction, awaited, opening, limit=looked_at)
        promotion = await _decide_line(transaction, awaited, viewer, opening, line, places=places, rising_id=rising_id)
        if len(line) < looked_at or len(promotion.let_in) == places:
            return promotion
        looked_at *= 4


async def _line(transaction: Transaction, awaited: AwaitedClass, opening: Opening, *, limit: int) -> list[Waiting]:
    line = await list_line(
        transaction, class_id=awaited.id, status=EnrollmentStatus.WAITLISTED, limit=limit, excluded_id=opening.leaving_id
    )
    if awaited.promotes_requested and len(line) < limit:
        line += await list_line(
            transaction, class_id=awaited.id, status=EnrollmentStatus.REQUESTED, limit=limit - len(line), excluded_id=opening.leaving_id
        )
    return order(line)


async def _decide_line(
    transaction: Transaction,
    awaited: AwaitedClass,
    viewer: Viewer,
    opening: Opening,
    line: list[Waiting],
    *,
    places: int | None,
    rising_id: int,
) -> Promotion:
    rooms_of = {waiting.enrollment_id: placement_of(waiting, awaited.venue).classroom_id for waiting in line}
    if opening.classroom_id is not None:
        line = [waiting for waiting in line if rooms_of[waiting.enrollment_id] == opening.classroom_id]
    occupancies: dict[int, Occupancy] = {}
    for room_id in sorted({room_id for room_id in rooms_of.values() if room_id is not None}):
        occupancies[room_id] = await rooms.get_occupancy(
            transaction, classroom_id=room_id, class_id=awaited.id, meetings=awaited.meetings, excluded_id=rising_id
        )
    attended: dict[int, list[OtherMeeting]] = await list_attended_by(
        transaction,
        viewer=viewer,
        user_ids=[waiting.user_id for waiting in line],
        class_id=awaited.id,
        during=awaited.meetings,
    )
    return promote(line, places=places, awaited=awaited, occupancies=occupancies, attended=attended)
