"""Writing who attended which meeting, each change beside its row of the enrollment's history."""

from typing import Any, Final

from msgspec.structs import asdict, replace
from sqlalchemy import BigInteger, Boolean, Delete, Insert, Integer, Update, bindparam, delete, insert, update

from rollbook.access.actor import Actor
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.writing import rewrite, state_of
from rollbook.enrollments.attendance import MARKED, Attendance
from rollbook.enrollments.model import attendance
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.history.recording import entry, recorded

_state = {
    "attended": bindparam("attended", type_=Boolean),
    "checked_in_at": bindparam("checked_in_at", type_=BigInteger),
    "attended_before": bindparam("attended_before", type_=Boolean),
    "completion_before": bindparam("completion_before", type_=Integer),
    "version": bindparam("version", type_=Integer),
}
_key = {"meeting_id": bindparam("meeting_id", type_=Integer), "enrollment_id": bindparam("enrollment_id", type_=Integer)}
_this = (attendance.c.meeting_id == _key["meeting_id"], attendance.c.enrollment_id == _key["enrollment_id"])

_add = insert(attendance).values(**_key, **_state)
_set = update(attendance).where(*_this).values(**_state)
_remove = delete(attendance).where(*_this)
_STATEMENTS: Final = {
    statement: (recorded(statement, identity=attendance.c.enrollment_id), Command(statement)) for statement in (_add, _set, _remove)
}
_hand_on = Command(update(attendance).where(*_this).values(completion_before=_state["completion_before"]))


async def write_mark(
    transaction: Transaction,
    *,
    actor: Actor,
    enrollment_id: int,
    organization_id: int,
    meeting_id: int,
    before: Attendance | None,
    after: Attendance | None,
    kind: str = MARKED,
) -> None:
    """Write what becomes of the attendance of one meeting; the enrollment itself, and its version, stay what they are."""
    if after == before:
        return
    change, _ = _STATEMENTS[_statement(before, after)]
    was, becomes = _kept(meeting_id, before, after)
    record = entry(transaction, actor=actor, organization_id=organization_id, kind=kind, before=was, after=becomes)
    await transaction.change(change, _values(after, meeting_id=meeting_id, enrollment_id=enrollment_id), record)


async def write_check_in(
    transaction: Transaction,
    *,
    actor: Actor,
    stored: EnrollmentRow,
    meeting_id: int,
    before: Attendance | None,
    after: Attendance | None,
    kind: str,
    completion: CompletionStatus,
) -> None:
    """Write what a check-in, or undoing it, makes of the attendance of one meeting and of the completion, in one row of history."""
    if completion is stored.completion:
        await write_mark(
            transaction,
            actor=actor,
            enrollment_id=stored.id,
            organization_id=stored.organization_id,
            meeting_id=meeting_id,
            before=before,
            after=after,
            kind=kind,
        )
        return
    _, command = _STATEMENTS[_statement(before, after)]
    await transaction.run(command, **_values(after, meeting_id=meeting_id, enrollment_id=stored.id))
    was, becomes = _kept(meeting_id, before, after)
    state = replace(state_of(stored), completion=completion)
    await rewrite(transaction, actor=actor, stored=stored, state=state, kind=kind, left_behind=was, remarks=becomes)


async def hand_completion_on(transaction: Transaction, *, enrollment_id: int, heir: Attendance) -> None:
    """Let a check-in lead back to a completion from before an earlier one."""
    await transaction.run(_hand_on, enrollment_id=enrollment_id, meeting_id=heir.meeting_id, completion_before=heir.completion_before)


def _statement(before: Attendance | None, after: Attendance | None) -> Insert | Update | Delete:
    if after is None:
        return _remove
    return _add if before is None else _set


def _values(after: Attendance | None, *, meeting_id: int, enrollment_id: int) -> dict[str, Any]:
    return {**(asdict(after) if after else {}), "meeting_id": meeting_id, "enrollment_id": enrollment_id}


def _kept(meeting_id: int, before: Attendance | None, after: Attendance | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what the history keeps of the attendance of one meeting, before and after: whether it was attended, and a check-in that differs."""
    was: dict[str, Any] = {"attendance": {str(meeting_id): before.attended if before else None}}
    becomes: dict[str, Any] = {"attendance": {str(meeting_id): after.attended if after else None}}
    moments = [each.checked_in_at if each else None for each in (before, after)]
    if moments[0] != moments[1]:
        was["checked_in_at"], becomes["checked_in_at"] = [{str(meeting_id): moment} for moment in moments]
    return was, becomes
