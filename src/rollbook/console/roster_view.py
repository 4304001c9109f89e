"""What the pages of a roster show: read once, on one state of the database."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.access.roles import Permission
from rollbook.console.given import Given
from rollbook.console.told_changes import told_last
from rollbook.console.visit import Visit
from rollbook.database.transaction import Transaction
from rollbook.enrollments.placement import Placement
from rollbook.enrollments.queries.choices import Choices, PlaceToSit, get_choices, list_places
from rollbook.enrollments.queries.roster import (
    Roster,
    RosterClass,
    RosterEntry,
    get_roster,
    get_roster_class,
    list_roster_entries,
    list_roster_versions,
)
from rollbook.enrollments.queries.roster_summary import RosterSummary, get_roster_summary
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.queries.undoing import LastChange, list_undoable
from rollbook.enrollments.statuses import EnrollmentStatus


class RosterView(Struct, frozen=True, kw_only=True):
    """
    What is shown of a roster.

    Attributes:
        places: Where students of the class can sit; only where the user edits enrollments.
        undoable: What the user did last, and could take back.
        choices: What can be chosen for the line that is being changed; None where none is.
    """

    roster: Roster
    summary: RosterSummary
    places: Sequence[PlaceToSit]
    undoable: Sequence[LastChange]
    choices: Choices | None


class State(Struct, frozen=True, kw_only=True):
    """What a script asks for again and again: how full the class is, and the version of every line."""

    summary: RosterSummary
    versions: Mapping[int, int]
    undoable: Sequence[LastChange]

    @property
    def stamp(self) -> str:
        """A short text that is another one as soon as anything of it is."""
        told = msgspec.json.encode((self.summary.by_status, self.summary.rooms, self.summary.training_class, self.versions))
        return hashlib.sha256(told).hexdigest()[:16]


def is_editor(visit: Visit) -> bool:
    """Tell whether the user edits the enrollments of the class, and does not only instruct it."""
    return visit.may(Permission.EDIT_ENROLLMENTS)


async def read_roster(visit: Visit, class_id: int, *, changed_id: int | None) -> RosterView:
    """Read what the page of a roster shows; ``changed_id`` is the enrollment whose line is being changed."""
    return await visit.database.search(_read_roster, visit.actor, class_id, edits=is_editor(visit), changed_id=changed_id)


async def see_class(visit: Visit, class_id: int) -> RosterClass:
    """
    Give the class of a roster, as the first thing that a form about it does.

    Raises:
        ClassNotFoundError: The user has no such class.
    """
    return await visit.database.read(get_roster_class, viewer=visit.actor.viewer, class_id=class_id)


async def see_line(visit: Visit, class_id: int, enrollment_id: int) -> RosterEntry:
    """
    Give a line of a roster, as the first thing that a form about it does.

    Raises:
        ClassNotFoundError: The user has no such class.
        EnrollmentNotFoundError: The class has no such enrollment.
    """
    found = await read_lines(visit, class_id, [enrollment_id])
    if not found:
        raise EnrollmentNotFoundError
    return found[0]


async def read_state(visit: Visit, class_id: int) -> State:
    """Read what a script asks for again and again."""
    return await visit.database.snapshot(_read_state, visit.actor, class_id, edits=is_editor(visit))


async def read_lines(visit: Visit, class_id: int, enrollment_ids: Iterable[int]) -> list[RosterEntry]:
    """Read lines of a roster."""
    return await visit.database.snapshot(
        list_roster_entries, viewer=visit.actor.viewer, class_id=class_id, enrollment_ids=list(enrollment_ids)
    )


def undo_values(undoable: Sequence[LastChange], summary: RosterSummary) -> dict[str, Any]:
    """Give what the form that undoes changes shows and sends."""
    rooms = {room.classroom_id: room.name for room in summary.rooms}
    return {
        "undo_text": told_last(undoable, rooms) if undoable else None,
        "undo_changes": " ".join(f"{each.id}-{each.change_id}" for each in undoable),
    }


def place_value(placement: Placement) -> str:
    """Give a place as a form sends it."""
    return str(placement.location.value) if placement.classroom_id is None else f"{placement.location.value}-{placement.classroom_id}"


def entered_values(choices: Choices | None, given: Given) -> dict[str, str]:
    """Give the values that the form of an enrollment begins with: what was entered, where it was refused, or else what is stored."""
    if choices is None:
        return {}
    stored = choices.enrollment
    values = {
        "status": stored.status.value,
        "completion": stored.completion.value,
        "place": place_value(Placement(stored.location, stored.classroom_id)),
        "hours_spent": stored.hours_spent,
        "grade": stored.grade,
        "external_id": stored.external_id,
        "note": stored.note,
    }
    return {name: given.raw(name) if name in given else "" if value is None else str(value) for name, value in values.items()}


def selected(roster: Roster, *, status: EnrollmentStatus | None) -> list[RosterEntry]:
    """Give the lines of a roster that have a status; all of them where none is asked for."""
    return roster.entries if status is None else [entry for entry in roster.entries if entry.row.status is status]


async def _read_roster(transaction: Transaction, actor: Actor, class_id: int, *, edits: bool, changed_id: int | None) -> RosterView:
    viewer = actor.viewer
    roster = await get_roster(transaction, viewer=viewer, class_id=class_id)
    is_there = changed_id is not None and any(entry.row.id == changed_id for entry in roster.entries)
    return RosterView(
        roster=roster,
        summary=await get_roster_summary(transaction, viewer=viewer, class_id=class_id),
        places=await list_places(transaction, class_id=class_id) if edits else (),
        undoable=await list_undoable(transaction, actor=actor, class_id=class_id) if edits else (),
        choices=await get_choices(transaction, viewer=viewer, enrollment_id=changed_id) if is_there and changed_id else None,
    )


async def _read_state(transaction: Transaction, actor: Actor, class_id: int, *, edits: bool) -> State:
    viewer = actor.viewer
    return State(
        summary=await get_roster_summary(transaction, viewer=viewer, class_id=class_id),
        versions=await list_roster_versions(transaction, viewer=viewer, class_id=class_id),
        undoable=await list_undoable(transaction, actor=actor, class_id=class_id) if edits else (),
    )
