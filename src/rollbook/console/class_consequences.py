"""Doing something with a class, or trying it, and telling all that it does: what is worth a second look before it is done."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.queries.names import Names
from rollbook.console.class_advice import told_warning
from rollbook.console.class_reading import names_of
from rollbook.console.refusals import sentence
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.queries.effects import Effect, tell_effect
from rollbook.enrollments.queries.students import list_names

MOST_NAMED: Final = 8
_CANCELLED: Final = "enrollment.cancelled"
_UPDATED: Final = "enrollment.updated"


class Done(Struct, frozen=True, kw_only=True):
    """
    What became of a class.

    Attributes:
        result: What the action answered.
        warnings: What it warned of.
        names: Of what the warnings are about.
        students: The names of whose enrollments were changed, by the ids of these.
        kinds: What became of these enrollments, and which values were set.
    """

    result: Any
    warnings: Sequence[ScheduleWarning]
    names: Names
    effect: Effect
    students: dict[int, str]
    kinds: Sequence[tuple[int, str, frozenset[str]]]


async def do(
    transaction: Transaction,
    action: Callable[..., Awaitable[Any]],
    warnings_of: Callable[[Any], Sequence[ScheduleWarning]],
    /,
    **values: Any,
) -> Done:
    """Run an action on a class, and give all that it does; to be written, or rehearsed."""
    result = await action(transaction, **values)
    recorded = tuple(transaction.recorded)
    of_students = [each for each in recorded if each.record["subject"] == "enrollment"]
    warnings = warnings_of(result)
    names = await list_names(transaction, enrollment_ids=sorted({each.subject_id for each in of_students})) if of_students else []
    return Done(
        result=result,
        warnings=warnings,
        names=await names_of(transaction, found=None, warnings=warnings),
        effect=await tell_effect(transaction, recorded=recorded),
        students={name.enrollment_id: f"{name.first_name} {name.last_name}" for name in names},
        kinds=[(each.subject_id, each.record["kind"], _fields(each)) for each in of_students],
    )


def tell_consequences(done: Done) -> list[str]:
    """Tell what became of students."""
    told = [
        _told(
            _ids(done, _CANCELLED),
            done,
            "{} is cancelled, as the class does not happen: {}.",
            "{} are cancelled, as the class does not happen: {}.",
        ),
        _told(
            _ids(done, _UPDATED, "location", "classroom_id"), done, "{} gets another place to sit: {}.", "{} get another place to sit: {}."
        ),
        _told(
            _ids(done, _UPDATED, "organization_id"),
            done,
            "{} goes along to the other organization: {}.",
            "{} go along to the other organization: {}.",
        ),
        _told(
            [each.enrollment_id for each in done.effect.promoted],
            done,
            "{} is let in from the waitlist: {}.",
            "{} are let in from the waitlist: {}.",
        ),
    ]
    return [
        *filter(None, told),
        *(
            sentence(f"{done.students.get(each.enrollment_id, 'Somebody')} is passed over: {each.reason}")
            for each in done.effect.passed_over
        ),
    ]


def tell_warnings(done: Done, zone: str) -> list[str]:
    """Tell what an action warned of, in a zone's time."""
    return [told_warning(each, names=done.names, zone=zone) for each in done.warnings]


def digest_of(sentences: Sequence[str]) -> str:
    """Give a mark of sentences, by which a form says that somebody has read exactly these."""
    return hashlib.sha256(msgspec.json.encode(list(sentences))).hexdigest()[:32]


def _ids(done: Done, kind: str, *fields: str) -> list[int]:
    return [each for each, became, set_fields in done.kinds if became == kind and (not fields or not set_fields.isdisjoint(fields))]


def _told(enrollment_ids: Sequence[int], done: Done, one: str, several: str) -> str | None:
    if not enrollment_ids:
        return None
    names = sorted(done.students.get(each, "somebody") for each in enrollment_ids)
    named = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    return one.format("1 student", named) if len(names) == 1 else several.format(f"{len(names)} students", named)


def _fields(recorded: Recorded) -> frozenset[str]:
    after = recorded.record["after"]
    return frozenset() if after is None else frozenset(msgspec.json.decode(after, type=dict[str, Any]))
