"""Performing what makes or moves many enrollments, and telling what became of each."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Final

from msgspec import Meta, Struct

from rollbook.api.rest.call import Call
from rollbook.api.rest.enrolling import PLACES, ClassEffect, told_effect
from rollbook.api.rest.enrollment_records import status_word
from rollbook.api.rest.examples import example_of
from rollbook.api.rest.performing import changes_of
from rollbook.api.rest.problems import Placing, Problem, as_it_is, problem_of
from rollbook.api.rest.words import EnrollmentStatusWord
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.actions.many import Row, RowOutcome
from rollbook.enrollments.actions.row_by_row import carry_out_each
from rollbook.enrollments.queries.effects import Effect, tell_effect

Act = Callable[[Transaction], Awaitable[list[RowOutcome]]]
"""Carries out all rows in one transaction."""

ListRows = Callable[[Transaction], Awaitable[Sequence[Row]]]
"""Gives the rows to carry out."""

Atomic = Annotated[bool, Meta(description="All of them or none; otherwise each for itself.")]


class BatchRow(Struct, frozen=True, kw_only=True):
    """What became of one enrollment of many."""

    index: Annotated[int, Meta(description="Its place among them, from 0.")]
    class_id: int
    user_id: int
    enrollment_id: Annotated[int | None, Meta(description="Null where it was refused.")]
    status: Annotated[EnrollmentStatusWord | None, Meta(description="The status that it reached; null where it was refused.")]
    problem: Annotated[Problem | None, Meta(description="Why it was refused; null where it was not.")]


class Batch(Struct, frozen=True, kw_only=True):
    """What became of many enrollments."""

    made: Annotated[int, Meta(description="How many were made, or moved.")]
    refused: Annotated[int, Meta(description="How many were not.")]
    rows: list[BatchRow]


class BatchOutcome(ClassEffect, frozen=True, kw_only=True):
    """What became of many enrollments; ``changes`` tells of others that changed with them, such as who was let in."""

    result: Batch


OUTCOME: Final = example_of(
    BatchOutcome,
    Batch(
        made=1,
        refused=1,
        rows=[
            BatchRow(index=0, class_id=4, user_id=3, enrollment_id=19, status="enrolled", problem=None),
            BatchRow(
                index=1,
                class_id=4,
                user_id=5,
                enrollment_id=None,
                status=None,
                problem=Problem(
                    title="Conflict",
                    status=409,
                    code="class_full",
                    rule="P1",
                    detail="class 4 is full (12 of 12 places); raise its maximum, or use status Waitlist",
                ),
            ),
        ],
    ),
    places=[PLACES],
    promoted=[],
    passed_over=[],
)
"""An outcome for the OpenAPI document."""


async def carry_out_many(
    call: Call, act: Act, *, list_rows: ListRows, atomic: bool, placing: Callable[[int], Placing] | None = None
) -> BatchOutcome:
    """
    Carry out many rows, or rehearse them: in one transaction where they are all or none, or a rehearsal; each for itself otherwise.

    Args:
        call: The call.
        act: Carries all out in one transaction.
        list_rows: Gives the rows.
        atomic: All or none.
        placing: Gives how the caller knows the values of the row with an index.
    """

    async def act_and_tell(transaction: Transaction) -> tuple[list[RowOutcome], Sequence[Recorded], Effect]:
        outcomes = await act(transaction)
        return outcomes, transaction.recorded, await tell_effect(transaction, recorded=transaction.recorded)

    if call.dry_run:
        outcomes, recorded, effect = (await call.database.rehearse(act_and_tell)).result
    elif atomic:
        outcomes, recorded, effect = await call.database.write(act_and_tell)
    else:
        rows = await call.database.search(list_rows)
        done = await carry_out_each(call.database, actor=call.actor, rows=rows)
        outcomes, recorded = done.outcomes, done.recorded
        effect = await call.database.search(tell_effect, recorded=recorded)
    return _told(call, outcomes, recorded, effect, placing=placing)


def _told(
    call: Call, outcomes: Sequence[RowOutcome], recorded: Iterable[Recorded], effect: Effect, *, placing: Callable[[int], Placing] | None
) -> BatchOutcome:
    own = {outcome.enrollment_id for outcome in outcomes}
    rows = [_row(outcome, placing(outcome.index) if placing else as_it_is) for outcome in outcomes]
    refused = sum(row.problem is not None for row in rows)
    return BatchOutcome(
        dry_run=call.dry_run,
        result=Batch(made=len(rows) - refused, refused=refused, rows=rows),
        changes=list(changes_of(each for each in recorded if each.subject_id not in own)),
        warnings=[],
        **told_effect(effect),
    )


def _row(outcome: RowOutcome, placing: Placing) -> BatchRow:
    return BatchRow(
        index=outcome.index,
        class_id=outcome.class_id,
        user_id=outcome.user_id,
        enrollment_id=outcome.enrollment_id,
        status=None if outcome.status is None else status_word(outcome.status),
        problem=problem_of(outcome.refusal, placing).problem if outcome.refusal else None,
    )
