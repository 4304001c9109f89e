"""What is worth knowing of a class, in sentences, and which of its pages there is something to do on."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from rollbook.access.roles import Permission
from rollbook.classes.clashes import Clasher, ClashWarning, ScheduleWarning
from rollbook.classes.queries.names import Names
from rollbook.classes.schedule import has_ended, has_started
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.console import times, words
from rollbook.console.class_reading import SeenClass
from rollbook.console.refusals import sentence
from rollbook.console.visit import Visit
from rollbook.enrollments.statuses import EnrollmentStatus


class Weight(StrEnum):
    """How much something matters."""

    PROBLEM = "problem"
    HINT = "hint"


class Advice(Struct, frozen=True):
    """
    Something worth knowing.

    Attributes:
        path: The page on which one can do something about it; None where that needs no other page, or other rights.
        action: What one does there.
    """

    weight: Weight
    text: str
    path: str | None = None
    action: str | None = None


class Command(Struct, frozen=True):
    """
    A page of a class.

    Attributes:
        why_not: Why there is nothing to do there now; None where there is.
    """

    name: str
    path: str
    why_not: str | None = None


_KINDS: Final = {Clasher.CLASSROOM: "The room", Clasher.INSTRUCTOR: "The instructor", Clasher.STUDENT: "The student"}


def told_warning(warning: ScheduleWarning, *, names: Names, zone: str) -> str:
    """Tell a warning with the names of what it is about, and in a zone's time."""
    if not isinstance(warning, ClashWarning):
        return sentence(warning.text)
    known = names.classrooms if warning.who is Clasher.CLASSROOM else names.users
    who = known.get(warning.who_id, f"no. {warning.who_id}")
    other = "another class" if warning.class_id is None else f"class {warning.class_id}, {names.classes.get(warning.class_id, '')}"
    when = times.span(warning.meeting.starts_at, warning.meeting.ends_at, zone)
    return f"{_KINDS[warning.who]} {who} is wanted by {other} too, during the meeting {when}."


def advise(visit: Visit, seen: SeenClass) -> list[Advice]:
    """Give what is worth knowing of a class at this moment, what matters most first."""
    row, edits = seen.found.row, visit.may(Permission.EDIT_CLASSES)
    edit = f"/classes/{row.id}/edit" if edits else None
    if row.status.is_off:
        return [
            Advice(
                Weight.PROBLEM,
                f"This class is {words.CLASS_STATUSES[row.status].lower()}: nobody enters it, and it takes no room and nobody's time.",
            )
        ]
    advice = [
        Advice(Weight.PROBLEM, told_warning(each, names=seen.names, zone=row.time_zone_iana), edit, "Edit the class")
        for each in seen.warnings
    ]
    advice += _on_places(seen, edits=visit.may(Permission.EDIT_ENROLLMENTS))
    if row.ends_at is not None and has_ended(row.ends_at, now=visit.now):
        if row.status is not ClassStatus.COMPLETED:
            text = "It is over, and not closed yet: its students have no completions from their attendance."
            advice.append(Advice(Weight.HINT, text, f"/classes/{row.id}/completion", "Complete it"))
        return advice
    missing = [
        (not seen.found.meetings, "It has no meetings yet, so it never starts, and fills nobody's time."),
        (not seen.found.instructor_ids, "It has no instructor yet."),
        (row.delivery is not Delivery.VIRTUAL and not seen.found.classroom_ids, "It has no room yet."),
        (row.delivery is not Delivery.PHYSICAL and not row.custom_virtual_classroom_url, "It has no address to meet online yet."),
    ]
    advice += [Advice(Weight.PROBLEM, text, edit, "Edit the class") for is_missing, text in missing if is_missing]
    if not row.is_public and not seen.found.available_to_organization_ids:
        text = "It is not on the public schedule: only students of its own organization, and of those beneath it, can ask for a place."
        advice.append(Advice(Weight.HINT, text, edit, "Edit the class"))
    return advice


def _on_places(seen: SeenClass, *, edits: bool) -> list[Advice]:
    row, counts = seen.found.row, seen.summary.by_status
    roster, waitlist = f"/classes/{row.id}/roster", f"/classes/{row.id}/waitlist" if edits else None
    enrolled, waiting = counts[EnrollmentStatus.ENROLLED], counts[EnrollmentStatus.WAITLISTED]
    advice = []
    if row.minimum is not None and enrolled < row.minimum and row.status is not ClassStatus.COMPLETED:
        advice.append(
            Advice(Weight.PROBLEM, f"It is below its minimum: {enrolled} of {row.minimum} are enrolled.", roster, "Open the roster")
        )
    if seen.summary.free_places == 0 and waiting:
        text = f"It is full, and {waiting} {'student waits' if waiting == 1 else 'students wait'} for a place."
        advice.append(Advice(Weight.HINT, text, waitlist, "Open the waitlist"))
    elif waiting and seen.summary.free_places:
        text = f"It has free places, while {waiting} {'student waits' if waiting == 1 else 'students wait'}."
        advice.append(Advice(Weight.PROBLEM, text, waitlist, "Open the waitlist"))
    asking = counts[EnrollmentStatus.REQUESTED]
    if asking:
        text = f"{asking} {'student asks' if asking == 1 else 'students ask'} for a place and waits for an answer."
        advice.append(
            Advice(Weight.HINT, text.replace("students ask for a place and waits", "students ask for a place and wait"), roster, "Answer")
        )
    for room in seen.summary.rooms:
        if room.capacity is not None and row.maximum is not None and row.delivery is Delivery.PHYSICAL and room.capacity < row.maximum:
            text = f"{room.name} has {room.capacity} seats, and the class has {row.maximum} places."
            if len(seen.summary.rooms) == 1:
                advice.append(Advice(Weight.PROBLEM, text))
    return advice


def commands(visit: Visit, seen: SeenClass) -> Sequence[Command]:
    """Give the pages of a class, with why there is nothing to do on some of them now."""
    row, path = seen.found.row, f"/classes/{seen.found.row.id}"
    started = has_started(row.starts_at, now=visit.now)
    ended = row.ends_at is not None and has_ended(row.ends_at, now=visit.now)
    not_started = None if started else "opens when the first meeting starts" if seen.found.meetings else "the class has no meetings"
    enrolls = None if visit.may(Permission.EDIT_ENROLLMENTS) else "needs the role of an enrollment manager"
    edits = None if visit.may(Permission.EDIT_CLASSES) else "needs the role of an operations manager"
    sheet = "the class is over" if ended else None if seen.found.meetings else "the class has no meetings"
    cancels = f"it is {words.CLASS_STATUSES[row.status].lower()} already" if row.status.is_off else None
    return (
        Command("Roster", f"{path}/roster"),
        Command("Waitlist", f"{path}/waitlist", enrolls or (None if seen.summary.waiting else "nobody waits")),
        Command("Attendance", f"{path}/attendance", not_started),
        Command("Completion", f"{path}/completion", not_started),
        Command("Sign-in sheet", f"{path}/sign-in-sheet", sheet),
        Command("Edit", f"{path}/edit", edits),
        Command("Clone", f"{path}/clone", edits),
        Command("Cancel the class", f"{path}/cancel", edits or cancels),
        Command("History", f"{path}/history", enrolls),
    )
