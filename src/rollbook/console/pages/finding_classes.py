"""Find classes: by many filters, in the order of any column, as a page and as a file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rollbook.classrooms.queries import ClassroomCriteria, get_classroom, list_classrooms
from rollbook.console import times
from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS
from rollbook.console.csv_export import MOST_ROWS, csv_answer
from rollbook.console.list_address import FARTHEST, PAGE_SIZE, Column, ListAddress
from rollbook.console.list_filters import MOST_OFFERED, Choice, Filters, list_organization_choices, name_of_organization
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.console.words import CLASS_STATUSES, DELIVERIES
from rollbook.database.words import words_in
from rollbook.enrollments.queries.class_finding import ClassQuestion, FoundClass, list_found_classes
from rollbook.enrollments.queries.listing_classes import ClassListing, list_class_ids
from rollbook.people.queries.choosing_people import list_choosable_people
from rollbook.people.queries.users import get_user

COLUMNS: Final = (
    Column(name="name", heading="Class", sort="name"),
    Column(name="course", heading="Course", sort="course"),
    Column(name="starts", heading="Starts", sort="starts"),
    Column(name="ends", heading="Ends", sort="ends", is_usual=False),
    Column(name="zone", heading="Time zone", is_usual=False),
    Column(name="status", heading="Status", sort="status"),
    Column(name="delivery", heading="Delivery", is_usual=False),
    Column(name="instructor", heading="Primary instructor"),
    Column(name="room", heading="Primary room"),
    Column(name="minimum", heading="Minimum", sort="minimum", is_usual=False, is_number=True),
    Column(name="maximum", heading="Maximum", sort="maximum", is_number=True),
    Column(name="enrolled", heading="Enrolled", is_number=True),
    Column(name="waiting", heading="Waiting", is_number=True),
    Column(name="organization", heading="Organization", is_usual=False),
    Column(name="id", heading="Number", is_usual=False, is_number=True),
    Column(name="created", heading="Created", sort="created", is_usual=False),
)
WHEN: Final[Mapping[str, str]] = {"open": "Not ended yet", "now": "In progress now", "ended": "Ended", "any": "At any time"}


@page("/classes", to=COORDINATORS)
async def find_classes(visit: Visit) -> Answer:
    """Show the classes that meet the filters, those that have not ended where none is chosen."""
    address, filters = _address(visit), await _filters(visit)
    listing = await _list(visit, address, filters, most=address.offset + PAGE_SIZE)
    found = await visit.database.search(list_found_classes, ids=listing.ids[address.offset :])
    viewer = visit.actor.viewer
    instructors = await visit.database.search(list_choosable_people, viewer=viewer, words=(), instructing=True, limit=MOST_OFFERED)
    rooms = await visit.database.search(list_classrooms, viewer=viewer, criteria=ClassroomCriteria(), after_id=0, limit=MOST_OFFERED)
    return visit.render(
        "finding_classes.html",
        title="Classes",
        wide=True,
        address=address,
        chips=filters.chips,
        asked=visit.query,
        listing=listing,
        found=found,
        when=WHEN,
        organizations=await list_organization_choices(visit.database, viewer=viewer),
        instructors=[Choice(person.id, f"{person.last_name}, {person.first_name}") for person in instructors],
        rooms=[Choice(room.id, room.name) for room in sorted(rooms, key=lambda room: room.name)],
        cells=CELLS,
        page_size=PAGE_SIZE,
        farthest=FARTHEST,
        most_rows=MOST_ROWS,
        statuses=CLASS_STATUSES,
        deliveries=DELIVERIES,
    )


@page("/classes.csv", to=COORDINATORS)
async def export_classes(visit: Visit) -> Answer:
    """Give the classes that meet the filters as a file, with the columns that are shown, in the same order."""
    address = _address(visit)
    listing = await _list(visit, address, await _filters(visit), most=MOST_ROWS)

    async def read(ids: Sequence[int]) -> Sequence[Sequence[str]]:
        found = await visit.database.search(list_found_classes, ids=ids)
        return [[CELLS[column.name](each) for column in address.columns] for each in found]

    return csv_answer("classes.csv", [column.heading for column in address.columns], listing.ids, read)


def _address(visit: Visit) -> ListAddress:
    return ListAddress("/classes", visit.query.pairs(), columns=COLUMNS, sort="starts")


async def _list(visit: Visit, address: ListAddress, filters: Filters, *, most: int) -> ClassListing:
    return await visit.database.search(
        list_class_ids,
        viewer=visit.actor.viewer,
        question=ClassQuestion(**filters.values),
        sort=address.sort,
        descending=address.descending,
        most=most,
    )


async def _filters(visit: Visit) -> Filters:
    viewer, database = visit.actor.viewer, visit.database
    filters = Filters(visit.query, _address(visit), zone=visit.user.time_zone)
    values = filters.values
    text = filters.text("words")
    if text is not None:
        values["words"] = words_in(text)
        filters.say(f"“{text}”", "words")
    values["starts_after"], values["starts_before"] = filters.days("from", "until", text="Starts")
    is_dated = values["starts_after"] is not None or values["starts_before"] is not None
    match filters.one_of("when", WHEN, usual="any" if is_dated else "open"):
        case "open":
            values["has_ended"] = False
            filters.say_usual(WHEN["open"], "when", "any")
        case "now":
            values["in_progress"] = True
            filters.say(WHEN["now"], "when")
        case "ended":
            values["has_ended"] = True
            filters.say(WHEN["ended"], "when")
    filters.members("status", "statuses", CLASS_STATUSES)
    filters.members("delivery", "deliveries", DELIVERIES)
    if (organization_id := filters.number("organization_id")) is not None:
        values["organization_id"] = organization_id
        filters.say(await name_of_organization(database, viewer=viewer, organization_id=organization_id), "organization_id")
    if (user_id := filters.number("instructor_id")) is not None:
        values["instructor_id"] = user_id
        person = await database.read(get_user, viewer=viewer, user_id=user_id)
        filters.say(f"Instructor {person.first_name} {person.last_name}", "instructor_id")
    if (classroom_id := filters.number("classroom_id")) is not None:
        values["classroom_id"] = classroom_id
        filters.say(f"Room {(await database.read(get_classroom, viewer=viewer, classroom_id=classroom_id)).name}", "classroom_id")
    if filters.flag("below_minimum", "Below its minimum"):
        values["below_minimum"] = True
    if filters.flag("full", "Full, with people waiting"):
        values["is_full_with_waitlist"] = True
    return filters


def _moment(seconds: int | None, found: FoundClass) -> str:
    return "" if seconds is None else times.local(seconds, found.training_class.row.time_zone_iana).strftime("%Y-%m-%d %H:%M")


def _instructor(found: FoundClass) -> str:
    row = found.training_class.row
    return f"{row.instructor_first_name} {row.instructor_last_name}" if row.instructor_last_name is not None else ""


def _shown(value: float | str | None) -> str:
    return "" if value is None else str(value)


CELLS: Final[Mapping[str, Callable[[FoundClass], str]]] = {
    "name": lambda found: found.training_class.row.name,
    "course": lambda found: found.training_class.row.course_name,
    "starts": lambda found: _moment(found.training_class.row.starts_at, found),
    "ends": lambda found: _moment(found.training_class.row.ends_at, found),
    "zone": lambda found: found.training_class.row.time_zone_iana,
    "status": lambda found: CLASS_STATUSES[found.training_class.row.status],
    "delivery": lambda found: DELIVERIES[found.training_class.row.delivery],
    "instructor": _instructor,
    "room": lambda found: _shown(found.training_class.row.classroom_name),
    "minimum": lambda found: _shown(found.training_class.row.minimum),
    "maximum": lambda found: _shown(found.training_class.row.maximum),
    "enrolled": lambda found: _shown(found.enrolled),
    "waiting": lambda found: _shown(found.waiting),
    "organization": lambda found: found.training_class.row.organization_name,
    "id": lambda found: _shown(found.training_class.row.id),
    "created": lambda found: times.machine_time(found.training_class.row.created_at),
}
"""What each column says of a class in a file: times on the clock of the class's zone."""

PAGES: Final[tuple[Page, ...]] = (find_classes, export_classes)
