"""Telling the changes of a class in words: what each value was, and what it became."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.changes.queries.histories import HistoryEntry
from rollbook.classes.queries.names import Names, list_names
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.console import times, words
from rollbook.custom_fields.queries.fields import get_custom_field_in_sight
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError

LABELS: Final[Mapping[str, str]] = {
    "status": "Status",
    "name": "Name",
    "course_id": "Course",
    "organization_id": "Organization",
    "company_id": "Only for the company",
    "meetings": "Meetings",
    "time_zone": "Time zone",
    "delivery": "Delivery",
    "classroom_ids": "Rooms",
    "primary_classroom_id": "Main room",
    "custom_virtual_classroom_url": "Address to meet online",
    "virtual_meeting_host_id": "Host of the online meeting",
    "instructor_ids": "Instructors",
    "primary_instructor_id": "Main instructor",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "is_public": "On the public schedule",
    "available_to_organization_ids": "Offered to",
    "allow_self_enrollment": "Students enroll themselves",
    "requires_approval": "Needs an approval",
    "enable_training_key": "Opened by a training key",
    "training_key": "Training key",
    "external_id": "External id",
    "description": "Description",
    "html_description": "Description with markup",
    "note": "Note",
    "disable_labs": "Labs disabled",
}
"""What the values of a class are called, in the order in which they are told."""

NOTHING: Final = "nothing"
MOST_LISTED: Final = 12
_REFERRED: Final[Mapping[str, str]] = {
    "course_id": "courses",
    "organization_id": "organizations",
    "company_id": "companies",
    "classroom_ids": "classrooms",
    "primary_classroom_id": "classrooms",
    "instructor_ids": "users",
    "primary_instructor_id": "users",
    "available_to_organization_ids": "organizations",
}


class ToldChange(Struct, frozen=True):
    """
    A value that a change set.

    Attributes:
        before: What it was; None where it was nothing before.
    """

    label: str
    before: str | None
    after: str


class ToldEntry(Struct, frozen=True, kw_only=True):
    """
    A change of a class in words.

    Attributes:
        at: When, in epoch seconds.
        who: Who made it, and through what.
        what: What became of the class.
        changes: Of which value what became.
    """

    at: int
    who: str
    what: str
    reason: str | None
    changes: Sequence[ToldChange]


async def tell_entries(transaction: Transaction, *, viewer: Viewer, entries: Sequence[HistoryEntry], zone: str) -> list[ToldEntry]:
    """Tell entries of the history of a class that the viewer has found, in a zone's time."""
    states = [state for entry in entries for state in (entry.before, entry.after) if state]
    asked: dict[str, set[int]] = {kind: set() for kind in _REFERRED.values()}
    for state in states:
        for name, kind in _REFERRED.items():
            asked[kind].update(_ids(state.get(name)))
    names = await list_names(
        transaction,
        classroom_ids=asked["classrooms"],
        user_ids=asked["users"],
        course_ids=asked["courses"],
        organization_ids=asked["organizations"],
        company_ids=asked["companies"],
    )
    fields = {field_id for state in states for field_id in state.get("custom_fields", ())}
    labels = {field_id: await _field_name(transaction, viewer=viewer, field_id=field_id) for field_id in sorted(fields)}
    return [_told(entry, names=names, labels=labels, zone=zone) for entry in entries]


def told_value(name: str, value: Any, *, names: Names, zone: str) -> str:
    """Tell a value of a class."""
    if value is None or value in ("", []):
        return NOTHING
    if name in _REFERRED:
        known: Mapping[int, str] = getattr(names, _REFERRED[name])
        return ", ".join(known.get(each, f"no. {each}") for each in _ids(value))
    if name == "meetings":
        told = [times.span(each["starts_at"], each["ends_at"], zone) for each in value]
        return "; ".join(told[:MOST_LISTED]) + (f"; and {len(told) - MOST_LISTED} more" if len(told) > MOST_LISTED else "")
    if name == "status":
        return words.CLASS_STATUSES[ClassStatus(value)]
    if name == "delivery":
        return words.DELIVERIES[Delivery(value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _told(entry: HistoryEntry, *, names: Names, labels: Mapping[str, str], zone: str) -> ToldEntry:
    before, after = entry.before or {}, entry.after or {}
    is_new = entry.before is None
    changes = []
    for name in [*LABELS, *sorted(after.keys() - LABELS.keys() - {"reason", "custom_fields"})]:
        if name in after and not (is_new and after[name] in (None, False, [], "")):
            was = told_value(name, before[name], names=names, zone=zone) if name in before else None
            label = LABELS.get(name, name.replace("_", " ").capitalize())
            changes.append(ToldChange(label, was, told_value(name, after[name], names=names, zone=zone)))
    for field_id, value in after.get("custom_fields", {}).items():
        old = before.get("custom_fields", {})
        was = told_value("", old[field_id], names=names, zone=zone) if field_id in old else None
        changes.append(ToldChange(labels[field_id], was, told_value("", value, names=names, zone=zone).replace("\t", ", ")))
    return ToldEntry(at=entry.at, who=_who(entry), what=_what(entry), reason=after.get("reason"), changes=changes)


def _what(entry: HistoryEntry) -> str:
    if entry.kind == "class.created":
        return "made the class"
    if entry.kind == "class.custom_field_changed":
        return "changed a field"
    match (entry.after or {}).get("status"):
        case ClassStatus.CANCELLED:
            return "cancelled the class"
        case ClassStatus.DENIED:
            return "denied the class"
        case ClassStatus.COMPLETED:
            return "completed the class"
        case _:
            return "changed the class"


def _who(entry: HistoryEntry) -> str:
    if entry.actor_kind == "key":
        return f"the API key {entry.actor_name}"
    if entry.actor_kind == "system":
        return f"the server ({entry.actor_name})"
    return entry.actor_name


def _ids(value: Any) -> Iterable[int]:
    return () if value is None else value if isinstance(value, list) else (value,)


async def _field_name(transaction: Transaction, *, viewer: Viewer, field_id: str) -> str:
    try:
        field = await get_custom_field_in_sight(transaction, viewer=viewer, custom_field_id=int(field_id), field="custom_fields")
    except NotFoundError:
        return f"Field {field_id}"
    return field.name
