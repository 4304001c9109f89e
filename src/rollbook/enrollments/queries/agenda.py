"""A student's training as they look at it themselves: what is now, next, or waited for, each with where and when."""

from collections.abc import Mapping

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.classes.queries.classes import TrainingClass
from rollbook.classes.schedule import Meeting
from rollbook.database.transaction import Transaction
from rollbook.enrollments.agenda import Part, next_meeting, part_of
from rollbook.enrollments.queries.class_finding import list_found_classes
from rollbook.enrollments.queries.records import EnrollmentRecord
from rollbook.enrollments.queries.students_classes import RoomAddress, list_addresses
from rollbook.enrollments.queries.training import list_training
from rollbook.organizations.preferences import WaitlistPromotion
from rollbook.organizations.queries.preferences import preferences_for


class Appointment(Struct, frozen=True, kw_only=True):
    """
    A class that a student is in, or waits for.

    Attributes:
        meeting: The one that is held now, or else the next one; None where none is left.
        room: Where the student sits, or else the class's first room; None where there is none.
        promotion: What lets in who waits for it.
    """

    record: EnrollmentRecord
    training_class: TrainingClass
    meeting: Meeting | None
    room: RoomAddress | None
    promotion: WaitlistPromotion


async def read_agenda(transaction: Transaction, *, viewer: Viewer, user_id: int) -> Mapping[Part, list[Appointment]]:
    """
    Give the active enrollments of a student in classes that have not ended, part by part, by their starts; a part without any is left out.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    records = await list_training(transaction, viewer=viewer, user_id=user_id, student_id=user_id)
    found = {
        each.training_class.row.id: each.training_class
        for each in await list_found_classes(transaction, ids=[r.row.class_id for r in records])
    }
    rooms = {record.row.id: _room_of(record, found[record.row.class_id]) for record in records}
    addresses = await list_addresses(transaction, classroom_ids={room_id for room_id in rooms.values() if room_id is not None})
    promotions = {
        organization_id: (await preferences_for(transaction, organization_id=organization_id)).waitlist_promotion
        for organization_id in {record.row.organization_id for record in records if record.position is not None}
    }
    agenda: dict[Part, list[Appointment]] = {part: [] for part in Part}
    for record in records:
        training_class = found[record.row.class_id]
        part = part_of(record.row.status, training_class.meetings, time_zone=record.row.time_zone, now=transaction.now)
        room_id = rooms[record.row.id]
        agenda[part].append(
            Appointment(
                record=record,
                training_class=training_class,
                meeting=next_meeting(training_class.meetings, now=transaction.now),
                room=None if room_id is None else addresses.get(room_id),
                promotion=promotions.get(record.row.organization_id, WaitlistPromotion.OFF),
            )
        )
    return {part: appointments for part, appointments in agenda.items() if appointments}


def _room_of(record: EnrollmentRecord, training_class: TrainingClass) -> int | None:
    if record.row.classroom_id is not None:
        return record.row.classroom_id
    return next(iter(training_class.classroom_ids), None)
