"""
Choosing courses, rooms and people in a form: with a search as one types where scripts run, and with a button that searches where they don't.

A page makes a chooser for each field, and shows it::

    students = await make_chooser(visit, STUDENTS, name="user_ids", label="Students", many=True)

    {% from "chooser.html" import chooser with context %} … {{ chooser(students) }}

with ``chooser.css`` in the block ``styles`` and ``chooser.js`` in ``scripts``. The form then sends the ids that were chosen as ``user_ids``
(``visit.form.numbers("user_ids")``), what was typed as ``user_ids_search``, and, where the button was pressed that searches, ``look=user_ids``:
then the page is shown again with what was found, and nothing is changed. What is chosen stays chosen, since it is sent along. Where there is
little to choose from, all of it is shown, and nothing is searched.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from msgspec import Struct

from rollbook.access.actor import Viewer
from rollbook.classrooms.queries import ClassroomCriteria, ClassroomNotFoundError, ClassroomRow, get_classroom, search_classrooms
from rollbook.console.visit import Visit
from rollbook.courses.queries.courses import CourseRow, find_course
from rollbook.courses.queries.search import CourseCriteria, search_courses
from rollbook.database.transaction import Transaction
from rollbook.database.words import words_in
from rollbook.people.queries.choosing_people import list_choosable_people
from rollbook.people.queries.companies import CompanyCriteria, CompanyRow, find_company, list_companies
from rollbook.people.queries.finding_people import FoundPerson, find_person

MOST_SHOWN: Final = 20
"""How many are shown at once."""

LONGEST_TYPED: Final = 100


class Option(Struct, frozen=True):
    """
    Something that can be chosen.

    Attributes:
        hint: What tells it from others of its name.
    """

    id: int
    text: str
    hint: str = ""


class Source(Struct, frozen=True):
    """
    What there is to choose from.

    Attributes:
        name: How its address ends, below ``/choose/``.
        noun: What several of them are called.
        find: Gives as many as are wanted of those that are found by what somebody typed.
        see: Gives the one with an id, or None where the viewer has no such one.
    """

    name: str
    noun: str
    find: Callable[[Transaction, Viewer, str, int], Awaitable[list[Option]]]
    see: Callable[[Transaction, Viewer, int], Awaitable[Option | None]]


class Chooser(Struct, frozen=True, kw_only=True):
    """
    A field in which one chooses.

    Attributes:
        many: Several can be chosen.
        optional: Of one, none may be chosen either.
        chosen: What is chosen, in its order.
        found: What else there is to choose from, as far as it is shown.
        typed: What was searched for.
        is_whole: All that there is to choose from is shown, so that there is nothing to search.
        is_more: More was found than is shown.
        main: The one of several that is the main one; None where there is no such thing.
        asks_main: Which of several is the main one is chosen too, as the field ``main_`` and the name.
        error: What is wrong with it.
    """

    name: str
    source: str
    noun: str
    label: str
    many: bool
    optional: bool
    chosen: Sequence[Option]
    found: Sequence[Option]
    typed: str
    is_whole: bool
    is_more: bool
    asks_main: bool = False
    main: int | None = None
    hint: str | None = None
    error: str | None = None


async def find_options(visit: Visit, source: Source, typed: str) -> tuple[list[Option], bool]:
    """Give what is found by what somebody typed, as much of it as is shown, and whether there is more."""
    found = await visit.database.search(source.find, visit.actor.viewer, typed[:LONGEST_TYPED], MOST_SHOWN + 1)
    return found[:MOST_SHOWN], len(found) > MOST_SHOWN


async def make_chooser(
    visit: Visit,
    source: Source,
    *,
    name: str,
    label: str,
    many: bool = False,
    optional: bool = False,
    chosen_ids: Sequence[int] | None = None,
    known: Sequence[Option] = (),
    asks_main: bool = False,
    main: int | None = None,
    hint: str | None = None,
    error: str | None = None,
) -> Chooser:
    """
    Make the chooser of a field of a form.

    Args:
        visit: Its form tells what was typed; and what is chosen, where ``chosen_ids`` does not.
        source: What there is to choose from.
        name: The field's name.
        label: What the field is called.
        many: Several can be chosen.
        optional: Of one, none may be chosen either.
        chosen_ids: What is chosen.
        known: What may be chosen, and lie outside of what the viewer sees.
        asks_main: Which one of several is the main one is to be chosen too.
        main: Which one that is.
        hint: What helps to choose.
        error: What is wrong with what was chosen.
    """
    ids = list(dict.fromkeys(visit.form.numbers(name, least=1) if chosen_ids is None else chosen_ids))
    by_id = {option.id: option for option in known}
    chosen = []
    for each in ids:
        option = await visit.database.read(source.see, visit.actor.viewer, each) or by_id.get(each)
        chosen.append(option or Option(each, f"No. {each}", "not in your organization"))
    typed = visit.form.text(f"{name}_search", longest=LONGEST_TYPED) or ""
    found, is_more = await find_options(visit, source, "")
    is_whole = not is_more
    if is_more:
        looked = visit.form.raw("look") == name
        found, is_more = await find_options(visit, source, typed) if looked else ([], False)
    return Chooser(
        name=name,
        source=source.name,
        noun=source.noun,
        label=label,
        many=many,
        optional=optional,
        chosen=chosen,
        found=[option for option in found if option.id not in ids],
        typed=typed,
        is_whole=is_whole,
        is_more=is_more,
        asks_main=asks_main,
        main=main,
        hint=hint,
        error=error,
    )


def name_of(person: FoundPerson) -> str:
    """Give the whole name of somebody."""
    return f"{person.first_name} {person.last_name}"


async def _find_courses(transaction: Transaction, viewer: Viewer, typed: str, limit: int) -> list[Option]:
    criteria = CourseCriteria(name=typed or None, available_instructor_led=True, archived=False)
    page = await search_courses(transaction, viewer=viewer, criteria=criteria, sort="name", descending=False, offset=0, limit=limit)
    return [_course(row) for row in page.rows]


async def _see_course(transaction: Transaction, viewer: Viewer, course_id: int) -> Option | None:
    row = await find_course(transaction, viewer=viewer, course_id=course_id)
    return None if row is None else _course(row)


def _course(row: CourseRow) -> Option:
    return Option(row.id, row.name, row.external_id or "")


async def _find_rooms(transaction: Transaction, viewer: Viewer, typed: str, limit: int) -> list[Option]:
    criteria = ClassroomCriteria(name=typed or None)
    page = await search_classrooms(transaction, viewer=viewer, criteria=criteria, sort="name", descending=False, offset=0, limit=limit)
    return [room_option(row) for row in page.rows]


async def _see_room(transaction: Transaction, viewer: Viewer, classroom_id: int) -> Option | None:
    try:
        return room_option(await get_classroom(transaction, viewer=viewer, classroom_id=classroom_id))
    except ClassroomNotFoundError:
        return None


def room_option(row: ClassroomRow) -> Option:
    """Give a room as something to choose."""
    seats = "no limit of seats" if row.capacity is None else "1 seat" if row.capacity == 1 else f"{row.capacity} seats"
    return Option(row.id, row.name, ", ".join(filter(None, (seats, row.city, row.organization_name))))


async def _find_instructors(transaction: Transaction, viewer: Viewer, typed: str, limit: int) -> list[Option]:
    people = await list_choosable_people(transaction, viewer=viewer, words=words_in(typed), instructing=True, limit=limit)
    return [_person(person) for person in people]


async def _find_students(transaction: Transaction, viewer: Viewer, typed: str, limit: int) -> list[Option]:
    return [_person(person) for person in await list_choosable_people(transaction, viewer=viewer, words=words_in(typed), limit=limit)]


async def _see_person(transaction: Transaction, viewer: Viewer, user_id: int) -> Option | None:
    person = await find_person(transaction, viewer=viewer, user_id=user_id)
    return None if person is None else _person(person)


def _person(person: FoundPerson) -> Option:
    return Option(person.id, name_of(person), ", ".join(filter(None, (person.email, person.company_name))))


async def _find_companies(transaction: Transaction, viewer: Viewer, typed: str, limit: int) -> list[Option]:
    found = await list_companies(transaction, viewer=viewer, criteria=CompanyCriteria(name=typed or None), after_id=0, limit=limit)
    return [_company(row) for row in found]


async def _see_company(transaction: Transaction, viewer: Viewer, company_id: int) -> Option | None:
    row = await find_company(transaction, viewer=viewer, company_id=company_id)
    return None if row is None else _company(row)


def _company(row: CompanyRow) -> Option:
    return Option(row.id, row.name, row.external_id or "")


COURSES: Final = Source("courses", "courses", _find_courses, _see_course)
ROOMS: Final = Source("rooms", "rooms", _find_rooms, _see_room)
INSTRUCTORS: Final = Source("instructors", "instructors", _find_instructors, _see_person)
STUDENTS: Final = Source("students", "people", _find_students, _see_person)
COMPANIES: Final = Source("companies", "companies", _find_companies, _see_company)
SOURCES: Final = (COURSES, ROOMS, INSTRUCTORS, STUDENTS, COMPANIES)
