"""Many enrollments in one transaction: each by the same action as a single one, under locks that are taken once for all of them."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from rollbook.access.actor import Actor, Viewer
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.holding import Wanted, hold
from rollbook.enrollments.actions.marking import EnrollmentsNotInClassError
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.many import list_of_class
from rollbook.enrollments.queries.roster import get_roster_class
from rollbook.enrollments.queries.undoing import TOGETHER
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


class Alteration(msgspec.Struct, frozen=True, kw_only=True):
    """An enrollment that is to be changed, and stays in its class and with its student."""

    enrollment_id: int
    class_id: int
    user_id: int
    changes: EnrollmentChanges

    @property
    def status(self) -> EnrollmentStatus | None:
        """The status that it is to get; None where it keeps its own."""
        return None if self.changes.status is UNSET else self.changes.status


Row = NewEnrollment | Transfer | Alteration


class RowOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """
    What became of one of many rows.

    Attributes:
        index: Its place among them, from 0.
        enrollment_id, status: The enrollment and the status that it was to reach; None where it was refused, and where it keeps its own.
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


async def list_alterations(
    transaction: Transaction, *, viewer: Viewer, class_id: int, enrollment_ids: Collection[int], changes: EnrollmentChanges
) -> list[Alteration]:
    """
    Give a row for each of some enrollments of a class, in the order given, which are all to be changed alike.

    Raises:
        TooManyRowsError: There are more than one call takes.
        ClassNotFoundError: The viewer has no such class.
        EnrollmentsNotInClassError: The class has none of those enrollments.
    """
    check_number(len(enrollment_ids))
    await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    found = {each.id: each for each in await list_of_class(transaction, class_id=class_id, statuses=tuple(EnrollmentStatus))}
    if strangers := [enrollment_id for enrollment_id in enrollment_ids if enrollment_id not in found]:
        raise EnrollmentsNotInClassError(class_id=class_id, enrollment_ids=strangers)
    return [
        Alteration(enrollment_id=enrollment_id, class_id=class_id, user_id=found[enrollment_id].user_id, changes=changes)
        for enrollment_id in dict.fromkeys(enrollment_ids)
    ]


def check_number(rows: int) -> None:
    """
    Return when one call takes so many rows.

    Raises:
        TooManyRowsError: It does not.
    """
    if rows > MOST_ROWS:
        raise TooManyRowsError(rows)


async def carry_out(
    transaction: Transaction, *, actor: Actor, rows: Sequence[Row], first_index: int = 0, together: str | None = None
) -> list[RowOutcome]:
    """
    Carry rows out one after the other, and tell what became of each; one that is refused leaves no trace, and the others stand.

    For that no savepoint is needed: whatever refuses a row speaks before the row writes. ``together`` is what the history keeps of each, so that
    they can be undone together.
    """
    holding = await hold(transaction, _wanted(rows))
    remarks = {} if together is None else {TOGETHER: together}
    return [
        await _carry_out_row(holding, actor=actor, row=row, index=index, remarks=remarks)
        for index, row in enumerate(rows, start=first_index)
    ]


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


async def _carry_out_row(transaction: Transaction, *, actor: Actor, row: Row, index: int, remarks: Mapping[str, str]) -> RowOutcome:
    written = len(transaction.recorded)
    try:
        enrollment_id = await _act(transaction, actor=actor, row=row, remarks=remarks)
    except RollbookError as refusal:
        assert len(transaction.recorded) == written, row  # noqa: S101 - a refusal after a write would leave its trace among the other rows
        return refused(row, index=index, refusal=refusal)
    return RowOutcome(index=index, class_id=row.class_id, user_id=row.user_id, enrollment_id=enrollment_id, status=row.status)


async def _act(transaction: Transaction, *, actor: Actor, row: Row, remarks: Mapping[str, str]) -> int:
    if isinstance(row, NewEnrollment):
        return await create(transaction, actor=actor, wanted=row, remarks=remarks)
    changes, version = (EnrollmentChanges(class_id=row.class_id), row.version) if isinstance(row, Transfer) else (row.changes, None)
    await update(transaction, caller=actor, enrollment_id=row.enrollment_id, changes=changes, if_version=version, remarks=remarks)
    return row.enrollment_id


def _wanted(rows: Sequence[Row]) -> Wanted:
    left_class_ids = frozenset(left for row in rows if (left := _left_class_id(row)) is not None)
    given = (_given_room(row) for row in rows)
    return Wanted(
        class_ids=left_class_ids | {row.class_id for row in rows},
        left_class_ids=left_class_ids,
        classroom_ids=frozenset(classroom_id for classroom_id in given if isinstance(classroom_id, int)),
        user_ids=frozenset(row.user_id for row in rows),
        attend=any(_may_take_seat(row) for row in rows),
    )


def _left_class_id(row: Row) -> int | None:
    """Give the class that a row may take a student from."""
    if isinstance(row, NewEnrollment):
        return None
    return row.left_class_id if isinstance(row, Transfer) else row.class_id


def _given_room(row: Row) -> int | UnsetType | None:
    if isinstance(row, Transfer):
        return UNSET
    return row.classroom_id if isinstance(row, NewEnrollment) else row.changes.classroom_id


def _may_take_seat(row: Row) -> bool:
    """Tell whether a row may need a seat, or a student's time."""
    if isinstance(row, Alteration):
        changes = row.changes
        return row.status is not None or changes.location is not UNSET or changes.classroom_id is not UNSET
    return row.status.is_attending
