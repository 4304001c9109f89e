"""Making a class, and editing one: errors beside the fields, and a second look where a change means something for others."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.changes.queries.histories import HistoryEntry, Subject, page_history
from rollbook.classes.actions.create import CreatedClass, NewClass, create_class
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges, ClassDetails
from rollbook.classes.queries.classes import TrainingClass
from rollbook.classes.queries.names import Names
from rollbook.console.answer import Answer
from rollbook.console.audiences import CLASS_EDITORS, workplace_of
from rollbook.console.class_changes import ToldEntry, tell_entries
from rollbook.console.class_consequences import Done, digest_of, do, tell_consequences, tell_warnings
from rollbook.console.class_form import ClassForm, change_rows, form_of, read_form
from rollbook.console.class_reading import see_class_with_names
from rollbook.console.class_showing import Asked, show_form
from rollbook.console.class_values import read_values, tell_refusal, zone_in
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import status_of
from rollbook.console.visit import Visit
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.errors import InvalidError, NotFoundError, RollbookError
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.queries.organizations import get_organization
from rollbook.organizations.queries.preferences import preferences_for

NEW: Final = "A new class"
EDITING: Final = "/classes/{class_id}/edit"


class _Tried(Struct, frozen=True):
    """What came of trying to save: what was done, or what is shown instead."""

    done: Done | None = None
    asked: Asked | None = None
    status: int = 200


@page("/classes/new", to=CLASS_EDITORS)
async def show_new(visit: Visit) -> Answer:
    """Show the form of a new class, with what its organization prefers."""
    blank = await _blank(visit)
    course_id = visit.query.number("course_id", least=1)
    if course_id is not None:
        blank.choices["course_id"] = [course_id]
    return await show_form(visit, blank, title=NEW, row=None, names=None)


@form("/classes/new", to=CLASS_EDITORS, back="/classes/new")
async def make_class(visit: Visit) -> Answer:
    """Make a class, once what is worth a second look was looked at."""
    given = read_form(visit.form)
    show = partial(show_form, visit, given, title=NEW, row=None, names=None)
    if change_rows(given, visit.form) or visit.form.raw("look"):
        return await show()
    zone = zone_in(given, otherwise="UTC")
    values = read_values(given, shown=None)
    values = {name: value for name, value in values.items() if value is not None or name in {"minimum", "maximum"}}
    if given.is_wrong:
        return await show(status=422)
    tried = await _try(visit, given, create_class, _warnings_of_new, zone=zone, new=NewClass(**values))
    if tried.done is None:
        return await show(status=tried.status, asked=tried.asked)
    return visit.go(f"/classes/{tried.done.result.id}", done="The class is made.", warnings=tell_warnings(tried.done, zone))


@page(EDITING, to=CLASS_EDITORS)
async def show_editing(visit: Visit, class_id: int) -> Answer:
    """Show the form of a class."""
    found, names = await visit.database.search(see_class_with_names, viewer=visit.actor.viewer, class_id=class_id)
    return await show_form(visit, _form_of(found), title=_title(found), row=found.row, names=names)


@form(EDITING, to=CLASS_EDITORS, back=EDITING)
async def change_class(visit: Visit, class_id: int) -> Answer:
    """Change a class, once what that means for others was looked at."""
    found, names = await visit.database.search(see_class_with_names, viewer=visit.actor.viewer, class_id=class_id)
    given = read_form(visit.form)
    show = partial(show_form, visit, given, title=_title(found), row=found.row, names=names)
    if change_rows(given, visit.form) or visit.form.raw("look"):
        return await show()
    if given.version != found.row.version:
        return await _show_others_changes(visit, given, found, names)
    zone = zone_in(given, otherwise=found.row.time_zone_iana)
    values = read_values(given, shown=_form_of(found))
    if given.is_wrong:
        return await show(status=422)
    try:
        tried = await _try(
            visit,
            given,
            update_class,
            _warnings_of_changed,
            zone=zone,
            class_id=class_id,
            changes=ClassChanges(**values),
            if_version=given.version,
            reason=given.reason or None,
        )
    except VersionChangedError:
        found, names = await visit.database.search(see_class_with_names, viewer=visit.actor.viewer, class_id=class_id)
        return await _show_others_changes(visit, given, found, names)
    if tried.done is None:
        return await show(status=tried.status, asked=tried.asked)
    return visit.go(f"/classes/{class_id}", done="The class is saved.", warnings=tell_consequences(tried.done))


async def _try(
    visit: Visit,
    given: ClassForm,
    action: Callable[..., Awaitable[Any]],
    warnings_of: Callable[[Any], Sequence[ScheduleWarning]],
    *,
    zone: str,
    **values: Any,
) -> _Tried:
    """Save a form where nothing stands against it, and what it means for others, if anything, was seen."""
    try:
        rehearsal = await visit.database.rehearse(do, action, warnings_of, actor=visit.actor, **values)
        sentences = [*_asked_of_rows(given), *tell_consequences(rehearsal.result), *tell_warnings(rehearsal.result, zone)]
        digest = digest_of(sentences)
        if sentences and visit.form.raw("accepted") != digest:
            return _Tried(asked=Asked(sentences, digest))
        return _Tried(done=await visit.database.write(do, action, warnings_of, actor=visit.actor, **values))
    except VersionChangedError:
        raise
    except RollbookError as error:
        if isinstance(error, NotFoundError) and error.field is None:
            raise
        tell_refusal(given, error, zone=zone)
        return _Tried(status=422 if isinstance(error, InvalidError | NotFoundError) else status_of(error))


async def _show_others_changes(visit: Visit, given: ClassForm, found: TrainingClass, names: Names) -> Answer:
    """Show the form again with what others have changed since it was opened; where they changed nothing else, what was entered stays."""
    now = _form_of(found)
    newer, told = await visit.database.search(
        _read_newer, viewer=visit.actor.viewer, found=found, count=max(0, found.row.version - given.version) or 1
    )
    changed = {name for entry in newer for name in (entry.after or {})}
    for name in changed & given.texts.keys():
        given.texts[name] = now.texts[name]
    given.ticks = {name for name in given.ticks | now.ticks if name in (now.ticks if name in changed else given.ticks)}
    for name in changed & given.choices.keys():
        given.choices[name] = now.choices[name]
    if "meetings" in changed:
        given.meetings = now.meetings
    given.mains = {**given.mains, **{name: now.mains[name] for name in changed & given.mains.keys()}}
    given.version = now.version
    return await show_form(
        visit, given, title=_title(found), row=found.row, names=names, status=409, changed_by_others=[_sentence(entry) for entry in told]
    )


async def _read_newer(
    transaction: Transaction, *, viewer: Viewer, found: TrainingClass, count: int
) -> tuple[list[HistoryEntry], list[ToldEntry]]:
    paged = await page_history(transaction, viewer=viewer, subject=Subject.CLASS, subject_id=found.row.id, limit=min(count, 50))
    told = await tell_entries(transaction, viewer=viewer, entries=paged.items, zone=found.row.time_zone_iana)
    return paged.items, told


async def _blank(visit: Visit) -> ClassForm:
    """Make the form of a class that says nothing yet but what its organization prefers."""
    organization_id = workplace_of(visit.user).id
    organization, preferences = await visit.database.read(_read_organization, viewer=visit.actor.viewer, organization_id=organization_id)
    return form_of(
        ClassDetails(
            organization_id=organization_id,
            course_id=0,
            name="",
            time_zone=organization.time_zone,
            time_zone_iana=organization.time_zone_iana,
            maximum=preferences.default_maximum,
            enable_training_key=preferences.class_training_keys,
        )
    )


async def _read_organization(transaction: Transaction, *, viewer: Viewer, organization_id: int) -> tuple[Any, Any]:
    organization = await get_organization(transaction, viewer=viewer, organization_id=organization_id)
    return organization, await preferences_for(transaction, organization_id=organization_id)


def _form_of(found: TrainingClass) -> ClassForm:
    return form_of(found.details(), version=found.row.version)


def _title(found: TrainingClass) -> str:
    return f"Edit {found.row.name}"


def _asked_of_rows(given: ClassForm) -> list[str]:
    return [
        f"On {row.date} the clocks show {row.start} to {row.end} twice, as they are put back: the "
        f"{'second' if row.is_second else 'first'} time is meant."
        for row in given.meetings
        if row.asks_second
    ]


def _sentence(entry: ToldEntry) -> str:
    changes = "; ".join(f"{change.label}: {change.after}" for change in entry.changes)
    return f"{entry.who} {entry.what}" + (f" ({changes})." if changes else ".")


def _warnings_of_new(created: CreatedClass) -> Sequence[ScheduleWarning]:
    return created.warnings


def _warnings_of_changed(warnings: Sequence[ScheduleWarning]) -> Sequence[ScheduleWarning]:
    return warnings


PAGES: Final[tuple[Page, ...]] = (show_new, make_class, show_editing, change_class)
