"""The waitlist of a class: who stands where, why somebody was passed over, letting in, moving up, and what would be if places came free."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.enrollment_values import LONGEST_REASON
from rollbook.console.page import Page, form, page
from rollbook.console.pages.roster_many import together
from rollbook.console.roster_view import see_class, see_line, undo_values
from rollbook.console.told_changes import told_effects
from rollbook.console.visit import Visit
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.line import move_up_in_line, promote_waiting
from rollbook.enrollments.actions.many import list_alterations
from rollbook.enrollments.actions.row_by_row import carry_out_each
from rollbook.enrollments.queries.explaining import Simulation, explain_enrollment, simulate_waitlist
from rollbook.enrollments.queries.records import EnrollmentRecord, list_line_records
from rollbook.enrollments.queries.roster_summary import RosterSummary, get_roster_summary
from rollbook.enrollments.queries.students import StudentName, list_names
from rollbook.enrollments.queries.undoing import LastChange, list_undoable
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import Promotion
from rollbook.errors import InvalidError

WAITLIST: Final = "/classes/{class_id}/waitlist"
MOST_FREED: Final = 1_000
EXPLAINED: Final = 50
"""How many who were passed over are told what stands in their way now."""


class ReasonNeededError(InvalidError):
    """Somebody is to be moved up in a line, and it is not said why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__("it is not said why somebody goes before the others; give a reason, which the history keeps")


class PositionNeededError(InvalidError):
    """Somebody is to be moved up in a line, and it is not said how far."""

    field = "position"

    def __init__(self) -> None:
        super().__init__("it is not said to which position; give one, 1 being the first")


class _Line(Struct, frozen=True):
    summary: RosterSummary
    records: list[EnrollmentRecord]
    in_the_way: Mapping[int, Sequence[str]]
    simulation: Simulation | None
    names: Mapping[int, str]
    undoable: Sequence[LastChange]


@page(WAITLIST, to=COORDINATORS)
async def show_waitlist(visit: Visit, class_id: int) -> Answer:
    """Show the line, and who would be let in if so many places came free as the address says."""
    freed = visit.query.number("freed", most=MOST_FREED)
    line = await visit.database.search(_read, actor=visit.actor, class_id=class_id, freed=freed)
    return visit.render(
        "roster_waitlist.html",
        title=f"Waitlist of {line.summary.training_class.name}",
        wide=True,
        training_class=line.summary.training_class,
        class_id=class_id,
        summary=line.summary,
        line=line.records,
        in_the_way=line.in_the_way,
        simulation=line.simulation,
        names=line.names,
        freed=freed,
        **undo_values(line.undoable, line.summary),
    )


@form("/classes/{class_id}/waitlist/promotions", to=COORDINATORS, back=WAITLIST)
async def let_next_in(visit: Visit, class_id: int) -> Answer:
    """Let in who is next, as many as there are free places, or no more than so many."""
    await see_class(visit, class_id)
    places = visit.form.number("places", least=1, most=MOST_FREED)

    mark = together()

    async def act(transaction: Transaction) -> tuple[Promotion, Sequence[Recorded]]:
        promotion = await promote_waiting(transaction, actor=visit.actor, class_id=class_id, places=places, together=mark)
        return promotion, transaction.recorded

    promotion, recorded = await visit.database.write(act)
    number = len(promotion.let_in)
    done = f"{number} {'student was' if number == 1 else 'students were'} let in." if number else None
    refused = [] if number else ["Nobody was let in: no place is free for anybody who waits."]
    return visit.go(f"/classes/{class_id}/waitlist", done=done, refused=refused, warnings=await told_effects(visit.database, recorded))


@form("/classes/{class_id}/waitlist/{enrollment_id}/entry", to=COORDINATORS, back=WAITLIST)
async def let_in(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Let one student in, before those who stand in front."""
    name = await _name(visit, class_id, enrollment_id)
    changes = EnrollmentChanges(status=EnrollmentStatus.ENROLLED)
    viewer = visit.actor.viewer
    rows = await visit.database.snapshot(
        list_alterations, viewer=viewer, class_id=class_id, enrollment_ids=[enrollment_id], changes=changes
    )
    done = await carry_out_each(visit.database, actor=visit.actor, rows=rows, together=together())
    if refusal := done.outcomes[0].refusal:
        raise refusal
    return visit.go(f"/classes/{class_id}/waitlist", done=f"{name} is Enrolled.")


@form("/classes/{class_id}/waitlist/{enrollment_id}/position", to=COORDINATORS, back=WAITLIST)
async def move_up(visit: Visit, class_id: int, enrollment_id: int) -> Answer:
    """Move a student up, for a reason."""
    name = await _name(visit, class_id, enrollment_id)
    position = visit.form.number("position", least=1)
    reason = visit.form.text("reason", longest=LONGEST_REASON)
    if position is None:
        raise PositionNeededError
    if reason is None:
        raise ReasonNeededError
    await visit.database.write(move_up_in_line, actor=visit.actor, enrollment_id=enrollment_id, position=position, reason=reason)
    return visit.go(f"/classes/{class_id}/waitlist", done=f"{name} stands at position {position} now.")


async def _name(visit: Visit, class_id: int, enrollment_id: int) -> str:
    """
    Give whose enrollment it is.

    Raises:
        ClassNotFoundError: The user has no such class.
        EnrollmentNotFoundError: The class has no such enrollment.
    """
    row = (await see_line(visit, class_id, enrollment_id)).row
    return f"{row.first_name} {row.last_name}"


async def _read(transaction: Transaction, *, actor: Actor, class_id: int, freed: int | None) -> _Line:
    viewer = actor.viewer
    summary = await get_roster_summary(transaction, viewer=viewer, class_id=class_id)
    records = await list_line_records(transaction, class_id=class_id)
    passed = [record.row.id for record in records if record.row.passed_over is not None][:EXPLAINED]
    in_the_way = {}
    for enrollment_id in passed:
        explained = await explain_enrollment(transaction, viewer=viewer, enrollment_id=enrollment_id)
        in_the_way[enrollment_id] = [verdict.text for verdict in explained.explanation.verdicts if verdict.stands_in_the_way]
    simulation = None
    named: list[StudentName] = []
    if freed is not None:
        simulation = await simulate_waitlist(transaction, viewer=viewer, class_id=class_id, freed=freed)
        promotion = simulation.promotion
        ids = [each.waiting.enrollment_id for each in promotion.let_in]
        ids += [each.waiting.enrollment_id for each in promotion.passed_over]
        named = await list_names(transaction, enrollment_ids=ids)
    names = {name.enrollment_id: f"{name.first_name} {name.last_name}" for name in named}
    return _Line(summary, records, in_the_way, simulation, names, await list_undoable(transaction, actor=actor, class_id=class_id))


PAGES: tuple[Page, ...] = (show_waitlist, let_next_in, let_in, move_up)
