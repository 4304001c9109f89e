"""Changing a classroom, whose capacity must hold the students who sit in it."""

from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.classrooms.actions import ClassroomChanges, check_classroom, write_classroom
from rollbook.classrooms.queries import ClassroomRow, get_classroom, lock_classrooms
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.class_facts import count_most_without_meetings, list_sittings
from rollbook.enrollments.seats import CapacityBelowFullestMomentError, Room, check_capacity
from rollbook.errors import RollbookError, refuse
from rollbook.history.recording import differences
from rollbook.history.versions import check_version
from rollbook.organizations.limits import LATEST_TIME


async def update_classroom(
    transaction: Transaction, *, actor: Actor, classroom_id: int, changes: ClassroomChanges, if_version: int | None = None
) -> None:
    """
    Change a classroom.

    Raises:
        ClassroomNotFoundError: The actor has no such classroom.
        VersionChangedError: It is not at the version asked for.
        OrganizationNotFoundError: The actor has no such organization.
        ClassroomExternalIdTakenError: Another classroom of the organization has the external id.
        CapacityBelowFullestMomentError: More students sit in it at some moment from now on (P3).
        SeveralRefusalsError: More than one of these.
    """
    await lock_classrooms(transaction, [classroom_id])
    stored = await get_classroom(transaction, viewer=actor.viewer, classroom_id=classroom_id)
    check_version(noun="classroom", subject_id=classroom_id, version=stored.version, wanted=if_version)
    _, changed = differences(asdict(stored), changes.given())
    if not changed:
        return
    wanted = asdict(stored) | changed
    refusals: list[RollbookError | None] = [*await check_classroom(transaction, actor=actor, wanted=wanted, changed=changed)]
    if "capacity" in changed:
        refusals.append(await _check_capacity(transaction, stored=stored, capacity=changed["capacity"]))
    refuse(refusals)
    await write_classroom(transaction, actor=actor, stored=stored, wanted=wanted)


async def _check_capacity(
    transaction: Transaction, *, stored: ClassroomRow, capacity: int | None
) -> CapacityBelowFullestMomentError | None:
    now = transaction.now
    sittings = await list_sittings(transaction, classroom_ids=[stored.id], since=now, until=LATEST_TIME + 1)
    return check_capacity(
        room=Room(id=stored.id, name=stored.name, capacity=stored.capacity),
        capacity=capacity,
        sittings=sittings.get(stored.id, []),
        classmates=await count_most_without_meetings(transaction, classroom_id=stored.id),
        now=now,
    )
