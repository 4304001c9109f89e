"""Changing a classroom, whose capacity must hold the students who sit in it."""

from msgspec import UNSET
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.classrooms.actions import ClassroomChanges, check_classroom, write_classroom
from rollbook.classrooms.queries import ClassroomRow, get_classroom, lock_classrooms
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.promoting import carry_out, foresee, hold
from rollbook.enrollments.queries.class_facts import count_most_without_meetings, list_sittings
from rollbook.enrollments.queries.entrance import lock_classes
from rollbook.enrollments.queries.promotions import Opening
from rollbook.enrollments.queries.waiting import get_awaited_class, list_classes_awaited_in, list_rooms_of_line
from rollbook.enrollments.seats import CapacityBelowFullestMomentError, Room, check_capacity
from rollbook.enrollments.waitlist import is_triggered
from rollbook.errors import RollbookError, refuse
from rollbook.history.recording import differences
from rollbook.history.versions import check_version
from rollbook.organizations.limits import LATEST_TIME
from rollbook.organizations.queries.preferences import preferences_for


async def update_classroom(
    transaction: Transaction, *, actor: Actor, classroom_id: int, changes: ClassroomChanges, if_version: int | None = None
) -> None:
    """
    Change a classroom; raising its capacity may let in who waits for a seat there (W2).

    Raises:
        ClassroomNotFoundError: The actor has no such classroom.
        VersionChangedError: It is not at the version asked for.
        OrganizationNotFoundError: The actor has no such organization.
        ClassroomExternalIdTakenError: Another classroom of the organization has the external id.
        CapacityBelowFullestMomentError: More students sit in it at some moment from now on (P3).
        SeveralRefusalsError: More than one of these.
    """
    awaited = await _lock(transaction, classroom_id=classroom_id, changes=changes)
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
    if stored.capacity is not None and (wanted["capacity"] is None or wanted["capacity"] > stored.capacity):
        await _let_in(transaction, class_ids=awaited, classroom_id=classroom_id)


async def _lock(transaction: Transaction, *, classroom_id: int, changes: ClassroomChanges) -> list[int]:
    """Lock a room, and before it the classes that a raised capacity may let people into, which are given; classes come before rooms."""
    awaited: list[int] = []
    rooms = {classroom_id}
    if changes.capacity is not UNSET:
        awaited = await list_classes_awaited_in(transaction, classroom_id=classroom_id)
    if awaited:
        await transaction.lock(lock_classes, ids=awaited)
        for class_id in awaited:
            rooms.update(await list_rooms_of_line(transaction, class_id=class_id))
    await lock_classrooms(transaction, sorted(rooms))
    return awaited


async def _let_in(transaction: Transaction, *, class_ids: list[int], classroom_id: int) -> None:
    """Let in who waits for a seat in the room, where the class's organization wants that (W2)."""
    promotions = []
    for class_id in class_ids:
        awaited, _ = await get_awaited_class(transaction, class_id=class_id)
        preferences = await preferences_for(transaction, organization_id=awaited.organization_id)
        if is_triggered(preferences.waitlist_promotion, by_the_student=False):
            promotions.append(await foresee(transaction, Opening(class_id=class_id, freed=None, classroom_id=classroom_id)))
    await hold(transaction, promotions)
    for promotion in promotions:
        await carry_out(transaction, promotion)


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
