"""The completions of many students of one class at once: all of them, or none."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.marking import EnrollmentsNotInClassError, fill_attendance
from rollbook.enrollments.actions.writing import UPDATED, rewrite, state_of
from rollbook.enrollments.queries import entrance
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.queries.roster import get_roster_class
from rollbook.enrollments.queries.students import StudentName, list_names
from rollbook.enrollments.statuses import CompletionNeedsAttendanceError, CompletionStatus, settle_completion
from rollbook.errors import ConflictError, refuse


class CompletedStudent(Struct, frozen=True, kw_only=True):
    """A student's completion, before and after."""

    enrollment_id: int
    user_id: int
    before: CompletionStatus
    after: CompletionStatus


class CompletionOfStudentError(ConflictError):
    """One of many students cannot have the completion that is given."""

    rule = "S5"

    def __init__(self, name: StudentName, refusal: CompletionNeedsAttendanceError) -> None:
        self.enrollment_id = name.enrollment_id
        self.refusal = refusal
        super().__init__(f"{name.first_name} {name.last_name} (enrollment {name.enrollment_id}): {refusal}")


async def complete_students(
    transaction: Transaction, *, actor: Actor, class_id: int, completions: Mapping[int, CompletionStatus]
) -> list[CompletedStudent]:
    """
    Give students of a class the completions told by the ids of their enrollments, and tell whose changed.

    For coordinators and for the instructors of the class: nothing else of an enrollment changes.

    Raises:
        ClassNotFoundError: The actor has no such class.
        EnrollmentsNotInClassError: The class has none of the enrollments that are told.
        CompletionOfStudentError: A student does not attend the class (S5).
        SeveralRefusalsError: Several of them do not.
    """
    await transaction.lock(entrance.lock_classes, ids=[class_id])
    await get_roster_class(transaction, viewer=actor.viewer, class_id=class_id)
    roster = {row.id: row for row in await list_roster(transaction, class_id=class_id)}
    strangers = sorted(completions.keys() - roster.keys())
    if strangers:
        raise EnrollmentsNotInClassError(class_id=class_id, enrollment_ids=strangers)
    settled = [
        (row, settle_completion(stored=row.completion, given=completions[row.id], after=row.status))
        for row in roster.values()
        if row.id in completions
    ]
    refused = {row.id: becomes for row, becomes in settled if isinstance(becomes, CompletionNeedsAttendanceError)}
    if refused:
        await _refuse(transaction, refused)

    changed = []
    for row, becomes in settled:
        if isinstance(becomes, CompletionStatus) and becomes is not row.completion:
            state = replace(state_of(row), completion=becomes)
            await fill_attendance(transaction, actor=actor, enrollment_id=row.id, state=state, before=row.completion)
            await rewrite(transaction, actor=actor, stored=row, state=state, kind=UPDATED)
            changed.append(CompletedStudent(enrollment_id=row.id, user_id=row.user_id, before=row.completion, after=becomes))
    return changed


async def _refuse(transaction: Transaction, refused: Mapping[int, CompletionNeedsAttendanceError]) -> None:
    names = await list_names(transaction, enrollment_ids=list(refused))
    told: Sequence[ConflictError] = [CompletionOfStudentError(name, refused[name.enrollment_id]) for name in names]
    refuse(told)
