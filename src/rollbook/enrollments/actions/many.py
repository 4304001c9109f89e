"""Many enrollments in one transaction: each by the same action as a single one, under locks that are taken once for all of them."""

from collections.abc import Collection, Sequence

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.holding import Wanted, hold
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import ConflictError, InvalidError, RollbookError

MOST_ROWS = 10_000
REFUSALS_TOLD = 5
"""How many refusals the sentence of an error quotes; all of them are its attributes."""


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """
    An enrollment that is to be moved to another class (M1).

    Attributes:
        version: What the enrollment was at when it was chosen, so that nobody is moved whom somebody else has changed meanwhile.
    """

    enrollment_id: int
    version: int
    user_id: int
    status: EnrollmentStatus
    left_class_id: int
    class_id: int


Row = NewEnrollment | Transfer


class RowOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """
    What became of one of many rows.

    Attributes:
        index: Its place among them, from 0.
        enrollment_id, status: The enrollment and the status that it reached; None where it was refused.
        refusal: Why it was refused; None where it was not.
    """

    index: int
    class_id: int
    user_id: int
    enrollment_id: int | None = None
    status: EnrollmentStatus | None = None
    refusal: RollbookError | None = None


class TooManyRowsError(InvalidError):
    """More enrollments are given than one call takes."""

    field = "rows"

    def __init__(self, given: int) -> None:
        self.given = given
        super().__init__(f"one call takes at most {MOST_ROWS:,} enrollments, not {given:,}; send them in several calls")


class RowsRefusedError(ConflictError):
    """
    Some of many enrollments are refused that were to be made all or none.

    Attributes:
        refused: The outcome of each of them.
        rows: How many there were to make.
    """

    def __init__(self, refused: Sequence[RowOutcome], *, rows: int) -> None:
        self.refused = tuple(refused)
        self.rows = rows
        told = "; ".join(f"row {outcome.index}: {outcome.refusal}" for outcome in refused[:REFUSALS_TOLD])
        more = "" if len(refused) <= REFUSALS_TOLD else f"; and {len(refused) - REFUSALS_TOLD:,} more"
        super().__init__(
            f"{len(refused):,} of {rows:,} enrollments are refused, so none was made; correct or leave out these: {told}{more}"
        )


def cross(class_ids: Collection[int], user_ids: Collection[int], *, shared: NewEnrollment) -> list[NewEnrollment]:
    """
    Give a row for each of the classes and each of the users, class by class, all else being as it is shared.

    Raises:
        TooManyRowsError: There are more than one call takes.
    """
    check_number(len(class_ids) * len(user_ids))
    return [replace(shared, class_id=class_id, user_id=user_id) for class_id in class_ids for user_id in user_ids]


def check_number(rows: int) -> None:
    """
    Return when one call takes so many rows.

    Raises:
        TooManyRowsError: It does not.
    """
    if rows > MOST_ROWS:
        raise TooManyRowsError(rows)


async def carry_out(transaction: Transaction, *, actor: Actor, rows: Sequence[Row], first_index: int = 0) -> list[RowOutcome]:
    """
    Carry rows out one after the other, and tell what became of each; one that is refused leaves no trace, and the others stand.

    For that no savepoint is needed: whatever refuses a row speaks before the row writes.
    """
    holding = await hold(transaction, _wanted(rows))
    return [await _carry_out_row(holding, actor=actor, row=row, index=index) for index, row in enumerate(rows, start=first_index)]


async def carry_out_all(transaction: Transaction, *, actor: Actor, rows: Sequence[Row]) -> list[RowOutcome]:
    """
    Carry all rows out, or none.

    Raises:
        RowsRefusedError: Some are refused; it tells each of them.
    """
    outcomes = await carry_out(transaction, actor=actor, rows=rows)
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if refused:
        raise RowsRefusedError(refused, rows=len(rows))
    return outcomes


def refused(row: Row, *, index: int, refusal: RollbookError) -> RowOutcome:
    """Tell that a row was refused."""
    return RowOutcome(index=index, class_id=row.class_id, user_id=row.user_id, refusal=refusal)


async def _carry_out_row(transaction: Transaction, *, actor: Actor, row: Row, index: int) -> RowOutcome:
    written = len(transaction.recorded)
    try:
        if isinstance(row, Transfer):
            enrollment_id = row.enrollment_id
            changes = EnrollmentChanges(class_id=row.class_id)
            await update(transaction, caller=actor, enrollment_id=enrollment_id, changes=changes, if_version=row.version)
        else:
            enrollment_id = await create(transaction, actor=actor, wanted=row)
    except RollbookError as refusal:
        assert len(transaction.recorded) == written, row  # noqa: S101 - a refusal after a write would leave its trace among the other rows
        return refused(row, index=index, refusal=refusal)
    return RowOutcome(index=index, class_id=row.class_id, user_id=row.user_id, enrollment_id=enrollment_id, status=row.status)


def _wanted(rows: Sequence[Row]) -> Wanted:
    left_class_ids = frozenset(row.left_class_id for row in rows if isinstance(row, Transfer))
    given = (UNSET if isinstance(row, Transfer) else row.classroom_id for row in rows)
    return Wanted(
        class_ids=left_class_ids | {row.class_id for row in rows},
        left_class_ids=left_class_ids,
        classroom_ids=frozenset(classroom_id for classroom_id in given if isinstance(classroom_id, int)),
        user_ids=frozenset(row.user_id for row in rows),
        attend=any(row.status.is_attending for row in rows),
    )
