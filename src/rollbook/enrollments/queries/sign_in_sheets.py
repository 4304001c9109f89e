"""Sheets of paper that students sign when they come to a meeting."""

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.database.transaction import Transaction
from rollbook.enrollments.attendance import HeldMeeting
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.attendance import MeetingNotFoundError, list_held_meetings
from rollbook.enrollments.queries.roster import RosterClass, RosterRow, get_roster


class SignInSheet(Struct, frozen=True):
    """
    A sheet for a meeting.

    Attributes:
        meetings: All of the class, by their starts.
        meeting: The one that the sheet is for; None where none is left.
        students: Who attends the class and does not stay at home, by last and first name.
    """

    training_class: RosterClass
    meetings: list[HeldMeeting]
    meeting: HeldMeeting | None
    students: list[RosterRow]


async def get_sign_in_sheet(transaction: Transaction, *, viewer: Viewer, class_id: int, meeting_id: int | None = None) -> SignInSheet:
    """
    Give the sheet for a meeting or, where none is named, for the first one that is not over.

    Raises:
        ClassNotFoundError: The viewer has no such class.
        MeetingNotFoundError: The class has no such meeting.
    """
    roster = await get_roster(transaction, viewer=viewer, class_id=class_id)
    meetings = await list_held_meetings(transaction, class_id=class_id)
    wanted = [each for each in meetings if (each.ends_at > transaction.now if meeting_id is None else each.id == meeting_id)]
    if meeting_id is not None and not wanted:
        raise MeetingNotFoundError(class_id=class_id, meeting_id=meeting_id)
    students = [entry.row for entry in roster.entries if entry.row.status.is_attending and entry.row.location is not LocationType.VIRTUAL]
    return SignInSheet(roster.training_class, meetings, wanted[0] if wanted else None, students)
