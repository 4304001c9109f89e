"""Making a class after another one, at another time."""

from typing import Any, Final

from msgspec import UNSET, Struct

from rollbook.access.actor import Actor
from rollbook.classes.actions.clone import clone_class
from rollbook.classes.actions.create import CreatedClass
from rollbook.classes.cloning import ClonedClass
from rollbook.classes.queries.classes import TrainingClass, get_class
from rollbook.classes.schedule import Meeting
from rollbook.console import local_times, times
from rollbook.console.answer import Answer
from rollbook.console.audiences import CLASS_EDITORS
from rollbook.console.class_consequences import Done, digest_of, do, tell_warnings
from rollbook.console.class_showing import Asked
from rollbook.console.local_times import LocalTime
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentences_of, status_of
from rollbook.console.visit import Visit
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError, RollbookError
from rollbook.organizations.limits import LONGEST_NAME

CLONING: Final = "/classes/{class_id}/clone"
A_WEEK: Final = 7 * 86_400


class _Entered(Struct, frozen=True, kw_only=True):
    """What the form holds."""

    name: str
    starts: LocalTime


class _Made(Struct, frozen=True):
    """A class that was made after another one, or would be."""

    id: int
    created: CreatedClass
    meetings: tuple[Meeting, ...]


@page(CLONING, to=CLASS_EDITORS)
async def show_cloning(visit: Visit, class_id: int) -> Answer:
    """Show the form, which proposes the first week after the class and after today on the same weekday."""
    found = await visit.database.search(get_class, viewer=visit.actor.viewer, class_id=class_id)
    return _show(visit, found, _Entered(name=found.row.name, starts=_proposed(found, now=visit.now)))


@form(CLONING, to=CLASS_EDITORS, back=CLONING)
async def make_clone(visit: Visit, class_id: int) -> Answer:
    """Make the class, once what is worth a second look was looked at."""
    found = await visit.database.search(get_class, viewer=visit.actor.viewer, class_id=class_id)
    zone = found.row.time_zone_iana
    name = visit.form.text("name", longest=LONGEST_NAME)
    entered = _Entered(
        name=name or "",
        starts=LocalTime(visit.form.raw("date")[:30], visit.form.raw("start")[:30], visit.form.is_ticked("second")),
    )
    moment = local_times.read(entered.starts, zone) if found.meetings else None
    if isinstance(moment, str):
        return _show(visit, found, entered, status=422, error=moment)
    starts_at = UNSET if moment is None else moment.seconds
    values: dict[str, Any] = {"actor": visit.actor, "class_id": class_id, "wanted": ClonedClass(starts_at=starts_at, name=name or UNSET)}
    comes_twice = moment is not None and moment.comes_twice
    try:
        rehearsal = await visit.database.rehearse(do, _clone, _warnings_of, **values)
        sentences = _worth_a_look(rehearsal.result, zone, now=visit.now)
        if comes_twice:
            sentences.append(
                f"On {entered.starts.date} the clocks show {entered.starts.time} twice, as they are put back: choose which is meant."
            )
        digest = digest_of([*sentences, str(starts_at)])
        if sentences and visit.form.raw("accepted") != digest:
            return _show(
                visit, found, entered, asked=Asked(sentences, digest), meetings=rehearsal.result.result.meetings, comes_twice=comes_twice
            )
        done = await visit.database.write(do, _clone, _warnings_of, **values)
    except RollbookError as error:
        if isinstance(error, NotFoundError) and error.field is None:
            raise
        return _show(visit, found, entered, status=status_of(error), refused=sentences_of(error))
    return visit.go(
        f"/classes/{done.result.id}",
        done=f"The class is made after class {class_id}, without its students.",
        warnings=tell_warnings(done, zone),
    )


async def _clone(transaction: Transaction, *, actor: Actor, class_id: int, wanted: ClonedClass) -> _Made:
    created = await clone_class(transaction, actor=actor, class_id=class_id, wanted=wanted)
    made = await get_class(transaction, viewer=actor.viewer, class_id=created.id)
    return _Made(created.id, created, made.meetings)


def _warnings_of(made: _Made) -> Any:
    return made.created.warnings


def _worth_a_look(done: Done, zone: str, *, now: int) -> list[str]:
    told = tell_warnings(done, zone)
    if done.result.meetings and done.result.meetings[0].starts_at <= now:
        told.append(f"It begins in the past, {times.moment(done.result.meetings[0].starts_at, zone)}.")
    return told


def _proposed(found: TrainingClass, *, now: int) -> LocalTime:
    """Give the start of the class as many weeks later as lead beyond its last meeting and beyond this day, on the same clock."""
    if not found.meetings:
        return LocalTime("", "")
    zone = found.row.time_zone_iana
    first, last = found.meetings[0], found.meetings[-1]
    weeks = max(0, max(last.ends_at, now) - first.starts_at) // A_WEEK + 1
    shown = local_times.shown(first.starts_at, zone)
    return LocalTime(local_times.day_after(shown.date, days=7 * weeks), shown.time)


def _show(
    visit: Visit,
    found: TrainingClass,
    entered: _Entered,
    *,
    status: int = 200,
    error: str | None = None,
    refused: Any = (),
    asked: Asked | None = None,
    meetings: tuple[Meeting, ...] = (),
    comes_twice: bool = False,
) -> Answer:
    return visit.render(
        "class_clone.html",
        status=status,
        title=f"Clone {found.row.name}",
        row=found.row,
        found=found,
        entered=entered,
        error=error,
        refused=refused,
        asked=asked,
        meetings=meetings,
        comes_twice=comes_twice,
    )


PAGES: Final[tuple[Page, ...]] = (show_cloning, make_clone)
