"""Adding students to a class: people who are looked for, or the students of another class."""

from functools import partial
from typing import Any, Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.enrollment_values import read_word
from rollbook.console.page import Page, form, page
from rollbook.console.pages.roster_many import MOST_SELECTED, together
from rollbook.console.roster_view import see_class
from rollbook.console.told_changes import told_effects, told_refusals
from rollbook.console.visit import Visit
from rollbook.database.transaction import Transaction
from rollbook.database.words import words_in
from rollbook.enrollments.actions.between_classes import list_additions
from rollbook.enrollments.actions.create import NewEnrollment
from rollbook.enrollments.actions.many import Row
from rollbook.enrollments.actions.row_by_row import carry_out_each
from rollbook.enrollments.queries.class_finding import ClassQuestion, FoundClass, list_found_classes
from rollbook.enrollments.queries.listing_classes import list_class_ids
from rollbook.enrollments.queries.roster import RosterClass, list_statuses_in_class
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import InvalidError
from rollbook.people.queries.finding_people import find_people, find_person

ADDING: Final = "/classes/{class_id}/roster/add"
SHOWN: Final = 50
CLASSES_SHOWN: Final = 20
LONGEST_SEARCH: Final = 100
TOLD_BY_NAME: Final = 20


class NobodyChosenError(InvalidError):
    """Nobody is chosen to be added to a class."""

    def __init__(self) -> None:
        super().__init__("nobody is chosen; look for people, and tick the boxes before their names")


class NoClassChosenError(InvalidError):
    """It is not said which class's students are to be added."""

    def __init__(self) -> None:
        super().__init__("no class is chosen; look for one, and choose it")


@page(ADDING, to=COORDINATORS)
async def show_adding(visit: Visit, class_id: int) -> Answer:
    """Show a search for people, and one for classes."""
    training_class = await see_class(visit, class_id)
    typed = visit.query.text("q", longest=LONGEST_SEARCH)
    classes_typed = visit.query.text("class", longest=LONGEST_SEARCH)
    return visit.render(
        "roster_add.html",
        title="Add students",
        training_class=training_class,
        class_id=class_id,
        typed=typed,
        **await _find(visit, class_id, typed),
        classes_typed=classes_typed,
        classes=await _find_classes(visit, classes_typed, training_class),
        wanted=EnrollmentStatus.ENROLLED,
    )


@page("/classes/{class_id}/roster/add/people", to=COORDINATORS)
async def show_people(visit: Visit, class_id: int) -> Answer:
    """Give a script the people who are found."""
    await see_class(visit, class_id)
    typed = visit.query.text("q", longest=LONGEST_SEARCH)
    return visit.render_part("roster_people.html", class_id=class_id, typed=typed, **await _find(visit, class_id, typed))


@form("/classes/{class_id}/roster/students", to=COORDINATORS, back=ADDING)
async def add_students(visit: Visit, class_id: int) -> Answer:
    """Add the chosen people, each for themselves, and tell why some could not be."""
    await see_class(visit, class_id)
    ids = list(dict.fromkeys(visit.form.numbers("user_id", least=1)))[:MOST_SELECTED]
    if not ids:
        raise NobodyChosenError
    status = read_word(visit.form, "status", EnrollmentStatus) or EnrollmentStatus.ENROLLED
    return await _add(visit, class_id, [NewEnrollment(class_id=class_id, user_id=user_id, status=status) for user_id in ids])


@form("/classes/{class_id}/roster/students-of-class", to=COORDINATORS, back=ADDING)
async def add_students_of_class(visit: Visit, class_id: int) -> Answer:
    """Add the Enrolled students of another class, who stay in that one too."""
    await see_class(visit, class_id)
    other_id = visit.form.number("from_class_id", least=1)
    if other_id is None:
        raise NoClassChosenError
    status = read_word(visit.form, "status", EnrollmentStatus) or EnrollmentStatus.ENROLLED
    listing = partial(list_additions, viewer=visit.actor.viewer, class_id=class_id, from_class_id=other_id, status=status)
    return await _add(visit, class_id, await visit.database.search(listing))


async def _add(visit: Visit, class_id: int, rows: list[NewEnrollment]) -> Answer:
    of_kind: list[Row] = [*rows]
    done = await carry_out_each(visit.database, actor=visit.actor, rows=of_kind, together=together())
    refused = [each for each in done.outcomes if each.refusal]
    added = len(rows) - len(refused)
    names = await visit.database.search(_name, visit=visit, user_ids=[each.user_id for each in refused[:TOLD_BY_NAME]])
    return visit.go(
        f"/classes/{class_id}/roster",
        done=f"{added} {'student was' if added == 1 else 'students were'} added." if added or not refused else None,
        refused=told_refusals(done.outcomes, names),
        warnings=await told_effects(visit.database, done.recorded),
    )


async def _name(transaction: Transaction, *, visit: Visit, user_ids: list[int]) -> dict[int, str]:
    people = [await find_person(transaction, viewer=visit.actor.viewer, user_id=user_id) for user_id in user_ids]
    return {person.id: f"{person.first_name} {person.last_name}" for person in people if person is not None}


async def _find(visit: Visit, class_id: int, typed: str | None) -> dict[str, Any]:
    """Find people, and where they stand in the class already."""
    words = words_in(typed or "")
    if not words:
        return {"found": None, "standings": {}}
    viewer = visit.actor.viewer
    found = await visit.database.search(find_people, viewer=viewer, words=words, limit=SHOWN)
    user_ids = [person.id for person in found.people]
    standings = await visit.database.search(list_statuses_in_class, viewer=viewer, class_id=class_id, user_ids=user_ids)
    return {"found": found, "standings": standings}


async def _find_classes(visit: Visit, typed: str | None, training_class: RosterClass) -> list[FoundClass] | None:
    words = words_in(typed or "")
    if not words:
        return None

    async def find(transaction: Transaction) -> list[FoundClass]:
        question: dict[str, Any] = {"words": words}
        listing = await list_class_ids(
            transaction, viewer=visit.actor.viewer, question=ClassQuestion(**question), descending=True, most=CLASSES_SHOWN
        )
        return [each for each in await list_found_classes(transaction, ids=listing.ids) if each.training_class.row.id != training_class.id]

    return await visit.database.search(find)


PAGES: tuple[Page, ...] = (show_adding, show_people, add_students, add_students_of_class)
