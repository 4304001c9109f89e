"""Writing enrollments: each change beside its row of history, guarded by the version that was read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import UNSET
from sqlalchemy import BigInteger, BindParameter, Boolean, Column, Integer, Text, bindparam, delete, insert, update

from rollbook.access.actor import Actor
from rollbook.database.query import Change, Command
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.reopening import EnrollmentDetails, ExistingEnrollment
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.history.recording import NEXT_CHANGE, differences, entry, recorded


class EnrollmentState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of an enrollment that can change."""

    class_id: int
    user_id: int
    organization_id: int
    external_id: str | None
    status: EnrollmentStatus
    completion: CompletionStatus
    late_cancel: bool
    retake: bool
    location: LocationType
    classroom_id: int | None
    hours_spent: int | None
    grade: int | None
    waiting_since: int | None
    passed_over: str | None
    note: str | None


KINDS = {
    EnrollmentStatus.REQUESTED: "enrollment.requested",
    EnrollmentStatus.CANCELLED: "enrollment.cancelled",
    EnrollmentStatus.WAITLISTED: "enrollment.waitlisted",
    EnrollmentStatus.APPROVED: "enrollment.approved",
    EnrollmentStatus.DENIED: "enrollment.denied",
    EnrollmentStatus.AUDIT: "enrollment.audited",
    EnrollmentStatus.ENROLLED: "enrollment.enrolled",
}
WAITING = frozenset({EnrollmentStatus.REQUESTED, EnrollmentStatus.WAITLISTED})
UPDATED = "enrollment.updated"
MOVED = "enrollment.moved"
REPLACED = "enrollment.replaced"
DELETED = "enrollment.deleted"
MOVED_UP = "enrollment.moved_up"

PASSED_THE_LINE: Final[Mapping[str, Any]] = MappingProxyType({"passed_waitlist": True})
"""What the history says of whom an administrator lets in before those who wait (W6)."""

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})
_TYPES = {Text: ("external_id", "passed_over", "note"), Boolean: ("late_cancel", "retake"), BigInteger: ("waiting_since",)}
_type_of = {name: kind for kind, names in _TYPES.items() for name in names}
_state: dict[str, BindParameter[Any]] = {
    name: bindparam(name, type_=_type_of.get(name, Integer)) for name in EnrollmentState.__struct_fields__
}
_now = bindparam("now", type_=BigInteger)
_read = (enrollments.c.id == bindparam("enrollment_id", type_=Integer), enrollments.c.version == bindparam("read_version", type_=Integer))

_insert = recorded(insert(enrollments).values(**_state, created_at=_now, modified_at=_now, version=1), identity=enrollments.c.id)


def _update_of(*fields: str, holds_record: Column[Any] | None = None) -> Change:
    values: dict[str, Any] = {name: _state[name] for name in fields}
    if holds_record is not None:
        values[holds_record.name] = NEXT_CHANGE
    return recorded(
        update(enrollments).where(*_read).values(**values, modified_at=_now, version=enrollments.c.version + 1),
        identity=enrollments.c.id,
        holds_record=holds_record,
    )


# A column that is set is taken out of its indexes and put back, and asked for its parent again, though it stays the same; most updates
# change none of the columns that have either.
_RESULTS = frozenset({"completion", "late_cancel", "retake", "hours_spent", "grade"})
_UNINDEXED = _RESULTS | {"passed_over", "note"}
update_results = _update_of(*sorted(_RESULTS), holds_record=enrollments.c.last_result_id)
_update_unindexed = _update_of(*sorted(_UNINDEXED))
_update_whole = _update_of(*_state)
_delete = recorded(delete(enrollments).where(*_read), identity=enrollments.c.id)
_delete_attendance = Command(delete(attendance).where(attendance.c.enrollment_id == bindparam("enrollment_id", type_=Integer)))


def state_of(row: EnrollmentRow) -> EnrollmentState:
    """Give everything of a stored enrollment that can change."""
    return EnrollmentState(**{name: getattr(row, name) for name in EnrollmentState.__struct_fields__})


def details_of(row: EnrollmentRow) -> EnrollmentDetails:
    """Give what a stored enrollment keeps beside its status, completion and place."""
    return EnrollmentDetails(**{name: getattr(row, name) for name in EnrollmentDetails.__struct_fields__})


def existing_of(row: EnrollmentRow) -> ExistingEnrollment:
    """Give a stored enrollment as another act meets it."""
    return ExistingEnrollment(id=row.id, class_id=row.class_id, user_id=row.user_id, status=row.status)


def with_given(details: EnrollmentDetails, given: msgspec.Struct) -> EnrollmentDetails:
    """Put what the caller gives over what is kept."""
    fields = {name: value for name in EnrollmentDetails.__struct_fields__ if (value := getattr(given, name)) is not UNSET}
    return msgspec.structs.replace(details, **fields) if fields else details


async def add(transaction: Transaction, *, actor: Actor, state: EnrollmentState, remarks: Mapping[str, Any] = _NONE) -> int:
    """Write a new enrollment as the last thing of its transaction and give its id; ``remarks`` are what the history alone keeps."""
    values = msgspec.structs.asdict(state)
    record = entry(transaction, actor=actor, organization_id=state.organization_id, kind=KINDS[state.status], after={**values, **remarks})
    return await transaction.settle(_insert, {**values, "now": transaction.now}, record)


async def rewrite(
    transaction: Transaction,
    *,
    actor: Actor,
    stored: EnrollmentRow,
    state: EnrollmentState,
    kind: str,
    left_behind: Mapping[str, Any] = _NONE,
    remarks: Mapping[str, Any] = _NONE,
) -> bool:
    """
    Write what changes of an enrollment as the last thing of its transaction, and tell whether anything did.

    The history alone keeps what is ``left_behind``, such as the attendance in the class left, and ``remarks``, such as a reason.
    """
    values = msgspec.structs.asdict(state)
    before, after = differences({name: getattr(stored, name) for name in values}, values)
    if not after:
        return False
    are_results = after.keys() <= _RESULTS
    record = entry(
        transaction,
        actor=actor,
        organization_id=stored.organization_id,
        kind=kind,
        before={**before, **left_behind},
        after={**after, **remarks},
        previous_id=(stored.last_result_id or 0) if are_results else None,
    )
    change = update_results if are_results else _update_unindexed if after.keys() <= _UNINDEXED else _update_whole
    await transaction.settle(change, {**values, "now": transaction.now, "enrollment_id": stored.id, "read_version": stored.version}, record)
    return True


async def remove(transaction: Transaction, *, actor: Actor, stored: EnrollmentRow, left_behind: dict[str, Any]) -> None:
    """Delete an enrollment as the last thing of its transaction; its history stays."""
    before = {**msgspec.structs.asdict(state_of(stored)), **left_behind}
    record = entry(
        transaction,
        actor=actor,
        organization_id=stored.organization_id,
        kind=DELETED,
        before=before,
        previous_id=stored.last_result_id or 0,
    )
    await transaction.settle(_delete, {"enrollment_id": stored.id, "read_version": stored.version}, record)


async def take_attendance_away(transaction: Transaction, *, enrollment_id: int) -> None:
    """Delete an enrollment's attendance, which the history keeps."""
    await transaction.run(_delete_attendance, enrollment_id=enrollment_id)
