"""Making a class after another one."""

from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.classes.actions.create import CreatedClass, NewClass, create_class
from rollbook.classes.actions.custom_field_values import copy_custom_field_values
from rollbook.classes.cloning import ClonedClass, clone
from rollbook.classes.queries.classes import get_class
from rollbook.database.transaction import Transaction
from rollbook.errors import RollbookError
from rollbook.organizations.time_zones import TimeZone


async def clone_class(transaction: Transaction, *, actor: Actor, class_id: int, wanted: ClonedClass) -> CreatedClass:
    """
    Create a class that says what another one says, at other times, without its students; of custom fields it has the same values, unless they are unique.

    Raises:
        ClassNotFoundError: The actor has no such class.
        DatesGivenTwiceError: A first start and meetings are given.
        NothingToShiftError: A first start is given, and the other class has no meetings.
        ShiftedTooFarError: A meeting would be moved beyond all times.
        CourseArchivedError: No class is made of an archived course.
        CourseNotInstructorLedError: The course is no longer for classes.
        NotFoundError: The actor lacks something that the other class refers to.
        InvalidError: The meetings cannot be those of one class (C2).
        SeveralRefusalsError: More than one of these.
    """
    found = await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    details = clone(class_id, found.details(), wanted)
    if isinstance(details, RollbookError):
        raise details
    values = asdict(details)
    time_zone = TimeZone(values.pop("time_zone"), values.pop("time_zone_iana"))
    created = await create_class(transaction, actor=actor, new=NewClass(**values, time_zone=time_zone))
    await copy_custom_field_values(
        transaction, actor=actor, from_class_id=class_id, class_id=created.id, organization_id=details.organization_id
    )
    return created
