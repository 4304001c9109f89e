"""Warning of what a schedule had better not have (C3)."""

from rollbook.access.actor import Actor
from rollbook.classes.clashes import Clasher, ScheduleWarning, clash_warnings, minimum_warning
from rollbook.classes.details import ClassDetails
from rollbook.classes.queries.clashes import list_meetings_in_classrooms, list_meetings_of_instructors
from rollbook.database.transaction import Transaction


async def warn_of_schedule(
    transaction: Transaction, *, actor: Actor, class_id: int, stored: ClassDetails | None, wanted: ClassDetails
) -> list[ScheduleWarning]:
    """Give the warnings about a class (C3), as far as what they are about has changed; a class that is off occupies no room and no one."""
    warnings = []
    if stored is None or (stored.minimum, stored.maximum) != (wanted.minimum, wanted.maximum):
        low = minimum_warning(minimum=wanted.minimum, maximum=wanted.maximum)
        warnings += [low] if low else []
    if wanted.status.is_off:
        return warnings
    all_anew = stored is None or stored.status.is_off or stored.meetings != wanted.meetings
    new_rooms = [each for each in wanted.classroom_ids if all_anew or stored is None or each not in stored.classroom_ids]
    others = await list_meetings_in_classrooms(
        transaction, viewer=actor.viewer, classroom_ids=new_rooms, class_id=class_id, during=wanted.meetings
    )
    for room_id, meetings in others.items():
        warnings += clash_warnings(Clasher.CLASSROOM, room_id, meetings=wanted.meetings, others=meetings)
    new_instructors = [each for each in wanted.instructor_ids if all_anew or stored is None or each not in stored.instructor_ids]
    others = await list_meetings_of_instructors(
        transaction, viewer=actor.viewer, instructor_ids=new_instructors, class_id=class_id, during=wanted.meetings
    )
    for user_id, meetings in others.items():
        warnings += clash_warnings(Clasher.INSTRUCTOR, user_id, meetings=wanted.meetings, others=meetings)
    return warnings
