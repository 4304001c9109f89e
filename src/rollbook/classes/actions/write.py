"""Writing a class with its meetings, instructors, classrooms and organizations, each change beside its row of history."""

from collections.abc import Sequence
from typing import Any, Final, cast

from msgspec.structs import asdict
from sqlalchemy import Column, Integer, Table, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.classes.details import ClassDetails
from rollbook.classes.model import class_classrooms, class_instructors, class_organizations, classes, meetings
from rollbook.classes.schedule import MeetingPlan, first_start, last_end
from rollbook.database.query import Command
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.history.recording import differences, entry, recorded

_DERIVED: Final = {"name_folded", "starts_at", "ends_at", "modified_at"}
_LISTS: Final = {"instructor_ids", "classroom_ids", "available_to_organization_ids", "meetings"}


def _bound(column: Column[Any]) -> Any:
    return bindparam(column.name, type_=column.type)


_values = {name: _bound(classes.c[name]) for name in {*ClassDetails.__struct_fields__} - _LISTS | _DERIVED}
_class_id = bindparam("class_id", type_=Integer)

_create = recorded(insert(classes).values(**_values, created_at=_values["modified_at"]), identity=classes.c.id)
_update = recorded(
    update(classes).where(classes.c.id == _class_id).values(**_values, version=classes.c.version + literal_column("1", Integer())),
    identity=classes.c.id,
)

_meeting_id = bindparam("meeting_id", type_=Integer)
_add_meeting = Command(
    insert(meetings).values(class_id=_class_id, starts_at=_bound(meetings.c.starts_at), ends_at=_bound(meetings.c.ends_at))
)
_end_meeting = Command(update(meetings).where(meetings.c.id == _meeting_id).values(ends_at=_bound(meetings.c.ends_at)))
_remove_meeting = Command(delete(meetings).where(meetings.c.id == _meeting_id))


def _commands(table: Table, party: Column[int]) -> tuple[Command, Command]:
    values = {"class_id": _class_id, party.name: bindparam("party_id", type_=Integer)}
    if "position" in table.c:
        values["position"] = bindparam("position", type_=Integer)
    return Command(delete(table).where(table.c.class_id == _class_id)), Command(insert(table).values(values))


_PARTIES: Final = {
    "instructor_ids": _commands(class_instructors, class_instructors.c.user_id),
    "classroom_ids": _commands(class_classrooms, class_classrooms.c.classroom_id),
    "available_to_organization_ids": _commands(class_organizations, class_organizations.c.organization_id),
}


async def add_class(transaction: Transaction, *, actor: Actor, wanted: ClassDetails) -> int:
    """Write a new class and give its id; its meetings are written by ``write_meetings``."""
    after = _told(wanted)
    given = {name: value for name, value in after.items() if value is not None}
    record = entry(transaction, actor=actor, organization_id=wanted.organization_id, kind="class.created", after=given)
    # An insert has no row to miss.
    class_id = cast("int", await transaction.change(_create, _columns(transaction, wanted), record))
    for name, (_, add) in _PARTIES.items():
        await _add_parties(transaction, add, class_id, after[name])
    return class_id


async def rewrite_class(
    transaction: Transaction, *, actor: Actor, class_id: int, stored: ClassDetails, wanted: ClassDetails, reason: str | None = None
) -> None:
    """Write what changes of a class whose row is locked, and in the history alone why; its meetings are written by ``write_meetings``."""
    before, after = differences(_told(stored), _told(wanted))
    if reason is not None:
        after["reason"] = reason
    record = entry(transaction, actor=actor, organization_id=wanted.organization_id, kind="class.updated", before=before, after=after)
    await transaction.change(_update, {**_columns(transaction, wanted), "class_id": class_id}, record)
    for name, (remove_all, add) in _PARTIES.items():
        if name in after:
            await transaction.run(remove_all, class_id=class_id)
            await _add_parties(transaction, add, class_id, after[name])


async def write_meetings(transaction: Transaction, *, class_id: int, plan: MeetingPlan) -> None:
    """Write what becomes of the meetings of a class (C2)."""
    for removed in plan.removed:
        await transaction.run(_remove_meeting, meeting_id=removed.id)
    for changed in plan.changed:
        await transaction.run(_end_meeting, meeting_id=changed.id, ends_at=changed.ends_at)
    for added in plan.added:
        await transaction.run(_add_meeting, class_id=class_id, starts_at=added.starts_at, ends_at=added.ends_at)


def _told(details: ClassDetails) -> dict[str, Any]:
    """Give what the history tells of a class: everything but the second name of its time zone."""
    told = asdict(details)
    del told["time_zone_iana"]
    return told


def _columns(transaction: Transaction, wanted: ClassDetails) -> dict[str, Any]:
    return {
        **asdict(wanted),
        "name_folded": folded(wanted.name),
        "starts_at": first_start(wanted.meetings),
        "ends_at": last_end(wanted.meetings),
        "modified_at": transaction.now,
    }


async def _add_parties(transaction: Transaction, add: Command, class_id: int, party_ids: Sequence[int]) -> None:
    for position, party_id in enumerate(party_ids):
        await transaction.run(add, class_id=class_id, party_id=party_id, position=position)
