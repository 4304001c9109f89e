"""Creating, changing and deleting assignments."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.assignments.actions.checks import check_named
from rollbook.assignments.model import assignments
from rollbook.assignments.queries.assignments import get_assignment, lock_assignment
from rollbook.assignments.terms import check_deletion, check_happened, check_kept, check_order, with_start
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.people.queries.users import lock_users


class NewAssignment(Struct, frozen=True, kw_only=True):
    """A course to assign to a student; times are epoch seconds."""

    course_id: int
    user_id: int
    subscription_id: int | None = None
    external_id: str | None = None
    expires_at: int | None = None
    target_completion_at: int | None = None
    started_at: int | None = None
    completed_at: int | None = None


class AssignmentChanges(Struct, frozen=True, kw_only=True):
    """What to change of an assignment: UNSET is left as it is, None is cleared; times are epoch seconds."""

    course_id: int | UnsetType = UNSET
    user_id: int | UnsetType = UNSET
    subscription_id: int | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    expires_at: int | UnsetType | None = UNSET
    target_completion_at: int | UnsetType | None = UNSET
    started_at: int | UnsetType | None = UNSET
    completed_at: int | UnsetType | None = UNSET


_WRITTEN = (*NewAssignment.__struct_fields__, "modified_at")
_values = {name: bindparam(name, type_=assignments.c[name].type) for name in _WRITTEN}
_own = assignments.c.id == bindparam("assignment_id", type_=Integer)

_create = recorded(insert(assignments).values(**_values, created_at=_values["modified_at"]), identity=assignments.c.id)
_update = recorded(
    update(assignments).where(_own).values(**_values, version=assignments.c.version + literal_column("1", Integer())),
    identity=assignments.c.id,
)
_delete = recorded(delete(assignments).where(_own), identity=assignments.c.id)


async def create_assignment(transaction: Transaction, *, actor: Actor, assignment: NewAssignment) -> int:
    """
    Assign a course to a student, to be taken alone, and give the assignment's id.

    Raises:
        UserNotFoundError: The actor has no such user.
        CourseNotFoundError: The actor has no such course.
        SubscriptionNotFoundError: The actor has no such subscription.
        ConflictError: The terms of assignments refuse it (T1 to T4).
        NotYetHappenedError: The start or the completion lies ahead (T4).
        SeveralRefusalsError: More than one of these.
    """
    given = {name: value for name, value in asdict(assignment).items() if value is not None}
    wanted = asdict(assignment) | with_start(given, started_at=None)
    await lock_users(transaction, user_ids=[assignment.user_id])
    named = await check_named(transaction, actor=actor, wanted=wanted, changed=given.keys())
    refuse([*named.refusals, *_check_times(wanted, given, now=transaction.now)])
    record = entry(
        transaction,
        actor=actor,
        organization_id=named.organization_id,
        kind="assignment.created",
        after={name: value for name, value in wanted.items() if value is not None},
    )
    return await transaction.settle(_create, {**wanted, "modified_at": transaction.now}, record)


async def update_assignment(
    transaction: Transaction, *, actor: Actor, assignment_id: int, changes: AssignmentChanges, if_version: int | None = None
) -> None:
    """
    Change an assignment: its dates, and what has happened; its course and its user as long as it has not been started.

    Raises:
        AssignmentNotFoundError: The actor has no such assignment.
        VersionChangedError: It is not at the version asked for.
        UserNotFoundError: The actor has no such user.
        CourseNotFoundError: The actor has no such course.
        SubscriptionNotFoundError: The actor has no such subscription.
        ConflictError: The terms of assignments refuse it (T1 to T5).
        NotYetHappenedError: The start or the completion lies ahead (T4).
        SeveralRefusalsError: More than one of these.
    """
    if changes.user_id is not UNSET:
        await lock_users(transaction, user_ids=[changes.user_id])
    await lock_assignment(transaction, assignment_id=assignment_id)
    stored = asdict(await get_assignment(transaction, viewer=actor.viewer, assignment_id=assignment_id))
    check_version(noun="assignment", subject_id=assignment_id, version=stored["version"], wanted=if_version)
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    before, after = differences(stored, with_start(given, started_at=stored["started_at"]))
    if not after:
        return
    wanted = {name: after.get(name, stored[name]) for name in NewAssignment.__struct_fields__}
    named = await check_named(transaction, actor=actor, wanted=wanted, changed=after.keys())
    kept = check_kept(
        assignment_id=assignment_id,
        was_started=stored["started_at"] is not None,
        is_started=wanted["started_at"] is not None,
        changed=after,
    )
    refuse([*named.refusals, *kept, *_check_times(wanted, after, now=transaction.now)])
    organization_id = named.organization_id if "user_id" in after else stored["organization_id"]
    record = entry(transaction, actor=actor, organization_id=organization_id, kind=_kind_of(before, after), before=before, after=after)
    await transaction.settle(_update, {**wanted, "assignment_id": assignment_id, "modified_at": transaction.now}, record)


async def delete_assignment(transaction: Transaction, *, actor: Actor, assignment_id: int, if_version: int | None = None) -> None:
    """
    Delete an assignment that has not been completed; its history stays.

    Raises:
        AssignmentNotFoundError: The actor has no such assignment.
        VersionChangedError: It is not at the version asked for.
        AssignmentCompletedError: It has been completed (T5).
    """
    await lock_assignment(transaction, assignment_id=assignment_id)
    stored = asdict(await get_assignment(transaction, viewer=actor.viewer, assignment_id=assignment_id))
    check_version(noun="assignment", subject_id=assignment_id, version=stored["version"], wanted=if_version)
    refuse([check_deletion(assignment_id=assignment_id, completed_at=stored["completed_at"])])
    record = entry(
        transaction,
        actor=actor,
        organization_id=stored["organization_id"],
        kind="assignment.deleted",
        before={name: stored[name] for name in NewAssignment.__struct_fields__ if stored[name] is not None},
    )
    await transaction.settle(_delete, {"assignment_id": assignment_id}, record)


def _check_times(wanted: Mapping[str, Any], changed: Mapping[str, Any], *, now: int) -> list[Any]:
    in_order = check_order(started_at=wanted["started_at"], completed_at=wanted["completed_at"])
    return [*check_happened(changed, now=now), in_order if {"started_at", "completed_at"} & changed.keys() else None]


def _kind_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Give what became of an assignment: that it was completed or started says more than that it was updated."""
    for name, kind in (("completed_at", "assignment.completed"), ("started_at", "assignment.started")):
        if name in after and before[name] is None:
            return kind
    return "assignment.updated"
