"""Reading all that the page of a class tells, on one state of the database."""

from collections.abc import Sequence

from msgspec import Struct

from rollbook.access.actor import Actor, Viewer
from rollbook.classes.actions.warn import warn_of_schedule
from rollbook.classes.clashes import Clasher, ClashWarning, ScheduleWarning
from rollbook.classes.queries.classes import TrainingClass, get_class
from rollbook.classes.queries.custom_field_values import show_class
from rollbook.classes.queries.names import Names, list_names
from rollbook.custom_fields.values import DataType
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.roster_summary import RosterSummary, get_roster_summary


class SeenClass(Struct, frozen=True, kw_only=True):
    """
    A class, and what is worth telling beside it.

    Attributes:
        names: Of everything that the class and the warnings refer to.
        warnings: What its schedule had better not have (C3).
    """

    found: TrainingClass
    summary: RosterSummary
    names: Names
    warnings: list[ScheduleWarning]


async def see_class(transaction: Transaction, *, actor: Actor, class_id: int) -> SeenClass:
    """
    Give a class with everything that its page tells.

    Raises:
        ClassNotFoundError: The actor has no such class.
    """
    found = await show_class(transaction, get_class, viewer=actor.viewer, class_id=class_id)
    warnings = await warn_of_schedule(transaction, actor=actor, class_id=class_id, stored=None, wanted=found.details())
    return SeenClass(
        found=found,
        summary=await get_roster_summary(transaction, viewer=actor.viewer, class_id=class_id),
        names=await names_of(transaction, found=found, warnings=warnings),
        warnings=warnings,
    )


async def see_class_with_names(transaction: Transaction, *, viewer: Viewer, class_id: int) -> tuple[TrainingClass, Names]:
    """
    Give a class, and the names of everything that it refers to.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await get_class(transaction, viewer=viewer, class_id=class_id)
    return found, await names_of(transaction, found=found, warnings=())


async def names_of(transaction: Transaction, *, found: TrainingClass | None, warnings: Sequence[ScheduleWarning]) -> Names:
    """Give the names of what a class and warnings refer to."""
    clashes = [warning for warning in warnings if isinstance(warning, ClashWarning)]
    rooms = {clash.who_id for clash in clashes if clash.who is Clasher.CLASSROOM}
    people = {clash.who_id for clash in clashes if clash.who is not Clasher.CLASSROOM}
    organizations: set[int] = set()
    companies: set[int] = set()
    if found is not None:
        rooms |= {*found.classroom_ids}
        people |= {*found.instructor_ids}
        selected = (each.value.integer_value for each in found.custom_fields if each.data_type is DataType.USER_SELECTOR)
        people |= {user_id for user_id in selected if user_id is not None}
        organizations |= {*found.available_to_organization_ids}
        companies |= {found.row.company_id} if found.row.company_id is not None else set()
    return await list_names(
        transaction,
        class_ids={clash.class_id for clash in clashes if clash.class_id is not None},
        classroom_ids=rooms,
        user_ids=people,
        organization_ids=organizations,
        company_ids=companies,
    )
